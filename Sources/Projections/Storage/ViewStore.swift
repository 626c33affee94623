internal import EventModel
internal import LMDB

/// The LMDB environment of one view: its row tables and `meta`, which holds the checkpoint and a few bytes of the view's own.
///
/// View files are made and read by the same host only (rows are stored as they lie in memory); they are never copied, but built from the log.
final class ViewStore {
    let environment: Environment
    private let meta: Table

    init(_ directory: String, mapSizeBytes: Int) throws {
        environment = try Environment(at: directory, mapSizeBytes: mapSizeBytes)
        meta = try environment.table("meta")
    }

    func table(_ name: String) throws -> Table { try environment.table(name) }

    /// The checkpoint of the last commit; `nil` in a new environment.
    func checkpoint() throws -> ViewCheckpoint? {
        guard let bytes = try environment.withRead({ transaction throws(LMDBError) in try transaction.bytes(for: "checkpoint", in: meta) }) else {
            return nil
        }
        guard bytes.count > 9, bytes.count >= 9 + Int(bytes[8]) else { throw ViewError.damaged(what: "checkpoint") }
        let hashEnd = 9 + Int(bytes[8])
        let origin = String(decoding: bytes[hashEnd...], as: UTF8.self)
        return ViewCheckpoint(origin: origin, position: Position(littleEndian(bytes, at: 0)), leafHash: Array(bytes[9..<hashEnd]))
    }

    /// The view's own bytes, as last committed.
    func note() throws -> [UInt8]? {
        try environment.withRead { transaction throws(LMDBError) in try transaction.bytes(for: "note", in: meta) }
    }

    /// One transaction: what `body` writes, the view's own bytes and the checkpoint.
    func commit(at checkpoint: ViewCheckpoint, note: [UInt8] = [], _ body: (inout WriteTransaction) throws -> Void) throws {
        var bytes: [UInt8] = []
        appendLittleEndian(checkpoint.position.rawValue, to: &bytes)
        bytes.append(UInt8(checkpoint.leafHash.count))
        bytes += checkpoint.leafHash
        bytes += Array(checkpoint.origin.utf8)
        try environment.withWrite { transaction in
            try body(&transaction)
            try transaction.put("checkpoint", bytes, in: meta)
            if !note.isEmpty { try transaction.put("note", note, in: meta) }
        }
    }

    func close() { environment.close() }
}

/// The 64-bit number whose little-endian bytes start at an offset.
func littleEndian(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    return value
}
