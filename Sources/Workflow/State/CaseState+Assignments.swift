public import EventModel

extension CaseState {
    public var liveAssignments: [Assignment] { assignments.filter { $0.isLive } }

    public func assignment(_ number: Int) -> Assignment? { assignments.first { $0.number == number } }

    /// The live lead of the round (invariant I4: at most one).
    public var lead: Assignment? { assignments.first { $0.isLive && $0.role == .lead && $0.round == round } }

    /// Whether the round has what a closing and a rating stand on: a counted reply or a direct answer.
    public var isAnswered: Bool { isAnswered(inRound: round) }

    public func isAnswered(inRound wanted: Int) -> Bool {
        if directAnswer?.round == wanted { return true }
        return assignments.contains { $0.round == wanted && $0.repliedAt != nil && $0.status != .void }
    }

    mutating func changeAssignment(_ number: Int, _ change: (inout Assignment) -> Void) {
        guard let index = assignments.firstIndex(where: { $0.number == number }) else { return }
        change(&assignments[index])
    }

    /// Each deadline goes where its kind belongs: to the case, or to the assignment.
    mutating func start(_ statement: DeadlineStatement, of number: Int?) {
        for item in statement.items {
            let deadline = Deadline(item, round: round, calendar: statement.calendar, rule: statement.rule)
            if item.isOfCase {
                Self.start(deadline, in: &deadlines)
            } else if let number {
                changeAssignment(number) { Self.start(deadline, in: &$0.deadlines) }
            }
        }
    }

    /// One owner has one deadline of a kind and due: an overdue is unique by them (invariant I6).
    private static func start(_ deadline: Deadline, in list: inout [Deadline]) {
        guard let index = list.firstIndex(where: { $0.kind == deadline.kind && $0.due == deadline.due }) else { return list.append(deadline) }
        if list[index].isVoid || list[index].round != deadline.round, list[index].overdue == .none { list[index] = deadline }
    }

    mutating func changeDeadline(of number: Int, _ kind: DeadlineKind, due: Instant, _ change: (inout Deadline) -> Void) {
        if number == 0 {
            guard let index = deadlines.lastIndex(where: { $0.kind == kind && $0.due == due }) else { return }
            return change(&deadlines[index])
        }
        changeAssignment(number) { assignment in
            guard let index = assignment.deadlines.lastIndex(where: { $0.kind == kind && $0.due == due }) else { return }
            change(&assignment.deadlines[index])
        }
    }

    /// The status of an open case follows from its live assignments, once it has had one.
    mutating func settle() {
        guard status == .inHand || status == .replied, !assignments.isEmpty else { return }
        let live = liveAssignments
        if live.isEmpty {
            status = .accepted
        } else {
            status = live.allSatisfy { $0.status == .approved } ? .replied : .inHand
        }
    }

    /// When the act happened that a deadline of the case itself waits for (domain rule T9).
    func stop(ofCase deadline: Deadline) -> Instant? {
        let assigned = assignments.lazy.filter { $0.round == deadline.round }.map { $0.assignedAt.instant }.min()
        let answered = directAnswer.flatMap { $0.round == deadline.round ? $0.at.instant : nil }
        switch deadline.kind {
        case .accept: return [acceptedAt?.instant, assigned, answered, declinedAt?.instant].compactMap { $0 }.min()
        case .dispatch: return [assigned, answered, declinedAt?.instant].compactMap { $0 }.min()
        case .close: return closings.last { $0.round == deadline.round }?.at.instant
        case .callback: return callbacks.lazy.filter { $0.round == deadline.round }.map { $0.at.instant }.min()
        case .sign, .contact, .reply, .return, .instruction: return nil
        }
    }

    /// Whether what it waits for can still come: a case that ended otherwise owes nothing more, nor does a round that another has followed.
    func isOwed(ofCase deadline: Deadline) -> Bool {
        guard deadline.round == round else { return false }
        return switch status {
        case .received, .accepted, .inHand, .replied: true
        case .closed: deadline.kind == .callback
        case .declined, .withdrawn, .terminated, .merged: false
        }
    }

    /// Whether the round was closed before the deadline came: then nobody waits for it any more.
    func isOver(_ deadline: Deadline, of assignment: Assignment) -> Bool {
        guard assignment.status == .done, let closing = closings.last(where: { $0.round == assignment.round }) else { return false }
        return deadline.due > closing.at.instant
    }

    /// Every deadline with its owner and the act that stopped it, the case's own first.
    func eachDeadline(_ body: (_ number: Int, _ deadline: Deadline, _ stop: Instant?) -> Void) {
        for deadline in deadlines { body(0, deadline, stop(ofCase: deadline)) }
        for assignment in assignments {
            for deadline in assignment.deadlines where !assignment.holds(deadline) {
                let stop = assignment.stop(of: deadline.kind)
                if stop == nil, isOver(deadline, of: assignment) { continue }
                body(assignment.number, deadline, stop)
            }
        }
    }

    /// A deadline that has passed unrecorded, and its owner.
    public struct DueDeadline: Sendable, Equatable {
        /// 0: the case itself.
        public var assignment: Int
        public var deadline: Deadline
    }

    /// What is overdue as of a time and not recorded yet, in the order of due (domain rule T7). O(deadlines).
    public func unrecordedOverdue(asOf time: Instant) -> [DueDeadline] {
        var found: [DueDeadline] = []
        eachDeadline { number, deadline, stop in
            guard deadline.canBeOverdue, deadline.due <= time else { return }
            if let stop, stop < deadline.due { return }
            // Stopped at or after due, or not at all: but what nobody waits for any more isn't missed now.
            if stop == nil, number == 0, !isOwed(ofCase: deadline) { return }
            found.append(DueDeadline(assignment: number, deadline: deadline))
        }
        return found.sorted {
            ($0.deadline.due, $0.assignment, $0.deadline.kind.rawValue) < ($1.deadline.due, $1.assignment, $1.deadline.kind.rawValue)
        }
    }

    /// The earliest due of the deadlines that still run: where the ticker looks next. `nil`: nothing can fall due.
    public var nextDue: Instant? {
        var next: Instant?
        eachDeadline { number, deadline, stop in
            guard deadline.canBeOverdue, stop == nil || stop! >= deadline.due, stop != nil || number > 0 || isOwed(ofCase: deadline) else { return }
            if next == nil || deadline.due < next! { next = deadline.due }
        }
        return next
    }

    /// Recorded as overdue, but the act is known by now to have been in time.
    func wronglyOverdue() -> [DueDeadline] {
        var found: [DueDeadline] = []
        eachDeadline { number, deadline, stop in
            if !deadline.isVoid, deadline.overdue == .recorded, let stop, stop < deadline.due {
                found.append(DueDeadline(assignment: number, deadline: deadline))
            }
        }
        return found
    }
}
