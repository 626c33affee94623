import EventModel

/// 暂停计时
func decideClockPaused(_ command: Command) -> Decision {
    guard var paused = AppealClockPaused(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    let assignment: Assignment
    switch command.assignment(anyUnit: true) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): assignment = found
    }
    if assignment.countedReply != nil { return command.refusal(.alreadyReplied, of: assignment) }
    if assignment.pausedAt != nil { return command.refusal(.alreadyPaused, of: assignment) }
    if let refusal = command.unknown(paused.reason, in: .pauseReason, "reason") { return .refused(refusal) }
    paused.number = assignment.number

    var draft = command.draft()
    draft.record(paused)
    return .admitted(draft.finish())
}

/// 恢复计时
func decideClockResumed(_ command: Command) -> Decision {
    guard var resumed = AppealClockResumed(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    let paused = command.state.liveAssignments.filter { $0.pausedAt != nil }
    let assignment: Assignment
    if command.data["assignment"] == nil, paused.count == 1 {
        assignment = paused[0]
    } else {
        switch command.assignment(anyUnit: true) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): assignment = found
        }
    }
    guard assignment.pausedAt != nil else { return command.refusal(.notPaused, of: assignment) }
    resumed.number = assignment.number
    let moved: [AppealDeadlineRecomputed]
    switch recomputed(assignment, command) {
    case .failure(let gap): return .refused(Ladder.gap(gap, "/time"))
    case .success(let found): moved = found
    }

    var draft = command.draft()
    draft.record(resumed)
    for payload in moved { draft.add(payload) }
    return .admitted(draft.finish())
}

/// What a pause that ends now gives back: the limits that would have run, each with its new due (domain rule T11). Empty: nothing moves.
func recomputed(_ assignment: Assignment, _ command: Command) -> Result<[AppealDeadlineRecomputed], CalendarGap> {
    guard let pausedAt = assignment.pausedAt?.instant, pausedAt < command.time.instant else { return .success([]) }
    let limits = command.rulebook.profile(of: command.state, unit: assignment.unit)?.limits ?? []
    var found: [AppealDeadlineRecomputed] = []
    for deadline in assignment.deadlines where !deadline.isVoid && deadline.overdue == .none && assignment.holds(deadline) {
        if assignment.stop(of: deadline.kind) != nil { continue }
        let roll = limits.first { $0.kind == deadline.kind }?.roll ?? .none
        switch resumed(deadline, roll, from: pausedAt, to: command.time.instant, command.rulebook) {
        case .failure(let gap): return .failure(gap)
        case .success(let new):
            if new.due == deadline.due { continue }
            found.append(
                AppealDeadlineRecomputed(
                    number: assignment.number, kind: deadline.kind, oldDue: deadline.stated.due,
                    newDue: EventTime(text: command.rulebook.zone.text(new.due), instant: new.due), dueDay: new.day, why: .paused))
        }
    }
    return .success(found)
}

/// Days after the day of the pause, through the day of the resuming, don't count; of hours the time that passed doesn't.
private func resumed(
    _ deadline: Deadline, _ roll: ServiceLimit.Roll, from pausedAt: Instant, to resumedAt: Instant, _ rulebook: Rulebook
) -> Result<(due: Instant, day: Day), CalendarGap> {
    let zone = rulebook.zone
    let last: Result<Day, CalendarGap>
    let pauseDay = zone.day(of: pausedAt)
    let resumeDay = zone.day(of: resumedAt)
    let dueDay = deadline.stated.dueDay
    switch deadline.stated.within.flatMap({ Within($0) })?.unit {
    case nil, .minutes, .hours:
        let due = Instant(microseconds: deadline.due.microseconds + resumedAt.microseconds - pausedAt.microseconds)
        return .success((due, zone.day(of: Instant(microseconds: due.microseconds - 1))))
    case .workingDays:
        last = rulebook.calendar.elapsedWorkingDays(after: pauseDay, through: dueDay).flatMap { left in
            left == 0 ? .success(max(dueDay, resumeDay)) : rulebook.calendar.adding(workingDays: left, to: resumeDay)
        }
    case .days:
        let day = dueDay.adding(days: Int(resumeDay.number - pauseDay.number))
        last = roll == .none ? .success(day) : rulebook.calendar.rolledForward(day)
    }
    return last.map { (zone.start(of: $0.adding(days: 1)), $0) }
}
