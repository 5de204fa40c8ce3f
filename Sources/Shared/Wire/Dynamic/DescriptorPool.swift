/// The messages, enumerations and services of some `.proto` files, found by their full names (without a leading point).
public final class DescriptorPool: Sendable {
    /// As they were given; a file named twice counts once.
    public let files: [FileDescriptorProto]
    public let messages: [String: MessageDescriptor]
    public let enums: [String: EnumDescriptor]
    public let services: [String: ServiceDescriptor]
    /// The name of the file that declares a message, enumeration, service, method or extension.
    public let fileOfSymbol: [String: String]

    /// - Throws: ``WireError/descriptor(_:)`` where the files contradict each other or name types that none of them
    ///   declares.
    public init(_ files: [FileDescriptorProto]) throws(WireError) {
        var builder = PoolBuilder()
        for file in files { try builder.add(file) }
        self.files = builder.files
        messages = try builder.messages()
        enums = builder.enums
        services = try builder.services()
        fileOfSymbol = builder.fileOfSymbol
    }

    /// Of an encoded `FileDescriptorSet`.
    public convenience init(decoding bytes: [UInt8]) throws(WireError) {
        try self.init(try FileDescriptorSet(decoding: bytes).file)
    }

    /// The method of a service.
    public func method(_ service: String, _ method: String) -> MethodDescriptor? {
        services[service]?.methods.first { $0.name == method }
    }
}

/// Collects the declarations of files, then resolves what they name.
private struct PoolBuilder {
    private(set) var files: [FileDescriptorProto] = []
    private(set) var enums: [String: EnumDescriptor] = [:]
    private(set) var fileOfSymbol: [String: String] = [:]
    private var fileNames: Set<String> = []
    private var declared: [String: (message: DescriptorProto, isProto3: Bool)] = [:]
    private var extensions: [String: [(field: FieldDescriptorProto, isProto3: Bool)]] = [:]
    private var declaredServices: [String: ServiceDescriptorProto] = [:]

    mutating func add(_ file: FileDescriptorProto) throws(WireError) {
        let name = file.name ?? ""
        guard fileNames.insert(name).inserted else { return }
        files.append(file)
        let scope = file.package ?? ""
        let isProto3 = file.syntax == "proto3"
        for message in file.messageType { try add(message, in: scope, file: name, isProto3: isProto3, depth: 0) }
        for declared in file.enumType { try add(declared, in: scope, file: name, isProto3: isProto3) }
        for service in file.service {
            let fullName = try note(service.name, in: scope, file: name)
            declaredServices[fullName] = service
            for method in service.method { _ = try note(method.name, in: fullName, file: name) }
        }
        for declared in file.extension { try add(declared, in: scope, file: name, isProto3: isProto3) }
    }

    private mutating func add(
        _ message: DescriptorProto, in scope: String, file: String, isProto3: Bool, depth: Int
    ) throws(WireError) {
        guard depth < WireLimits.standard.depth else { throw .tooDeep(limit: WireLimits.standard.depth) }
        let name = try note(message.name, in: scope, file: file)
        declared[name] = (message, isProto3)
        for nested in message.nestedType { try add(nested, in: name, file: file, isProto3: isProto3, depth: depth + 1) }
        for nested in message.enumType { try add(nested, in: name, file: file, isProto3: isProto3) }
        for nested in message.extension { try add(nested, in: name, file: file, isProto3: isProto3) }
    }

    /// An extension is a field of the message that it extends, called by its full name in brackets.
    private mutating func add(
        _ extended: FieldDescriptorProto, in scope: String, file: String, isProto3: Bool
    ) throws(WireError) {
        var field = extended
        let name = "[\(try note(extended.name, in: scope, file: file))]"
        (field.name, field.jsonName) = (name, name)
        let extendee = String((extended.extendee ?? "").drop { $0 == "." })
        extensions[extendee, default: []].append((field, isProto3))
    }

