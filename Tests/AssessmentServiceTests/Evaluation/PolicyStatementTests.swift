import JSON
import Testing

@testable import AssessmentService

/// Which statement lets strangers in.
@Suite struct PolicyStatementTests {
    static let open = [
        #"{"Effect": "Allow", "Principal": "*"}"#,
        #"{"Effect": "Allow", "Principal": {"AWS": "*"}}"#,
        #"{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}}"#,
        #"{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"StringEquals": {"s3:x-amz-acl": "private"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "*"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "128.0.0.0/1"]}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": "no condition"}"#,
    ]

    static let closed = [
        #"{"Effect": "Deny", "Principal": "*"}"#,
        #"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}"#,
        #"{"Effect": "Allow", "Principal": {"Service": "*"}}"#,
        #"{"Effect": "Allow"}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"stringequals": {"AWS:PRINCIPALORGID": ["o-1", "o-2"]}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::mine"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}"#,
        #"{"Effect": "Allow", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"kms:CallerAccount": "1"}}}"#,
        #"[]"#, #""text""#, #"null"#,
    ]

    @Test(arguments: open) func `everybody may use it`(text: String) throws {
        #expect(PolicyStatement(try JSONValue(parsing: text)).isOpen)
    }

    @Test(arguments: closed) func `only those who are known may use it`(text: String) throws {
        #expect(!PolicyStatement(try JSONValue(parsing: text)).isOpen)
    }

    @Test(arguments: [
        (#"{"Statement": [{"Sid": "a"}, {"Sid": "b"}]}"#, #"[{"Sid":"a"},{"Sid":"b"}]"#),
        (#"{"Statement": {"Sid": "a"}}"#, #"[{"Sid":"a"}]"#), (#"{"Version": "2012-10-17"}"#, "[]"), ("[1]", "[]"),
    ])
    func `a document's statements are an array`(document: String, statements: String) throws {
        #expect(PolicyStatement.all(of: try JSONValue(parsing: document)).text() == statements)
    }
}
