import Testing

/// Overdue, late recording, source clocks (T6–T9).
@Suite struct ClockTable {
    @Test(
        "overdue",
        arguments: [
            // Once, at its due, before the claim that comes after it; exclusive: at due is late, a microsecond before is not.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-08T23:59:59 replied kind=solved public=x -> replied
            tick 03-31T00:00 -> nothing
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-09T00:00 replied kind=solved public=x -> overdue{assignment=1,kind=reply,dueDay=2017-03-08,due=2017-03-09T00:00:00+08:00,calendar=cn-2017@1} replied
            tick 03-31T00:00 -> nothing
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            tick 03-08T23:59:59 -> nothing
            tick 03-09T00:00 -> overdue
            tick 03-10T00:00 -> nothing
            transport 03-10T00:00 replied kind=solved public=x -> replied
            """,
            // Recorded late, but in time: the overdue is rescinded in the same commit, and never comes again.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            tick 03-09T00:00 -> overdue
            transport 03-08T12:00 replied kind=solved public=x @now=03-09T09:00 -> replied{outOfOrder=true} overdue-rescinded{assignment=1,kind=reply,oldDue=2017-03-09T00:00:00+08:00,newDue=none,why=late-recorded}
            tick 03-31T00:00 -> nothing
            """,
            // Recorded late before the ticker came: nothing was overdue.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-08T12:00 replied kind=solved public=x @now=03-09T09:00 -> replied{outOfOrder=none}
            tick 03-31T00:00 -> nothing
            """,
            // A late signature recorded after the contact that already showed it.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-02T10:00 contacted reached=true -> overdue{kind=contact} contacted
            tick 03-04T00:00 -> nothing
            transport 03-02T09:00 contacted reached=true @now=03-02T18:00 -> contacted{outOfOrder=true} overdue-rescinded{kind=contact}
            """,
            // Out of order is flagged, not refused.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 accepted
            dispatch 03-01T09:30 assigned unit=510104-transport @now=03-01T10:30 -> assigned{outOfOrder=true,deadlines/0/dueDay=2017-03-08}
            transport 03-01T09:40 signed @now=03-01T10:30 -> signed{outOfOrder=true}
            transport 03-01T10:00 noted internal=x -> noted{outOfOrder=none}
            """,
            // What is void falls due no more.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 assigned unit=510104-water replaces=1 -> assigned{role=lead,deadlines/0/dueDay=2017-03-09}
            tick 03-09T00:00 -> nothing
            tick 03-10T00:00 -> overdue{assignment=2}
            """,
        ])
    func overdue(_ row: String) throws { try Script.run(row) }

    @Test(
        "source clocks",
        arguments: [
            // The wall clock says nothing; a later event of the case does.
            """
            importer 03-01T09:00 received channel=mailbox title=t @now=12-01T00:00
            importer 03-01T10:00 assigned unit=510104-transport @now=12-01T00:00
            tick 12-01T00:00 -> nothing
            importer 03-08T10:00 noted internal=x @now=12-01T00:00 -> noted
            importer 03-09T10:00 noted internal=x @now=12-01T00:00 -> overdue{dueDay=2017-03-08} noted
            """,
            // So does clock.advanced, to any time and not back, and hands over to the wall clock.
            """
            importer 03-01T09:00 received channel=mailbox title=t @now=12-01T00:00
            importer 03-01T10:00 assigned unit=510104-transport @now=12-01T00:00
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-08T23:59:59+08:00 -> clock.advanced
            tick 12-01T00:00 -> nothing
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-08T00:00:00+08:00 -> !clock-backwards /data/now
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-12-02T00:00:00+08:00 -> !time-in-future /data/now
            importer 12-01T00:00 clock.advanced source=/other now=2017-03-08T00:00:00+08:00 -> !source-not-granted /data/source
            importer 12-01T00:00 clock.advanced source=/import/ -> !member-missing /data/now
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-09T00:00:00+08:00 live=true -> !member-malformed /data/live
            importer 12-01T00:00 clock.advanced source=/import/ live=false -> !member-malformed /data/live
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-09T00:00:00+08:00 @rev=0 -> !revision-conflict /expectedrevision
            importer 12-01T00:00 clock.advanced source=/import/ live=true @subject=x -> !subject-not-expected /subject
            intake 12-01T00:00 clock.advanced source=/intake live=true -> !type-not-granted /type
            importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-09T00:00:00+08:00 @rev=1 -> clock.advanced
            tick 12-01T00:00 -> overdue{dueDay=2017-03-08}
            importer 12-01T00:00 assigned unit=510104-water @now=12-01T00:00
            tick 12-12T00:00 -> nothing
            importer 12-12T00:00 clock.advanced source=/import/ live=true -> clock.advanced
            importer 12-12T00:00 clock.advanced source=/import/ now=2017-12-01T00:00:00+08:00 -> !clock-backwards /data/now
            tick 12-12T00:00 -> overdue{assignment=2}
            """,
        ])
    func sourceClocks(_ row: String) throws { try Script.run(row) }
}
