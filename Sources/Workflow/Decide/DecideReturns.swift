import EventModel

/// 退单申请
func decideReturnRequested(_ command: Command) -> Decision {
    guard var request = AppealReturnRequested(command.data) else { return command.refusal(.memberMalformed, "/data") }
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
    if assignment.isFinal { return command.refusal(.returnFinal, of: assignment) }
    if let limit = assignment.deadlines.first(where: { $0.kind == .return && $0.due <= command.time.instant }) {
        return command.refusal(.returnTooLate, "/time", [String(assignment.number), limit.stated.due.text])
    }
    if let refusal = command.unknown(request.reason, in: .returnReason, "reason") { return .refused(refusal) }
    if let refusal = command.unknownUnit(request.suggestedUnit, "/data/suggestedUnit") { return .refused(refusal) }
    request.number = assignment.number

    var draft = command.draft()
    draft.record(request)
    return .admitted(draft.finish())
}

/// 准予退单
func decideReturnGranted(_ command: Command) -> Decision {
    guard var granted = AppealReturnGranted(command.data) else { return command.refusal(.memberMalformed, "/data") }
    switch returning(command) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let number): granted.number = number
    }
    var draft = command.draft()
    draft.record(granted)
    return .admitted(draft.finish())
}

/// 不予退单
func decideReturnRefused(_ command: Command) -> Decision {
    guard var refused = AppealReturnRefused(command.data) else { return command.refusal(.memberMalformed, "/data") }
    switch returning(command) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let number): refused.number = number
    }
    var draft = command.draft()
    draft.record(refused)
    return .admitted(draft.finish())
}

/// The assignment whose return is to be ruled on: the one named, else the only one that asks.
private func returning(_ command: Command) -> Result<Int, Refusal> {
    if let refusal = command.ended { return .failure(refusal) }
    let asking = command.state.liveAssignments.filter { $0.status == .returning }
    if command.data["assignment"] == nil, asking.count == 1 { return .success(asking[0].number) }
    return command.assignment(anyUnit: true).flatMap { assignment in
        if assignment.status == .returning { return .success(assignment.number) }
        return .failure(Refusal(.notReturning, at: "/data/assignment", [String(assignment.number), assignment.unit]))
    }
}
