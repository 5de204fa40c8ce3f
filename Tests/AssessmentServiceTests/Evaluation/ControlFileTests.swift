import Platform
import Testing

@testable import AssessmentService

struct ControlFileTests {
    private static let text = """
        -- id: s3_bucket_requires_tls
        -- title: Bucket: requests must use TLS
        -- severity: medium
        -- resource_type: aws_s3_bucket
        -- frameworks: cis_aws_3.0:2.1.1, nist_800_53_r5:AC-2(1)
        -- rationale: Requests in plain text can be read
        --   on their way.
        -- remediation: Deny requests without TLS.

        -- Not part of the header.
        """

    @Test func `a header is read field by field, and the rest is the SQL`() throws {
        let text = Self.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().joined(separator: "\n")
        let control = try ControlFile.definition(
            name: "s3_bucket_requires_tls.sql", text: text + "\nselect 1;\n-- end\n")
        #expect(control.id == "s3_bucket_requires_tls")
        #expect(control.title == "Bucket: requests must use TLS")
        #expect(control.severity == .medium)
        #expect(control.frameworks == ["cis_aws_3.0:2.1.1", "nist_800_53_r5:AC-2(1)"])
        #expect(control.rationale == "Requests in plain text can be read on their way.")
        #expect(control.sql == "select 1;\n-- end")
    }

    private static func replacing(_ line: String, _ with: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.map { $0.hasPrefix(line) ? with : String($0) }.joined(separator: "\n") + "\nselect 1"
    }

    @Test(arguments: [
        ("-- id", "-- id: Other", "f.sql:1: id: lower-case letters, digits and _, beginning with a letter"),
        ("-- id", "-- id: other", "f.sql:1: id: must be the file's name without .sql"),
        ("-- title", "", "f.sql:1: title: missing"),
        ("-- severity", "-- severity: bad", "f.sql:3: severity: low, medium, high or critical"),
        ("-- resource_type", "-- resource_type: aws-x", "f.sql:4: resource_type: a resource type's name"),
        (
            "-- frameworks", "-- frameworks: cis",
            "f.sql:5: frameworks: framework:requirement, separated by commas; not cis"
        ),
        ("-- remediation", "-- owner: me", "f.sql:8: owner: no such field"),
        ("-- remediation", "-- title: again", "f.sql:8: title: given twice"),
        ("-- remediation", "-- nonsense", "f.sql:8: header: a line must be"),
    ])
    func `a fault names the file, the line, the field and the rule`(line: String, with: String, says: String) {
        let text = Self.replacing(line, with).replacingFirst("s3_bucket_requires_tls", with: "f")
        let error = #expect(throws: ControlFileError.self) {
            try ControlFile.definition(name: "f.sql", text: text)
        }
        #expect(error?.description.hasPrefix(says) == true, "\(String(describing: error))")
    }

    @Test func `a header without SQL is a fault`() {
        let text = Self.text.split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(throws: ControlFileError.self) {
            try ControlFile.definition(name: "s3_bucket_requires_tls.sql", text: text)
        }
    }

    @Test func `a file that cannot be read is kept as a control with a problem`() throws {
        let directory = try Files.createTemporaryDirectory(prefix: "parapet-controls")
        defer { try? Files.removeTree(directory) }
        try Files.writeAtomically(Array("select 1".utf8), to: directory + "/broken.sql")
        try Files.writeAtomically(Array("".utf8), to: directory + "/README.md")
        let registry = ControlRegistry.load([directory, directory + "/none"])
        #expect(registry.controls.map(\.id) == ["broken"])
        #expect(registry.control("broken")?.problem == "broken.sql:1: id: missing")
        #expect(registry.problems.count == 2)
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with: String) -> String {
        guard let range = self.ranges(of: text).first else { return self }
        return replacingCharacters(in: range, with)
    }

    private func replacingCharacters(in range: Range<Index>, _ with: String) -> String {
        String(self[..<range.lowerBound]) + with + String(self[range.upperBound...])
    }
}
