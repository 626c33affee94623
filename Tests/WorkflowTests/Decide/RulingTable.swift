import Testing

@testable import Workflow

/// What the dispatcher rules on: replies, extensions, pauses, merging and links.
@Suite struct RulingTable {
    @Test(
        "reviewed replies",
        arguments: [
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-01T09:20 signed
            dispatch 03-01T09:30 reply-approved -> !not-replied /data/assignment
            transport 03-01T09:40 replied kind=interim public=x promisedDate=2017-03-09
            dispatch 03-01T09:50 reply-approved -> !not-replied /data/assignment
            transport 03-02T09:00 replied kind=solved public=x -> replied{approved=none}
            dispatch 03-02T10:00 closed result=solved -> !not-counted-yet /type
            transport 03-02T10:00 reply-approved -> !type-not-granted /type
            dispatch 03-02T10:00 reply-sent-back -> !member-missing /data/reason
            dispatch 03-02T10:00 reply-sent-back reason=x -> overdue{kind=contact} reply-sent-back{assignment=1}
            dispatch 03-02T10:00 reply-sent-back reason=x -> !not-replied /data/assignment
            citizen 03-02T10:10 rated handling=1 -> !nothing-to-rate /data/round
            transport 03-02T11:00 signed -> !already-signed /data/assignment
            transport 03-03T09:00 replied kind=solved public=x -> replied
            dispatch 03-03T10:00 reply-approved -> reply-approved
            dispatch 03-03T10:00 reply-approved -> !not-replied /data/assignment
            dispatch 03-03T11:00 reply-sent-back reason=x assignment=1 -> reply-sent-back
            transport 03-03T12:00 replied kind=solved public=x
            dispatch 03-03T13:00 reply-approved
            dispatch 03-03T14:00 closed result=solved -> closed{lead=1}
            dispatch 03-03T15:00 reply-sent-back reason=x -> !case-closed /subject
            """,
            // T9: a reply that is sent back counts as none; if its due has passed by then, the overdue is recorded, with the old due.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-01T09:20 signed
            transport 03-01T09:30 contacted reached=true
            transport 03-06T09:00 replied kind=solved public=x
            tick 03-07T00:00 -> nothing
            dispatch 03-07T10:00 reply-sent-back reason=x -> reply-sent-back overdue{assignment=1,kind=reply,due=2017-03-07T00:00:00+08:00}
            transport 03-07T11:00 replied kind=solved public=x -> replied
            tick 03-10T00:00 -> nothing
            """,
            // In time when it is sent back: it may still become overdue.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-06T09:00 replied kind=solved public=x -> replied{approved=true}
            dispatch 03-07T10:00 reply-sent-back reason=x -> reply-sent-back
            dispatch 03-07T11:00 closed result=solved -> !not-counted-yet /type
            tick 03-09T00:00 -> overdue{assignment=1,kind=reply}
            """,
        ])
    func replies(_ row: String) throws { try Script.run(row) }

    /// Profile closing `on-approval` with review: the approval closes the case.
    @Test func approvalCloses() throws {
        var profiles = TestRulebook.profiles
        profiles.append(
            ServiceProfile(id: "both", version: 1, match: .init(channel: "forum"), limits: [], replyReview: .dispatch, closing: .onApproval))
        profiles.append(
            ServiceProfile(
                id: "later", version: 1, match: .init(channel: "plain"), limits: [], replyReview: .dispatch, closing: .afterWorkingDays(2)))
        try Script.run(
            """
            intake 03-01T09:00 received channel=forum title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-01T10:00 assigned unit=510104-water
            transport 03-02T10:00 replied kind=explained public=x -> replied{approved=none}
            water 03-02T10:00 replied kind=solved public=x -> replied
            dispatch 03-02T11:00 reply-approved assignment=2 -> reply-approved
            dispatch 03-02T11:00 reply-approved -> reply-approved{assignment=1} closed{by=engine,result=explained,lead=1}
            """, World(TestRulebook.make(profiles: profiles)))
        // After two working days of silence, from the approval on.
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-02T10:00 replied kind=solved public=x
            autoclose 03-20T00:00 -> nothing
            dispatch 03-06T11:00 reply-approved -> reply-approved
            autoclose 03-08T23:59 -> nothing
            autoclose 03-09T00:00 -> closed{by=engine,result=solved,lead=1}
            """, World(TestRulebook.make(profiles: profiles)))
    }

