import JSON
import Synchronization

/// Where a call goes and what it is signed for.
struct ResolvedEndpoint: Sendable, Equatable {
    var scheme: String
    var authority: String
    /// Before the operation's path, without a slash at its end.
    var basePath: String
    var signingRegion: String
    var signingName: String
    /// The bucket is part of the host's name.
    var bucketInHost = false
}

/// Finds a service's endpoint in a region: set from outside, by the generated rules, or by the partition's usual form.
struct EndpointResolver: Sendable {
    let partitions: Partitions
    let options: EndpointOptions
    private let known = KnownEndpoints()

    init(partitions: Partitions, options: EndpointOptions) {
        self.partitions = partitions
        self.options = options
    }

    func resolve(
        _ model: ServiceModel, _ operation: ServiceModel.Operation, region: String, input: JSONValue
    ) throws(AWSError) -> ResolvedEndpoint {
        let key = KnownEndpoints.Key(
            service: model.name, region: region, operation: operation.endpoints == nil ? "" : operation.name)
        var found: KnownEndpoints.Endpoint
        if let earlier = known[key] {
            found = earlier
        } else {
            found = try look(model, operation, region)
            known[key] = found
        }
        if !found.isSet { try adaptHost(&found.endpoint, model, operation, input) }
        return found.endpoint
    }

    /// The endpoint as far as it does not depend on a call's input.
    private func look(
        _ model: ServiceModel, _ operation: ServiceModel.Operation, _ region: String
    ) throws(AWSError) -> KnownEndpoints.Endpoint {
        guard isName(region) else { throw AWSError(.request("\(region.debugDescription) is no region's name")) }
        guard let partition = partitions.partition(ofRegion: region) else {
            throw AWSError(.request("region \(region) is in no partition that is known"))
        }
        let custom = options.url(serviceID: model.serviceID)
        // An endpoint that is set has no kinds; what it is signed for is the service's usual.
        let variant = custom == nil ? options.variant(of: model.name) : .plain
        let rule = (operation.endpoints ?? model.endpoints)[partition.id]?[variant]
        let place = rule.map { $0.regions[region] ?? $0.usual } ?? Self.usual(model, partition, variant)
        guard let url = custom ?? place.url?.replacing("{region}", with: region) else {
            throw AWSError(
                .request("\(model.name) has no \(variant.isFIPS ? "FIPS" : "dual-stack") endpoint in \(region)"))
        }
        let signingName = place.signingName ?? model.signingName
        guard let endpoint = Self.split(url, place.signingRegion ?? region, signingName) else {
            throw AWSError(.request("\(url.debugDescription) is no endpoint: http(s)://HOST[:PORT][/PATH]"))
        }
        return KnownEndpoints.Endpoint(endpoint: endpoint, isSet: custom != nil)
    }

    /// The form that most services' endpoints have.
    private static func usual(
        _ model: ServiceModel, _ partition: Partitions.Partition, _ variant: EndpointVariant
    ) -> ServiceModel.EndpointPlace {
        if variant.isFIPS, !partition.supportsFIPS { return ServiceModel.EndpointPlace() }
        if variant.isDualStack, !partition.supportsDualStack { return ServiceModel.EndpointPlace() }
        let host = model.endpointPrefix + (variant.isFIPS ? "-fips" : "")
        let suffix = variant.isDualStack ? partition.dualStackSuffix : partition.dnsSuffix
        return ServiceModel.EndpointPlace(url: "https://\(host).{region}.\(suffix)")
    }

    /// What goes before the host's name: an account, a bucket. A fixed endpoint has no such names.
    private func adaptHost(
        _ endpoint: inout ResolvedEndpoint, _ model: ServiceModel, _ operation: ServiceModel.Operation,
        _ input: JSONValue
    ) throws(AWSError) {
        if let prefix = operation.hostPrefix, let template = Template(prefix) {
            let filled = template.fill { path in path.first(in: input).map { .value($0) } ?? .absent }
            guard case .value(.string(let text)) = filled, isName(String(text.filter { $0 != "." })) else {
                throw AWSError(.request("\(operation.name): the host's prefix \(prefix) needs its inputs"))
            }
            endpoint.authority = text + endpoint.authority
        }
        // Where a bucket is can be asked of any region, but then its name must not be in the host's: botocore's rule.
        guard !options.usesPathStyle, operation.name != "GetBucketLocation", model.name == "s3",
            operation.target.beginsWithBucket, let bucket = input["Bucket"]?.string
        else { return }
        // A name with dots does not match the certificate of *.s3.…; such buckets are addressed by path.
        guard isName(bucket), bucket.utf8.count >= 3, bucket.utf8.count <= 63 else { return }
        endpoint.authority = "\(bucket).\(endpoint.authority)"
        endpoint.bucketInHost = true
    }

    /// Whether a text can be a host's label: nothing that would change the URL.
    private func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    static func split(_ url: String, _ region: String, _ name: String) -> ResolvedEndpoint? {
        let scheme = url.hasPrefix("https://") ? "https" : url.hasPrefix("http://") ? "http" : ""
        guard !scheme.isEmpty else { return nil }
        let rest = url.dropFirst(scheme.count + 3)
        guard !rest.contains(where: { "?#@ ".contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty else { return nil }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path = path.dropLast() }
        return ResolvedEndpoint(
            scheme: scheme, authority: String(authority), basePath: String(path), signingRegion: region,
            signingName: name)
    }
}

/// Endpoints that were found, for all calls that follow.
private final class KnownEndpoints: Sendable {
    struct Key: Hashable {
        var service: String
        var region: String
        /// Empty: any.
        var operation: String
    }

    struct Endpoint {
        var endpoint: ResolvedEndpoint
        /// It was set from outside.
        var isSet: Bool
    }

    private let endpoints = Mutex<[Key: Endpoint]>([:])

    subscript(key: Key) -> Endpoint? {
        get { endpoints.withLock { $0[key] } }
        set { endpoints.withLock { $0[key] = newValue } }
    }
}
