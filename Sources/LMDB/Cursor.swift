public import CLMDB

/// A place in a table, moved from key to key in order.
///
/// ```swift
/// var cursor = try transaction.cursor(over: entries)
/// var found = try cursor.seek(to: Key(after + 1))
/// while found {
///     fold(cursor.key, cursor.value)
///     found = try cursor.next()
/// }
/// ```
///
/// Every step returns whether there is a key where it went. If there is none, `key` and `value` trap until a later step finds one.
///
/// A cursor borrows its transaction; the spans it lends are valid as long as the transaction is borrowed, over further steps too. It is not
/// `Sendable`.
@frozen
@safe
public struct Cursor: ~Copyable, ~Escapable {
    @usableFromInline let raw: OpaquePointer
    @usableFromInline var keyStart: UnsafeRawPointer?
    @usableFromInline var keyByteCount = 0
    @usableFromInline var valueStart: UnsafeRawPointer?
    @usableFromInline var valueByteCount = 0

    @_lifetime(immortal)
    init(raw: OpaquePointer) {
        unsafe self.raw = unsafe raw
        unsafe keyStart = nil
        unsafe valueStart = nil
    }

    deinit { unsafe mdb_cursor_close(raw) }
}

@available(*, unavailable)
extension Cursor: Sendable {}

// MARK: - Steps

extension Cursor {
    /// Goes to the least key. Returns `false` if the table is empty.
    ///
    /// - Throws: a sign of damage (`.corrupted`, `.pageNotFound`), `.badTransaction`.
    /// - Complexity: O(log n), no allocation.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func first() throws(LMDBError) -> Bool { try step(MDB_FIRST) }

    /// Goes to the greatest key. Returns `false` if the table is empty. Throws as `first()`.
    ///
    /// - Complexity: O(log n), no allocation.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func last() throws(LMDBError) -> Bool { try step(MDB_LAST) }

    /// Goes to the next greater key, or, on a new cursor, to the least. Returns `false` after the greatest. Throws as `first()`.
    ///
    /// - Complexity: amortized O(1), no allocation.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func next() throws(LMDBError) -> Bool { try step(MDB_NEXT) }

    /// Goes to the next smaller key, or, on a new cursor, to the greatest. Returns `false` before the least. Throws as `first()`.
    ///
    /// - Complexity: amortized O(1), no allocation.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func previous() throws(LMDBError) -> Bool { try step(MDB_PREV) }

    /// Goes to the least key that is not less than `target`. Returns `false` if there is none.
    ///
    /// - Throws: `.badValueSize` if `target` is empty or longer than 511 bytes; else as `first()`.
    /// - Complexity: O(log n), no allocation.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func seek<K: ByteSource & ~Escapable>(to target: K) throws(LMDBError) -> Bool {
        let raw = unsafe raw
        let found = target.withBytes { span in
            guard hasKeySize(span) else { return Entry(code: MDB_BAD_VALSIZE) }
            return unsafe span.withUnsafeBytes { bytes in
                unsafe Entry(
                    cursor: raw, operation: MDB_SET_RANGE,
                    key: MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)))
            }
        }
        return try take(found, "seek")
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func step(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        unsafe try take(Entry(cursor: raw, operation: operation, key: MDB_val()), "cursor step")
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func take(_ entry: Entry, _ operation: StaticString) throws(LMDBError) -> Bool {
        guard entry.code == MDB_SUCCESS else {
            unsafe keyStart = nil
            unsafe valueStart = nil
            try throwUnlessNotFound(entry.code, operation)
            return false
        }
        unsafe keyStart = unsafe entry.keyStart
        keyByteCount = entry.keyByteCount
        unsafe valueStart = unsafe entry.valueStart
        valueByteCount = entry.valueByteCount
        return true
    }
}

// MARK: - What is there

extension Cursor {
    /// The key here. Traps unless the last step returned `true`. Complexity: O(1).
    @inlinable
    public var key: RawSpan {
        @_lifetime(copy self)
        get {
            // A span made from a field of a C struct would box the struct: these are plain fields.
            let start = unsafe keyStart!
            return unsafe _overrideLifetime(RawSpan(_unsafeStart: start, byteCount: keyByteCount), copying: self)
        }
    }

    /// The value here. Traps unless the last step returned `true`. Complexity: O(1).
    @inlinable
    public var value: RawSpan {
        @_lifetime(copy self)
        get {
            let start = unsafe valueStart!
            return unsafe _overrideLifetime(RawSpan(_unsafeStart: start, byteCount: valueByteCount), copying: self)
        }
    }
}

/// What a step of LMDB's cursor answered, out of the C structs and in plain fields.
@frozen
@usableFromInline
@safe
struct Entry {
    @usableFromInline let code: Int32
    @usableFromInline let keyStart: UnsafeRawPointer?
    @usableFromInline let keyByteCount: Int
    @usableFromInline let valueStart: UnsafeRawPointer?
    @usableFromInline let valueByteCount: Int

    @inlinable
    @inline(__always)
    init(cursor: OpaquePointer, operation: MDB_cursor_op, key: MDB_val) {
        var key = unsafe key
        var value = unsafe MDB_val()
        code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
        unsafe keyStart = unsafe UnsafeRawPointer(key.mv_data)
        keyByteCount = unsafe key.mv_size
        unsafe valueStart = unsafe UnsafeRawPointer(value.mv_data)
        valueByteCount = unsafe value.mv_size
    }

    @inlinable
    init(code: Int32) {
        self.code = code
        unsafe keyStart = nil
        keyByteCount = 0
        unsafe valueStart = nil
        valueByteCount = 0
    }
}
