import JSON
import Platform
import Testing

@testable import SyncService

/// A mistake in an entry is told by file, field and rule, before anything is called.
@Suite struct EntryMistakeTests {
    private static let entry = """
        {"type":"aws_test","title":"Test","service":"s3","scope":"global",
         "list":{"operation":"ListBuckets","params":{"MaxBuckets":10},"items":"Buckets[]"},
         "identity":{"id":"Name","name":"Name","arn":"arn:{partition}:s3:::{Name}","region":"GetBucketLocation.LocationConstraint"},
         "enrich":[{"name":"GetBucketLocation","operation":"GetBucketLocation","params":{"Bucket":"{Name}"},"gone":["NoSuchBucket"]},
                   {"operation":"GetBucketPolicy","params":{"Bucket":"{Name}"},"absent":["NoSuchBucketPolicy"]}],
         "json_text":["GetBucketPolicy.Policy"],"drop":["CreationDate"],
         "columns":[{"name":"created","type":"time","path":"$.CreationDate","description":"When."},
                    {"name":"statement","type":"json","path":"$.GetBucketPolicy.Policy.Statement","description":"What."}],
         "iam_actions":["s3:ListAllMyBuckets"]}
        """

    private func load(_ text: String, type: String = "aws_test") throws -> Result<ResourceType, CatalogueError> {
        let folder = try Files.createTemporaryDirectory(prefix: "parapet-own")
        defer { try? Files.removeTree(folder) }
        try Files.writeAtomically(Array(text.utf8), to: "\(folder)/\(type).json")
        do throws(CatalogueError) {
            let catalogue = try Catalogue.load(share: Fixtures.share, own: folder)
            return catalogue.type("aws_test").map { .success($0) }
                ?? .failure(CatalogueError(file: "", field: "", rule: ""))
        } catch { return .failure(error) }
    }

    @Test func `an entry without a mistake is loaded from the user's own directory`() throws {
        let entry = try load(Self.entry).get()
        #expect(entry.columns.map(\.call) == [nil, "GetBucketPolicy"])
        #expect(entry.identity.regionCall == "GetBucketLocation")
        #expect(entry.enrich[1].name == "GetBucketPolicy" && entry.list.service == "s3")
    }

    @Test(arguments: [
        ("\"title\":\"Test\"", "\"titel\":\"Test\"", "titel", "no member"),
        ("\"scope\":\"global\"", "\"scope\":\"local\"", "scope", "regional"),
        ("ListBuckets\"", "ListBucket\"", "list.operation", "no operation"),
        ("ListBuckets\"", "DeleteBucket\"", "list.operation", "does not only read"),
        ("\"GetBucketPolicy\",\"params\"", "\"GetObject\",\"params\"", "enrich[1].operation", "data"),
        ("MaxBuckets", "MaxItems", "list.params.MaxItems", "no such input"),
        ("Buckets[]", "Bucket[]", "list.items", "not in the output"),
        ("Buckets[]", "Buckets", "list.items", "ends with []"),
        ("\"id\":\"Name\"", "\"id\":\"Nam\"", "identity.id", "{Nam}"),
        ("\"id\":\"Name\",", "", "identity", "required"),
        ("s3:::{Name}", "s3:::{Name", "identity.arn", "no path or format"),
        ("{\"Bucket\":\"{Name}\"},\"absent\"", "{},\"absent\"", "enrich[1].params", "requires Bucket"),
        (
            "{\"Bucket\":\"{Name}\"},\"absent\"", "{\"Bucket\":\"{Later.X}\"},\"absent\"", "enrich[1].params.Bucket",
            "Later.X"
        ),
        ("NoSuchBucketPolicy", "AccessDenied", "enrich[1].absent", "never means"),
        ("NoSuchBucketPolicy", "SlowDown", "enrich[1].absent", "never means"),
        ("GetBucketPolicy.Policy\"]", "GetBucketPolicy.Text\"]", "json_text", "not in the asset"),
        ("\"drop\":[\"CreationDate\"]", "\"drop\":[\"CreationDat\"]", "drop", "not in the asset"),
        ("$.CreationDate", "CreationDate", "columns.created", "SQLite"),
        ("$.CreationDate", "$.CreationDat", "columns.created", "not in the asset"),
        ("\"type\":\"time\"", "\"type\":\"integer\"", "columns.created", "timestamp"),
        ("\"name\":\"created\"", "\"name\":\"region\"", "columns.region", "none of"),
        ("\"name\":\"statement\"", "\"name\":\"created\"", "columns.created", "twice"),
        ("s3:ListAllMyBuckets", "ListAllMyBuckets", "iam_actions", "service:Action"),
        ("{\"type\"", "{\"type\":1,\"type\"", "", "duplicate name"),
    ])
    func `a mistake is named`(text: String, mistake: String, field: String, rule: String) throws {
        let changed = Self.entry.replacing(text, with: mistake, maxReplacements: 1)
        #expect(changed != Self.entry)
        guard case .failure(let error) = try load(changed) else {
            Issue.record("\(mistake) was taken")
            return
        }
        #expect(error.file == "aws_test.json" && error.field == field, "\(error)")
        #expect(error.rule.contains(rule), "\(error)")
    }

    @Test func `a parent must be a type and no circle`() throws {
        let orphan = Self.entry.replacing(
            "\"items\":\"Buckets[]\"", with: "\"items\":\"Buckets[]\",\"parent\":\"aws_nothing\"")
        guard case .failure(let error) = try load(orphan) else {
            Issue.record("an unknown parent was taken")
            return
        }
        #expect(error.field == "list.parent")
    }

    @Test func `the file's name is the type's`() throws {
        guard case .failure(let error) = try load(Self.entry, type: "aws_other") else {
            Issue.record("another name was taken")
            return
        }
        #expect(error.field == "type")
    }
}
