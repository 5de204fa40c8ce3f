import Testing

@testable import AccountService

struct NamesTests {
    @Test(arguments: ["prod", "a", "Team A.b_c-9", String(repeating: "x", count: 64)])
    func `a name of the allowed characters is taken as it is`(text: String) throws {
        #expect(try AccountName(text).description == text)
    }

    @Test(arguments: ["", " prod", "prod ", "a/b", "é", "a\nb", "acc-" + String(repeating: "a", count: 24)])
    func `another name is refused by naming the field and the rule`(text: String) {
        guard case .invalid(let field, let rule) = failure(of: { () throws(AccountError) in try AccountName(text) })
        else {
            Issue.record("accepted \(text)")
            return
        }
        #expect(field == "name")
        #expect(!rule.isEmpty)
    }

    @Test func `a name of 65 characters is refused`() {
        #expect(throws: AccountError.self) { try AccountName(String(repeating: "x", count: 65)) }
    }

    @Test func `names that differ in case alone have one key`() throws {
        #expect(try AccountName("Prod").key == AccountName("pROD").key)
    }

    @Test func `a generated id has the form of an id and differs each time`() {
        let ids = (0..<50).map { _ in AccountID.generate().description }
        #expect(ids.allSatisfy(AccountID.hasForm))
        #expect(Set(ids).count == 50)
    }
}

struct ExternalIDTests {
    @Test(arguments: ["ab", Sample.everyCharacter, String(repeating: "a", count: 1224)])
    func `every character that AWS allows is accepted`(text: String) throws {
        #expect(try ExternalID(text).reveal() == text)
    }

    @Test(arguments: ["", "a", "a b", "a\"b", "ab\n", "a$b", "äb", String(repeating: "a", count: 1225)])
    func `another external ID is refused`(text: String) {
        #expect(throws: AccountError.self) { try ExternalID(text) }
    }

    @Test func `a refusal does not repeat the secret`() {
        #expect(
            !"\(String(describing: failure { () throws(AccountError) in try ExternalID("canary secret!") }))".contains(
                "canary"))
    }

    @Test func `no description shows the secret`() throws {
        let secret = try ExternalID("canary-secret")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("canary"))
        }
    }

    @Test func `a generated one has 160 random bits and is legal`() throws {
        let first = ExternalID.generate().reveal()
        #expect(first.utf8.count == 32)
        #expect(first != ExternalID.generate().reveal())
        #expect(try ExternalID(first).reveal() == first)
    }

    @Test func `base 32 is RFC 4648's`() {
        #expect(Base32.encode(Array("foobar".utf8)) == "mzxw6ytboi")
        #expect(Base32.encode([]) == "")
        #expect(Base32.encode([0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == "77777777")
    }
}

struct RoleARNTests {
    @Test func `the parts of an ARN are told apart`() throws {
        let arn = try RoleARN("arn:aws-us-gov:iam::111122223333:role/teams/security/Read+Only=1")
        #expect(arn.partition == "aws-us-gov")
        #expect(arn.awsAccountID == "111122223333")
        #expect(arn.path == "/teams/security/")
        #expect(arn.name == "Read+Only=1")
    }

    @Test func `a role without a path has the root's`() throws {
        #expect(try Sample.role().path == "/")
    }

    @Test(arguments: [
        "", "role/X", "arn:aws:iam::111122223333:user/X", "arn:aws:iam::11112222333:role/X",
        "arn:aws:iam::11112222333x:role/X", "arn:aws-moon:iam::111122223333:role/X",
        "arn:aws:iam:eu-west-1:111122223333:role/X",
        "arn:aws:sts::111122223333:assumed-role/X/s", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/a b",
        "arn:aws:iam::111122223333:role/" + String(repeating: "x", count: 65),
        "arn:aws:iam::111122223333:role/" + String(repeating: "p/", count: 1100) + "X",
        "arn:aws:iam::111122223333:role/X\n",
    ])
    func `what is no role's ARN is refused`(text: String) {
        guard case .invalid("role_arn", _) = failure(of: { () throws(AccountError) in try RoleARN(text) }) else {
            Issue.record("accepted \(text)")
            return
        }
    }
}

struct RegionChoiceTests {
    @Test func `all is a rule and takes no names`() throws {
        #expect(try RegionChoice(all: true, names: [], partition: nil, directory: Sample.directory) == .all)
        #expect(throws: AccountError.self) {
            try RegionChoice(all: true, names: ["us-east-1"], partition: nil, directory: Sample.directory)
        }
    }

    @Test(
        arguments: [
            ([], nil), (["us-east-1", "us-east-1"], nil), (["mars-north-1"], nil), (["cn-north-1"], "aws"),
            (["us-east-1", "cn-north-1"], nil), ((0...100).map { "r\($0)" }, nil),
        ] as [([String], String?)])
    func `a list must be of known regions of one partition, each once`(names: [String], partition: String?) {
        guard
            case .invalid("regions", _) = failure(of: { () throws(AccountError) in
                try RegionChoice(all: false, names: names, partition: partition, directory: Sample.directory)
            })
        else {
            Issue.record("accepted \(names)")
            return
        }
    }

    @Test func `a list is kept in order`() throws {
        let choice = try RegionChoice(
            all: false, names: ["us-east-1", "eu-central-1"], partition: "aws", directory: Sample.directory)
        #expect(choice == .only(["eu-central-1", "us-east-1"]))
        #expect(choice.includes("us-east-1"))
        #expect(!choice.includes("af-south-1"))
    }

    @Test(arguments: [(-1, false), (169, false), (0, true), (1, true), (168, true)] as [(Int32, Bool)])
    func `a schedule is 1 to 168 hours, and 24 for 0`(hours: Int32, legal: Bool) {
        let schedule = try? Schedule(everyHours: hours, off: false)
        #expect((schedule != nil) == legal)
        if hours == 0 { #expect(schedule?.everyHours == 24) }
    }
}
