import EventModel

/// 收件: a new case under a new serial.
func decideReceived(_ claim: Claim, at time: EventTime, in context: DecideContext) -> Decision {
    let rulebook = context.rulebook
    let peer = context.peer
    guard var received = AppealReceived(claim.data) else { return .refused(Refusal(.memberMissing, at: "/data/channel", ["/data/channel"])) }
    // Grant, as far as it is bound.
    if claim.subject != nil, !peer.backfills(claim.source) { return .refused(Refusal(.subjectNotGranted, at: "/subject")) }
    // Case.
    if let subject = claim.subject, context.caseNamed(subject) != nil {
        return .refused(Refusal(.serialTaken, at: "/subject", [subject], firstCase: subject))
    }
    // Revision: a new case has none.
    if let expected = claim.expectedRevision, expected != 0 {
        return .refused(Refusal(.revisionConflict, at: "/expectedrevision", ["0"], currentRevision: 0))
    }
    // State (invariant I12).
    if let external = received.external, let first = context.isExternalKnown(external.key) {
        return .refused(Refusal(.externalKnown, at: "/data/external", [first], firstCase: first))
    }
    // Rule.
    if rulebook.version == 0 { return .refused(Refusal(.noRulebook, at: "/type")) }
    if let refusal = unknownCode(received, rulebook) { return .refused(refusal) }

    received.group = rulebook.channelGroup(of: received.channel)
    received.isSourceClock = peer.backfills(claim.source)
    received.code = ExtractionCode(epoch: context.codeEpoch, round: 1)
    var serial = claim.subject
    var previous: String?
    if serial == nil {
        let prefix = serialPrefix(received.district ?? rulebook.city, rulebook.zone.day(of: time.instant))
        let last = context.lastSerial(prefix)
        guard last.number < 999_999 else { return .refused(Refusal(.serialsExhausted, at: "/data/district", [prefix])) }
        previous = last.serial
        serial = prefix + padded(last.number + 1)
        received.serial = serial
    }
    guard let serial else { return .refused(Refusal(.subjectMissing, at: "/subject")) }

    let profile = rulebook.profile(
        channel: received.channel, nature: received.nature, category: received.category, urgency: received.urgency,
        level: received.mailbox.flatMap { rulebook.mailboxes[$0]?.level })
    var limits = StatementBuilder(rulebook)
    for limit in profile?.limits ?? [] where limit.from == .received && limit.kind.isOfCase { limits.add(limit, at: time.instant) }
    if let gap = limits.gap { return .refused(Ladder.gap(gap, "/time")) }
    received.deadlines = limits.statement(rule: profile?.name)

    var draft = Draft(context, claim: claim, time: time)
    draft.open(StreamName(serial), at: 0, nil)
    // Numbers are unbroken and unique without a counter: the one before must exist, this one not.
    if let previous { draft.check(.exists(StreamName(previous))) }
    draft.received(serial, code: received.code)
    draft.record(received, deadlines: received.deadlines)
    return .admitted(draft.finish())
}

private func unknownCode(_ received: AppealReceived, _ rulebook: Rulebook) -> Refusal? {
    let listed: [(String?, CodeList, String)] = [
        (received.channel, .channel, "channel"), (received.legacyLine, .legacyLine, "legacyLine"), (received.nature, .nature, "nature"),
        (received.category, .category, "category"), (received.district, .district, "district"), (received.urgency, .urgency, "urgency"),
    ]
    for (code, list, member) in listed { if let refusal = Ladder.unknown(code, in: list, member, rulebook) { return refusal } }
    if let mailbox = received.mailbox, rulebook.mailboxes[mailbox] == nil { return Ladder.unknown("/data/mailbox", "mailboxes") }
    for (index, unit) in received.accused.enumerated() {
        if let refusal = Ladder.unknownUnit(unit, "/data/accused/\(index)", rulebook) { return refusal }
    }
    return nil
}

/// `510104-20170301-`
private func serialPrefix(_ code: String, _ day: Day) -> String {
    let (year, month, number) = day.civil
    return "\(code)-\(String(year * 10_000 + month * 100 + number))-"
}

/// Six digits.
private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
}
