import TestSupport

@testable import SyncService

/// AWS's replies, in each protocol, good or failed: read whole and in two pieces, with the same outcome.
enum AWSTarget {
    private struct Operation: Sendable {
        let service: String
        let name: String
        /// Where the items are; none for a reply that is read as a whole.
        let items: String?
    }

    private static let operations = [
        Operation(service: "ec2", name: "DescribeVpcs", items: "Vpcs"),
        Operation(service: "iam", name: "ListUsers", items: "Users"),
        Operation(service: "s3", name: "ListBuckets", items: "Buckets"),
        Operation(service: "s3", name: "GetBucketLocation", items: nil),
        Operation(service: "s3", name: "GetBucketEncryption", items: nil),
        Operation(service: "kms", name: "ListKeys", items: "Keys"),
        Operation(service: "logs", name: "DescribeMetricFilters", items: "metricFilters"),
        Operation(service: "efs", name: "DescribeFileSystems", items: "FileSystems"),
        Operation(service: "sts", name: "AssumeRole", items: nil),
        Operation(service: "rds", name: "DescribeDBInstances", items: "DBInstances"),
    ]
    private static let statuses = [200, 400, 403, 503]
    private static let shapes = ShapeStore(share: "\(Checkout.root)/share/parapet")

    static func run(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let operation = operations[choices.below(operations.count)]
        let status = statuses[choices.below(statuses.count)]
        let cut = choices.below(256)
        let body = Array(choices.rest)
        let whole = try read(operation, status, [body[...]])
        let pieces = try read(operation, status, [body.prefix(cut), body.dropFirst(cut)])
        try require(whole == pieces, "another outcome when cut after \(cut)")
    }

    /// The rest of the reply and its items; empty for an error.
    private static func read(
        _ operation: Operation, _ status: Int, _ pieces: [ArraySlice<UInt8>]
    ) throws(Violation) -> [[UInt8]] {
        guard let model = try? shapes.model(operation.service), let shape = model.operations[operation.name] else {
            throw Violation("no \(operation.service) \(operation.name)")
        }
        let paths = operation.items.map { [[FieldPath.Step.member($0), .elements]] }
        let tree = paths.flatMap { try? ItemTree(paths: $0, output: shape.output ?? 0, shapes: model.shapes) }
        try require((tree == nil) == (operation.items == nil), "\(operation.name) has no \(operation.items ?? "")")
        let reader = ReplyReader(model: model, operation: shape, tree: tree, limit: 1 << 20)
        reader.begin(HTTPResponseHead(status: status))
        for piece in pieces { _ = piece.withUnsafeBufferPointer { reader.receive($0) } }
        do throws(AWSError) {
            let reply = try reader.finish(nil)
            return [reply.rest] + reply.items
        } catch {
            _ = error.description
            return []
        }
    }
}
