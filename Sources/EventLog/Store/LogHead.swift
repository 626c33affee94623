public import EventModel
internal import LMDB

/// The end of the log, as of a durable commit.
public struct LogHead: Equatable, Sendable {
    public static let byteCount = 64

    public var position: Position
    /// recordedtime of the last entry.
    public var recordedAt: Instant
    public var lastStream: StreamNumber
    public var lastName: NameID
    /// Merkle root over all entries (RFC 6962).
    public var root: [UInt8]

    /// Far above any log, and low enough that node indexes can't overflow.
    static let maxPosition = Position(1 << 48)

    static let empty = LogHead(
        position: .start, recordedAt: Instant(microseconds: 0), lastStream: StreamNumber(StreamNumber.firstCase.rawValue - 1), lastName: 0,
        root: MerkleHash.emptyRoot)

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        appendLittleEndian(position.rawValue, to: &bytes)
        appendLittleEndian(recordedAt.microseconds, to: &bytes)
        appendLittleEndian(lastStream.rawValue, to: &bytes)
        appendLittleEndian(lastName, to: &bytes)
        appendLittleEndian(UInt32(0), to: &bytes)
        bytes.append(contentsOf: root)
        return bytes
    }
}

extension LogHead {
    init?(_ bytes: borrowing RawSpan) {
        guard bytes.byteCount == Self.byteCount, bytes.loadLittleEndian(UInt32.self, at: 28) == 0 else { return nil }
        position = Position(bytes.loadLittleEndian(at: 0))
        recordedAt = Instant(microseconds: bytes.loadLittleEndian(at: 8))
        lastStream = StreamNumber(bytes.loadLittleEndian(at: 16))
        lastName = bytes.loadLittleEndian(at: 24)
        root = bytes.bytes().suffix(32).map { $0 }
        if position > Self.maxPosition { return nil }
    }
}
