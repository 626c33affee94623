/// Checks proofs from hashes alone. A proof of another length than the sizes ask for is wrong.
///
/// Source: RFC 9162 §2.1.3.2 and §2.1.4.2.
public enum MerkleVerification {
    /// Whether a leaf stands at `index` of the tree with this size and root.
    public static func isIncluded(leaf: [UInt8], index: UInt64, size: UInt64, path: [[UInt8]], root: [UInt8]) -> Bool {
        guard index < size, areHashes(path + [leaf, root]) else { return false }
        var (place, last) = (index, size - 1)
        var hash = leaf
        for sibling in path {
            if last == 0 { return false }
            if place & 1 == 1 || place == last {
                hash = MerkleHash.node(sibling, hash)
                if place & 1 == 0 {
                    let shift = UInt64(place.trailingZeroBitCount)
                    (place, last) = shift < 64 ? (place >> shift, last >> shift) : (0, 0)
                }
            } else {
                hash = MerkleHash.node(hash, sibling)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of `old` leaves is a prefix of that of `new`. Size 0 is a prefix of all, under its one root and with an empty proof.
    public static func isConsistent(old: UInt64, new: UInt64, proof: [[UInt8]], oldRoot: [UInt8], newRoot: [UInt8]) -> Bool {
        guard old <= new, areHashes(proof + [oldRoot, newRoot]) else { return false }
        if old == new { return proof.isEmpty && oldRoot == newRoot && (old > 0 || oldRoot == MerkleHash.emptyRoot) }
        if old == 0 { return proof.isEmpty && oldRoot == MerkleHash.emptyRoot }
        var rest = proof[...]
        if old & (old - 1) == 0 { rest = [oldRoot] + rest }
        guard let first = rest.popFirst() else { return false }
        var (place, last) = (old - 1, new - 1)
        let shift = UInt64((~place).trailingZeroBitCount)
        (place, last) = (place >> shift, last >> shift)
        var (older, newer) = (first, first)
        for hash in rest {
            if last == 0 { return false }
            if place & 1 == 1 || place == last {
                older = MerkleHash.node(hash, older)
                newer = MerkleHash.node(hash, newer)
                if place & 1 == 0 {
                    let shift = UInt64(place.trailingZeroBitCount)
                    (place, last) = shift < 64 ? (place >> shift, last >> shift) : (0, 0)
                }
            } else {
                newer = MerkleHash.node(newer, hash)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && older == oldRoot && newer == newRoot
    }

    private static func areHashes(_ hashes: [[UInt8]]) -> Bool { hashes.allSatisfy { $0.count == 32 } }
}
