// The span `reserve` lends points into a page, aligned to two bytes at best; the standard library's `append(_:as:)` wants natural alignment.

extension OutputRawSpan {
    /// Appends the big-endian bytes of an integer. Traps if they do not fit. Complexity: O(1).
    @inlinable
    @_lifetime(self: copy self)
    public mutating func appendBigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        appendUnaligned(value.bigEndian)
    }

    /// Appends the little-endian bytes of an integer. Traps if they do not fit. Complexity: O(1).
    @inlinable
    @_lifetime(self: copy self)
    public mutating func appendLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        appendUnaligned(value.littleEndian)
    }

    /// Appends the bytes of `source`. Traps if they do not fit. Complexity: O(n), one `memcpy`.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append<Source: ByteSource & ~Escapable>(bytesOf source: Source) {
        unsafe withUnsafeMutableBytes { buffer, initializedCount in
            let start = initializedCount
            initializedCount += source.withBytes { span in
                precondition(span.byteCount <= buffer.count - start, "more bytes than reserved")
                return unsafe span.withUnsafeBytes { bytes in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...]).copyMemory(from: bytes)
                    return bytes.count
                }
            }
        }
    }

    @inlinable
    @_lifetime(self: copy self)
    mutating func appendUnaligned<Value: BitwiseCopyable>(_ value: Value) {
        unsafe withUnsafeMutableBytes { buffer, initializedCount in
            precondition(MemoryLayout<Value>.size <= buffer.count - initializedCount, "more bytes than reserved")
            unsafe buffer.storeBytes(of: value, toByteOffset: initializedCount, as: Value.self)
            initializedCount += MemoryLayout<Value>.size
        }
    }
}
