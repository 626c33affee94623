internal import EventModel
internal import LMDB

extension FactHeader {
    /// Reads the header of a value of `entries`; `nil` if it is of another format or breaks a bound.
    init?(value: borrowing RawSpan) {
        guard value.byteCount >= Self.byteCount, value.loadLittleEndian(UInt8.self, at: 0) == Self.format,
            value.loadLittleEndian(UInt8.self, at: 50) <= Self.maxWords, value.loadLittleEndian(UInt8.self, at: 51) == 0
        else { return nil }
        self.init(
            flags: FactFlags(rawValue: value.loadLittleEndian(at: 1)), type: value.loadLittleEndian(at: 2), revision: value.loadLittleEndian(at: 4),
            stream: StreamNumber(value.loadLittleEndian(at: 8)), occurredAt: Instant(microseconds: value.loadLittleEndian(at: 16)),
            recordedAt: Instant(microseconds: value.loadLittleEndian(at: 24)), idHash: value.loadLittleEndian(at: 32),
            source: value.loadLittleEndian(at: 40), unit: value.loadLittleEndian(at: 44), assignment: value.loadLittleEndian(at: 48),
            wordCount: value.loadLittleEndian(at: 50), entryByteCount: value.loadLittleEndian(at: 52))
        guard value.byteCount == valueByteCount, wordCount > 0 || flags.isDisjoint(with: [.accessClass, .externalReference]) else { return nil }
    }
}

extension FactRecord {
    /// Reads header and words of a value of `entries`.
    init?(position: Position, value: borrowing RawSpan) {
        guard let header = FactHeader(value: value) else { return nil }
        var words = FactWords()
        for index in 0..<Int(header.wordCount) { words.append(value.loadLittleEndian(UInt64.self, at: FactHeader.byteCount + index * 8)) }
        self.init(position: position, header: header, words: words)
    }
}

/// The entry behind header and words.
func entryBytes(of value: borrowing RawSpan, header: FactHeader) -> [UInt8] {
    value.extracting(FactHeader.byteCount + Int(header.wordCount) * 8..<value.byteCount).bytes()
}
