/// Proofs of RFC 6962 §2.1, read from stored nodes.
public struct MerkleProof: Sendable {
    private let node: @Sendable (UInt64) throws -> [UInt8]

    /// `node` gives a stored node by its dense index.
    public init(node: @escaping @Sendable (UInt64) throws -> [UInt8]) { self.node = node }

    /// The root of the first `size` leaves.
    public func root(size: UInt64) throws -> [UInt8] { size == 0 ? MerkleHash.emptyRoot : try range(0, size) }

    /// PATH(index, D[size]): at most ⌈log2 size⌉ hashes. The index must be below the size.
    public func inclusion(index: UInt64, size: UInt64) throws -> [[UInt8]] {
        precondition(index < size, "a leaf must be inside the tree")
        var path: [[UInt8]] = []
        var low: UInt64 = 0
        var high = size
        while high - low > 1 {
            let middle = low + Self.split(high - low)
            if index < middle {
                path.append(try range(middle, high))
                high = middle
            } else {
                path.append(try range(low, middle))
                low = middle
            }
        }
        return path.reversed()
    }

    /// PROOF(old, D[new]): that the tree of `old` leaves is a prefix of that of `new`.
    public func consistency(old: UInt64, new: UInt64) throws -> [[UInt8]] {
        precondition(old <= new, "the older tree can't be larger")
        if old == 0 || old == new { return [] }
        return try subproof(old, 0, new, whole: true)
    }

    private func subproof(_ old: UInt64, _ low: UInt64, _ high: UInt64, whole: Bool) throws -> [[UInt8]] {
        if old == high - low { return whole ? [] : [try range(low, high)] }
        let left = Self.split(high - low)
        if old <= left { return try subproof(old, low, low + left, whole: whole) + [try range(low + left, high)] }
        return try subproof(old - left, low + left, high, whole: false) + [try range(low, low + left)]
    }

    /// The root over leaves low ..< high, where low is a multiple of the largest power of two below the width.
    private func range(_ low: UInt64, _ high: UInt64) throws -> [UInt8] {
        let width = high - low
        if width & (width - 1) == 0 {
            let level = width.trailingZeroBitCount
            return try node(DenseIndex.node(level: level, low >> UInt64(level)))
        }
        let left = Self.split(width)
        return MerkleHash.node(try range(low, low + left), try range(low + left, high))
    }

    /// The largest power of two below `width` (which is at least 2).
    private static func split(_ width: UInt64) -> UInt64 { 1 << UInt64(63 - (width - 1).leadingZeroBitCount) }
}
