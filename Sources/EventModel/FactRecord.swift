/// The words of one fact, in place: a scan of the log allocates nothing for them.
public struct FactWords: Sendable {
    private var storage: InlineArray<15, UInt64> = InlineArray(repeating: 0)
    public private(set) var count = 0

    public init() {}
    public init(_ words: [UInt64]) { for word in words { append(word) } }

    public mutating func append(_ word: UInt64) {
        precondition(count < FactHeader.maxWords, "a fact has at most 15 words")
        storage[count] = word
        count += 1
    }

    /// Word `index`, 0 if the fact has fewer.
    @inline(__always)
    public subscript(index: Int) -> UInt64 { index < count ? storage[index] : 0 }

    /// The first name of a names word.
    @inline(__always)
    public func lowName(_ index: Int) -> NameID { NameID(truncatingIfNeeded: self[index]) }
    /// The second name of a names word.
    @inline(__always)
    public func highName(_ index: Int) -> NameID { NameID(truncatingIfNeeded: self[index] >> 32) }
    @inline(__always)
    public func byte(_ index: Int, at shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: self[index] >> shift) }
}

/// What numeric views fold: an event without its entry.
public struct FactRecord: Sendable {
    public var position: Position
    public var header: FactHeader
    public var words: FactWords

    public init(position: Position, header: FactHeader, words: FactWords) {
        self.position = position
        self.header = header
        self.words = words
    }
}

/// What a deadline limits (期限种类); the numbers are those of fact words.
public enum DeadlineKind: UInt8, CaseIterable, Sendable {
    case accept = 1
    case dispatch, sign, contact, reply, close, callback, `return`, instruction

    public var name: String {
        switch self {
        case .accept: "accept"
        case .dispatch: "dispatch"
        case .sign: "sign"
        case .contact: "contact"
        case .reply: "reply"
        case .close: "close"
        case .callback: "callback"
        case .return: "return"
        case .instruction: "instruction"
        }
    }
    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

/// A deadline as one fact word: due (µs, exclusive) << 8 | kind.
public struct DeadlineWord: Equatable, Sendable {
    public var kind: DeadlineKind
    public var due: Instant

    public init(kind: DeadlineKind, due: Instant) {
        self.kind = kind
        self.due = due
    }
    public init?(_ word: UInt64) {
        guard let kind = DeadlineKind(rawValue: UInt8(truncatingIfNeeded: word)) else { return nil }
        self.kind = kind
        due = Instant(microseconds: Int64(bitPattern: word) >> 8)
    }
    public var word: UInt64 { UInt64(bitPattern: due.microseconds << 8) | UInt64(kind.rawValue) }
}
