import LMDB
import Testing

@Suite struct RawSpanTests {
    @Test func loadsAtEveryOffset() {
        let bytes = [UInt8](0..<32)
        let span = bytes.span.bytes
        for offset in 0...24 {
            let expected = (0..<8).reduce(0 as UInt64) { $0 << 8 | UInt64(offset + $1) }
            #expect(span.loadBigEndian(UInt64.self, at: offset) == expected)
            #expect(span.loadLittleEndian(UInt64.self, at: offset) == expected.byteSwapped)
            #expect(span.loadBigEndian(Int64.self, at: offset) == Int64(bitPattern: expected))
            #expect(span.loadBigEndian(UInt32.self, at: offset) == UInt32(truncatingIfNeeded: expected >> 32))
            #expect(span.loadLittleEndian(UInt16.self, at: offset) == UInt16(truncatingIfNeeded: expected >> 48).byteSwapped)
            #expect(span.loadBigEndian(UInt8.self, at: offset) == UInt8(offset))
        }
    }

    @Test func copies() {
        #expect([UInt8](0..<100).span.bytes.bytes() == [UInt8](0..<100))
        #expect(RawSpan().bytes() == [])
        #expect(utf8("意见").span.bytes.string() == "意见")
        #expect([0xFF as UInt8].span.bytes.string() == nil)
        #expect(RawSpan().string() == "")
    }

    @Test(arguments: [
        ("", "", true, true), ("a", "", false, true), ("", "a", false, false), ("abc", "abc", true, true), ("abc", "ab", false, true),
        ("abc", "abd", false, false), ("ab", "abc", false, false),
    ])
    func compares(_ left: String, _ right: String, isSame: Bool, isPrefix: Bool) {
        let left = utf8(left)
        let right = utf8(right)
        #expect(left.span.bytes.hasSameBytes(as: right.span.bytes) == isSame)
        #expect(left.span.bytes.starts(with: right.span.bytes) == isPrefix)
    }

    @Test func loadingPastTheEndTraps() async {
        await #expect(processExitsWith: trap) { _ = [UInt8](0..<8).span.bytes.loadBigEndian(UInt64.self, at: 1) }
        await #expect(processExitsWith: trap) { _ = [UInt8](0..<8).span.bytes.loadLittleEndian(UInt32.self, at: -1) }
        await #expect(processExitsWith: trap) { _ = [UInt8](0..<8).span.bytes.loadLittleEndian(UInt8.self, at: .max) }
    }
}
