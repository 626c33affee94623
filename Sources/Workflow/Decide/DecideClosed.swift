public import EventModel

/// 办结
func decideClosed(_ command: Command) -> Decision {
    let state = command.state
    guard var closed = AppealClosed(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    guard state.status == .inHand || state.status == .replied else { return command.refusal(.notCountedYet, "/type") }
    for (index, item) in closed.dropped.enumerated() {
        guard let assignment = state.assignment(item.number), assignment.isLive, assignment.status != .approved,
            !closed.dropped[..<index].contains(where: { $0.number == item.number })
        else { return command.refusal(.dropNotLive, "/data/dropped/\(index)/assignment", [String(item.number)]) }
    }
    // The lead's reply can't be dropped (invariant I3), the others' with a reason (invariant I4).
    let waiting = state.liveAssignments.filter { $0.status != .approved }
    let missing = waiting.first { $0.role == .lead } ?? waiting.first { item in !closed.dropped.contains { $0.number == item.number } }
    if let missing { return command.refusal(.notCountedYet, "/type", [String(missing.number), missing.unit]) }
    if !state.isAnswered { return command.refusal(.notCountedYet, "/type") }
    if let refusal = command.unknown(closed.unsolvedReason, in: .unsolvedReason, "unsolvedReason") { return .refused(refusal) }
    closed.by = .dispatch
    closed.lead = state.answeringAssignment?.number
    switch closingStatement(state, at: command.time, command.rulebook) {
    case .failure(let gap): return .refused(Ladder.gap(gap, "/time"))
    case .success(let statement): closed.deadlines = statement
    }

    var draft = command.draft()
    draft.record(closed, deadlines: closed.deadlines)
    draft.closeChildren(state.children, with: closed)
    return .admitted(draft.finish())
}

/// Callback limits and the like, which start with closing.
private func closingStatement(_ state: CaseState, at time: EventTime, _ rulebook: Rulebook) -> Result<DeadlineStatement, CalendarGap> {
    let profile = rulebook.profile(of: state)
    var limits = StatementBuilder(rulebook)
    for limit in profile?.limits ?? [] where limit.from == .closed && limit.kind.isOfCase { limits.add(limit, at: time.instant) }
    if let gap = limits.gap { return .failure(gap) }
    return .success(limits.statement(rule: profile?.name))
}

extension CaseState {
    /// The assignment whose reply answers the round: the lead's, else the first with one.
    var answeringAssignment: Assignment? {
        let answered = assignments.filter { $0.round == round && $0.isLive && $0.repliedAt != nil }
        return answered.first { $0.role == .lead } ?? answered.first
    }

    /// What a closing without a dispatcher says, from the unit's claim.
    var claimedResult: String {
        switch answeringAssignment?.replyKind ?? directAnswer?.kind {
        case "explained": "explained"
        case "rejected": "unsolved"
        default: "solved"
        }
    }
}

extension Draft {
    /// The profile's closing `on-approval`: the case closes in the commit that answered it.
    mutating func closeOnApproval() {
        let state = state(0)
        guard state.status == .replied, state.closing == "on-approval" else { return }
        // A year without calendar must not keep the answer out: the callback limit is then left out.
        let deadlines = (try? closingStatement(state, at: time, context.rulebook).get()) ?? .none
        let closed = AppealClosed(result: state.claimedResult, by: .engine, lead: state.answeringAssignment?.number, deadlines: deadlines)
        add(closed)
        closeChildren(state.children, with: closed)
    }

    /// Merged cases end with their parent, each in a section of its own.
    mutating func closeChildren(_ children: [String], with parent: AppealClosed) {
        let own = state(0).serial
        for serial in children {
            guard let child = context.caseNamed(serial), child.status == .merged, child.mergedInto == own else { continue }
            let section = open(child)
            recordOverdue(asOf: time.instant, in: section)
            add(AppealClosed(result: parent.result, unsolvedReason: parent.unsolvedReason, by: .parent), in: section)
        }
    }

    /// A parent that ends otherwise than by closing leaves its children on their own.
    mutating func unmerge(_ children: [String]) {
        let own = state(0).serial
        for serial in children {
            guard let child = context.caseNamed(serial), child.status == .merged, child.mergedInto == own else { continue }
            let section = open(child)
            recordOverdue(asOf: time.instant, in: section)
            add(AppealUnmerged(reason: AppealUnmerged.parentEnded), in: section)
        }
    }
}

/// When the profile's closing `after n working days` ends the case; `nil`: it doesn't, or the calendar isn't known.
public func automaticClosing(of state: CaseState, _ rulebook: Rulebook) -> Instant? {
    guard state.status == .replied, let within = state.closing.flatMap({ Within($0) }) else { return nil }
    // Of a reviewed reply the days count from its approval.
    let replies = state.assignments.filter { $0.round == state.round && $0.isLive }.compactMap { ($0.approvedAt ?? $0.repliedAt)?.instant }
    let answered = state.directAnswer.flatMap { $0.round == state.round ? $0.at.instant : nil }
    guard let last = (replies + [answered].compactMap { $0 }).max() else { return nil }
    let found = LimitClock(rulebook: rulebook).deadline(.close, within, roll: .nextWorkingDay, from: "replied", at: last)
    return (try? found.get())?.deadline.due.instant
}

/// The ticker's closing of a case that nobody objected to; `nil` if it isn't time on the case's clock.
public func decideAutomaticClosing(case serial: String, in context: DecideContext) -> Plan? {
    guard let state = context.caseNamed(serial), let due = automaticClosing(of: state, context.rulebook), let clock = context.clock(of: state),
        due <= clock
    else { return nil }
    let time = EventTime(text: context.rulebook.zone.text(due), instant: due)
    var draft = Draft(context, claim: nil, time: time)
    draft.open(state)
    draft.recordOverdue(asOf: due, in: 0)
    let deadlines = (try? closingStatement(state, at: time, context.rulebook).get()) ?? .none
    let closed = AppealClosed(result: state.claimedResult, by: .engine, lead: state.answeringAssignment?.number, deadlines: deadlines)
    draft.addOwn(closed, idInput: [serial, "closing", String(state.round)])
    draft.closeChildren(state.children, with: closed)
    return draft.finish()
}
