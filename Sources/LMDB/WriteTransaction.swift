public import CLMDB

/// The one write transaction of an environment: all of what it did happens at `commit()`, or none.
///
/// ```swift
/// var transaction = try environment.beginWrite()
/// try transaction.put(Key(position), entry, in: entries, append: true)
/// try transaction.commit()
/// ```
///
/// It reads what it has written. A span or cursor it lends borrows it, and the compiler refuses any write, `commit()` or `abort()` while one lives:
/// a write may move the page the span points to. To the compiler a span lives to the end of its scope, so read with `if let`, `switch` or in a `do`
/// block, not with `guard let`, where a write follows. Forgetting the transaction aborts. It must end on the thread that began it, else it traps;
/// it is not `Sendable`
/// and cannot live across an `await`.
///
/// After `.mapFull`, `.txnFull`, `.ioError` or `.noSpace` from a write the transaction is spoiled: later operations and `commit()` throw
/// `.badTransaction`. The environment goes on: abort and begin again.
@frozen
public struct WriteTransaction: ~Copyable {
    @usableFromInline let core: TransactionCore
    @usableFromInline let environment: Environment

    /// A reserved value was left unfinished, so the page holds bytes nobody wrote: no commit.
    @usableFromInline var isSpoiled = false

    /// LMDB has freed the transaction, so that there is nothing left to abort.
    private var hasEnded = false

    @usableFromInline
    init(core: TransactionCore, environment: Environment) {
        self.core = core
        self.environment = environment
    }

    deinit { if !hasEnded { environment.abortWrite(core) } }
}

@available(*, unavailable)
extension WriteTransaction: Sendable {}

// MARK: - Reading

extension WriteTransaction {
    /// The value under `key`, in place, or `nil` if there is none. It is valid until the next write of this transaction.
    ///
    /// - Throws: `.badValueSize` if the key is empty or longer than 511 bytes, `.badTable`, `.badTransaction`, or a sign of damage (`.corrupted`,
    ///   `.pageNotFound`).
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
    /// - Throws: `.badTable`, `.badTransaction`.
    /// - Complexity: O(1).
    public borrowing func count(of table: Table) throws(LMDBError) -> Int { try core.count(of: table) }

    /// A cursor over `table`, before its first step. While it lives, nothing can be written.
    ///
    /// - Throws: `.badTable`, `.badTransaction`, `.outOfMemory`.
    /// - Complexity: O(1), one allocation.
    @_lifetime(borrow self)
    public borrowing func cursor(over table: Table) throws(LMDBError) -> Cursor {
        let cursor = unsafe Cursor(raw: try core.openCursor(over: table))
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    /// The id this commit will have: one more than the last.
    public var transactionID: UInt64 { UInt64(unsafe mdb_txn_id(core.raw)) }
}

// MARK: - Writing

extension WriteTransaction {
    /// Stores `value` under `key`, in place of any value there.
    ///
    /// With `append: true` the key must be greater than every key in the table; pages then fill up without being split, as a log wants it.
    ///
    /// - Throws: `.keyExists` if `append` is set and the key is not the greatest (the transaction stays good); `.badValueSize`, `.badTable`,
    ///   `.mapFull`, `.txnFull`, `.accessDenied`, `.badTransaction`, `.ioError`, `.noSpace`.
    /// - Complexity: O(log n); amortized O(1) when appending.
    @inlinable
    public mutating func put<K: ByteSource & ~Escapable, V: ByteSource & ~Escapable>(
        _ key: K, _ value: V, in table: Table, append: Bool = false
    ) throws(LMDBError) {
        let code = core.put(key, value, in: table, flags: append ? UInt32(MDB_APPEND) : 0)
        if code != MDB_SUCCESS { throw tableError(code, "put") }
    }

    /// Stores `value` under `key` unless there is one already; returns whether it did.
    ///
    /// - Throws: `.badValueSize`, `.badTable`, `.mapFull`, `.txnFull`, `.accessDenied`, `.badTransaction`, `.ioError`, `.noSpace`.
    /// - Complexity: O(log n).
    @inlinable
    @discardableResult
    public mutating func insert<K: ByteSource & ~Escapable, V: ByteSource & ~Escapable>(
        _ key: K, _ value: V, in table: Table
    ) throws(LMDBError) -> Bool {
        let code = core.put(key, value, in: table, flags: UInt32(MDB_NOOVERWRITE))
        if code == MDB_KEYEXIST { return false }
        if code != MDB_SUCCESS { throw tableError(code, "insert") }
        return true
    }

