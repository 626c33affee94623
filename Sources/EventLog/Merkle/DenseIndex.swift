/// Where perfect nodes of the tree stand in the `nodes` table: the order in which they become complete.
///
/// Source: Go's `golang.org/x/mod/sumdb/tlog`, StoredHashIndex.
public enum DenseIndex {
    /// The index of node `n` of `level`; level 0 are the leaves.
    public static func node(level: Int, _ n: UInt64) -> UInt64 {
        var n = n
        for _ in 0..<level { n = 2 * n + 1 }
        var index = UInt64(level)
        while n > 0 {
            index += n
            n >>= 1
        }
        return index
    }

    /// How many nodes a tree of this size has stored.
    public static func count(treeSize: UInt64) -> UInt64 {
        treeSize == 0 ? 0 : node(level: 0, treeSize - 1) + UInt64(treeSize.trailingZeroBitCount) + 1
    }
}