    @Test(
        "extensions",
        arguments: [
            // T10: from the old due day, at most maxExtension in all.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 extension-granted -> !extension-not-pending /data/assignment
            transport 03-02T10:00 extension-requested reason=x -> !member-missing /data/by
            transport 03-02T10:00 extension-requested by=3wd -> !member-missing /data/reason
            transport 03-02T10:00 extension-requested by=3wd reason=x kind=sign -> !no-such-limit /data/kind
            transport 03-02T10:00 extension-requested by=6wd reason=x -> !extension-too-long /data/by
            transport 03-02T10:00 extension-requested by=30d reason=x -> !extension-too-long /data/by
            transport 03-02T10:00 extension-requested by=3wd reason=x -> extension-requested{assignment=1,kind=reply}
            transport 03-02T11:00 extension-requested by=3wd reason=x -> !extension-pending /data/assignment
            dispatch 03-02T12:00 extension-granted by=6wd -> !extension-too-long /data/by
            transport 03-02T12:00 extension-granted -> !type-not-granted /type
            dispatch 03-02T12:00 extension-granted oldDue=2017-03-09T00:00:00+08:00 -> !member-not-yours /data/oldDue
            dispatch 03-02T12:00 extension-granted -> extension-granted{by=3wd,kind=reply,oldDue=2017-03-09T00:00:00+08:00,newDue=2017-03-14T00:00:00+08:00,dueDay=2017-03-13,calendar=cn-2017@1}
            dispatch 03-02T12:00 extension-refused -> !extension-not-pending /data/assignment
            transport 03-03T10:00 extension-requested by=3wd reason=x -> !extension-too-long /data/by
            transport 03-03T10:00 extension-requested by=2wd reason=x -> extension-requested
            dispatch 03-03T11:00 extension-refused ruling=x -> extension-refused{assignment=1}
            tick 03-13T23:59 -> nothing
            tick 03-14T00:00 -> overdue{kind=reply,dueDay=2017-03-13}
            transport 03-14T10:00 extension-requested by=2wd reason=x -> !extension-too-late /time
            """,
            // A pending request stops nothing; granted after the due it takes the overdue back.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-08T10:00 extension-requested by=3wd reason=x
            tick 03-09T00:00 -> overdue
            dispatch 03-09T10:00 extension-granted by=2wd -> extension-granted{by=2wd,dueDay=2017-03-10} overdue-rescinded{kind=reply,oldDue=2017-03-09T00:00:00+08:00,newDue=2017-03-11T00:00:00+08:00,why=extension}
            tick 03-10T10:00 -> nothing
            tick 03-11T00:00 -> overdue{dueDay=2017-03-10}
            transport 03-11T10:00 replied kind=solved public=x -> replied
            transport 03-11T11:00 extension-requested by=1wd reason=x -> !already-replied /data/assignment
            """,
            // The new due has passed as well.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-08T10:00 extension-requested by=1wd reason=x
            dispatch 03-10T10:00 extension-granted -> overdue{dueDay=2017-03-08} extension-granted overdue-rescinded overdue{dueDay=2017-03-09}
            """,
            // Without maxExtension the limit can't be extended, but for an importer.
            """
            importer 03-01T09:00 received channel=app title=t
            importer 03-01T10:00 assigned unit=510104-transport
            transport 03-02T10:00 extension-requested by=1wd reason=x -> !extension-too-long /data/by
            importer 03-02T10:00 extension-requested by=100d reason=x -> extension-requested
            dispatch 03-02T10:00 declined reason=beyond-duty -> !already-accepted
            importer 03-03T10:00 extension-granted -> extension-granted{dueDay=2017-06-14,calendar=none}
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-02T10:00 extension-requested by=9999wd reason=x -> !year-without-calendar /data/by
            citizen 03-03T10:00 withdrawn
            transport 03-03T11:00 extension-requested by=1wd reason=x -> !case-withdrawn /subject
            dispatch 03-03T11:00 extension-refused -> !case-withdrawn /subject
            """,
        ])
    func extensions(_ row: String) throws { try Script.run(row) }

    @Test(
        "pauses",
        arguments: [
            // T11: days after the day of the pause, through the day of the resuming, don't count.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-03T10:00 clock-paused reason=weather -> !type-not-granted /type
            dispatch 03-03T10:00 clock-paused reason=zz -> !unknown-code /data/reason
            dispatch 03-03T10:00 clock-resumed -> !not-paused /data/assignment
            dispatch 03-03T10:00 clock-paused reason=weather -> clock-paused{assignment=1}
            dispatch 03-03T11:00 clock-paused reason=weather -> !already-paused /data/assignment
            tick 03-20T00:00 -> nothing
            dispatch 03-14T10:00 clock-resumed -> clock-resumed deadline-recomputed{assignment=1,kind=reply,oldDue=2017-03-09T00:00:00+08:00,newDue=2017-03-18T00:00:00+08:00,dueDay=2017-03-17,why=pause}
            tick 03-17T23:59 -> nothing
            tick 03-18T00:00 -> overdue{dueDay=2017-03-17}
            """,
            // On the due day: the day of the resuming is the last.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-08T10:00 clock-paused reason=weather
            dispatch 03-14T10:00 clock-resumed -> clock-resumed deadline-recomputed{dueDay=2017-03-14}
            """,
            // The same day: nothing moves. What was overdue stays so.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 clock-paused reason=weather
            dispatch 03-02T12:00 clock-resumed -> clock-resumed
            dispatch 03-09T10:00 clock-paused reason=weather -> overdue{dueDay=2017-03-08} clock-paused
            dispatch 03-14T12:00 clock-resumed -> clock-resumed
            """,
            // Hours and calendar days.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            dispatch 03-01T10:10 clock-paused reason=weather
            dispatch 03-04T10:10 clock-resumed -> clock-resumed deadline-recomputed{kind=sign,dueDay=2017-03-06} deadline-recomputed{kind=contact,newDue=2017-03-05T09:10:00+08:00} deadline-recomputed{kind=return,dueDay=2017-03-07}
            """,
            """
            intake 03-01T09:00 received channel=app title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            dispatch 03-02T10:10 clock-paused reason=weather
            transport 03-05T10:00 noted internal=x
            dispatch 03-09T10:10 clock-resumed -> clock-resumed deadline-recomputed{kind=reply,dueDay=2017-03-13}
            """,
            // A counted reply ends the pause and gets its time back; an interim one doesn't.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-03T10:00 clock-paused reason=weather
            transport 03-06T10:00 replied kind=interim public=x promisedDate=2017-03-20 -> replied
            transport 03-14T10:00 replied kind=solved public=x -> replied deadline-recomputed{dueDay=2017-03-17,why=pause}
            tick 03-31T00:00 -> nothing
            dispatch 03-15T10:00 clock-resumed -> !not-paused /data/assignment
            dispatch 03-15T10:00 clock-paused reason=weather -> !already-replied /data/assignment
            """,
            // An extension in a pause.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-03T10:00 clock-paused reason=weather
            transport 03-10T10:00 extension-requested by=2wd reason=x -> extension-requested
            dispatch 03-10T10:00 extension-granted -> extension-granted{dueDay=2017-03-10}
            dispatch 03-14T10:00 clock-resumed -> clock-resumed deadline-recomputed{oldDue=2017-03-11T00:00:00+08:00,dueDay=2017-03-21}
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 12-28T10:00 clock-paused reason=weather @now=12-28T10:00 -> overdue clock-paused
            citizen 12-29T10:00 withdrawn
            dispatch 12-29T10:00 clock-resumed -> !case-withdrawn /subject
            """,
        ])
    func pauses(_ row: String) throws { try Script.run(row) }

    @Test(
        "unmerged, linked",
        arguments: [
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            intake 03-01T09:02 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport @case=1
            dispatch 03-01T11:00 unmerged reason=wrong @case=2 -> !not-merged /type
            dispatch 03-01T11:00 merged into=$1 @case=2
            dispatch 03-01T11:00 unmerged @case=2 -> !member-missing /data/reason
            dispatch 03-09T11:00 unmerged reason=wrong @case=2 -> unmerged{reason=wrong} overdue{assignment=1} voided{revision=4,type=appeal.linked}
            dispatch 03-09T11:10 merged into=$3 @case=1 -> merged linked
            dispatch 03-09T11:20 assigned unit=510104-water @case=2 -> assigned{role=lead}
            dispatch 03-09T11:30 merged into=$3 @case=2 -> merged linked
            transport 03-09T12:00 noted internal=x @case=3 -> !case-unknown
            dispatch 03-09T12:00 answered-directly public=x @case=3
            dispatch 03-09T13:00 closed result=solved @case=3 -> closed closed closed
            dispatch 03-09T14:00 unmerged reason=wrong @case=2 -> !case-closed /subject
            """,
            // A case that has moved on to another parent isn't closed with the first.
            """
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:01 received channel=plain title=t
            dispatch 03-01T11:00 merged into=$1 @case=2
            dispatch 03-01T11:10 unmerged reason=wrong @case=2
            dispatch 03-01T11:20 answered-directly public=x @case=1
            dispatch 03-01T11:30 closed result=solved @case=1 -> closed
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t accessClass=whistleblower
            intake 03-01T09:02 received channel=mailbox title=t
            dispatch 03-01T10:00 linked to=$3 kind=child @case=1 -> !member-malformed /data/kind
            dispatch 03-01T10:00 linked to=$3 @case=1 -> !member-missing /data/kind
            dispatch 03-01T10:00 linked to=none kind=repeat @case=1 -> !case-unknown /data/to
            dispatch 03-01T10:00 linked to=$2 kind=repeat @case=1 -> !case-unknown /data/to
            dispatch 03-01T10:00 linked to=$1 kind=repeat @case=1 -> !linked-to-itself /data/to
            dispatch 03-01T10:00 linked to=$3 kind=repeat similarity=87 @case=1 -> linked{similarity=87}
            dispatch 03-01T10:00 linked to=$3 kind=repeat @case=1 -> !already-linked /data/to
            dispatch 03-01T10:00 linked to=$3 kind=related @case=1 -> linked
            """,
        ])
    func linking(_ row: String) throws { try Script.run(row) }
}
