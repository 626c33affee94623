public import EventModel

/// One unit's part in a case (工单): deadlines, overdue and the unit's figures belong to it.
public struct Assignment: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable {
        case assigned, signed, returning, replied, approved, done, void
    }
    /// What made it void.
    public enum End: String, Sendable { case returned, replaced, dropped, merged, withdrawn, terminated }
    /// 联系
    struct Contact: Sendable, Equatable {
        var at: EventTime
        var revision: Revision
    }
    /// 回复, with what became of it.
    struct Reply: Sendable, Equatable {
        var kind: String
        var at: EventTime
        var promisedDate: Day?
        /// Where the assignment stood before a counted reply.
        var statusBefore: Status
        /// Of the pause that a counted reply ended.
        var pausedBefore: EventTime?
        var isSentBack = false
        /// Revision of what approved it or sent it back.
        var ruling: Revision?
        /// Revision of the first limit that moved since the reply ended a pause.
        var recomputed: Revision?
        var revision: Revision
        var isCounted: Bool { kind != "interim" }
    }
    /// 延期申请
    struct ExtensionRequest: Sendable, Equatable {
        var kind: DeadlineKind
        var by: Within
    }

    /// 1, 2, … in the case, never reused.
    public var number: Int
    public var round: Int
    public var unit: String
    public var role: AppealAssigned.Role
    public var status: Status = .assigned
    public var assignedAt: EventTime
    public var signedAt: EventTime?
    /// Of the first contact.
    public var contactedAt: EventTime? { contacts.min { $0.at.instant < $1.at.instant }?.at }
    var contacts: [Contact] = []
    public var returnRequestedAt: EventTime?
    /// Of the counted reply.
    public var repliedAt: EventTime? { countedReply?.at }
    public var replyKind: String? { countedReply?.kind }
    /// Of an interim reply, the last one.
    public var promisedDate: Day? { replies.last { !$0.isCounted }?.promisedDate }
    var replies: [Reply] = []
    /// Not interim, not sent back, not voided (domain rule T9).
    var countedReply: Reply? { replies.last { $0.isCounted && !$0.isSentBack } }
    public internal(set) var approvedAt: EventTime?
    /// 暂停计时 since; `nil`: the clock runs.
    public internal(set) var pausedAt: EventTime?
    var extensionRequest: ExtensionRequest?
    public var parent: Int?
    public var replaces: Int?
    /// May not be returned.
    public var isFinal: Bool
    public var deadlines: [Deadline] = []
    public var end: End?
    public var endedAt: EventTime?

    init(
        number: Int, round: Int, unit: String, role: AppealAssigned.Role, assignedAt: EventTime, parent: Int? = nil, replaces: Int? = nil,
        isFinal: Bool = false
    ) {
        self.number = number
        self.round = round
        self.unit = unit
        self.role = role
        self.assignedAt = assignedAt
        self.parent = parent
        self.replaces = replaces
        self.isFinal = isFinal
    }

    /// Neither void nor done.
    public var isLive: Bool { status != .void && status != .done }

    mutating func end(_ end: End, at time: EventTime) {
        status = .void
        self.end = end
        endedAt = time
        for index in deadlines.indices { deadlines[index].isVoid = true }
    }

    /// While the clock is paused nothing falls due that hadn't before (domain rule T11).
    func holds(_ deadline: Deadline) -> Bool {
        guard let pausedAt else { return false }
        return deadline.due > pausedAt.instant
    }

    /// When the act happened that a deadline waits for (domain rule T9).
    func stop(of kind: DeadlineKind) -> Instant? {
        switch kind {
        case .sign:
            // A reply that was sent back shows that the unit has it, too.
            ([signedAt, contactedAt].compactMap { $0?.instant } + replies.filter { $0.isCounted }.map { $0.at.instant }).min()
        case .contact: contactedAt?.instant
        case .reply, .instruction: repliedAt?.instant
        case .return: returnRequestedAt?.instant
        case .accept, .dispatch, .close, .callback: nil
        }
    }
}

/// A deadline of a case or an assignment, with what became of it.
public struct Deadline: Sendable, Equatable {
    public enum Overdue: Sendable, Equatable { case none, recorded, rescinded }

    public var stated: StatedDeadline
    /// Round of the case in which it started.
    public var round: Int
    public var calendar: String?
    public var rule: String?
    public var overdue: Overdue = .none
    public var isVoid = false
    /// What extensions have added, in their order.
    public internal(set) var extensions: [Within] = []
    /// Before the first extension or pause.
    public internal(set) var original: StatedDeadline?

    public var kind: DeadlineKind { stated.kind }
    public var due: Instant { stated.due.instant }

    init(_ stated: StatedDeadline, round: Int, calendar: String?, rule: String?) {
        self.stated = stated
        self.round = round
        self.calendar = calendar
        self.rule = stated.isPosted ? "posted" : rule
    }

    /// A return limit ends a right, it isn't missed; all others can be overdue.
    var canBeOverdue: Bool { kind != .return && !isVoid && overdue == .none }

    /// A new due in the place of the old (extension, pause); it may become overdue of its own.
    mutating func move(to due: EventTime, _ day: Day) {
        if original == nil { original = stated }
        stated.due = due
        stated.dueDay = day
        overdue = .none
    }
}
