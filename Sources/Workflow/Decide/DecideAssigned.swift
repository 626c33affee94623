import EventModel

/// 派单、改派、加派、下派
func decideAssigned(_ command: Command) -> Decision {
    let state = command.state
    let tree = command.rulebook.units
    guard var assigned = AppealAssigned(command.data), let unit = assigned.unit else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = malformedLimit(command.data) { return .refused(refusal) }
    if let refusal = subassignment(assigned, unit, command) { return .refused(refusal) }
    // State.
    if let refusal = command.ended { return .refused(refusal) }
    if state.assignments.count >= 65_535 { return command.refusal(.tooManyAssignments, "/type", [state.serial, String(state.assignments.count)]) }
    if let number = assigned.parent {
        guard let parent = state.assignment(number) else { return command.refusal(.assignmentUnknown, "/data/parent", [String(number)]) }
        guard parent.isLive else { return command.refusal(.assignmentEnded, "/data/parent", [String(number), parent.unit]) }
    }
    if let number = assigned.replaces {
        guard let old = state.assignment(number) else { return command.refusal(.assignmentUnknown, "/data/replaces", [String(number)]) }
        guard old.isLive else { return command.refusal(.assignmentEnded, "/data/replaces", [String(number), old.unit]) }
    }
    let others = state.liveAssignments.filter { $0.number != assigned.replaces }
    if let holder = others.first(where: { $0.unit == unit }) {
        return command.refusal(.unitHasAssignment, "/data/unit", [unit, String(holder.number)])
    }
    let lead = others.first { $0.role == .lead && $0.round == state.round }
    if assigned.role == .lead, let lead { return command.refusal(.leadExists, "/data/role", [String(lead.number), lead.unit]) }
    // Rule.
    if let refusal = command.unknownUnit(unit, "/data/unit") { return .refused(refusal) }
    if let number = assigned.parent, let parent = state.assignment(number), !tree.isWithin(unit, parent.unit) || unit == parent.unit {
        return command.refusal(.unitNotBelow, "/data/unit", [unit, parent.unit])
    }
    assigned.role = assigned.role ?? (lead == nil ? .lead : .co)
    assigned.number = state.assignments.count + 1
    assigned.round = state.round
    switch statement(command, unit: unit, limits: assigned.limits) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let statement): assigned.deadlines = statement
    }
    let acceptance: AppealAccepted?
    switch impliedAcceptance(command, unit: unit) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let implied): acceptance = implied
    }

    var draft = command.draft()
    if let acceptance { draft.add(acceptance) }
    draft.record(assigned, deadlines: assigned.deadlines)
    return .admitted(draft.finish())
}

/// A unit without the grant `dispatch` only assigns below an assignment of its own.
private func subassignment(_ assigned: AppealAssigned, _ unit: String, _ command: Command) -> Refusal? {
    if command.peer.holds(.dispatch) { return nil }
    guard let number = assigned.parent else { return Refusal(.memberMissing, at: "/data/parent", ["/data/parent"]) }
    guard let parent = command.state.assignment(number) else { return Refusal(.assignmentUnknown, at: "/data/parent", [String(number)]) }
    if command.peer.speaks(for: parent.unit, in: command.rulebook.units) { return nil }
    return Refusal(.unitNotGranted, at: "/data/parent", [parent.unit])
}

/// A posted limit is a length or an instant, not both.
private func malformedLimit(_ data: JSONValue) -> Refusal? {
    for (index, item) in (data["limits"]?.items ?? []).enumerated() {
        let pointer = "/data/limits/\(index)"
        switch (item["within"], item["due"]) {
        case (nil, nil): return Refusal(.memberMissing, at: pointer + "/within", [pointer + "/within"])
        case (.some, .some): return Refusal(.memberMalformed, at: pointer + "/due", [pointer + "/due"])
        default: continue
        }
    }
    return nil
}

/// The deadlines an assignment starts: the profile's, shortened by the posted ones, and an instruction's if one made it.
func statement(
    _ command: Command, unit: String, limits posted: [AppealAssigned.Limit] = [], instruction within: Within? = nil
) -> Result<DeadlineStatement, Refusal> {
    let state = command.state
    let profile = command.rulebook.profile(of: state, unit: unit)
    var builder = StatementBuilder(command.rulebook)
    // A later round has limits of its own, from its reopening on (domain rule T13).
    let reopenedAt = state.round > 1 ? state.reopenings.last?.at.instant : nil
    for limit in profile?.limits ?? [] {
        let isRunning = state.deadlines.contains { $0.kind == limit.kind && $0.round == state.round }
        let startsAnew = reopenedAt != nil && limit.kind == .close && (limit.from == .received || limit.from == .accepted)
        if limit.kind.isOfCase, isRunning || !(limit.from == .assigned || startsAnew) { continue }
        switch limit.from {
        case .received: builder.add(limit, at: reopenedAt ?? state.receivedAt.instant)
        case .accepted: builder.add(limit, at: reopenedAt ?? (state.acceptedAt ?? command.time).instant)
        case .assigned: builder.add(limit, at: command.time.instant)
        case .signed, .closed: continue
        }
    }
    if let gap = builder.gap { return .failure(Ladder.gap(gap, "/time")) }
    for (index, limit) in posted.enumerated() {
        if let refusal = post(limit, at: "/data/limits/\(index)", command, into: &builder) { return .failure(refusal) }
    }
    if let within {
        builder.add(builder.clock.deadline(.instruction, within, roll: .nextWorkingDay, from: "instructed", at: command.time.instant))
        if let gap = builder.gap { return .failure(Ladder.gap(gap, "/data/within")) }
    }
    return .success(builder.statement(rule: profile?.name))
}

/// Only shortens what the profile allows; a `backfill` source brings any limit of its own (domain rule T5).
private func post(_ limit: AppealAssigned.Limit, at pointer: String, _ command: Command, into builder: inout StatementBuilder) -> Refusal? {
    let found: LimitClock.Result
    if let due = limit.due {
        found = LimitClock.Result(deadline: builder.clock.deadline(limit.kind, due: due.instant))
    } else {
        guard let within = limit.within.flatMap({ Within($0) }) else {
            return Refusal(.memberMalformed, at: pointer + "/within", [pointer + "/within"])
        }
        switch builder.clock.deadline(limit.kind, within, roll: .nextWorkingDay, from: "assigned", at: command.time.instant, isPosted: true) {
        case .failure(let gap): return Ladder.gap(gap, pointer)
        case .success(let result): found = result
        }
    }
    if !command.peer.backfills(command.claim.source) {
        let due = found.deadline.due.instant
        if due <= command.time.instant { return Refusal(.limitPast, at: pointer, [limit.kind.name]) }
        if let longest = builder.items.first(where: { $0.kind == limit.kind && !$0.isPosted }), longest.due.instant < due {
            return Refusal(.limitNotShorter, at: pointer, [limit.kind.name, longest.within ?? longest.due.text])
        }
    }
    builder.replace(found)
    return nil
}
