import EventModel

/// 受理
func decideAccepted(_ command: Command) -> Decision {
    guard var accepted = AppealAccepted(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    guard command.state.status == .received else {
        return command.refusal(.alreadyAccepted, "/type", [command.state.serial, command.state.acceptedAt?.text ?? ""])
    }
    if let name = accepted.profile, command.rulebook.profile(named: name) == nil {
        return .refused(Ladder.unknown("/data/profile", "profiles"))
    }
    let profile = accepted.profile.flatMap(command.rulebook.profile(named:)) ?? command.rulebook.profile(of: command.state)
    let limits = acceptance(profile, command)
    if let gap = limits.gap { return .refused(Ladder.gap(gap, "/time")) }
    accepted.take(profile)
    accepted.deadlines = limits.statement(rule: profile?.name)
    accepted.deadlines.rule = profile?.name

    var draft = command.draft()
    draft.record(accepted, deadlines: accepted.deadlines)
    return .admitted(draft.finish())
}

/// The case's own limits that start with acceptance.
private func acceptance(_ profile: ServiceProfile?, _ command: Command) -> StatementBuilder {
    var limits = StatementBuilder(command.rulebook)
    for limit in profile?.limits ?? [] where limit.from == .accepted && limit.kind.isOfCase { limits.add(limit, at: command.time.instant) }
    return limits
}

/// The acceptance that assigning or answering a case implies; `nil` if it is accepted already.
func impliedAcceptance(_ command: Command, unit: String?) -> Result<AppealAccepted?, Refusal> {
    guard command.state.status == .received else { return .success(nil) }
    let profile = command.rulebook.profile(of: command.state, unit: unit)
    let limits = acceptance(profile, command)
    if let gap = limits.gap { return .failure(Ladder.gap(gap, "/time")) }
    var statement = limits.statement(rule: profile?.name)
    statement.rule = profile?.name
    return .success(AppealAccepted(implied: profile, deadlines: statement))
}

/// 不予受理
func decideDeclined(_ command: Command) -> Decision {
    guard let declined = AppealDeclined(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    guard command.state.status == .received else {
        return command.refusal(.alreadyAccepted, "/type", [command.state.serial, command.state.acceptedAt?.text ?? ""])
    }
    if let refusal = command.unknown(declined.reason, in: .declineReason, "reason") { return .refused(refusal) }

    var draft = command.draft()
    let children = command.state.children
    draft.record(declined)
    draft.unmerge(children)
    return .admitted(draft.finish())
}

/// 直接答复
func decideAnsweredDirectly(_ command: Command) -> Decision {
    guard var answered = AppealAnsweredDirectly(command.data) else { return command.refusal(.memberMalformed, "/data") }
    // A leader's own peer means that leader; `Ladder.leader` has refused all others.
    if !command.peer.holds(.dispatch), answered.leader == nil { answered.leader = command.peer.onlyLeader }
    answered.unit = answeringUnit(command.state, command.context)
    if let refusal = command.ended { return .refused(refusal) }
    guard command.state.status == .received || command.state.status == .accepted else {
        return command.refusal(.alreadyHandled, "/type", [command.state.serial, command.state.status.rawValue])
    }
    if let refusal = Ladder.unknownLeader(answered.leader, command.rulebook) { return .refused(refusal) }

    let acceptance: AppealAccepted?
    switch impliedAcceptance(command, unit: answered.unit) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let implied): acceptance = implied
    }
    var draft = command.draft()
    if let acceptance { draft.add(acceptance) }
    draft.record(answered)
    draft.closeOnApproval()
    return .admitted(draft.finish())
}

/// The peer's unit if it has one, else the unit of the mailbox, else the root of the tree.
func answeringUnit(_ state: CaseState, _ context: DecideContext) -> String? {
    if let unit = context.peer.onlyUnit { return unit }
    if let unit = state.mailbox.flatMap({ context.rulebook.mailboxes[$0]?.unit }) { return unit }
    return context.rulebook.units.units.values.filter { $0.parent == nil }.map { $0.id }.min()
}

extension Ladder {
    /// Leaders are those of the rulebook's mailboxes.
    static func unknownLeader(_ leader: String?, _ rulebook: Rulebook) -> Refusal? {
        guard let leader, !rulebook.mailboxes.values.contains(where: { $0.leader == leader }) else { return nil }
        return unknown("/data/leader", "leaders")
    }
}
