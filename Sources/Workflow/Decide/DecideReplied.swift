import EventModel

/// 回复
func decideReplied(_ command: Command) -> Decision {
    guard var replied = AppealReplied(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    let assignment: Assignment
    switch command.assignment(anyUnit: false) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): assignment = found
    }
    switch assignment.status {
    case .assigned, .signed: break
    case .returning: return command.refusal(.returnPending, of: assignment)
    case .replied, .approved: return command.refusal(.alreadyReplied, of: assignment)
    case .done, .void: return command.refusal(.assignmentEnded, of: assignment)
    }
    if let refusal = command.unknown(replied.unsolvedReason, in: .unsolvedReason, "unsolvedReason") { return .refused(refusal) }
    let today = command.rulebook.zone.day(of: command.time.instant)
    if let promised = replied.promisedDate, promised < today { return command.refusal(.promisedDatePast, "/data/promisedDate", [today.description]) }
    replied.number = assignment.number
    replied.isApproved = replied.isCounted && !command.state.isReviewed

    // A paused clock stops counting with the reply: the time of the pause is given back (domain rule T11).
    var moved: [AppealDeadlineRecomputed] = []
    if replied.isCounted {
        switch recomputed(assignment, command) {
        case .failure(let gap): return .refused(Ladder.gap(gap, "/time"))
        case .success(let found): moved = found
        }
    }

    var draft = command.draft()
    draft.record(replied)
    for payload in moved { draft.add(payload) }
    draft.closeOnApproval()
    return .admitted(draft.finish())
}

/// 审核通过
func decideReplyApproved(_ command: Command) -> Decision {
    guard var approved = AppealReplyApproved(command.data) else { return command.refusal(.memberMalformed, "/data") }
    switch replied(command, [.replied]) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let number): approved.number = number
    }
    var draft = command.draft()
    draft.record(approved)
    draft.closeOnApproval()
    return .admitted(draft.finish())
}

/// 审核退回: what had fallen due by now without the reply is overdue after all (domain rule T9).
func decideReplySentBack(_ command: Command) -> Decision {
    guard var sentBack = AppealReplySentBack(command.data) else { return command.refusal(.memberMalformed, "/data") }
    switch replied(command, [.replied, .approved]) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let number): sentBack.number = number
    }
    var draft = command.draft()
    draft.record(sentBack)
    draft.recordOverdue(asOf: command.time.instant, in: 0)
    return .admitted(draft.finish())
}

/// The assignment whose reply is to be ruled on: the one named, else the only one that waits for it.
private func replied(_ command: Command, _ statuses: [Assignment.Status]) -> Result<Int, Refusal> {
    if let refusal = command.ended { return .failure(refusal) }
    let waiting = command.state.liveAssignments.filter { $0.status == .replied }
    if command.data["assignment"] == nil, waiting.count == 1 { return .success(waiting[0].number) }
    return command.assignment(anyUnit: true).flatMap { assignment in
        if statuses.contains(assignment.status) { return .success(assignment.number) }
        return .failure(Refusal(.notReplied, at: "/data/assignment", [String(assignment.number), assignment.unit]))
    }
}
