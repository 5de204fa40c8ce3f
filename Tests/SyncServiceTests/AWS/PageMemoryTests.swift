import Glibc
import Platform
import Testing

@testable import SyncService

/// What a page takes while it is read, in a process of its own.
@Suite struct PageMemoryTests {
    /// The most that was resident since it was last reset, bytes.
    static func peak() throws -> Int {
        let status = String(decoding: try Files.read("/proc/self/status"), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Feeds a body in parts of 16 kB, made as they are needed, and gives the growth of the peak and what is kept.
    static func read(
        _ service: String, _ operation: String, items path: String, parts: [[UInt8]], count: Int, atEnd: Int = 0
    ) throws -> (growth: Int, kept: Int, body: Int) {
        // Once before it is measured, so that the code's own pages are there.
        if count > 10 { _ = try read(service, operation, items: path, parts: parts, count: 10, atEnd: atEnd) }
        let model = try Fixtures.shapes.model(service)
        let known = try #require(model.operations[operation])
        let units = try #require(ItemsPlan(path)?.units)
        let tree = try ItemTree(paths: units, output: try #require(known.output), shapes: model.shapes)
        let reader = ReplyReader(model: model, operation: known, tree: tree, limit: 64 << 20)
        reader.begin(HTTPResponseHead(status: 200))
        var body = 0
        let reset = open("/proc/self/clear_refs", O_WRONLY)
        try #require(reset >= 0 && write(reset, "5", 1) == 1)
        close(reset)
        let before = try peak()
        for part in [parts[0]] + Array(repeating: parts[1], count: count) + [parts[2]] {
            body += part.count
            _ = part.withUnsafeBufferPointer { reader.receive($0) }
        }
        let reply = try reader.finish(nil)
        let growth = try peak() - before
        try #require(reply.items.count == count + atEnd)
        return (growth, reply.items.reduce(0) { $0 + $1.count }, body)
    }

    /// An instance of some 2.8 kB of XML.
    static let instance: String = {
        let devices = (0..<8).map {
            "<item><deviceName>/dev/sd\($0)</deviceName><ebs><volumeId>vol-0123456789abcdef\($0)</volumeId>"
                + "<status>attached</status><attachTime>2026-01-01T00:00:00.000Z</attachTime>"
                + "<deleteOnTermination>true</deleteOnTermination></ebs></item>"
        }
        let tags = (0..<10).map { "<item><key>key-\($0)</key><value>value of the tag number \($0)</value></item>" }
        return "<item><instanceId>i-0123456789abcdef0</instanceId><imageId>ami-0123456789abcdef0</imageId>"
            + "<instanceState><code>16</code><name>running</name></instanceState><keyName>key</keyName>"
            + "<blockDeviceMapping>\(devices.joined())</blockDeviceMapping><tagSet>\(tags.joined())</tagSet></item>"
    }()

    @Test func `a page of a thousand instances never exists twice`() async {
        await #expect(processExitsWith: .success) {
            let parts = [
                "<DescribeInstancesResponse><reservationSet><item><instancesSet>", PageMemoryTests.instance,
                "</instancesSet></item></reservationSet></DescribeInstancesResponse>",
            ].map { Array($0.utf8) }
            let found = try PageMemoryTests.read(
                "ec2", "DescribeInstances", items: "Reservations[].Instances[]", parts: parts, count: 1000)
            #expect(found.body > 2_000_000)
            // What is kept, once, and less than a quarter of what came beside it.
            #expect(found.growth < found.kept + found.body / 4, "\(found)")
        }
    }

    @Test func `a page of JSON takes a few times its own bytes beside its items`() async {
        await #expect(processExitsWith: .success) {
            let key = #"{"KeyArn":"arn:aws:kms:eu-central-1:123456789012:key/0123","KeyId":"0123"}"#
            let parts = ["{\"Keys\":[", key + ",", key + "]}"].map { Array($0.utf8) }
            let found = try PageMemoryTests.read(
                "kms", "ListKeys", items: "Keys[]", parts: parts, count: 10_000, atEnd: 1)
            #expect(found.body > 600_000)
            #expect(found.growth < found.kept + 6 * found.body, "\(found)")
        }
    }
}
