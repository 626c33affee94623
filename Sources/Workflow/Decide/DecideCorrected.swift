import EventModel

/// 更正: the codes must be the rulebook's, as at receipt.
func decideCorrected(_ command: Command) -> Decision {
    guard var corrected = AppealCorrected(command.data) else { return command.refusal(.memberMalformed, "/data") }
    for (index, change) in corrected.changes.enumerated() {
        if let refusal = unknown(change, "/data/changes/\(index)/value", command) { return .refused(refusal) }
    }
    corrected.old = corrected.changes.compactMap { old($0.member, command.state) }
    corrected.group = corrected.text("channel").map(command.rulebook.channelGroup(of:))

    var draft = command.draft()
    draft.record(corrected)
    return .admitted(draft.finish())
}

private func unknown(_ change: Correction, _ pointer: String, _ command: Command) -> Refusal? {
    guard let code = change.text, let member = Correction.member(change.member) else { return nil }
    switch member.kind {
    case .list(let list):
        if command.rulebook.knows(code, in: list) || (list == .legacyLine && command.rulebook.codes[list]?.isEmpty ?? true) { return nil }
        return Ladder.unknown(pointer, list.rawValue)
    case .mailbox: return command.rulebook.mailboxes[code] == nil ? Ladder.unknown(pointer, "mailboxes") : nil
    default: return nil
    }
}

/// What an open member says now; `nil`: nothing, or it is sealed.
private func old(_ member: String, _ state: CaseState) -> Correction? {
    let value: Correction.Value? =
        switch member {
        case "channel": .text(state.channel)
        case "mailbox": state.mailbox.map { .text($0) }
        case "legacyLine": state.legacyLine.map { .text($0) }
        case "nature": state.nature.map { .text($0) }
        case "category": state.category.map { .text($0) }
        case "district": state.district.map { .text($0) }
        case "urgency": state.urgency.map { .text($0) }
        case "wantReply": .flag(state.wantReply)
        case "anonymous": .flag(state.isAnonymous)
        case "confidential": .flag(state.isConfidential)
        case "publishConsent": state.publishConsent.map { .text($0) }
        case "appellantKind": state.appellantKind.map { .text($0) }
        default: nil
        }
    return value.map { Correction(member, $0) }
}

/// 改类: who becomes accused may not hold the case (invariant I11).
func decideReclassified(_ command: Command) -> Decision {
    let state = command.state
    guard let reclassified = AppealReclassified(command.data) else { return command.refusal(.memberMalformed, "/data") }
    let tree = command.rulebook.units
    for (index, accused) in (reclassified.accused ?? []).enumerated() {
        if let holder = state.liveAssignments.first(where: { tree.isWithin($0.unit, accused) }) {
            return command.refusal(.accusedInHand, "/data/accused/\(index)", [holder.unit, String(holder.number)])
        }
    }
    let listed: [(String?, CodeList, String)] = [
        (reclassified.nature, .nature, "nature"), (reclassified.category, .category, "category"), (reclassified.district, .district, "district"),
        (reclassified.urgency, .urgency, "urgency"),
    ]
    for (code, list, member) in listed { if let refusal = command.unknown(code, in: list, member) { return .refused(refusal) } }
    if let mailbox = reclassified.mailbox, command.rulebook.mailboxes[mailbox] == nil {
        return .refused(Ladder.unknown("/data/mailbox", "mailboxes"))
    }
    for (index, unit) in (reclassified.accused ?? []).enumerated() {
        if let refusal = command.unknownUnit(unit, "/data/accused/\(index)") { return .refused(refusal) }
    }

    var draft = command.draft()
    draft.record(reclassified)
    return .admitted(draft.finish())
}

/// 误录作废: only while no later fact stands on it (invariant I13).
func decideVoided(_ command: Command) -> Decision {
    let state = command.state
    guard var voided = AppealVoided(command.data) else { return command.refusal(.memberMalformed, "/data") }
    let number = String(voided.voided)
    if voided.voided > state.revision { return command.refusal(.eventUnknown, "/data/revision", [state.serial, number]) }
    guard let found = state.voidables.first(where: { $0.revision == voided.voided }), state.mayBeVoided(found) else {
        return command.refusal(.notVoidable, "/data/revision", [number])
    }
    if found.isVoided { return command.refusal(.alreadyVoided, "/data/revision", [number]) }
    if found.type == .appealReplied || found.type == .appealReplyApproved, let refusal = command.ended { return .refused(refusal) }
    if let later = state.standing(on: found) { return command.refusal(.stillNeeded, "/data/revision", [number, String(later)]) }
    voided.type = found.type

    var draft = command.draft()
    draft.record(voided)
    // What the act had stopped may be overdue after all.
    draft.recordOverdue(asOf: command.time.instant, in: 0)
    return .admitted(draft.finish())
}

extension CaseState {
    /// An instruction or supervision that started a limit or an assignment stays, and so do the engine's links.
    fileprivate func mayBeVoided(_ item: Voidable) -> Bool {
        if item.isVoided { return true }
        switch item.type {
        case .appealInstructed: return instructions.contains { $0.revision == item.revision && !$0.isActedOn }
        case .appealSupervised: return supervisions.contains { $0.revision == item.revision && !$0.startsLimit }
        case .appealLinked: return links.contains { $0.revision == item.revision }
        default: return true
        }
    }

    /// The first later event that stands on one; `nil`: none does.
    fileprivate func standing(on item: Voidable) -> Revision? {
        switch item.type {
        case .appealReplied, .appealReplyApproved: return standing(onReply: item)
        case .appealSupervised: return supervisions.first { $0.revision == item.revision }?.endRevision
        case .appealRated: return reopenings.first { $0.source == "rating" && $0.revision > item.revision }?.revision
        case .appealCalledBack: return reopenings.first { $0.source == "callback" && $0.revision > item.revision }?.revision
        default: return nil
        }
    }

    private func standing(onReply item: Voidable) -> Revision? {
        guard let assignment = assignments.first(where: { $0.number == item.assignment }) else { return nil }
        let isApproval = item.type == .appealReplyApproved
        guard let reply = assignment.replies.first(where: { isApproval ? $0.ruling == item.revision : $0.revision == item.revision }) else {
            // An approval whose reply was sent back after it.
            return assignment.replies.first { $0.ruling.map { $0 > item.revision } ?? false }?.ruling
        }
        guard reply.isCounted else { return nil }
        if !isApproval, let ruling = reply.ruling { return ruling }
        if !isApproval, let recomputed = reply.recomputed { return recomputed }
        if !assignment.isLive { return closings.first { $0.revision > item.revision }?.revision ?? revision }
        if isApproval { return nil }
        // What was said of the answer needs an answer (invariant I7).
        let others = assignments.contains { other in
            other.round == assignment.round && other.number != assignment.number && other.status != .void && other.repliedAt != nil
        }
        if others || directAnswer?.round == assignment.round { return nil }
        let voices =
            ratings.filter { $0.round == assignment.round }.map { $0.revision }
            + callbacks.filter { $0.round == assignment.round }.map { $0.revision }
        return voices.filter { $0 > item.revision }.min()
    }
}
