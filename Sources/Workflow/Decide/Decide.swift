import EventModel

/// Whether the claim's source is one of the peer's; `/engine` is nobody's. Comes before the look-up of (source, id), which is Engine's.
public func sourceRefusal(_ claim: Claim, _ peer: Peer) -> Refusal? {
    let isEngine = claim.source == Draft.engineSource || claim.source.utf8.starts(with: "\(Draft.engineSource)/".utf8)
    if !isEngine, peer.holds(source: claim.source) { return nil }
    return Refusal(.sourceNotGranted, at: "/source")
}

/// Decides a claim: pure, from claim and context alone.
///
/// The order of checks is api.md's: grant · time · case · access class · revision · state · rule; the first that fails answers. What a type adds
/// stands in
/// one flat ladder of its own beside this file.
public func decide(_ claim: Claim, in context: DecideContext) -> Decision {
    if let refusal = Ladder.grant(claim, context.peer) { return .refused(refusal) }
    if let refusal = Ladder.leader(claim, context.peer) { return .refused(refusal) }
    if let refusal = Ladder.mailbox(claim, context.peer) { return .refused(refusal) }
    let time = claim.time ?? EventTime(text: context.rulebook.zone.text(context.now, fraction: true), instant: context.now)
    if let refusal = Ladder.time(time, of: claim.source, context) { return .refused(refusal) }
    switch claim.type {
    case .appealReceived: return decideReceived(claim, at: time, in: context)
    case .clockAdvanced: return decideClockAdvanced(claim, at: time, in: context)
    default: return decideOnCase(claim, at: time, in: context)
    }
}

private func decideOnCase(_ claim: Claim, at time: EventTime, in context: DecideContext) -> Decision {
    guard let serial = claim.subject, let state = context.caseNamed(serial),
        context.peer.sees(state, context.rulebook, isAccessGranted: context.isAccessGranted(serial))
    else { return .refused(Refusal(.caseUnknown, at: "/subject")) }
    for (unit, pointer) in unitsGivenTheCase(claim, state, context) {
        if let unit = state.accusedUnit(among: [unit], in: context.rulebook.units) {
            return .refused(Refusal(.unitAccused, at: pointer, [unit]))
        }
    }
    if let expected = claim.expectedRevision, expected != Int(state.revision) {
        return .refused(Refusal(.revisionConflict, at: "/expectedrevision", [String(state.revision)], currentRevision: state.revision))
    }
    let command = Command(claim: claim, context: context, time: time, state: state)
    switch claim.type {
    case .appealAccepted: return decideAccepted(command)
    case .appealDeclined: return decideDeclined(command)
    case .appealAnsweredDirectly: return decideAnsweredDirectly(command)
    case .appealAssigned: return decideAssigned(command)
    case .appealSigned: return decideSigned(command)
    case .appealContacted: return decideContacted(command)
    case .appealNoted: return decideNoted(command)
    case .appealReturnRequested: return decideReturnRequested(command)
    case .appealReturnGranted: return decideReturnGranted(command)
    case .appealReturnRefused: return decideReturnRefused(command)
    case .appealReplied: return decideReplied(command)
    case .appealInstructed: return decideInstructed(command)
    case .appealClosed: return decideClosed(command)
    case .appealRated: return decideRated(command)
    case .appealMerged: return decideMerged(command)
    default: return .refused(Refusal(.typeNotAvailable, at: "/type", [claim.type.name]))
    }
}

/// The units a claim would give the case to: never an accused one (invariant I11).
private func unitsGivenTheCase(_ claim: Claim, _ state: CaseState, _ context: DecideContext) -> [(unit: String, pointer: String)] {
    switch claim.type {
    case .appealAssigned: (claim.data["unit"]?.string).map { [($0, "/data/unit")] } ?? []
    case .appealInstructed: claim.data.strings("toUnits").enumerated().map { ($0.element, "/data/toUnits/\($0.offset)") }
    case .appealReturnRequested: (claim.data["suggestedUnit"]?.string).map { [($0, "/data/suggestedUnit")] } ?? []
    case .appealAnsweredDirectly: answeringUnit(state, context).map { [($0, "/data")] } ?? []
    default: []
    }
}
