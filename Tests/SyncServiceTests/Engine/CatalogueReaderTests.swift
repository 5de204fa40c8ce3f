import API
import JSON
import Platform
import Synchronization
import Testing

@testable import SyncService

/// Answers calls from a table.
final class FakeCalls: AWSCalling {
    struct Call: Sendable, Equatable {
        var operation: String
        var region: String
        var parameters: JSONValue
    }

    typealias Answer = @Sendable (Call) -> Result<JSONValue, AWSError>

    private let answers = Mutex<[String: Answer]>([:])
    private let made = Mutex<[Call]>([])

    func answer(_ operation: String, _ answer: @escaping Answer) { answers.withLock { $0[operation] = answer } }
    func answer(_ operation: String, _ value: JSONValue) { answer(operation) { _ in .success(value) } }
    func fail(_ operation: String, _ code: String) {
        answer(operation) { _ in .failure(AWSError(.service(code: code, message: "AWS says \(code)", httpStatus: 400)))
        }
    }

    var calls: [Call] { made.withLock { $0 } }
    func calls(_ operation: String) -> [Call] { calls.filter { $0.operation == operation } }

    func call(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue
    ) async throws(AWSError) -> JSONValue {
        let call = Call(operation: operation, region: region, parameters: parameters)
        made.withLock { $0.append(call) }
        guard let answer = answers.withLock({ $0[operation] }) else {
            throw AWSError(.request("no answer for \(operation)"))
        }
        return try answer(call).get()
    }

    func list(
        _ service: String, _ operation: String, region: String, _ parameters: JSONValue, items: ItemsPlan,
        onPage: @escaping @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError) {
        let output = try await call(service, operation, region: region, parameters)
        let found = items.isSingle ? [output] : items.paths.flatMap { $0.values(in: output) }
        try await onPage(
            AWSPage(items: found.map { $0.bytes(canonical: true) }, rest: [], number: 0, hasNext: false))
    }
}

@Suite struct CatalogueReaderTests {
    let calls = FakeCalls()

    private func reader(_ entry: String, region: String = "eu-central-1") throws -> CatalogueReader {
        var decoder = try EntryDecoder(file: "aws_test.json", try JSONValue(parsing: entry))
        let type = try decoder.entry()
        return CatalogueReader(
            type: type, scope: Scope(region: type.scope == .global ? Scope.global : region, type: type.type),
            place: ReadingPlace(account: "111122223333", partition: "aws", homeRegion: "us-east-1"), calls: calls,
            sleep: { _ async throws(CancellationError) in })
    }

    private static func entry(
        scope: String = "regional", list: String,
        identity: String = #""id": "Id", "arn": "arn:{partition}:x:{region}:{account}:{Id}""#,
        enrich: String = "", rest: String = ""
    ) -> String {
        """
        {"type": "aws_test", "title": "Test", "service": "x", "scope": "\(scope)", "list": \(list),
         "identity": {\(identity)}, "enrich": [\(enrich)], \(rest)
         "columns": [{"name": "c", "type": "text", "path": "$.Id", "description": "It."}], "iam_actions": ["x:List"]}
        """
    }

    private static let plain = #"{"service": "x", "operation": "List", "items": "Items[]"}"#

    /// Everything that the reader makes of its scope.
    private func read(
        _ reader: CatalogueReader, parents: [JSONValue] = [],
        chosen: RegionChoice = RegionChoice(nil)
    ) async throws(ReadFailure) -> [ItemOutcome] {
        let outcomes = Mutex<[ItemOutcome]>([])
        try await reader.list(parents: parents) { items async throws(ReadFailure) in
            for item in items {
                let outcome = try await reader.finish(item, chosen: chosen)
                outcomes.withLock { $0.append(outcome) }
            }
        }
        return outcomes.withLock { $0 }
    }

    private func assets(_ outcomes: [ItemOutcome]) -> [ObservedAsset] {
        outcomes.compactMap { if case .asset(let asset) = $0 { asset } else { nil } }
    }

    private static func chosen(_ names: String...) -> RegionChoice {
        var selection = RegionSelection()
        selection.names = names
        return RegionChoice(selection)
    }

