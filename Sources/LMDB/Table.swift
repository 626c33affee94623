public import CLMDB

/// A named table of an environment: a sorted map from keys to values, both byte strings, keys in the order of their bytes, each once.
///
/// Got from `Environment.table(_:create:)`, valid until the environment is closed, and free to copy to any thread. Using a table with a transaction
/// of another environment traps; with a transaction that began before the table was first opened it throws `.badTable`.
@frozen
public struct Table: Hashable, Sendable {
    /// LMDB's handle.
    @usableFromInline let handle: MDB_dbi

    /// The environment the handle belongs to; handles are small integers, and every environment has the same ones.
    @usableFromInline let environmentID: UInt32

    @inlinable
    init(handle: MDB_dbi, environmentID: UInt32) {
        self.handle = handle
        self.environmentID = environmentID
    }
}
