import EventModel
import LMDB

extension LogStore {
    /// The last note signed, from `meta`; `nil` if none ever was.
    func lastNote() throws(LogError) -> [UInt8]? {
        try read { transaction throws(LMDBError) in try transaction.bytes(for: "note", in: meta) }
    }

    /// The note kept for a size, if that was the first of its hour.
    func note(size: UInt64) throws(LogError) -> [UInt8]? {
        try read { transaction throws(LMDBError) in try transaction.bytes(for: Key(size), in: checkpoints) }
    }

    /// The greatest size kept in `checkpoints`, and its note.
    func newestCheckpoint() throws(LogError) -> (size: UInt64, note: [UInt8])? {
        let row = try read { transaction throws(LMDBError) -> (UInt64?, [UInt8])? in
            var cursor = try transaction.cursor(over: checkpoints)
            guard try cursor.last() else { return nil }
            return (cursor.key.byteCount == 8 ? cursor.key.loadBigEndian() : nil, cursor.value.bytes())
        }
        guard let row else { return nil }
        guard let size = row.0 else { throw .checkpoint("a row of the table has a key of another size") }
        return (size, row.1)
    }

    /// Proofs from the stored nodes.
    var proofs: MerkleProof {
        MerkleProof { index in
            guard let node = try node(index) else { throw LogError.damaged(at: .start, what: "tree node \(index) is missing") }
            return node
        }
    }
}
