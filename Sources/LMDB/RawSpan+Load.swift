internal import Glibc

// LMDB aligns nothing beyond two bytes, so every read here is unaligned, and every one checks its bounds, in release too.

extension RawSpan {
    /// The integer whose big-endian bytes start at `offset`.
    ///
    /// Traps unless all of them lie within the span. Complexity: O(1).
    @inlinable
    public func loadBigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type = Integer.self, at offset: Int = 0) -> Integer {
        unsafe Integer(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }

    /// The integer whose little-endian bytes start at `offset`.
    ///
    /// Traps unless all of them lie within the span. Complexity: O(1).
    @inlinable
    public func loadLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type = Integer.self, at offset: Int = 0) -> Integer {
        unsafe Integer(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }

    /// A copy of all bytes, which outlives the span. Complexity: O(n), one `memcpy`.
    @inlinable
    public func bytes() -> [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

    /// The text whose UTF-8 the span holds, or `nil` if it is not valid UTF-8. Complexity: O(n).
    public func string() -> String? { unsafe withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) } }

    /// Whether both spans hold the same bytes. Complexity: O(n). Not constant in time: not for secrets.
    public func hasSameBytes(as other: borrowing RawSpan) -> Bool {
        byteCount == other.byteCount && starts(with: other)
    }

    /// Whether the first bytes are those of `prefix`; the empty prefix starts everything. Complexity: O(length of `prefix`).
    public func starts(with prefix: borrowing RawSpan) -> Bool {
        guard prefix.byteCount <= byteCount else { return false }
        guard prefix.byteCount > 0 else { return true }
        return unsafe withUnsafeBytes { mine in
            unsafe prefix.withUnsafeBytes { theirs in
                unsafe memcmp(mine.baseAddress!, theirs.baseAddress!, theirs.count) == 0
            }
        }
    }
}
