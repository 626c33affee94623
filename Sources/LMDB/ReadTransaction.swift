public import CLMDB

/// A snapshot: reads see the environment as it was when the transaction began, whatever is committed meanwhile.
///
/// ```swift
/// try environment.withRead { transaction in
///     try transaction.value(for: Key(position), in: entries)?.bytes()
/// }
/// ```
///
/// A span it returns borrows the transaction, so the compiler refuses to let the span outlive it. The transaction ends when the value goes out of
/// scope, or with `end()`. It is not `Sendable` and cannot live across an `await`.
///
/// An open snapshot keeps every page freed since from being used again: the file grows. Take a new one per batch of work.
@frozen
public struct ReadTransaction: ~Copyable {
    @usableFromInline let core: TransactionCore
    @usableFromInline let environment: Environment

    @usableFromInline
    init(core: TransactionCore, environment: Environment) {
        self.core = core
        self.environment = environment
    }

    deinit { environment.endRead(core) }
}

@available(*, unavailable)
extension ReadTransaction: Sendable {}

extension ReadTransaction {
    /// The value under `key`, in place, or `nil` if there is none. It is valid while the transaction is.
    ///
    /// - Throws: `.badValueSize` if the key is empty or longer than 511 bytes, `.badTable`, or a sign of damage (`.corrupted`, `.pageNotFound`).
    /// - Complexity: O(log n), no allocation.
    @inlinable
    @_lifetime(borrow self)
    public borrowing func value<K: ByteSource & ~Escapable>(for key: K, in table: Table) throws(LMDBError) -> RawSpan? {
        let slot = core.lookUp(key, in: table)
        guard slot.code == MDB_SUCCESS else {
            try throwUnlessNotFound(slot.code, "get")
            return nil
        }
        return span(over: slot, borrowing: self)
    }

    /// A copy of the value under `key`, or `nil` if there is none. Throws as `value(for:in:)`.
    ///
    /// - Complexity: O(log n) and one allocation.
    @inlinable
    public borrowing func bytes<K: ByteSource & ~Escapable>(for key: K, in table: Table) throws(LMDBError) -> [UInt8]? {
        try value(for: key, in: table)?.bytes()
    }

    /// Whether there is a value under `key`. Throws as `value(for:in:)`.
    ///
    /// - Complexity: O(log n), no allocation.
    @inlinable
    public borrowing func contains<K: ByteSource & ~Escapable>(_ key: K, in table: Table) throws(LMDBError) -> Bool {
        try value(for: key, in: table) != nil
    }

    /// Number of keys in `table`.
    ///
    /// - Throws: `.badTable`.
    /// - Complexity: O(1).
    public borrowing func count(of table: Table) throws(LMDBError) -> Int { try core.count(of: table) }

    /// A cursor over `table`, before its first step.
    ///
    /// - Throws: `.badTable`, `.outOfMemory`.
    /// - Complexity: O(1), one allocation.
    @_lifetime(borrow self)
    public borrowing func cursor(over table: Table) throws(LMDBError) -> Cursor {
        let cursor = unsafe Cursor(raw: try core.openCursor(over: table))
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    /// The id of the commit this snapshot shows; 0 in an environment never written to.
    public var snapshotID: UInt64 { UInt64(unsafe mdb_txn_id(core.raw)) }

    /// Ends the transaction now rather than at the end of scope.
    public consuming func end() {}
}
