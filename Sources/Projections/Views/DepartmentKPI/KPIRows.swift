internal import EventModel

/// One case as KPIs need it. 96 bytes, no padding.
struct KPICase: BitwiseCopyable {
    /// Earliest and latest of all its times, dues included: outside a period the case is passed over.
    var firstAt: Moment
    var lastAt: Moment
    var receivedAt: Moment
    var acceptedAt: Moment = .none
    var declinedAt: Moment = .none
    /// First direct answer (直接答复).
    var answeredAt: Moment = .none
    var codes: CaseCodes
    /// Lead unit: at the last closing, before that the present lead; after a direct answer the answering unit. 0: none (yet).
    var unit: UInt32 = 0
    var lastRound: Int32
    var lastAssignment: Int32 = -1
    var lastHappening: Int32 = -1
    var flags: UInt8 = 0
    /// Kind of the last direct answer, and its round.
    var answerKind: UInt8 = 0
    var answerRound: UInt16 = 0
    var round: UInt16 = 1
    var repeatLinks: UInt16 = 0

    /// Merged into another case and not unmerged since.
    static let merged: UInt8 = 1
    /// Accepted and not ended since.
    static let open: UInt8 = 2

    @inline(__always)
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
}

/// One round of a case. 40 bytes, no padding.
struct KPIRound: BitwiseCopyable {
    /// When it was reopened; `.none` in round 1.
    var openedAt: Moment = .none
    var closedAt: Moment = .none
    var caseIndex: UInt32
    /// Lead unit at closing.
    var unit: UInt32 = 0
    var lastRating: Int32 = -1
    var previous: Int32
    var number: UInt16
    /// What the unit claims at closing: kind of the counted reply, or of the direct answer.
    var claim: UInt8 = 0
    var flags: UInt8 = 0
    var reserved: UInt32 = 0

    /// Closed as a merged child with its parent: no closing of its own.
    static let withParent: UInt8 = 1
    /// The case was accepted and open when it was closed.
    static let ended: UInt8 = 2
}

/// One rating (评价) or callback (回访). 24 bytes, no padding.
struct KPIRating: BitwiseCopyable {
    var at: Moment
    var revision: UInt32
    var previous: Int32
    /// 1–5; 0: not said.
    var handling: UInt8
    var reply: UInt8
    /// 1 yes, 2 no
    var solved: UInt8
    var isVoid: Bool = false
    var reserved: UInt32 = 0
}

/// Something that is counted by its own time. 32 bytes, no padding.
struct KPIHappening: BitwiseCopyable {
    enum Kind: UInt8 { case instructed = 1, returnRequested, merged, unmerged, withdrawn, terminated, repeatLink, leaderAnswer }

    var at: Moment
    var revision: UInt32
    var unit: UInt32
    var leader: UInt32
    var previous: Int32
    var kind: UInt8
    var isVoid: Bool = false
    /// Whether it took the case out of, or into, the accepted and open ones.
    var moves: Bool = false
    var reserved: UInt8 = 0
    var reserved2: UInt32 = 0
}

/// Facts of one source in one quarter of an hour. 24 bytes. Local days of any zone start on a quarter.
struct KPILateness: BitwiseCopyable {
    /// Quarters since 1970 of the facts' `time`.
    var quarter: Int64
    var source: UInt32
    /// Facts, and those recorded more than 1 h after their `time`.
    var facts: UInt32
    var late: UInt32
    var reserved: UInt32 = 0

    static let microseconds: Int64 = 900_000_000
    static let lateAfter: Int64 = 3_600_000_000
}
