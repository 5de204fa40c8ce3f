import API
import Platform
import TestSupport
import Testing
import Wire

struct DescriptorTests {
    private let pool: DescriptorPool

    init() throws {
        pool = try DescriptorPool(decoding: try Checkout.read("share/parapet/descriptors.pb"))
    }

    private func isOurs(_ name: String) -> Bool {
        (name.hasPrefix("parapet.") || name.hasPrefix("grpc.")) && !name.hasPrefix("grpc.reflection.v1alpha.")
    }

    @Test func `the descriptors are those of the files in proto`() async throws {
        let run = try await ChildProcess.run(["\(Checkout.root)/scripts/proto.sh", "--check"])
        #expect(run.status.isSuccess, "\(String(decoding: run.error, as: UTF8.self))")
    }

    @Test func `every message has its field list, field by field`() throws {
        let described = pool.messages.values.filter { isOurs($0.name) && !$0.isMapEntry }
        #expect(Set(described.map(\.name)) == Set(handWrittenMessages.keys))
        for message in described {
            guard let type = handWrittenMessages[message.name] else { continue }
            let wanted = message.fields.sorted { $0.number < $1.number }.map(line)
            #expect(fields(of: type) == wanted, "\(message.name)")
        }
    }

    private func fields<M: Message>(of type: M.Type) -> [String] {
        FieldLister.fields(of: type).map { "\($0.number) \($0.name) \($0.type) \($0.label) \($0.typeName)" }
    }

    private func line(_ field: FieldDescriptor) -> String {
        var typeName = field.typeName
        if field.label == .map, let entry = pool.messages[typeName], let key = entry.field(1),
            let value = entry.field(2)
        {
            typeName = "\(key.type),\(value.type)"
        }
        return "\(field.number) \(field.name) \(field.type) \(field.label) \(typeName)"
    }

    @Test func `every enumeration has its cases, name by name`() {
        let described = pool.enums.values.filter { isOurs($0.name) }
        #expect(Set(described.map(\.name)) == Set(handWrittenEnums.keys))
        for wanted in described {
            guard let type = handWrittenEnums[wanted.name] else { continue }
            #expect(values(of: type) == wanted.values.map { "\($0.name) = \($0.number)" })
        }
    }

    private func values<E: ProtoEnum>(of _: E.Type) -> [String] {
        guard E.allCases.count == E.names.values.count else { return [] }
        return E.allCases.map { "\($0.protoName) = \($0.rawValue)" }
    }

    @Test func `every method has its name, its messages, and whether it is read only`() {
        let described = pool.services.values.filter { isOurs($0.name) }.flatMap { service in
            service.methods.map {
                // MethodOptions.idempotency_level: NO_SIDE_EFFECTS
                let isReadOnly = $0.options.unknownFields.varint(of: 34) == 1
                return "\(service.name)/\($0.name)(\($0.request)) -> \($0.response)"
                    + (isReadOnly ? ", read only" : "")
            }
        }
        #expect(described.sorted() == handWrittenMethods.sorted())
    }

    @Test func `every method of Parapet says who may call`() throws {
        for service in pool.services.values where service.name.hasPrefix("parapet.") {
            for method in service.methods {
                let access = try #require(try Access(method.options), "\(service.name)/\(method.name)")
                #expect(access.role != .unspecified || !access.services.isEmpty, "\(service.name)/\(method.name)")
            }
        }
        let connection = try #require(pool.method(AccountMethods.service, "GetConnection"))
        #expect(try Access(connection.options)?.services == ["sync-service"])
        #expect(try Access(MethodOptions()) == nil)
    }

    @Test func `our messages for descriptors have the fields of Google's`() throws {
        func check<M: Message>(_ type: M.Type) throws {
            let described = try #require(pool.messages[M.protoName])
            for field in FieldLister.fields(of: type) {
                let wanted = try #require(described.field(field.number))
                #expect(wanted.name == field.name && wanted.type == field.type, "\(M.protoName).\(field.name)")
            }
        }
        let types: [any Message.Type] = [
            FileDescriptorSet.self, FileDescriptorProto.self, DescriptorProto.self, OneofDescriptorProto.self,
            MessageOptions.self, FieldDescriptorProto.self, FieldOptions.self, EnumDescriptorProto.self,
            EnumValueDescriptorProto.self, ServiceDescriptorProto.self, MethodDescriptorProto.self, MethodOptions.self,
            Timestamp.self, FieldMask.self,
        ]
        for type in types { try check(type) }
    }
}
