import LMDB
import Testing

struct KeyRow: Sendable {
    let key: Key
    let bytes: [UInt8]
}

@Suite struct KeyTests {
    static let word: UInt64 = 0x0102_0304_0506_0708
    static let wordBytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    @Test(arguments: [
        KeyRow(key: Key(0xAB as UInt8), bytes: [0xAB]),
        KeyRow(key: Key(0x0102_0304 as UInt32), bytes: [1, 2, 3, 4]),
        KeyRow(key: Key(word), bytes: wordBytes),
        KeyRow(key: Key(word, 9 as UInt8), bytes: wordBytes + [9]),
        KeyRow(key: Key(word, 0x090A_0B0C as UInt32), bytes: wordBytes + [9, 10, 11, 12]),
        KeyRow(key: Key(word, word), bytes: wordBytes + wordBytes),
        KeyRow(key: Key(word, word, word), bytes: wordBytes + wordBytes + wordBytes),
        KeyRow(key: Key(0 as UInt64), bytes: [0, 0, 0, 0, 0, 0, 0, 0]),
        KeyRow(key: Key(UInt64.max, UInt32.max), bytes: [UInt8](repeating: 255, count: 12)),
    ])
    func bytes(_ row: KeyRow) {
        #expect(row.key.withBytes { $0.bytes() } == row.bytes)
        #expect(row.key.byteCount == row.bytes.count)
        #expect(row.key.description.count == 2 * row.bytes.count)
    }

    @Test func equalityIsThatOfBytesAndLength() {
        #expect(Key(0 as UInt64) != Key(0 as UInt32))
        #expect(Key(1 as UInt64, 0 as UInt8) != Key(1 as UInt64, 0 as UInt32))
        #expect(Set([Key(1 as UInt64), Key(1 as UInt64), Key(2 as UInt64)]).count == 2)
        #expect(Key(Self.word).description == "0102030405060708")
    }
}
