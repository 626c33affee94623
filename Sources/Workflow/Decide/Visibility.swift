extension Peer {
    /// Whether a case exists for this peer (domain.md §2): the union of what its role and grants see.
    ///
    /// A case of class whistleblower is seen by the source that brought it, by its appellant and by `access.granted` only; a unit that it accuses,
    /// and those below, never see it by their unit.
    public func sees(_ state: CaseState, _ rulebook: Rulebook, isAccessGranted: Bool = false) -> Bool {
        if role == .engine || isAccessGranted || holds(.citizen) { return true }
        if holds(.intake), holds(source: state.source) { return true }
        if state.isWhistleblower { return false }
        if role == .operator || role == .auditor { return true }
        for grant in [Grant.dispatch, .supervise, .callback, .publicity, .score] where holds(grant) { return true }
        if holds(.unit), state.assignments.contains(where: { speaks(for: $0.unit, in: rulebook.units) && !isAccused(state, rulebook) }) {
            return true
        }
        return holds(.leader) && leads(state, rulebook)
    }

    /// Whether one of its units is accused, or stands below one that is (invariant I11).
    private func isAccused(_ state: CaseState, _ rulebook: Rulebook) -> Bool {
        state.accused.contains { accused in units.contains { rulebook.units.isWithin($0, accused) } }
    }

    /// A leader reads the letters of own mailboxes, and what units below handle; but nothing that accuses the mailbox's unit (invariant I11).
    private func leads(_ state: CaseState, _ rulebook: Rulebook) -> Bool {
        let own = rulebook.mailboxes.values.filter { mailbox in
            (mailbox.leader.map { speaks(forLeader: $0) } ?? false || mailboxes.contains(mailbox.id))
                && state.accusedUnit(among: [mailbox.unit], in: rulebook.units) == nil
        }
        if own.contains(where: { $0.id == state.mailbox }) { return true }
        var handling = state.assignments.map { $0.unit }
        if let unit = state.mailbox.flatMap({ rulebook.mailboxes[$0]?.unit }) { handling.append(unit) }
        return handling.contains { unit in own.contains { rulebook.units.isWithin(unit, $0.unit) } }
    }
}

extension CaseState {
    /// The first of some units that the case accuses, itself or from above (invariant I11).
    func accusedUnit(among units: [String], in tree: UnitTree) -> String? {
        units.first { unit in accused.contains { tree.isWithin(unit, $0) } }
    }
}
