/// The place of an entry in the log: dense, 1-based, one per admitted event.
///
/// The Merkle leaf index of an entry is its position − 1. `Position.start` (0) is no entry; as an exclusive
/// cursor it means "from the beginning".
public struct Position: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ value: UInt64) { rawValue = value }

    /// Reads what `description` writes: digits only, no sign, no leading zero. Anything else is `nil`.
    public init?(decimal text: String) {
        guard let value = UInt64(text), String(value).utf8.elementsEqual(text.utf8) else { return nil }
        rawValue = value
    }

    public static let start = Position(0)
    public var next: Position { Position(rawValue + 1) }
    public var previous: Position { Position(rawValue - 1) }

    public static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// The number of a stream: 0 `@log`, 1 `@rulebook`, 2 `@operations`, from 16 cases in order of creation.
public struct StreamNumber: RawRepresentable, Hashable, Comparable, Sendable {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ value: UInt64) { rawValue = value }

    public static let log = StreamNumber(0)
    public static let rulebook = StreamNumber(1)
    public static let operations = StreamNumber(2)
    /// The number of the first case; 3–15 stay free for streams of the system.
    public static let firstCase = StreamNumber(16)

    public var isCase: Bool { rawValue >= Self.firstCase.rawValue }
    public static func < (left: StreamNumber, right: StreamNumber) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a stream: a case's serial number (受理流水号), or one of the three system streams.
public struct StreamName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ name: String) { rawValue = name }

    public static let log = StreamName("@log")
    public static let rulebook = StreamName("@rulebook")
    public static let operations = StreamName("@operations")

    /// The fixed number of a system stream; `nil` for a case.
    public var systemNumber: StreamNumber? {
        switch rawValue {
        case "@log": .log
        case "@rulebook": .rulebook
        case "@operations": .operations
        default: nil
        }
    }
    public var description: String { rawValue }
}

/// A stream's own count of events, 1 for its first; 0 means "does not exist".
public typealias Revision = UInt32

/// The number of an interned code or source, dense from 1 in order of first appearance in the log; 0 means "none".
public typealias NameID = UInt32
