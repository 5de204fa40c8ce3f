public import API
public import RPC
import Wire

/// Who may call which method, as the options in the `.proto` files say.
public struct AccessPolicy: Sendable {
    private var methods: [String: Access]

    /// - Parameter methods: By `package.Service/Method`.
    public init(methods: [String: Access]) {
        self.methods = methods
    }

    /// Reads the options of all methods in a descriptor set. The standard services, whose `.proto` cannot carry
    /// options of ours, are added: health is open, reflection is for viewers.
    public init(descriptors: [UInt8]) throws(ConfigurationError) {
        var methods: [String: Access] = [:]
        do throws(WireError) {
            let set = try FileDescriptorSet(decoding: descriptors)
            for file in set.file {
                for service in file.service {
                    let name = [file.package ?? "", service.name ?? ""].filter { !$0.isEmpty }.joined(separator: ".")
                    for method in service.method {
                        let access = try method.options.flatMap { options throws(WireError) in try Access(options) }
                        methods["\(name)/\(method.name ?? "")"] = access
                    }
                }
            }
        } catch {
            throw .unusable("descriptors.pb: \(error)")
        }
        for method in [HealthMethods.check.name, HealthMethods.watch.name, "List"] {
            methods["\(HealthMethods.service)/\(method)"] = Access.with { $0.open = true }
        }
        for service in [ReflectionMethods.service, ReflectionMethods.alphaService] {
            let name = ReflectionMethods.serverReflectionInfo.name
            methods["\(service)/\(name)"] = Access.with { $0.role = .viewer }
        }
        self.methods = methods
    }

    /// The access of a method; nil where nobody may call.
    public func access(service: String, method: String) -> Access? {
        methods["\(service)/\(method)"]
    }

    /// All methods with an access, sorted.
    public var methodNames: [String] { methods.keys.sorted() }

    /// Whether `caller` may call.
    ///
    /// - Throws: UNAUTHENTICATED for nobody in particular, PERMISSION_DENIED naming what is needed.
    public func check(_ caller: Caller, service: String, method: String) throws(RPCError) {
        let access = access(service: service, method: method)
        if access?.open == true { return }
        switch caller.kind {
        case .anonymous:
            throw RPCError(.unauthenticated, "a bearer token or a client certificate is needed")
        case .person(let role):
            guard let needed = access.flatMap({ Role($0.role) }) else {
                throw RPCError(.permissionDenied, "\(method): \(access?.servicesOnly ?? "nobody may call it")")
            }
            guard role >= needed else {
                throw RPCError(.permissionDenied, "\(method): needs the role \(needed); \(caller.name) has \(role)")
            }
        case .service(let name):
            guard access?.services.contains(name) == true else {
                throw RPCError(.permissionDenied, "\(method): not for the service \(name)")
            }
        }
    }
}

extension Access {
    fileprivate var servicesOnly: String? {
        services.isEmpty ? nil : "for \(services.joined(separator: " and ")) only"
    }
}

extension Role {
    /// Nil for `unspecified`: no person's role.
    public init?(_ role: AccessRole) {
        switch role {
        case .unspecified: return nil
        case .viewer: self = .viewer
        case .operator: self = .operator
        case .admin: self = .admin
        }
    }

    /// The role of that name: viewer, operator, admin.
    public init?(name: String) {
        guard let role = Role.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = role
    }
}
