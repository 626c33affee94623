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

    var draft = command.draft()
    draft.record(replied)
    draft.closeOnApproval()
    return .admitted(draft.finish())
}
