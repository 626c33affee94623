/// A short key of fixed-width integers, held inline: no allocation.
///
/// Integers are stored big-endian, so that LMDB's order of bytes is the order of numbers:
///
/// ```swift
/// try transaction.put(Key(position), entry, in: entries)             //  8 bytes
/// try transaction.put(Key(stream, revision), position, in: cases)    // 12 bytes
/// ```
///
/// Every type of integer has one width; a table uses one shape of key throughout, else its order means nothing.
@frozen
public struct Key: Hashable, Sendable, BitwiseCopyable {
    /// Most bytes a key of this type holds.
    public static var maxByteCount: Int { 32 }

    /// The bytes from the first on, in the order of memory; zero after `byteCount`.
    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

    /// Length in bytes, 1 … 32.
    public let byteCount: Int

    @inlinable
    init(words: (UInt64, UInt64, UInt64, UInt64), byteCount: Int) {
        self.words = words
        self.byteCount = byteCount
    }

    /// 1 byte.
    @inlinable
    public init(_ value: UInt8) { self.init(words: (Self.memoryOrder(value), 0, 0, 0), byteCount: 1) }

    /// 4 bytes, big-endian.
    @inlinable
    public init(_ value: UInt32) { self.init(words: (Self.memoryOrder(value), 0, 0, 0), byteCount: 4) }

    /// 8 bytes, big-endian.
    @inlinable
    public init(_ value: UInt64) { self.init(words: (value.bigEndian, 0, 0, 0), byteCount: 8) }

    /// 8 + 1 bytes, big-endian.
    @inlinable
    public init(_ first: UInt64, _ second: UInt8) {
        self.init(words: (first.bigEndian, Self.memoryOrder(second), 0, 0), byteCount: 9)
    }

    /// 8 + 4 bytes, big-endian.
    @inlinable
    public init(_ first: UInt64, _ second: UInt32) {
        self.init(words: (first.bigEndian, Self.memoryOrder(second), 0, 0), byteCount: 12)
    }

    /// 8 + 8 bytes, big-endian.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64) {
        self.init(words: (first.bigEndian, second.bigEndian, 0, 0), byteCount: 16)
    }

    /// 8 + 8 + 8 bytes, big-endian.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
        self.init(words: (first.bigEndian, second.bigEndian, third.bigEndian, 0), byteCount: 24)
    }

    /// The word whose first bytes in memory are those of `value`, big-endian, and the rest zero.
    @inlinable
    static func memoryOrder<Integer: FixedWidthInteger & UnsignedInteger>(_ value: Integer) -> UInt64 {
        (UInt64(value) << UInt64(64 - Integer.bitWidth)).bigEndian
    }

    /// Equality of bytes.
    @inlinable
    public static func == (left: Key, right: Key) -> Bool {
        left.words == right.words && left.byteCount == right.byteCount
    }

    /// Hashes bytes and length.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
        hasher.combine(byteCount)
    }
}

extension Key: ByteSource {
    @inlinable
    public func withBytes<Result>(_ body: (borrowing RawSpan) -> Result) -> Result {
        unsafe withUnsafeBytes(of: words) { buffer in
            body(unsafe RawSpan(_unsafeStart: buffer.baseAddress!, byteCount: byteCount))
        }
    }
}

extension Key: CustomStringConvertible {
    /// The bytes in hexadecimal.
    public var description: String {
        withBytes { span in
            var text = ""
            for offset in 0..<span.byteCount {
                let byte = span.loadBigEndian(UInt8.self, at: offset)
                text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return text
        }
    }
}