    @Test(arguments: [
        // The owner's own listing keeps it, whatever else is chosen.
        ("eu-west-1", ["eu-west-1", "us-east-1"], "eu-west-1", true),
        ("eu-west-1", ["eu-west-1", "us-east-1"], "us-east-1", false),
        // Its owner is not chosen: one of the others keeps it, and only one.
        ("eu-west-1", ["us-west-2", "us-east-1"], "us-east-1", true),
        ("eu-west-1", ["us-west-2", "us-east-1"], "us-west-2", false),
    ])
    func `an item that several regions list is kept once, also where its own region is not chosen`(
        owner: String, chosen: [String], region: String, isKept: Bool
    ) async throws {
        calls.answer("List", ["Items": [["Id": "a", "Home": .string(owner)]]])
        let entry = Self.entry(list: Self.plain, identity: #""id": "Id", "arn": "Id", "owner": "Home""#)
        var selection = RegionSelection()
        selection.names = chosen
        let found = assets(try await read(try reader(entry, region: region), chosen: RegionChoice(selection)))
        #expect(found.map(\.id) == (isKept ? ["a"] : []))
        #expect(found.allSatisfy { $0.region == region })
    }

    @Test func `an item becomes an asset with id, ARN, name from its tag, and tags`() async throws {
        calls.answer("List", ["Items": [["Id": "a", "Tags": [["Key": "Name", "Value": "web"]]]]])
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                identity: #""id": "Id", "arn": "arn:{partition}:x:{region}:{account}:{Id}", "tags": "Tags""#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.id == "a")
        #expect(asset.arn == "arn:aws:x:eu-central-1:111122223333:a")
        #expect(asset.name == "web")
        #expect(asset.tags == ["Name": "web"])
        #expect(asset.region == "eu-central-1")
    }

    @Test func `a call's output stands under its name, null where AWS says there is none`() async throws {
        calls.answer("List", ["Items": [["Id": "a"]]])
        calls.answer("Get", ["Value": 1])
        calls.fail("GetNone", "NoSuchThing")
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"""
                    {"name": "Get", "service": "x", "operation": "Get", "params": {"Id": "{Id}"}},
                    {"name": "GetNone", "service": "x", "operation": "GetNone", "params": {}, "absent": ["NoSuchThing"]}
                    """#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.configuration.text == #"{"Get":{"Value":1},"GetNone":null,"Id":"a"}"#)
        #expect(asset.gaps.isEmpty)
        #expect(calls.calls("Get").map(\.parameters) == [["Id": "a"]])
    }

    @Test func `a denied call leaves its member out and is a gap, and so is what depends on it`() async throws {
        calls.answer("List", ["Items": [["Id": "a"]]])
        calls.fail("Get", "AccessDenied")
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"""
                    {"name": "Get", "service": "x", "operation": "Get", "params": {}},
                    {"name": "Next", "service": "x", "operation": "Next", "params": {"V": "{Get.Version}"}}
                    """#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.configuration.text == #"{"Id":"a"}"#)
        #expect(asset.gaps.map(\.call) == ["Get", "Next"])
        #expect(asset.gaps.first?.code == "AccessDenied")
        #expect(calls.calls("Next").isEmpty)
    }

    @Test func `a template that reads an absent value makes its call's member null without a call`() async throws {
        calls.answer("List", ["Items": [["Id": "a"]]])
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"{"name": "Get", "service": "x", "operation": "Get", "params": {"V": "{Missing}"}}"#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.configuration["Get"] == .null)
        #expect(calls.calls("Get").isEmpty)
    }

    @Test func `an item that went away meanwhile is dropped`() async throws {
        calls.answer("List", ["Items": [["Id": "a"]]])
        calls.fail("Get", "NoSuchBucket")
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"{"name": "Get", "service": "x", "operation": "Get", "params": {}, "gone": ["NoSuchBucket"]}"#)
        )
        let outcomes = try await read(reader)
        guard case .gone? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func `an asset of a region that is not chosen is located and not asked further`() async throws {
        let entry = Self.entry(
            scope: "global", list: Self.plain,
            identity: #""id": "Id", "arn": "arn:{Id}", "region": "GetBucketLocation.LocationConstraint""#,
            enrich: #"""
                {"name": "Get", "service": "x", "operation": "Get", "params": {}},
                {"name": "GetBucketLocation", "service": "x", "operation": "GetBucketLocation", "params": {"B": "{Id}"}}
                """#)
        calls.answer("List", ["Items": [["Id": "eu"], ["Id": "us"]]])
        calls.answer("Get", [:])
        calls.answer("GetBucketLocation") { call in
            .success(call.parameters["B"] == "eu" ? ["LocationConstraint": "eu-central-1"] : [:])
        }
        let outcomes = try await read(try reader(entry), chosen: Self.chosen("eu-central-1"))
        let assets = assets(outcomes)
        #expect(assets.map(\.id) == ["eu"])
        #expect(assets.map(\.region) == ["eu-central-1"])
        // The listing goes to the partition's home, further calls to where the asset is.
        #expect(calls.calls("List").map(\.region) == ["us-east-1"])
        #expect(calls.calls("Get").map(\.region) == ["eu-central-1"])
    }

    @Test func `a call for the region is made once for all items, which keep what is theirs`() async throws {
        calls.answer("List", ["Items": [["Id": "a"], ["Id": "b"]]])
        calls.answer("Aliases", ["Aliases": [["Target": "a", "Name": "one"], ["Target": "b", "Name": "two"]]])
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"""
                    {"name": "Aliases", "service": "x", "operation": "Aliases", "params": {}, "per": "region",
                     "match": {"list": "Aliases[]", "where": "Target", "equals": "Id"}}
                    """#))
        let assets = assets(try await read(reader))
        #expect(
            assets.map { $0.configuration["Aliases"]?.text(canonical: true) } == [
                #"{"Aliases":[{"Name":"one","Target":"a"}]}"#, #"{"Aliases":[{"Name":"two","Target":"b"}]}"#,
            ])
        #expect(calls.calls("Aliases").count == 1)
    }

    @Test func `a call for each element gathers the outputs in order`() async throws {
        calls.answer("List", ["Items": [["Id": "a", "Names": ["p", "q"]]]])
        calls.answer("Get") { .success(["Got": $0.parameters["Name"] ?? .null]) }
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                enrich: #"""
                    {"name": "Get", "service": "x", "operation": "Get", "params": {"Name": "{each}"}, "for_each": "Names[]"}
                    """#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.configuration["Get"]?.text(canonical: true) == #"{"items":[{"Got":"p"},{"Got":"q"}]}"#)
    }

    @Test func `a listing that says that there is nothing is complete, a denied one is not`() async throws {
        let list = #"{"service": "x", "operation": "List", "items": "Items[]", "absent": ["NoSuchEntity"]}"#
        calls.fail("List", "NoSuchEntity")
        #expect(try await read(try reader(Self.entry(list: list))).isEmpty)
        calls.fail("List", "AccessDenied")
        let refused = try reader(Self.entry(list: list))
        do throws(ReadFailure) {
            _ = try await read(refused)
            Issue.record("complete")
        } catch {
            #expect(error.kind == .denied)
            #expect(error.operation == "x:List")
        }
    }

    @Test func `a singleton is one asset even where AWS says that there is nothing`() async throws {
        let list = #"{"service": "x", "operation": "Get", "items": "", "absent": ["NoSuchEntity"], "singleton": true}"#
        calls.fail("Get", "NoSuchEntity")
        let reader = try reader(Self.entry(list: list, identity: #""id": "{account}", "arn": "arn:{account}""#))
        #expect(assets(try await read(reader)).map(\.id) == ["111122223333"])
    }

    @Test func `a service that is not offered is no gap`() async throws {
        let list = #"{"service": "x", "operation": "List", "items": "Items[]", "unavailable": ["OptInRequired"]}"#
        calls.fail("List", "OptInRequired")
        let refused = try reader(Self.entry(list: list))
        do throws(ReadFailure) {
            _ = try await read(refused)
            Issue.record("complete")
        } catch {
            #expect(error.scopeState == .regionDisabled)
            #expect(error.code == "OptInRequired")
        }
    }

    @Test func `conditions keep some items`() async throws {
        let list = #"""
            {"service": "x", "operation": "List", "items": "Items[]",
             "where": [{"path": "State", "not_in": ["terminated"]}, {"path": "Owner", "in": ["{account}"]}]}
            """#
        calls.answer(
            "List",
            [
                "Items": [
                    ["Id": "a", "Owner": "111122223333"], ["Id": "b", "State": "terminated", "Owner": "111122223333"],
                    ["Id": "c", "Owner": "9"],
                ]
            ])
        #expect(assets(try await read(try reader(Self.entry(list: list)))).map(\.id) == ["a"])
    }

    @Test func `dropped members are gone, masked ones stay in name, and unordered lists are sorted`() async throws {
        calls.answer(
            "List",
            [
                "Items": [
                    ["Id": "a", "Age": 5, "Env": ["KEY": "secret"], "Set": ["b", "a"], "Doc": "%7B%22k%22%3A1%7D"]
                ]
            ])
        let reader = try reader(
            Self.entry(
                list: Self.plain,
                rest: #""drop": ["Age", "Env{}="], "unordered": ["Set"], "json_text": ["Doc"],"#))
        let asset = try #require(assets(try await read(reader)).first)
        #expect(
            asset.configuration.text
                == #"{"Doc":{"k":1},"Env":{"KEY":"***"},"Id":"a","Set":["a","b"]}"#)
    }

    @Test func `a report is waited for and its rows are items`() async throws {
        let list = #"""
            {"service": "x", "operation": "GetReport", "items": "Content[]", "decode": {"Content": "csv"},
             "carry": {"When": "When"}, "prepare": {"operation": "Make", "until": {"State": "COMPLETE"}}}
            """#
        let tries = Mutex(0)
        calls.answer("Make") { _ in
            .success([
                "State": tries.withLock { count in
                    count += 1; return count > 2 ? "COMPLETE" : "STARTED"
                }
            ])
        }
        let csv = "user,arn\n\"a, \"\"b\"\"\",arn:a\nroot,arn:r\n"
        calls.answer("GetReport", ["Content": .string(Base64.text(Array(csv.utf8), .json)), "When": "now"])
        let reader = try reader(Self.entry(list: list, identity: #""id": "user", "arn": "arn""#))
        let assets = assets(try await read(reader))
        #expect(assets.map(\.id) == ["a, \"b\"", "root"])
        #expect(assets.first?.configuration["When"] == "now")
        #expect(calls.calls("Make").count == 3)
    }

    @Test(arguments: [#"{"k":1"#, "<!doctype html>", "%7B%22k", "a word"])
    func `a text that is not the document it should be is a gap of its call, or of the listing`(text: String)
        async throws
    {
        let call = #"{"name": "Look", "service": "x", "operation": "Look"}"#
        let rest = #""json_text": ["Doc", "Look.Doc"],"#
        let reader = try reader(Self.entry(list: Self.plain, enrich: call, rest: rest))
        calls.answer("List", ["Items": [["Id": "a", "Doc": "{}"]]])
        calls.answer("Look", ["Doc": .string(text), "Other": 1])
        let asset = try #require(assets(try await read(reader)).first)
        #expect(asset.gaps.map(\.call) == ["Look"] && asset.gaps.map(\.code) == ["Parapet.MalformedResponse"])
        #expect(asset.configuration.text == #"{"Doc":{},"Id":"a"}"#)
        calls.answer("List", ["Items": [["Id": "a", "Doc": .string(text)]]])
        guard case .unidentified(let failure)? = try await read(reader).first else {
            Issue.record("the listing counts as complete")
            return
        }
        #expect(failure.code == "Parapet.MalformedResponse")
    }

    @Test func `an item without an id makes the listing incomplete`() async throws {
        calls.answer("List", ["Items": [["Name": "x"]]])
        let outcomes = try await read(try reader(Self.entry(list: Self.plain)))
        guard case .unidentified(let failure)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(failure.code == "Parapet.MalformedResponse")
    }
}
