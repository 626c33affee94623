public import EventModel

/// 源时钟: on `@operations`; the overdue facts that follow are plans of their own (`overduePlan`), case by case.
func decideClockAdvanced(_ claim: Claim, at time: EventTime, in context: DecideContext) -> Decision {
    guard let advanced = ClockAdvanced(claim.data) else { return .refused(Refusal(.memberMalformed, at: "/data", ["/data"])) }
    if claim.data["now"] != nil, claim.data["live"] != nil { return .refused(Refusal(.memberMalformed, at: "/data/live", ["/data/live"])) }
    if claim.data["live"]?.boolean == false { return .refused(Refusal(.memberMalformed, at: "/data/live", ["/data/live"])) }
    guard context.peer.holds(source: advanced.clockSource), context.peer.backfills(advanced.clockSource) else {
        return .refused(Refusal(.sourceNotGranted, at: "/data/source"))
    }
    if let now = advanced.now, now.instant > context.now.adding(seconds: Ladder.maxAheadSeconds) {
        let ahead = (now.instant.microseconds - context.now.microseconds) / 1_000_000
        return .refused(Refusal(.timeInFuture, at: "/data/now", [String(ahead)]))
    }
    if let expected = claim.expectedRevision, expected != Int(context.operationsRevision) {
        let current = context.operationsRevision
        return .refused(Refusal(.revisionConflict, at: "/expectedrevision", [String(current)], currentRevision: current))
    }
    switch context.clockOfSource(advanced.clockSource) {
    case .waiting: break
    case .advanced(let instant):
        if let now = advanced.now, now.instant < instant {
            return .refused(Refusal(.clockBackwards, at: "/data/now", [context.rulebook.zone.text(instant)]))
        }
    case .live:
        if advanced.now != nil { return .refused(Refusal(.clockBackwards, at: "/data/now", [context.rulebook.zone.text(context.now)])) }
    }
    var draft = Draft(context, claim: claim, time: time)
    draft.open(.operations, at: context.operationsRevision, nil)
    draft.record(advanced)
    return .admitted(draft.finish())
}

/// The ticker's candidate: one overdue fact, at the time it fell due (domain rule T7).
///
/// `nil` if there is no such deadline, its act was in time, it is recorded or void, or its time has not come on the case's clock.
public func decideOverdue(case serial: String, assignment: Int, kind: DeadlineKind, due: Instant, in context: DecideContext) -> Plan? {
    guard let state = context.caseNamed(serial), let clock = context.clock(of: state) else { return nil }
    let found = state.unrecordedOverdue(asOf: clock).first { $0.assignment == assignment && $0.deadline.kind == kind && $0.deadline.due == due }
    return found.map { plan(for: state, [$0], in: context) }
}

/// All that is overdue in a case as of a time: what `clock.advanced` brings, or the ticker after a pause. `nil`: nothing.
public func overduePlan(for state: CaseState, asOf time: Instant, in context: DecideContext) -> Plan? {
    let found = state.unrecordedOverdue(asOf: time)
    return found.isEmpty ? nil : plan(for: state, found, in: context)
}

private func plan(for state: CaseState, _ items: [CaseState.DueDeadline], in context: DecideContext) -> Plan {
    var draft = Draft(context, claim: nil, time: items[0].deadline.stated.due)
    draft.open(state)
    for item in items { draft.addOverdue(item, in: 0) }
    return draft.finish()
}
