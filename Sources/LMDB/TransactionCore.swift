public import CLMDB

/// Where a value lies, or why there is none: what crosses a closure in place of a span. Trivial, so nothing is retained or boxed.
@frozen
@usableFromInline
@safe
struct Slot {
    @usableFromInline let code: Int32
    @usableFromInline let start: UnsafeMutableRawPointer?
    @usableFromInline let byteCount: Int

    @inlinable
    init(code: Int32, start: UnsafeMutableRawPointer?, byteCount: Int) {
        self.code = code
        unsafe self.start = unsafe start
        self.byteCount = byteCount
    }
}

/// The operations both kinds of transaction share, on LMDB's own handle. Every function here is safe to call while `raw` is a live transaction of
/// the environment `environmentID` names.
// @unchecked: a handle is either in the environment's pool, under its mutex, or in one transaction, which is not `Sendable`.
@frozen
@usableFromInline
@safe
struct TransactionCore: @unchecked Sendable {
    @usableFromInline let raw: OpaquePointer
    @usableFromInline let environmentID: UInt32

    @inlinable
    init(raw: OpaquePointer, environmentID: UInt32) {
        unsafe self.raw = unsafe raw
        self.environmentID = environmentID
    }

    /// LMDB's handle of a table. Traps if the table belongs to another environment.
    @inlinable
    func handle(of table: Table) -> MDB_dbi {
        precondition(table.environmentID == environmentID, "the table belongs to another environment")
        return table.handle
    }

    @inlinable
    func lookUp<K: ByteSource & ~Escapable>(_ key: K, in table: Table) -> Slot {
        let dbi = handle(of: table)
        let raw = unsafe raw
        return key.withBytes { span in
            guard hasKeySize(span) else { return unsafe Slot(code: MDB_BAD_VALSIZE, start: nil, byteCount: 0) }
            return unsafe span.withUnsafeBytes { bytes in
                var key = unsafe MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                var value = unsafe MDB_val()
                let code = unsafe mdb_get(raw, dbi, &key, &value)
                return unsafe Slot(code: code, start: value.mv_data, byteCount: value.mv_size)
            }
        }
    }

    @inlinable
    func put<K: ByteSource & ~Escapable, V: ByteSource & ~Escapable>(
        _ key: K, _ value: V, in table: Table, flags: UInt32
    ) -> Int32 {
        let dbi = handle(of: table)
        let raw = unsafe raw
        return key.withBytes { keySpan in
            value.withBytes { valueSpan in
                guard hasKeySize(keySpan), valueSpan.byteCount <= maxValueByteCount else { return MDB_BAD_VALSIZE }
                return unsafe keySpan.withUnsafeBytes { keyBytes in
                    unsafe valueSpan.withUnsafeBytes { valueBytes in
                        var key = unsafe MDB_val(mv_size: keyBytes.count, mv_data: UnsafeMutableRawPointer(mutating: keyBytes.baseAddress))
                        var value = unsafe MDB_val(mv_size: valueBytes.count, mv_data: UnsafeMutableRawPointer(mutating: valueBytes.baseAddress))
                        return unsafe mdb_put(raw, dbi, &key, &value, flags)
                    }
                }
            }
        }
    }

    @inlinable
    func reserve<K: ByteSource & ~Escapable>(_ key: K, byteCount: Int, in table: Table, flags: UInt32) -> Slot {
        let dbi = handle(of: table)
        let raw = unsafe raw
        return key.withBytes { span in
            guard hasKeySize(span), 0...maxValueByteCount ~= byteCount else { return unsafe Slot(code: MDB_BAD_VALSIZE, start: nil, byteCount: 0) }
            return unsafe span.withUnsafeBytes { bytes in
                var key = unsafe MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                var value = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
                let code = unsafe mdb_put(raw, dbi, &key, &value, flags | UInt32(MDB_RESERVE))
                return unsafe Slot(code: code, start: value.mv_data, byteCount: byteCount)
            }
        }
    }

    @inlinable
    func delete<K: ByteSource & ~Escapable>(_ key: K, in table: Table) -> Int32 {
        let dbi = handle(of: table)
        let raw = unsafe raw
        return key.withBytes { span in
            guard hasKeySize(span) else { return MDB_BAD_VALSIZE }
            return unsafe span.withUnsafeBytes { bytes in
                var key = unsafe MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                return unsafe mdb_del(raw, dbi, &key, nil)
            }
        }
    }

    func count(of table: Table) throws(LMDBError) -> Int {
        var statistics = MDB_stat()
        let code = unsafe mdb_stat(raw, handle(of: table), &statistics)
        if code != MDB_SUCCESS { throw tableError(code, "count") }
        return Int(statistics.ms_entries)
    }

    func openCursor(over table: Table) throws(LMDBError) -> OpaquePointer {
        var cursor: OpaquePointer?
        let code = unsafe mdb_cursor_open(raw, handle(of: table), &cursor)
        if code != MDB_SUCCESS { throw tableError(code, "open cursor") }
        return unsafe cursor!
    }
}

/// Longest key, in bytes: LMDB's compiled-in `MDB_MAXKEYSIZE`.
@usableFromInline let maxKeyByteCount = 511

/// Longest value, in bytes: beyond it one `pwrite` is cut short and the commit fails with `EIO`.
@usableFromInline let maxValueByteCount = Int(Int32.max)

/// Whether LMDB takes a key of this size; it checks on writing only, this wrapper on reading too.
@inlinable
func hasKeySize(_ key: borrowing RawSpan) -> Bool { 1...maxKeyByteCount ~= key.byteCount }

/// The span over a slot that holds a value; `owner` must keep the value's page in place while the span lives.
@inlinable
@_lifetime(borrow owner)
func span<Owner: ~Copyable & ~Escapable>(over slot: Slot, borrowing owner: borrowing Owner) -> RawSpan {
    let start = unsafe UnsafeRawPointer(slot.start!)
    let byteCount = slot.byteCount
    return unsafe _overrideLifetime(RawSpan(_unsafeStart: start, byteCount: byteCount), borrowing: owner)
}

/// The error of an operation on a table. LMDB answers `EINVAL` to a handle the transaction does not know, and these operations give it no other
/// reason to. Kept out of the hot path.
@inline(never)
@usableFromInline
func tableError(_ code: Int32, _ operation: StaticString) -> LMDBError {
    LMDBError(code: code == LMDBError.invalidArgument.code ? MDB_BAD_DBI : code, operation: operation)
}

/// What a look-up without a result means: `MDB_NOTFOUND` is the absence of a value, all else is thrown. Kept out of the hot path.
@inline(never)
@usableFromInline
func throwUnlessNotFound(_ code: Int32, _ operation: StaticString) throws(LMDBError) {
    if code != MDB_NOTFOUND { throw tableError(code, operation) }
}
