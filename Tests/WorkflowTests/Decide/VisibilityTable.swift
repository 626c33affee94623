import Testing

/// Who sees what (domain.md §2), and what accuses a unit (I11).
@Suite struct VisibilityTable {
    @Test(
        arguments: [
            // A whistle-blower's case: the source that brought it, its appellant, and who was granted access.
            """
            intake 03-01T09:00 received channel=mailbox title=t accessClass=whistleblower accused=["510104-transport"]
            dispatch 03-01T10:00 accepted -> !case-unknown /subject
            leader 03-01T10:00 instructed leader=510104-head text=x -> !case-unknown /subject
            citizen 03-01T10:00 rated handling=1 -> !nothing-to-rate
            intake 03-01T10:00 rated handling=1 -> !nothing-to-rate
            mailroom 03-01T10:00 rated handling=1 -> !case-unknown /subject
            """,
            // The accused, and those below, never get the case: not assigned, not forwarded, not suggested.
            """
            intake 03-01T09:00 received channel=mailbox title=t accused=["510104-transport"] mailbox=510104-head
            dispatch 03-01T10:00 assigned unit=510104-transport @rev=9 -> !unit-accused /data/unit
            dispatch 03-01T10:00 assigned unit=510104-transport-bus -> !unit-accused /data/unit
            leader 03-01T10:00 instructed leader=510104-head toUnits=["510104-water","510104-transport"] -> !unit-accused /data/toUnits/1
            dispatch 03-01T10:00 assigned unit=510104-water -> accepted assigned
            water 03-01T10:10 return-requested reason=not-ours suggestedUnit=510104-transport -> !unit-accused /data/suggestedUnit
            transport 03-01T10:10 noted internal=x -> !case-unknown /subject
            district 03-01T10:10 noted internal=x -> noted
            """,
            // Nor does the leader of the accused read it.
            """
            intake 03-01T09:00 received channel=mailbox title=t accused=["510104"] mailbox=510104-head
            leader 03-01T10:00 instructed leader=510104-head text=x -> !case-unknown /subject
            leaders 03-01T10:00 instructed leader=510104-head text=x -> instructed
            """,
            // Nor does it get it by a merge.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:00 received channel=mailbox title=t accused=["510104"]
            dispatch 03-01T10:00 assigned unit=510104-transport @case=1
            dispatch 03-01T10:00 merged into=$1 @case=2 -> !unit-accused /data/into
            """,
            // Intake sees its own sources, units their cases, leaders their mailboxes and the units below.
            """
            mailroom 03-01T09:00 received channel=mailbox title=t mailbox=mayor
            intake 03-01T10:00 rated handling=1 -> !case-unknown /subject
            mailroom 03-01T10:00 rated handling=1 -> !nothing-to-rate
            leader 03-01T10:00 instructed leader=510104-head text=x -> !case-unknown /subject
            leaders 03-01T10:00 instructed leader=mayor text=x -> instructed
            water 03-01T10:00 noted internal=x -> !case-unknown /subject
            dispatch 03-01T11:00 assigned unit=510104-transport
            leader 03-01T12:00 instructed leader=510104-head text=x -> instructed
            water 03-01T12:00 noted internal=x -> !case-unknown /subject
            district 03-01T12:00 noted internal=x -> noted{assignment=1}
            bus 03-01T12:00 noted internal=x -> !case-unknown /subject
            """,
        ])
    func rows(_ row: String) throws { try Script.run(row) }

    @Test func grantedAccessOpensTheCase() throws {
        let world = World()
        try Script.run("intake 03-01T09:00 received channel=mailbox title=t accessClass=whistleblower", world)
        world.granted = [world.serials[0]]
        try Script.run("dispatch 03-01T10:00 accepted -> accepted", world)
    }
}