    private mutating func add(
        _ declared: EnumDescriptorProto, in scope: String, file: String, isProto3: Bool
    ) throws(WireError) {
        let name = try note(declared.name, in: scope, file: file)
        let values = declared.value.map { (name: $0.name ?? "", number: $0.number ?? 0) }
        enums[name] = EnumDescriptor(name: name, values: values, isClosed: !isProto3)
    }

    /// Notes where a symbol is declared, and gives its full name.
    private mutating func note(_ name: String?, in scope: String, file: String) throws(WireError) -> String {
        guard let name, !name.isEmpty else { throw .descriptor("a declaration without a name in \(file)") }
        let fullName = scope.isEmpty ? name : "\(scope).\(name)"
        guard fileOfSymbol.updateValue(file, forKey: fullName) == nil else {
            throw .descriptor("\(fullName) is declared twice")
        }
        return fullName
    }

    func messages() throws(WireError) -> [String: MessageDescriptor] {
        var messages: [String: MessageDescriptor] = [:]
        for (name, (message, isProto3)) in declared {
            // protoc puts the oneofs that it makes for `optional` after the others.
            let made = message.field.filter { $0.proto3Optional == true }.compactMap(\.oneofIndex).min()
            let oneofs = message.oneofDecl.prefix(Int(made ?? .max)).map { $0.name ?? "" }
            var fields: [FieldDescriptor] = []
            for field in message.field {
                fields.append(try resolve(field, of: name, isProto3: isProto3, oneofs: oneofs.count))
            }
            for (field, isProto3) in extensions[name] ?? [] {
                fields.append(try resolve(field, of: name, isProto3: isProto3, oneofs: 0))
            }
            messages[name] = MessageDescriptor(
                name: name, fields: fields, oneofs: oneofs, isMapEntry: message.options?.mapEntry == true)
        }
        return messages
    }

    private func resolve(
        _ field: FieldDescriptorProto, of message: String, isProto3: Bool, oneofs: Int
    ) throws(WireError) -> FieldDescriptor {
        guard let name = field.name, let number = field.number, 1..<(1 << 29) ~= number, let type = field.type else {
            throw .descriptor("a field of \(message) lacks its name, number or type")
        }
        let typeName = String((field.typeName ?? "").drop { $0 == "." })
        let isMessage = type == .message || type == .group
        if isMessage && declared[typeName] == nil || type == .enumeration && enums[typeName] == nil {
            throw .descriptor("\(message).\(name) names \(typeName), which is not declared")
        }
        let isMap = isMessage && field.label == .repeated && declared[typeName]?.message.options?.mapEntry == true
        let isExplicit = !isProto3 || isMessage || field.oneofIndex != nil || field.extendee != nil
        let oneof = field.proto3Optional == true ? nil : field.oneofIndex.map { Int($0) }
        return FieldDescriptor(
            number: number, name: name, jsonName: field.jsonName ?? Wire.jsonName(name), type: type, typeName: typeName,
            label: isMap ? .map : field.label == .repeated ? .repeated : isExplicit ? .explicit : .implicit,
            isPacked: field.options?.packed ?? isProto3, oneof: oneof.flatMap { 0..<oneofs ~= $0 ? $0 : nil })
    }

    func services() throws(WireError) -> [String: ServiceDescriptor] {
        var services: [String: ServiceDescriptor] = [:]
        for (name, service) in declaredServices {
            var methods: [MethodDescriptor] = []
            for method in service.method {
                let request = String((method.inputType ?? "").drop { $0 == "." })
                let response = String((method.outputType ?? "").drop { $0 == "." })
                guard declared[request] != nil, declared[response] != nil else {
                    throw .descriptor("\(name).\(method.name ?? "") names messages that are not declared")
                }
                methods.append(
                    MethodDescriptor(
                        name: method.name ?? "", request: request, response: response,
                        clientStreaming: method.clientStreaming ?? false,
                        serverStreaming: method.serverStreaming ?? false, options: method.options ?? MethodOptions()))
            }
            services[name] = ServiceDescriptor(name: name, methods: methods)
        }
        return services
    }
}