    /// Stores a value of `byteCount` bytes under `key` which `fill` writes straight into the page.
    ///
    /// ```swift
    /// try transaction.reserve(Key(position), byteCount: 16, in: table, append: true) { output in
    ///     output.appendBigEndian(position)
    ///     output.appendLittleEndian(word)
    /// }
    /// ```
    ///
    /// `fill` must write exactly `byteCount` bytes: writing more traps, writing fewer throws. `append` as in `put`.
    ///
    /// - Throws: `.shortReserve` if `fill` wrote less (the transaction is spoiled), and what `put` throws.
    /// - Complexity: as `put`, without a copy.
    @inlinable
    public mutating func reserve<K: ByteSource & ~Escapable>(
        _ key: K, byteCount: Int, in table: Table, append: Bool = false, fill: (inout OutputRawSpan) -> Void
    ) throws(LMDBError) {
        do {
            try reserve(key, byteCount: byteCount, in: table, append: append, throwingFill: fill)
        } catch {
            switch error {
            case .store(let error): throw error
            }
        }
    }

    /// As `reserve(_:byteCount:in:append:fill:)`, with a `fill` that may fail; the transaction is then spoiled.
    ///
    /// - Throws: `.fill` with the error of `fill`, or `.store` with what the other form throws.
    @inlinable
    public mutating func reserve<K: ByteSource & ~Escapable, Failure: Error>(
        _ key: K, byteCount: Int, in table: Table, append: Bool = false, throwingFill fill: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(ReserveError<Failure>) {
        let slot = core.reserve(key, byteCount: byteCount, in: table, flags: append ? UInt32(MDB_APPEND) : 0)
        guard slot.code == MDB_SUCCESS else { throw .store(tableError(slot.code, "reserve")) }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: slot.start, count: slot.byteCount)
        isSpoiled = true
        var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
        do { try fill(&output) } catch { throw .fill(error) }
        guard unsafe output.finalize(for: buffer) == byteCount else {
            throw .store(LMDBError(code: LMDBError.shortReserve.code, operation: "reserve"))
        }
        isSpoiled = false
    }

    /// Removes `key` and its value; returns whether there was one.
    ///
    /// - Throws: `.badValueSize`, `.badTable`, `.mapFull` (a deletion copies pages too), `.txnFull`, `.accessDenied`, `.badTransaction`, `.ioError`,
    ///   `.noSpace`.
    /// - Complexity: O(log n).
    @inlinable
    @discardableResult
    public mutating func delete<K: ByteSource & ~Escapable>(_ key: K, in table: Table) throws(LMDBError) -> Bool {
        let code = core.delete(key, in: table)
        if code == MDB_SUCCESS { return true }
        try throwUnlessNotFound(code, "delete")
        return false
    }

    /// Removes all keys of `table`; the table stays.
    ///
    /// - Throws: `.badTable`, `.mapFull`, `.txnFull`, `.accessDenied`, `.badTransaction`, `.ioError`, `.noSpace`.
    /// - Complexity: O(pages of the table).
    public mutating func clear(_ table: Table) throws(LMDBError) {
        let code = unsafe mdb_drop(core.raw, core.handle(of: table), 0)
        if code != MDB_SUCCESS { throw tableError(code, "clear") }
    }
}

// MARK: - Ending

extension WriteTransaction {
    /// Writes everything to the disk; when it returns, it is durable. Two flushes, some 0.2 ms on a good device.
    ///
    /// The transaction has ended whether this throws or not. An error means that nothing was committed, except `.ioError` from the last write, after
    /// which `beginWrite()` throws `.panic`: then the outcome is known only after opening the environment again.
    ///
    /// - Throws: `.badTransaction` if an earlier error or an unfinished `reserve` has spoiled the transaction; `.mapFull`, `.ioError`, `.noSpace`,
    ///   `.outOfMemory`.
    public consuming func commit() throws(LMDBError) {
        if isSpoiled { throw LMDBError(code: MDB_BAD_TXN, operation: "commit") }
        hasEnded = true
        try LMDBError.check(environment.commitWrite(core), "commit")
    }

    /// Ends the transaction; nothing of it remains.
    public consuming func abort() {}
}

/// Why `reserve(_:byteCount:in:append:throwingFill:)` failed.
public enum ReserveError<Failure: Error>: Error {
    /// The store refused, or `fill` wrote fewer bytes than reserved.
    case store(LMDBError)
    /// `fill` threw.
    case fill(Failure)
}
