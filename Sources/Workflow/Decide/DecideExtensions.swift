import EventModel

/// 延期申请
func decideExtensionRequested(_ command: Command) -> Decision {
    guard var request = AppealExtensionRequested(command.data), let by = Within(request.by) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    let assignment: Assignment
    switch command.assignment(anyUnit: false) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): assignment = found
    }
    request.number = assignment.number
    if assignment.extensionRequest != nil { return command.refusal(.extensionPending, of: assignment) }
    if assignment.countedReply != nil { return command.refusal(.alreadyReplied, of: assignment) }
    guard let deadline = assignment.running(request.kind) else {
        return command.refusal(.noSuchLimit, "/data/kind", [String(assignment.number), request.kind.name])
    }
    if deadline.due <= command.time.instant, !assignment.holds(deadline) {
        return command.refusal(.extensionTooLate, "/time", [String(assignment.number), deadline.stated.due.text])
    }
    if case .failure(let refusal) = extended(deadline, by, assignment, command) { return .refused(refusal) }

    var draft = command.draft()
    draft.record(request)
    return .admitted(draft.finish())
}

/// 准予延期: granted after the old due, it takes the overdue back (domain rule T10).
func decideExtensionGranted(_ command: Command) -> Decision {
    guard var granted = AppealExtensionGranted(command.data) else { return command.refusal(.memberMalformed, "/data") }
    let assignment: Assignment
    let request: Assignment.ExtensionRequest
    switch asking(command) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): (assignment, request) = found
    }
    let by = granted.by.flatMap { Within($0) } ?? request.by
    guard let deadline = assignment.running(request.kind) else {
        return command.refusal(.noSuchLimit, "/data/assignment", [String(assignment.number), request.kind.name])
    }
    let new: LimitClock.Result
    switch extended(deadline, by, assignment, command) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): new = found
    }
    granted.number = assignment.number
    granted.by = by.description
    granted.kind = request.kind
    granted.oldDue = deadline.stated.due
    granted.newDue = new.deadline.due
    granted.dueDay = new.deadline.dueDay
    granted.calendar = new.counted.map { command.rulebook.calendar.versionName(from: $0.from, through: $0.through) }

    var draft = command.draft()
    let isOverdue = draft.state(0).assignment(assignment.number)?.running(request.kind)?.overdue == .recorded
    draft.record(granted)
    if isOverdue {
        var rescinded = AppealOverdueRescinded(deadline, of: assignment.number, why: .extended)
        rescinded.newDue = new.deadline.due
        draft.add(rescinded)
    }
    // The new due may have passed as well.
    draft.recordOverdue(asOf: command.time.instant, in: 0)
    return .admitted(draft.finish())
}

/// 不予延期
func decideExtensionRefused(_ command: Command) -> Decision {
    guard var refused = AppealExtensionRefused(command.data) else { return command.refusal(.memberMalformed, "/data") }
    switch asking(command) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): refused.number = found.0.number
    }
    var draft = command.draft()
    draft.record(refused)
    return .admitted(draft.finish())
}

/// The assignment whose request is to be ruled on: the one named, else the only one that asks.
private func asking(_ command: Command) -> Result<(Assignment, Assignment.ExtensionRequest), Refusal> {
    if let refusal = command.ended { return .failure(refusal) }
    let asking = command.state.liveAssignments.filter { $0.extensionRequest != nil }
    if command.data["assignment"] == nil, asking.count == 1, let request = asking[0].extensionRequest { return .success((asking[0], request)) }
    return command.assignment(anyUnit: true).flatMap { assignment in
        if let request = assignment.extensionRequest { return .success((assignment, request)) }
        return .failure(Refusal(.extensionNotPending, at: "/data/assignment", [String(assignment.number), assignment.unit]))
    }
}

/// The due of a limit that is extended: from the old due day, and within what the profile allows in all.
private func extended(_ deadline: Deadline, _ by: Within, _ assignment: Assignment, _ command: Command) -> Result<LimitClock.Result, Refusal> {
    let rulebook = command.rulebook
    let limit = rulebook.profile(of: command.state, unit: assignment.unit)?.limits.first { $0.kind == deadline.kind }
    func moved(_ start: StatedDeadline, _ by: Within) -> Result<LimitClock.Result, CalendarGap> {
        let isOfDays = by.unit == .workingDays || by.unit == .days
        return LimitClock(rulebook: rulebook).deadline(
            deadline.kind, by, roll: limit?.roll ?? .nextWorkingDay, from: start.from ?? "extended",
            at: isOfDays ? rulebook.zone.start(of: start.dueDay) : start.due.instant)
    }
    let new: LimitClock.Result
    switch moved(deadline.stated, by) {
    case .failure(let gap): return .failure(Ladder.gap(gap, "/data/by"))
    case .success(let found): new = found
    }
    if command.peer.backfills(command.claim.source) { return .success(new) }
    let tooLong = Refusal(.extensionTooLong, at: "/data/by", [deadline.kind.name, limit?.maxExtension?.description ?? "0"])
    guard let most = limit?.maxExtension else { return .failure(tooLong) }
    let all = deadline.extensions + [by]
    if all.allSatisfy({ $0.unit == most.unit }) {
        return all.reduce(0) { $0 + $1.amount } <= most.amount ? .success(new) : .failure(tooLong)
    }
    switch moved(deadline.original ?? deadline.stated, most) {
    case .failure(let gap): return .failure(Ladder.gap(gap, "/data/by"))
    case .success(let last): return new.deadline.due.instant <= last.deadline.due.instant ? .success(new) : .failure(tooLong)
    }
}

extension Assignment {
    /// The limit of a kind that holds: the last that isn't void.
    func running(_ kind: DeadlineKind) -> Deadline? { deadlines.last { $0.kind == kind && !$0.isVoid } }
}
