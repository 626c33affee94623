public import EventModel

/// One unit's part in a case (工单): deadlines, overdue and the unit's figures belong to it.
public struct Assignment: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable {
        case assigned, signed, returning, replied, approved, done, void
    }
    /// What made it void.
    public enum End: String, Sendable { case returned, replaced, dropped, merged, withdrawn, terminated }

    /// 1, 2, … in the case, never reused.
    public var number: Int
    public var round: Int
    public var unit: String
    public var role: AppealAssigned.Role
    public var status: Status = .assigned
    public var assignedAt: EventTime
    public var signedAt: EventTime?
    public var contactedAt: EventTime?
    public var returnRequestedAt: EventTime?
    /// Of the counted reply.
    public var repliedAt: EventTime?
    public var replyKind: String?
    /// Of an interim reply, the last one.
    public var promisedDate: Day?
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

    /// When the act happened that a deadline waits for (domain rule T9).
    func stop(of kind: DeadlineKind) -> Instant? {
        switch kind {
        case .sign: [signedAt, contactedAt, repliedAt].compactMap { $0?.instant }.min()
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
}
