import HTTP2
import Testing

struct HeaderBlockTests {
    @Test func `fields are found by name and keep their order`() {
        var block = HeaderBlock()
        block.add("a", "1")
        block.add("bb".utf8, "".utf8)
        block.add("a", "3")
        #expect(block.count == 3)
        #expect(block["a"] == "1")
        #expect(block["bb"] == "")
        #expect(block["b"] == nil)
        #expect(block.indices.map { block.text($0) } == ["1", "", "3"])
        #expect(block.listSize == 1 + 1 + 2 + 1 + 1 + 3 * 32)
        block.removeAll()
        #expect(block.count == 0)
        #expect(block.listSize == 0)
    }
}
