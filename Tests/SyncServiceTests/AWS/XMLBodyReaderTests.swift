import JSON
import Testing

@testable import SyncService

@Suite struct XMLBodyReaderTests {
    private static let body = """
        <?xml version="1.0" encoding="UTF-8"?>
        <DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><vpcSet>
        <item><isDefault>true</isDefault><vpcId>vpc-&#49;&amp;<![CDATA[<]]></vpcId><tagSet><item><key>b</key><value/></item>
        </tagSet></item><item><vpcId>vpc-2</vpcId><isDefault>false</isDefault></item></vpcSet></DescribeVpcsResponse>
        """
    private static let items = [
        #"{"IsDefault":true,"Tags":[{"Key":"b","Value":""}],"VpcId":"vpc-1&<"}"#,
        #"{"IsDefault":false,"VpcId":"vpc-2"}"#,
    ]

    private func read(_ pieces: [ArraySlice<UInt8>]) throws(AWSError) -> (rest: [UInt8], items: [String]) {
        let model: ServiceModel
        do { model = try Fixtures.shapes.model("ec2") } catch { throw AWSError(.request("\(error)")) }
        let output = model.operations["DescribeVpcs"]?.output ?? 0
        let steps: [FieldPath.Step] = [.member("Vpcs"), .elements]
        let tree = try ItemTree(paths: [steps], output: output, shapes: model.shapes)
        let reader = XMLBodyReader(model: model, shape: output, root: .output, tree: tree)
        for piece in pieces {
            var fault: AWSError?
            piece.withUnsafeBufferPointer { bytes in
                do throws(AWSError) { try reader.feed(bytes) } catch { fault = error }
            }
            if let fault { throw fault }
        }
        let rest = try reader.finish()
        return (rest, reader.items.map { String(decoding: $0, as: UTF8.self) })
    }

    @Test func `a body gives the same items however it is cut into pieces`() throws {
        let bytes = Array(Self.body.utf8)
        for cut in 0...bytes.count {
            let read = try read([bytes[..<cut], bytes[cut...]])
            #expect(read.items == Self.items, "cut at \(cut)")
            #expect(String(decoding: read.rest, as: UTF8.self) == #"{"Vpcs":[]}"#)
        }
    }

    @Test func `a body that ends too early is an error at every byte`() {
        let bytes = Array(Self.body.utf8)
        for end in 0..<bytes.count - 1 {
            #expect(throws: AWSError.self, "ends after \(end)") { _ = try read([bytes[..<end]]) }
        }
    }

    @Test(arguments: [
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><DescribeVpcsResponse/>",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><DescribeVpcsResponse>&b;</DescribeVpcsResponse>",
        "<DescribeVpcsResponse>&nbsp;</DescribeVpcsResponse>", "<DescribeVpcsResponse></DescribeVpcsResponse>trailing",
        "<DescribeVpcsResponse/><DescribeVpcsResponse/>", "<Response><Errors/></Response>",
        "<DescribeVpcsResponse><vpcSet><item><isDefault>maybe</isDefault></item></vpcSet></DescribeVpcsResponse>",
        "\u{0}", "<DescribeVpcsResponse>\u{1}</DescribeVpcsResponse>",
    ])
    func `what is hostile or foreign is an error`(body: String) {
        #expect(throws: AWSError.self) { _ = try read([ArraySlice(body.utf8)]) }
    }

    @Test func `more levels than the limit are an error`() {
        let deep = String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200)
        let body = "<DescribeVpcsResponse>\(deep)</DescribeVpcsResponse>"
        #expect(throws: AWSError.self) { _ = try read([ArraySlice(body.utf8)]) }
    }

    @Test func `an empty list is a list and not an error`() throws {
        let read = try read([
            ArraySlice("<DescribeVpcsResponse><requestId>r</requestId><vpcSet/></DescribeVpcsResponse>".utf8)
        ])
        #expect(read.items.isEmpty)
    }
}
