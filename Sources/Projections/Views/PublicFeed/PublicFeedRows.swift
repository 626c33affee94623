public import EventModel

/// 三公开: what is made public of a case: that it was taken in, how it is handled, what came of it.
public enum PublicStage: UInt8, CaseIterable, Sendable {
    /// 受理公开
    case acceptance = 1
    /// 办理公开
    case handling
    /// 结果公开
    case result

    public var name: String {
        switch self {
        case .acceptance: "acceptance"
        case .handling: "handling"
        case .result: "result"
        }
    }
    public init?(name: String) {
        guard let stage = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = stage
    }
}

/// 公开定级 (numbers of the fact words).
enum PublicClass: UInt8 {
    case unset = 0
    case open, privacy, tradeSecret, stateSecret, whistleblower
}

/// One case as the feed needs it. 72 bytes, no padding.
struct FeedCase: BitwiseCopyable {
    var receivedAt: Moment
    /// Reply due of the lead's present assignment, and its counted reply.
    var due: Moment = .none
    var repliedAt: Moment = .none
    var codes: CaseCodes
    var unit: UInt32 = 0
    var lastAssignment: Int32 = -1
    var ratingRevision: UInt32 = 0
    /// 1–5; 0: not rated. The last handling score, else the reply score, of the present round.
    var handling: UInt8 = 0
    var reply: UInt8 = 0
    var round: UInt8 = 1
    var flags: UInt8 = 0
    /// `PublicClass` of the three stages as classified.
    var classes: (UInt8, UInt8, UInt8) = (0, 0, 0)
    var reserved: UInt8 = 0
    var reserved2: UInt32 = 0

    /// Was of the whistle-blower class at some time: nothing of it is public, ever.
    static let whistleblower: UInt8 = 1
}

/// One item: a stage of a case. 80 bytes, no padding. Row number = case × 3 + stage − 1.
struct FeedItem: BitwiseCopyable {
    /// What facts alone make public (mode `facts`).
    var facts = FeedStamp()
    /// What a reviewer let through (mode `review`).
    var reviewed = FeedStamp()
}

/// One version of an item. 40 bytes.
struct FeedStamp: BitwiseCopyable {
    var position: UInt64 = 0
    var at: Moment = .none
    var due: Moment = .none
    var repliedAt: Moment = .none
    var unit: UInt32 = 0
    var version: UInt16 = 0
    /// Status word: see `PublicItem.status`.
    var status: UInt8 = 0
    /// 1 published, 2 withdrawn (tombstone); 0: nothing yet.
    var state: UInt8 = 0

    static let published: UInt8 = 1
    static let withdrawn: UInt8 = 2
}

/// One public item, without any free text: codes, days and words.
public struct PublicItem: Equatable, Sendable {
    public enum Content: Equatable, Sendable {
        case open
        /// A stub without codes: `privacy` or `trade-secret`.
        case withheld(basis: String)
        /// 撤回: a tombstone.
        case withdrawn
    }
    public var stream: StreamNumber
    public var stage: PublicStage
    public var version: Int
    /// The event that made this version.
    public var position: Position
    public var publishedAt: Instant
    public var content: Content
    public var isExternal: Bool
    public var nature: NameID
    public var category: NameID
    public var district: NameID
    public var unit: NameID
    public var receivedAt: Instant
    /// Exclusive.
    public var due: Instant?
    public var repliedAt: Instant?
    /// `accepted`, `declined`, `in-hand`, `closed`
    public var status: String
    /// 1–5, with the result only.
    public var score: Int?

    /// 好差评: the word for a score of 1…5.
    public var ratingWord: String? {
        guard let score, (1...5).contains(score) else { return nil }
        return ["非常不满意", "不满意", "基本满意", "满意", "非常满意"][score - 1]
    }
}
