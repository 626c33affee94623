public import EventModel

/// 暂停计时: nothing of the assignment falls due until it is resumed (domain rule T11).
public struct AppealClockPaused: EventPayload {
    public var number: Int
    public var reason: String

    public static let schema = EventSchema(
        .appealClockPaused, .assignment, grants: [.dispatch],
        [.filled("assignment", .integer(1...65_535)), .least("reason", .list(.pauseReason))])

    public init?(_ data: JSONValue) {
        guard let reason = data["reason"]?.string else { return nil }
        number = data["assignment"]?.integer ?? 0
        self.reason = reason
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("reason", reason)
    }

    public var assignmentNumber: Int { number }
    public var words: [FactWord] { [.names(reason, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) { state.changeAssignment(number) { $0.pausedAt = event.time } }
}

/// 恢复计时: the limits that ran get the time of the pause back.
public struct AppealClockResumed: EventPayload {
    public var number: Int

    public static let schema = EventSchema(
        .appealClockResumed, .assignment, grants: [.dispatch], [.filled("assignment", .integer(1...65_535))])

    public init?(_ data: JSONValue) { number = data["assignment"]?.integer ?? 0 }

    public func writeMembers(to data: inout JSONWriter) { data.member("assignment", number) }

    public var assignmentNumber: Int { number }

    public func apply(to state: inout CaseState, _ event: EventStamp) { state.changeAssignment(number) { $0.pausedAt = nil } }
}

/// 期限重算: the due is another than was stated.
public struct AppealDeadlineRecomputed: EventPayload {
    public var number: Int
    public var kind: DeadlineKind
    public var oldDue: EventTime
    public var newDue: EventTime
    public var dueDay: Day
    public var why: AppealOverdueRescinded.Why

    public static let schema = EventSchema(
        .appealDeadlineRecomputed, .assignmentOrCase, grants: [],
        [
            .decided("assignment", .integer(0...65_535)), .decided("kind", .choice(DeadlineKind.allCases.map { $0.name })), .decided("oldDue", .time),
            .decided("newDue", .time), .decided("dueDay", .day),
            .decided("why", .choice(AppealOverdueRescinded.Why.allCases.map { $0.rawValue })),
        ])

    public init?(_ data: JSONValue) {
        guard let number = data["assignment"]?.integer, let kind = data["kind"]?.string.flatMap(DeadlineKind.init(name:)),
            let oldDue = EventTime(data["oldDue"]), let newDue = EventTime(data["newDue"]), let day = data["dueDay"]?.string.flatMap(Day.init),
            let why = data["why"]?.string.flatMap(AppealOverdueRescinded.Why.init)
        else { return nil }
        self.init(number: number, kind: kind, oldDue: oldDue, newDue: newDue, dueDay: day, why: why)
    }

    init(number: Int, kind: DeadlineKind, oldDue: EventTime, newDue: EventTime, dueDay: Day, why: AppealOverdueRescinded.Why) {
        self.number = number
        self.kind = kind
        self.oldDue = oldDue
        self.newDue = newDue
        self.dueDay = dueDay
        self.why = why
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("assignment", number)
        data.member("kind", kind.name)
        data.member("oldDue", oldDue.text)
        data.member("newDue", newDue.text)
        data.member("dueDay", dueDay.description)
        data.member("why", why.rawValue)
    }

    public var assignmentNumber: Int { number }

    public var words: [FactWord] {
        [
            .number(DeadlineWord(kind: kind, due: oldDue.instant).word), .number(DeadlineWord(kind: kind, due: newDue.instant).word),
            .number(UInt64(AppealOverdueRescinded.Why.allCases.firstIndex(of: why)! + 1)),
        ]
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.changeDeadline(of: number, kind, due: oldDue.instant) { $0.move(to: newDue, dueDay) }
        state.changeAssignment(number) { assignment in
            guard why == .paused, let last = assignment.replies.indices.last, assignment.replies[last].isPauseEnded(by: event.revision) else {
                return
            }
            assignment.replies[last].recomputed = assignment.replies[last].recomputed ?? event.revision
        }
    }
}

extension Assignment.Reply {
    /// Facts of one commit follow each other: a limit recomputed right after a reply is recomputed by it.
    fileprivate func isPauseEnded(by later: Revision) -> Bool { isCounted && (recomputed != nil || later == revision + 1) }
}
