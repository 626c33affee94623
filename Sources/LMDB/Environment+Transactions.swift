internal import CLMDB
internal import Glibc
internal import Synchronization

extension Environment {
    /// A new snapshot of what has been committed.
    ///
    /// - Throws: `.readersFull`, `.mapResized`, `.panic`, `.outOfMemory`, `.closed`.
    /// - Complexity: O(1), some 0.1 µs.
    @available(*, noasync, message: "a transaction must not live across an await; use withRead")
    public func beginRead() throws(LMDBError) -> ReadTransaction { ReadTransaction(core: try startRead(), environment: self) }

    /// The write transaction; waits until there is no other, in this process or another.
    ///
    /// It must end on the thread that began it. Programmer error: this thread has one open already. It traps, as it would wait for itself.
    ///
    /// - Throws: `.accessDenied` if the environment is read-only; `.panic` after a commit whose last write failed; `.mapResized`, `.outOfMemory`,
    ///   `.closed`.
    /// - Complexity: O(1) once the other writer is done.
    @available(*, noasync, message: "a transaction must not live across an await; use withWrite")
    public func beginWrite() throws(LMDBError) -> WriteTransaction { WriteTransaction(core: try startWrite(), environment: self) }

    /// Runs `body` on a new snapshot and returns its result.
    ///
    /// - Throws: what `body` throws, or an `LMDBError` as `beginRead()`.
    /// - Complexity: that of `body` and some 0.1 µs.
    @inlinable
    public func withRead<Result>(_ body: (borrowing ReadTransaction) throws -> Result) throws -> Result {
        let transaction = ReadTransaction(core: try startRead(), environment: self)
        return try body(transaction)
    }

    /// As `withRead`, for a `body` that throws nothing but `LMDBError`: spell `throws(LMDBError)` in the closure.
    @inlinable
    public func withRead<Result>(_ body: (borrowing ReadTransaction) throws(LMDBError) -> Result) throws(LMDBError) -> Result {
        let transaction = ReadTransaction(core: try startRead(), environment: self)
        return try body(transaction)
    }

    /// Runs `body` in the write transaction, commits when it returns, and aborts when it throws.
    ///
    /// Programmer error: `body` opens another write transaction of this environment. It traps.
    ///
    /// - Throws: what `body` throws, or an `LMDBError` as `beginWrite()` and `commit()`.
    @inlinable
    public func withWrite<Result>(_ body: (inout WriteTransaction) throws -> Result) throws -> Result {
        var transaction = WriteTransaction(core: try startWrite(), environment: self)
        let result = try body(&transaction)
        try transaction.commit()
        return result
    }

    /// As `withWrite`, for a `body` that throws nothing but `LMDBError`: spell `throws(LMDBError)` in the closure.
    @inlinable
    public func withWrite<Result>(_ body: (inout WriteTransaction) throws(LMDBError) -> Result) throws(LMDBError) -> Result {
        var transaction = WriteTransaction(core: try startWrite(), environment: self)
        let result = try body(&transaction)
        try transaction.commit()
        return result
    }

    /// Renews a pooled read transaction, or begins one.
    @usableFromInline
    func startRead() throws(LMDBError) -> TransactionCore {
        let pooled = try users.withLock { users throws(LMDBError) in
            if users.isClosed { throw LMDBError(code: LMDBError.closed.code, operation: "begin read") }
            users.readsOut += 1
            return users.idleReads.popLast()
        }
        var code: Int32
        if let pooled {
            code = unsafe mdb_txn_renew(pooled.raw)
            if code == MDB_SUCCESS { return pooled }
            unsafe mdb_txn_abort(pooled.raw)
        } else {
            var transaction: OpaquePointer?
            code = unsafe mdb_txn_begin(raw, nil, UInt32(MDB_RDONLY), &transaction)
            if code == MDB_SUCCESS { return unsafe TransactionCore(raw: transaction!, environmentID: id) }
        }
        users.withLock { $0.readsOut -= 1 }
        throw LMDBError(code: code, operation: "begin read")
    }

    /// Resets the transaction, which frees its snapshot, and pools it while there is room.
    func endRead(_ core: TransactionCore) {
        unsafe mdb_txn_reset(core.raw)
        users.withLock { users in
            users.readsOut -= 1
            if users.idleReads.count < Users.maxIdleReads { users.idleReads.append(core) } else { unsafe mdb_txn_abort(core.raw) }
        }
    }

    func commitRead(_ core: TransactionCore) -> Int32 {
        let code = unsafe mdb_txn_commit(core.raw)
        users.withLock { $0.readsOut -= 1 }
        return code
    }

    @usableFromInline
    func startWrite() throws(LMDBError) -> TransactionCore {
        try users.withLock { users throws(LMDBError) in
            if users.isClosed { throw LMDBError(code: LMDBError.closed.code, operation: "begin write") }
            precondition(users.writer != pthread_self(), "this thread has a write transaction of this environment open already")
            users.writesOut += 1
        }
        var transaction: OpaquePointer?
        let code = unsafe mdb_txn_begin(raw, nil, 0, &transaction)
        users.withLock { users in
            if code == MDB_SUCCESS { users.writer = pthread_self() } else { users.writesOut -= 1 }
        }
        try LMDBError.check(code, "begin write")
        return unsafe TransactionCore(raw: transaction!, environmentID: id)
    }

    func commitWrite(_ core: TransactionCore) -> Int32 {
        leaveWriter()
        let code = unsafe mdb_txn_commit(core.raw)
        users.withLock { $0.writesOut -= 1 }
        return code
    }

    func abortWrite(_ core: TransactionCore) {
        leaveWriter()
        unsafe mdb_txn_abort(core.raw)
        users.withLock { $0.writesOut -= 1 }
    }

    /// Before LMDB lets the next writer in, which then puts its own name there.
    private func leaveWriter() {
        users.withLock { users in
            precondition(users.writer == pthread_self(), "a write transaction must end on the thread that began it")
            users.writer = nil
        }
    }
}
