import JSON
import TestSupport
import Testing
import Wire

struct DescriptorPoolTests {
    private func file(_ name: String, _ messages: [DescriptorProto]) -> FileDescriptorProto {
        .with {
            $0.name = name
            $0.package = "p"
            $0.syntax = "proto3"
            $0.messageType = messages
        }
    }

    private func field(_ name: String, _ number: Int32, _ type: FieldType, _ typeName: String? = nil)
        -> FieldDescriptorProto
    {
        .with {
            $0.name = name
            $0.number = number
            $0.type = type
            $0.typeName = typeName
            $0.label = .optional
        }
    }

    @Test func `what a file names must be declared`() {
        let message = DescriptorProto.with {
            $0.name = "M"
            $0.field = [field("other", 1, .message, ".p.Other")]
        }
        #expect(throws: WireError.descriptor("p.M.other names p.Other, which is not declared")) {
            try DescriptorPool([file("a.proto", [message])])
        }
    }

    @Test func `a name is declared once`() {
        let message = DescriptorProto.with { $0.name = "M" }
        #expect(throws: WireError.descriptor("p.M is declared twice")) {
            try DescriptorPool([file("a.proto", [message]), file("b.proto", [message])])
        }
        #expect(throws: Never.self) { try DescriptorPool([file("a.proto", [message]), file("a.proto", [message])]) }
    }

    @Test(arguments: [0, -1, 1 << 29])
    func `a field's number is in range`(number: Int32) {
        let message = DescriptorProto.with {
            $0.name = "M"
            $0.field = [field("f", number, .string)]
        }
        #expect(throws: WireError.self) { try DescriptorPool([file("a.proto", [message])]) }
    }

    @Test func `declarations nested too deeply are refused`() {
        let deep = (0..<102).reduce(DescriptorProto.with { $0.name = "M" }) { inner, _ in
            .with {
                $0.name = "M"
                $0.nestedType = [inner]
            }
        }
        #expect(throws: WireError.tooDeep(limit: 100)) { try DescriptorPool([file("a.proto", [deep])]) }
    }

    @Test func `the services of the contract are found with their methods`() throws {
        let pool = try DescriptorPool(decoding: try Checkout.read("share/parapet/descriptors.pb"))
        let method = try #require(pool.method("parapet.account.v1.AccountService", "WatchAccount"))
        #expect(method.request == "parapet.account.v1.WatchAccountRequest")
        #expect(method.serverStreaming && !method.clientStreaming)
        #expect(
            pool.fileOfSymbol["parapet.account.v1.AccountService.WatchAccount"]
                == "parapet/account/v1/account_service.proto")
        #expect(pool.fileOfSymbol["parapet.access.v1.access"] == "parapet/access/v1/access.proto")
    }

    @Test func `a message without a type of its own is read and written by its descriptor`() throws {
        let pool = try DescriptorPool(decoding: try Checkout.read("share/parapet/descriptors.pb"))
        let json: JSONValue = [
            "name": "n", "state": "ACCOUNT_STATE_DRAFT", "revision": "7", "createTime": "2026-11-24T22:00:00Z",
        ]
        let message = try DynamicMessage("parapet.account.v1.Account", in: pool, json: json)
        #expect(try message.jsonValue() == json)
        #expect(try DynamicMessage("parapet.account.v1.Account", in: pool, decoding: message.encoded()) == message)
        #expect(throws: WireError.json(path: "regions.names.0", problem: "expected string")) {
            try DynamicMessage("parapet.account.v1.Account", in: pool, json: ["regions": ["names": [1]]])
        }
        #expect(throws: WireError.json(path: "", problem: "no field x in parapet.account.v1.Account")) {
            try DynamicMessage("parapet.account.v1.Account", in: pool, json: ["x": 1])
        }
        #expect(throws: WireError.descriptor("no message p.Nobody")) { try DynamicMessage("p.Nobody", in: pool) }
    }

    @Test func `an extension is a field called by its full name`() throws {
        let pool = try DescriptorPool(decoding: try Checkout.read("share/parapet/descriptors.pb"))
        let options = try #require(pool.method("parapet.account.v1.AccountService", "GetConnection")).options.encoded()
        let message = try DynamicMessage("google.protobuf.MethodOptions", in: pool, decoding: options)
        let json: JSONValue = [
            "idempotencyLevel": "NO_SIDE_EFFECTS", "[parapet.access.v1.access]": ["services": ["sync-service"]],
        ]
        #expect(try message.jsonValue() == json)
        #expect(try DynamicMessage("google.protobuf.MethodOptions", in: pool, json: json).encoded() == options)
    }

    @Test func `damaged descriptors never crash`() throws {
        let bytes = try Checkout.read("share/parapet/descriptors.pb")
        var random = SeededGenerator(seed: 5)
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<20 {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? DescriptorPool(decoding: damaged)
            _ = try? DescriptorPool(decoding: Array(damaged.prefix(Int.random(in: 0..<damaged.count, using: &random))))
        }
    }
}
