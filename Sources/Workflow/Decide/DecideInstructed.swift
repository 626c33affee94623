import EventModel

/// 批示、批转: units that hold no live assignment get one in the same commit.
func decideInstructed(_ command: Command) -> Decision {
    let state = command.state
    guard var instructed = AppealInstructed(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if instructed.toUnits.isEmpty {
        if instructed.within != nil { return command.refusal(.memberMissing, "/data/toUnits", ["/data/toUnits"]) }
        // A comment may come after the end, but belongs to the parent of a merged case.
        if state.status == .merged, let refusal = command.ended { return .refused(refusal) }
    } else if let refusal = command.ended {
        return .refused(refusal)
    }
    var units: [String] = []
    for unit in instructed.toUnits where !units.contains(unit) && !state.liveAssignments.contains(where: { $0.unit == unit }) { units.append(unit) }
    if state.assignments.count + units.count > 65_535 {
        return command.refusal(.tooManyAssignments, "/type", [state.serial, String(state.assignments.count)])
    }
    if let refusal = Ladder.unknownLeader(instructed.leader, command.rulebook) { return .refused(refusal) }
    if let mailbox = instructed.mailbox, command.rulebook.mailboxes[mailbox] == nil { return .refused(Ladder.unknown("/data/mailbox", "mailboxes")) }
    for (index, unit) in instructed.toUnits.enumerated() {
        if let refusal = command.unknownUnit(unit, "/data/toUnits/\(index)") { return .refused(refusal) }
    }
    let within = instructed.within.flatMap { Within($0) }
    if let within {
        var builder = StatementBuilder(command.rulebook)
        builder.add(builder.clock.deadline(.instruction, within, roll: .nextWorkingDay, from: "instructed", at: command.time.instant))
        if let gap = builder.gap { return .refused(Ladder.gap(gap, "/data/within")) }
        instructed.deadlines = builder.statement(rule: nil)
    }
    var assigned: [AppealAssigned] = []
    var hasLead = state.lead != nil
    for unit in units {
        switch statement(command, unit: unit, instruction: within) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let statement):
            assigned.append(
                AppealAssigned(
                    unit: unit, role: hasLead ? .co : .lead, number: state.assignments.count + assigned.count + 1, round: state.round,
                    deadlines: statement))
            hasLead = true
        }
    }
    var acceptance: AppealAccepted?
    if let unit = units.first {
        switch impliedAcceptance(command, unit: unit) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let implied): acceptance = implied
        }
    }

    var draft = command.draft()
    if let acceptance { draft.add(acceptance) }
    draft.record(instructed, deadlines: instructed.deadlines)
    for payload in assigned { draft.add(payload) }
    return .admitted(draft.finish())
}
