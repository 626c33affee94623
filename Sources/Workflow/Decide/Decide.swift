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
    if let archived = state.archivedAt, !claim.type.mayFollowArchiving {
        return .refused(Refusal(.caseArchived, at: "/subject", [serial, archived.text]))
    }
    return decideByType(Command(claim: claim, context: context, time: time, state: state))
}

private func decideByType(_ command: Command) -> Decision {
    switch command.claim.type {
    case .appealSupplemented: decideSupplemented(command)
    case .appealCorrected: decideCorrected(command)
    case .appealReclassified: decideReclassified(command)
    case .appealVoided: decideVoided(command)
    case .appealCodeReissued: decideCodeReissued(command)
    case .appealAccepted: decideAccepted(command)
    case .appealDeclined: decideDeclined(command)
    case .appealAnsweredDirectly: decideAnsweredDirectly(command)
    case .appealAssigned: decideAssigned(command)
    case .appealSigned: decideSigned(command)
    case .appealContacted: decideContacted(command)
    case .appealNoted: decideNoted(command)
    case .appealReturnRequested: decideReturnRequested(command)
    case .appealReturnGranted: decideReturnGranted(command)
    case .appealReturnRefused: decideReturnRefused(command)
    case .appealExtensionRequested: decideExtensionRequested(command)
    case .appealExtensionGranted: decideExtensionGranted(command)
    case .appealExtensionRefused: decideExtensionRefused(command)
    case .appealClockPaused: decideClockPaused(command)
    case .appealClockResumed: decideClockResumed(command)
    case .appealReplied: decideReplied(command)
    case .appealReplyApproved: decideReplyApproved(command)
    case .appealReplySentBack: decideReplySentBack(command)
    case .appealInstructed: decideInstructed(command)
    case .appealUrged: decideUrged(command)
    case .appealSupervised: decideSupervised(command)
    case .appealSupervisionEnded: decideSupervisionEnded(command)
    case .appealClosed: decideClosed(command)
    case .appealCalledBack: decideCalledBack(command)
    case .appealRated: decideRated(command)
    case .appealReopened: decideReopened(command)
    case .appealWithdrawn: decideWithdrawn(command)
    case .appealTerminated: decideTerminated(command)
    case .appealArchived: decideArchived(command)
    case .appealMerged: decideMerged(command)
    case .appealUnmerged: decideUnmerged(command)
    case .appealLinked: decideLinked(command)
    case .appealTopicTagged: decideTopicTagged(command)
    default: .refused(Refusal(.typeNotAvailable, at: "/type", [command.claim.type.name]))
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
