/// The roots of the perfect subtrees that cover a tree, largest first: all that appending needs (a compact range from 0).
struct Frontier: Equatable, Sendable {
    private(set) var size: UInt64 = 0
    private(set) var roots: [[UInt8]] = []

    init() {}

    /// Loads the frontier of a tree of `size` from its stored nodes. At most 64 reads.
    init(size: UInt64, node: (UInt64) throws -> [UInt8]) rethrows {
        self.size = size
        var covered: UInt64 = 0
        for level in (0..<64).reversed() where size & 1 << UInt64(level) != 0 {
            roots.append(try node(DenseIndex.node(level: level, covered >> UInt64(level))))
            covered += 1 << UInt64(level)
        }
    }

    /// Adds a leaf; calls `store` with each node it completes, in the order of the `nodes` table. O(log n), amortised 2 nodes.
    mutating func append(leaf: [UInt8], store: ([UInt8]) throws -> Void) rethrows {
        var hash = leaf
        try store(hash)
        var rest = size
        while rest & 1 == 1 {
            hash = MerkleHash.node(roots.removeLast(), hash)
            try store(hash)
            rest >>= 1
        }
        roots.append(hash)
        size += 1
    }

    /// The root of the tree so far.
    var root: [UInt8] {
        guard var hash = roots.last else { return MerkleHash.emptyRoot }
        for left in roots.dropLast().reversed() { hash = MerkleHash.node(left, hash) }
        return hash
    }
}
