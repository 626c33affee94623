public import EventModel

/// What a type's `data` holds: one table per type, the source of the reader's checks, of sealing, of the order of members and of the docs.
public struct EventSchema: Sendable {
    /// What an event of the type is about.
    public enum Level: String, Sendable {
        case `case` = "C"
        case assignment = "A"
        case assignmentOrCase = "A, C"
        case system = "S"
    }

    public var type: EventType
    public var level: Level
    /// In the order in which an entry holds them.
    public var members: [SchemaMember]
    /// Of each group at least one must be posted.
    public var leastOneOf: [[String]]
    /// Members that must be posted when another has a value.
    public var requiredWhen: [Condition]
    /// One of them is needed to post it. Empty: made by the engine only.
    public var grants: [Grant]

    private let sealedMembers: [[SchemaMember]]

    public struct Condition: Sendable {
        public var member: String
        public var when: String
        public var equals: String
    }

    init(
        _ type: EventType, _ level: Level, grants: [Grant], leastOneOf: [[String]] = [], requiredWhen: [Condition] = [], _ members: [SchemaMember]
    ) {
        self.type = type
        self.level = level
        self.grants = grants
        self.leastOneOf = leastOneOf
        self.requiredWhen = requiredWhen
        // Every type may carry it: the event is earlier than another of its case (domain rule T6).
        self.members = members + [.decided("outOfOrder", .boolean)]
        sealedMembers = Scope.allCases.map { scope in members.filter { $0.holds(scope) } }
    }

    /// Whether somebody may post it.
    public var isPosted: Bool { !grants.isEmpty }

    /// The members with something to seal under a scope's key.
    func members(sealedIn scope: Scope) -> [SchemaMember] { sealedMembers[Int(scope.rawValue) - 1] }
}

/// One member of `data`.
public struct SchemaMember: Sendable {
    /// Where the member comes from and goes to.
    public enum Mark: Sendable, Equatable {
        /// Posted, and kept in the entry.
        case claim
        /// Posted, and sealed under the key of a scope.
        case sealed(Scope)
        /// Set by the engine (†), refused when posted.
        case decided
    }

    public var name: String
    public var mark: Mark
    public var kind: MemberKind
    public var isRequired: Bool
    /// Left out of a post, the engine writes what it took instead.
    public var isFilled: Bool
    /// A sealed list whose length the entry keeps under the same name.
    public var isCounted: Bool

    private init(_ name: String, _ mark: Mark, _ kind: MemberKind, isRequired: Bool = false, isFilled: Bool = false, isCounted: Bool = false) {
        self.name = name
        self.mark = mark
        self.kind = kind
        self.isRequired = isRequired
        self.isFilled = isFilled
        self.isCounted = isCounted
    }

    /// Whether it, or a member of it, is sealed under a scope's key.
    func holds(_ scope: Scope) -> Bool {
        switch mark {
        case .sealed(let own): return own == scope
        case .decided: return false
        case .claim:
            switch kind {
            case .object(let members): return members.contains { $0.holds(scope) }
            case .corrections: return Correction.members.contains { $0.holds(scope) }
            default: return false
            }
        }
    }

    static func least(_ name: String, _ kind: MemberKind) -> Self { Self(name, .claim, kind, isRequired: true) }
    static func open(_ name: String, _ kind: MemberKind) -> Self { Self(name, .claim, kind) }
    static func filled(_ name: String, _ kind: MemberKind) -> Self { Self(name, .claim, kind, isFilled: true) }
    static func sealed(_ name: String, _ kind: MemberKind, _ scope: Scope = .text, required: Bool = false) -> Self {
        Self(name, .sealed(scope), kind, isRequired: required)
    }
    static func counted(_ name: String, _ kind: MemberKind) -> Self { Self(name, .sealed(.text), kind, isCounted: true) }
    static func decided(_ name: String, _ kind: MemberKind) -> Self { Self(name, .decided, kind) }
}

/// What a member's value may be.
public indirect enum MemberKind: Sendable {
    /// Spelled as `Syntax.isCode` says, of no list.
    case code
    /// A code of one of the rulebook's lists.
    case list(CodeList)
    /// The id of one of the rulebook's units, mailboxes, leaders or profiles.
    case unit, mailbox, leader, profile
    /// One of the words fixed in code.
    case choice([String])
    case boolean
    case integer(ClosedRange<Int>)
    /// `yyyy-mm-dd`
    case day
    /// RFC 3339 with offset
    case time
    /// `5wd`, `2h`, `30min`, `60d`
    case within
    /// The serial of a case.
    case serial
    /// Printable ASCII, at most so many bytes.
    case printable(Int)
    /// Free text, at most so many bytes of UTF-8. Only in sealed members.
    case text(Int)
    /// 统一社会信用代码, with its check digit.
    case uscc
    case array(MemberKind, count: ClosedRange<Int>)
    case object([SchemaMember])
    /// Members of `appeal.received` with their right values: each is sealed as that member is.
    case corrections

    /// As the docs name it.
    public var description: String {
        switch self {
        case .code: "code"
        case .list(let list): "code of \(list.rawValue)"
        case .unit: "unit"
        case .mailbox: "mailbox"
        case .leader: "leader"
        case .profile: "profile"
        case .choice(let words): words.joined(separator: "/")
        case .boolean: "true/false"
        case .integer(let range): "\(range.lowerBound)–\(range.upperBound)"
        case .day: "day"
        case .time: "time"
        case .within: "limit"
        case .serial: "serial"
        case .printable(let limit): "ASCII ≤ \(limit)"
        case .text(let limit): "text ≤ \(limit)"
        case .uscc: "USCC"
        case .array(let kind, let count): "[\(kind.description)] \(count.lowerBound)–\(count.upperBound)"
        case .object(let members): "{\(members.map { $0.name }.joined(separator: ", "))}"
        case .corrections: "[{member, value}] 1–\(Correction.maxCount)"
        }
    }
}
