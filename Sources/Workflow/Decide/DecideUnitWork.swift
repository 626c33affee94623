import EventModel

/// 签收
func decideSigned(_ command: Command) -> Decision {
    guard var signed = AppealSigned(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    let assignment: Assignment
    switch command.assignment(anyUnit: false) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): assignment = found
    }
    guard assignment.status == .assigned else { return command.refusal(.alreadySigned, of: assignment) }
    signed.number = assignment.number

    let profile = command.rulebook.profile(of: command.state, unit: assignment.unit)
    var limits = StatementBuilder(command.rulebook)
    for limit in profile?.limits ?? [] where limit.from == .signed {
        let running = limit.kind.isOfCase ? command.state.deadlines.filter { $0.round == command.state.round } : assignment.deadlines
        if running.contains(where: { $0.kind == limit.kind }) { continue }
        limits.add(limit, at: command.time.instant)
    }
    if let gap = limits.gap { return .refused(Ladder.gap(gap, "/time")) }
    signed.deadlines = limits.statement(rule: profile?.name)

    var draft = command.draft()
    draft.record(signed, deadlines: signed.deadlines)
    return .admitted(draft.finish())
}

/// 联系
func decideContacted(_ command: Command) -> Decision {
    guard var contacted = AppealContacted(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    switch command.assignment(anyUnit: false) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let found): contacted.number = found.number
    }
    var draft = command.draft()
    draft.record(contacted)
    return .admitted(draft.finish())
}

/// 办理进展: a unit's about its assignment, a dispatcher's about the case unless it names one.
func decideNoted(_ command: Command) -> Decision {
    guard var noted = AppealNoted(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    if !command.peer.holds(.dispatch) || noted.number > 0 {
        switch command.assignment(anyUnit: command.peer.holds(.dispatch)) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): noted.number = found.number
        }
    }
    var draft = command.draft()
    draft.record(noted)
    return .admitted(draft.finish())
}
