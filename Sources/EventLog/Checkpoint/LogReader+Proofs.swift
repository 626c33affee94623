public import EventModel

extension LogReader {
    /// The root of the first `size` entries; the size is at most the head's. O(log n) gets.
    public func root(size: UInt64) throws -> [UInt8] { try store.proofs.root(size: size) }

    /// That the entry at a position is in the tree of `size` entries: the path from its leaf upwards, at most ⌈log2 size⌉ hashes.
    ///
    /// The position must be from 1 to `size`, the size at most the head's.
    public func inclusionProof(of position: Position, size: UInt64) throws -> [[UInt8]] {
        try store.proofs.inclusion(index: position.rawValue - 1, size: size)
    }

    /// That the tree of `old` entries is a prefix of that of `new`; `new` is at most the head's size.
    public func consistencyProof(old: UInt64, new: UInt64) throws -> [[UInt8]] { try store.proofs.consistency(old: old, new: new) }

    /// The note kept for this size in `checkpoints`; `nil` if none was.
    public func keptNote(size: UInt64) throws(LogError) -> [UInt8]? { try store.note(size: size) }
}
