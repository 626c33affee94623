/// What can be a key or a value: something that lends its bytes for the time of a call.
///
/// `Key`, `String` (its UTF-8), `[UInt8]`, `ArraySlice<UInt8>` and `RawSpan` conform, so every operation takes any of them on either side, without
/// a copy and without a pointer in sight. A span read from a transaction cannot be given back to the same transaction's `put`: the compiler
/// refuses it, since the write may move the page the span points to.
public protocol ByteSource: ~Escapable {
    /// Calls `body` once with the bytes; the span is valid until `body` returns. Complexity: O(1).
    func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result
}

extension RawSpan: ByteSource {
    @inlinable
    public func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result { body(self) }
}

extension Array: ByteSource where Element == UInt8 {
    @inlinable
    public func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result { unsafe body(span.bytes) }
}

extension ArraySlice: ByteSource where Element == UInt8 {
    @inlinable
    public func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result { unsafe body(span.bytes) }
}

extension String: ByteSource {
    /// Lends the UTF-8 bytes. Complexity: O(1); every string made by Swift itself is contiguous UTF-8.
    @inlinable
    public func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result { unsafe body(utf8Span.span.bytes) }
}
