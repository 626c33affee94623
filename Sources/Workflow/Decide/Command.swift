import EventModel

/// A claim on an existing case, with what every ladder needs: the state it is decided on and the time it happened.
struct Command {
    let claim: Claim
    let context: DecideContext
    let time: EventTime
    let state: CaseState

    var data: JSONValue { claim.data }
    var rulebook: Rulebook { context.rulebook }
    var peer: Peer { context.peer }

    func refusal(_ code: RefusalCode, _ pointer: String, _ parameters: [String] = []) -> Decision {
        .refused(Refusal(code, at: pointer, parameters))
    }

    /// A draft with the case's section opened and everything recorded that fell due before the claim.
    func draft() -> Draft {
        var draft = Draft(context, claim: claim, time: time)
        draft.open(state)
        draft.recordOverdue(asOf: time.instant, in: 0)
        return draft
    }

    /// The code of a list, else `unknown-code`. An empty list knows no code; only `legacyLine` may be left without one.
    func unknown(_ code: String?, in list: CodeList, _ member: String) -> Refusal? { Ladder.unknown(code, in: list, member, rulebook) }

    func unknownUnit(_ unit: String?, _ pointer: String) -> Refusal? { Ladder.unknownUnit(unit, pointer, rulebook) }

    /// `case-closed` and its like, if the case has ended.
    var ended: Refusal? {
        let serial = state.serial
        switch state.status {
        case .received, .accepted, .inHand, .replied: return nil
        case .closed: return Refusal(.caseClosed, at: "/subject", [serial])
        case .declined: return Refusal(.caseDeclined, at: "/subject", [serial])
        case .withdrawn: return Refusal(.caseWithdrawn, at: "/subject", [serial])
        case .terminated: return Refusal(.caseTerminated, at: "/subject", [serial])
        case .merged: return Refusal(.caseMerged, at: "/subject", [serial, state.mergedInto ?? ""])
        }
    }

    /// The live assignment a claim is about: the one it names, else the only one the peer may mean.
    ///
    /// A peer that may rule on all units' work (`dispatch`) may mean any of the case; a unit its own, else those of units below.
    func assignment(anyUnit: Bool) -> Result<Assignment, Refusal> {
        if let number = data["assignment"]?.integer {
            guard let assignment = state.assignment(number) else {
                return .failure(Refusal(.assignmentUnknown, at: "/data/assignment", [String(number)]))
            }
            if !anyUnit, !peer.speaks(for: assignment.unit, in: rulebook.units) {
                return .failure(Refusal(.unitNotGranted, at: "/data/assignment", [assignment.unit]))
            }
            guard assignment.isLive else { return .failure(Refusal(.assignmentEnded, at: "/data/assignment", [String(number), assignment.unit])) }
            return .success(assignment)
        }
        var live = state.liveAssignments.filter { anyUnit || peer.speaks(for: $0.unit, in: rulebook.units) }
        if !anyUnit, live.contains(where: { peer.units.contains($0.unit) }) { live.removeAll { !peer.units.contains($0.unit) } }
        guard let only = live.first else { return .failure(Refusal(.assignmentMissing, at: "/data/assignment", [state.serial])) }
        guard live.count == 1 else { return .failure(Refusal(.assignmentAmbiguous, at: "/data/assignment", [String(live.count)])) }
        return .success(only)
    }

    /// The refusal of a state an assignment is in, in words of that state.
    func refusal(_ code: RefusalCode, of assignment: Assignment) -> Decision {
        .refused(Refusal(code, at: "/data/assignment", [String(assignment.number), assignment.unit]))
    }
}

/// Rungs that several ladders share.
enum Ladder {
    /// Seconds a posted `time` may be ahead of the commit's clock (domain rule T6).
    static let maxAheadSeconds: Int64 = 300

    /// The peer holds one of the type's grants.
    static func grant(_ claim: Claim, _ peer: Peer) -> Refusal? {
        if claim.schema.grants.contains(where: peer.holds) { return nil }
        let names = claim.schema.grants.map { $0.rawValue }.joined(separator: " / ")
        return Refusal(.typeNotGranted, at: "/type", [claim.type.name, names])
    }

    /// A peer that posts by the grant `leader` speaks for its own leaders only; with one it may leave the name out where the type lets it.
    static func leader(_ claim: Claim, _ peer: Peer) -> Refusal? {
        guard claim.schema.grants.contains(.leader), !peer.holds(.dispatch) else { return nil }
        guard let leader = claim.data["leader"]?.string else {
            return peer.onlyLeader != nil ? nil : Refusal(.leaderNotGranted, at: "/data/leader")
        }
        return peer.speaks(forLeader: leader) ? nil : Refusal(.leaderNotGranted, at: "/data/leader")
    }

    /// A peer bound to mailboxes takes letters, and speaks for leaders, of those only.
    static func mailbox(_ claim: Claim, _ peer: Peer) -> Refusal? {
        guard !peer.mailboxes.isEmpty, let mailbox = claim.data["mailbox"]?.string, !peer.mailboxes.contains(mailbox) else { return nil }
        if claim.type != .appealReceived, peer.holds(.dispatch) { return nil }
        return Refusal(.mailboxNotGranted, at: "/data/mailbox")
    }

    /// Not ahead of the clock, not older than the peer may post (domain rule T6).
    static func time(_ time: EventTime, of source: String, _ context: DecideContext) -> Refusal? {
        let ahead = time.instant.microseconds - context.now.microseconds
        if ahead > maxAheadSeconds * 1_000_000 { return Refusal(.timeInFuture, at: "/time", [String(ahead / 1_000_000)]) }
        if context.peer.backfills(source) { return nil }
        let limit = context.peer.maxLatenessSeconds
        if -ahead > Int64(limit) * 1_000_000 { return Refusal(.timeTooOld, at: "/time", [String(-ahead / 1_000_000), String(limit)]) }
        return nil
    }

    static func unknown(_ code: String?, in list: CodeList, _ member: String, _ rulebook: Rulebook) -> Refusal? {
        guard let code, !rulebook.knows(code, in: list) else { return nil }
        if list == .legacyLine, rulebook.codes[list]?.isEmpty ?? true { return nil }
        return unknown("/data/\(member)", list.rawValue)
    }

    static func unknownUnit(_ unit: String?, _ pointer: String, _ rulebook: Rulebook) -> Refusal? {
        guard let unit, rulebook.units[unit] == nil else { return nil }
        return unknown(pointer, "units")
    }

    static func unknown(_ pointer: String, _ list: String) -> Refusal { Refusal(.unknownCode, at: pointer, [pointer, list]) }

    static func gap(_ gap: CalendarGap, _ pointer: String) -> Refusal { Refusal(.yearWithoutCalendar, at: pointer, [String(gap.year)]) }
}
