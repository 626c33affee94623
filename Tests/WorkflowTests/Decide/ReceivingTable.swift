import Testing
import Workflow

/// Rows of the small city's life. How they read: `Script`.
@Suite struct ReceivingTable {
    @Test(
        "received, accepted, declined, answered directly",
        arguments: [
            // Serials: by district or city, by local day of `time`, unbroken.
            """
            intake 03-01T09:00 received channel=plain title=t district=510104 -> received{serial=510104-20170301-000001,group=core,code/epoch=2,code/round=1,wantReply=true}
            intake 03-01T23:59:59 received channel=plain text=x district=510104 -> received{serial=510104-20170301-000002}
            intake 03-02T00:00 received channel=plain title=t district=510104 -> received{serial=510104-20170302-000001}
            intake 03-02T00:00 received channel=plain title=t -> received{serial=5101-20170302-000001}
            intake 03-02T00:10 received channel=plain title=t district=510105 @time=2017-03-01T16:00:00Z -> received{serial=510105-20170302-000001}
            """,
            // Groups, and numbers of what is sealed.
            """
            intake 03-01T09:00 received channel=forum title=t external={"platform":"rmw","id":"p-1","url":"https://x/1"} attachments=[{"name":"a.jpg","href":"h"}] -> received{group=external,external/platform=rmw,external/url=none,attachments=1,title=none}
            intake 03-01T09:01 received channel=forum title=t external={"platform":"rmw","id":"p-1"} -> !external-known /data/external
            intake 03-01T09:02 received channel=forum title=t external={"platform":"rmw","id":"p-2"} -> received
            intake 03-01T09:03 received channel=forum title=t external={"platform":"mala","id":"p-1"} -> received
            """,
            // An importer brings its own serial, and its cases run on the source's clock.
            """
            importer 03-01T09:00 received channel=plain title=t @subject=SR-17.00_1 -> received{serial=none,clock=source}
            importer 03-01T09:00 received channel=plain title=t @subject=SR-17.00_1 -> !serial-taken /subject
            importer 03-01T09:00 received channel=plain title=t -> received{serial=5101-20170301-000001,clock=source}
            intake 03-01T09:00 received channel=plain title=t @subject=SR-2 -> !subject-not-granted /subject
            importer 03-01T09:00 received channel=plain title=t @subject=a/b -> !attribute-malformed /subject
            importer 03-01T09:00 received channel=plain title=t @subject=@log -> !attribute-malformed /subject
            """,
            // Source and grant come before everything that depends on the case.
            """
            intake 03-01T09:00 received channel=plain title=t @source=/other -> !source-not-granted /source
            intake 03-01T09:00 received channel=plain title=t @source=/engine -> !source-not-granted /source
            dispatch 03-01T09:00 received channel=plain title=t -> !type-not-granted /type
            auditor 03-01T09:00 received channel=plain title=t -> !type-not-granted /type
            mailroom 03-01T09:00 received channel=mailbox title=t mailbox=510104-head -> !mailbox-not-granted /data/mailbox
            mailroom 03-01T09:00 received channel=mailbox title=t mailbox=mayor -> received
            intake 03-01T09:00 received channel=plain title=t @rev=0 -> received
            intake 03-01T09:00 received channel=plain title=t @rev=1 -> !revision-conflict /expectedrevision
            """,
            // Times (T6).
            """
            intake 03-01T09:00 received channel=plain title=t @now=03-01T08:55 -> received
            intake 03-01T09:00 received channel=plain title=t @now=03-01T08:54:59 -> !time-in-future /time
            intake 03-01T09:00 received channel=plain title=t @now=03-02T09:00 -> received
            intake 03-01T09:00 received channel=plain title=t @now=03-02T09:00:01 -> !time-too-old /time
            importer 03-01T09:00 received channel=plain title=t @now=12-31T09:00 -> received
            intake 03-01T09:00 received channel=plain title=t @time=none -> received
            """,
            // Codes of the rulebook; a list without codes knows none, but for legacyLine.
            """
            intake 03-01T09:00 received channel=phone title=t -> !unknown-code /data/channel
            intake 03-01T09:00 received channel=plain title=t nature=x -> !unknown-code /data/nature
            intake 03-01T09:00 received channel=plain title=t category=transport.tram -> !unknown-code /data/category
            intake 03-01T09:00 received channel=plain title=t district=1 -> !unknown-code /data/district
            intake 03-01T09:00 received channel=plain title=t urgency=x -> !unknown-code /data/urgency
            intake 03-01T09:00 received channel=plain title=t mailbox=x -> !unknown-code /data/mailbox
            intake 03-01T09:00 received channel=plain title=t accused=["510104-water","x"] -> !unknown-code /data/accused/1
            intake 03-01T09:00 received channel=plain title=t legacyLine=a/b -> !member-malformed /data/legacyLine
            intake 03-01T09:00 received channel=plain title=t legacyLine=water-8766 -> received
            """,
            // Limits from receipt are stated, and the first acts stop them; late ones leave an overdue.
            """
            intake 03-01T09:00 received channel=hotline title=t -> received{deadlines/0/kind=accept,deadlines/0/due=2017-03-01T09:30:00+08:00,deadlines/0/dueDay=2017-03-01,deadlines/1/kind=dispatch,deadlines/1/due=2017-03-01T11:00:00+08:00,calendar=none,rule=full@1}
            tick 03-01T09:29 -> nothing
            dispatch 03-01T09:29 accepted -> accepted{implied=none,rule=full@1,review=dispatch,closing=none,deadlines/0/kind=close,deadlines/0/dueDay=2017-03-13}
            tick 03-01T10:59 -> nothing
            dispatch 03-01T11:00 assigned unit=510104-transport -> overdue{assignment=0,kind=dispatch,due=2017-03-01T11:00:00+08:00} assigned
            """,
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T12:00 declined reason=beyond-duty redirect=court explained=true -> overdue{kind=accept} overdue{kind=dispatch} declined
            """,
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 declined reason=beyond-duty -> declined
            tick 03-31T09:10 -> nothing
            dispatch 03-01T09:20 declined reason=beyond-duty -> !case-declined /subject
            dispatch 03-01T09:20 accepted -> !case-declined /subject
            dispatch 03-01T09:20 assigned unit=510104-transport -> !case-declined /subject
            """,
            // Acceptance and its like.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 declined reason=x -> !unknown-code /data/reason
            dispatch 03-01T09:10 accepted profile=nobody -> !unknown-code /data/profile
            intake 03-01T09:10 accepted -> !type-not-granted /type
            dispatch 03-01T09:10 accepted @rev=2 -> !revision-conflict /expectedrevision
            dispatch 03-01T09:10 accepted @subject=none -> !subject-missing /subject
            dispatch 03-01T09:10 accepted @subject=5101-20170301-000099 -> !case-unknown /subject
            dispatch 03-01T09:10 accepted profile=full@2 @rev=1 -> !unknown-code /data/profile
            dispatch 03-01T09:10 accepted profile=full@x @rev=1 -> !member-malformed /data/profile
            dispatch 03-01T09:10 accepted profile=full@1 @rev=1 -> accepted{profile=full@1,rule=full@1}
            dispatch 03-01T09:11 accepted -> !already-accepted /type
            dispatch 03-01T09:12 declined reason=beyond-duty -> !already-accepted /type
            dispatch 03-01T09:20 assigned unit=510104-transport -> assigned{rule=full@1}
            """,
            // Direct answers.
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=510104-head
            dispatch 03-01T09:10 answered-directly public=yes kind=interim -> !member-malformed /data/kind
            dispatch 03-01T09:10 answered-directly public=yes leader=nobody -> !unknown-code /data/leader
            leader 03-01T09:10 answered-directly public=yes leader=mayor -> !leader-not-granted /data/leader
            leaders 03-01T09:10 answered-directly public=yes -> !leader-not-granted /data/leader
            leader 03-01T09:10 answered-directly public=yes kind=explained post=区长 policyRefs=[{"title":"p"}] -> accepted{implied=true,rule=letter-5wd@3} answered-directly{unit=510104,leader=510104-head,kind=explained,policyRefs=1}
            dispatch 03-01T09:20 answered-directly public=yes -> !already-handled /type
            citizen 03-01T09:30 rated handling=5 -> rated{round=1}
            dispatch 03-01T10:00 closed result=explained -> closed{by=dispatch,lead=none}
            """,
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 answered-directly internal=x -> accepted answered-directly{unit=city,kind=none}
            """,
            """
            town 03-01T09:00 received channel=plain title=t accused=["510104"]
            town 03-01T09:10 answered-directly internal=x -> accepted answered-directly{unit=city}
            """,
            """
            town 03-01T09:00 received channel=plain title=t accused=["city"]
            town 03-01T09:10 answered-directly internal=x -> !unit-accused /data
            """,
            // Closing on approval: the answer itself ends the case.
            """
            intake 03-01T09:00 received channel=app title=t
            dispatch 03-01T09:10 answered-directly public=x kind=rejected -> accepted{closing=on-approval} answered-directly closed{by=engine,result=unsolved}
            """,
            // Nothing else may open a case, nor name what isn't one.
            """
            dispatch 03-01T09:10 accepted @subject=$1 -> !attribute-malformed /subject
            dispatch 03-01T09:10 accepted @subject=nothing -> !case-unknown /subject
            """,
            // A day limit that reaches into 2018, whose notice isn't out.
            """
            intake 12-26T09:00 received channel=mailbox title=t
            dispatch 12-26T10:00 assigned unit=510104-transport -> !year-without-calendar /time
            dispatch 12-26T10:00 instructed @subject=none leader=mayor text=x -> !subject-missing /subject
            """,
            """
            intake 12-22T09:00 received channel=mailbox title=t
            dispatch 12-22T10:00 assigned unit=510104-transport -> accepted assigned{deadlines/0/dueDay=2017-12-29,deadlines/0/due=2017-12-30T00:00:00+08:00}
            """,
        ])
    func rows(_ row: String) throws { try Script.run(row) }

    @Test func noRulebookNoCase() throws {
        let world = World()
        world.rulebook.version = 0
        try Script.run("intake 03-01T09:00 received channel=plain title=t -> !no-rulebook", world)
    }

    @Test func serialsOfADayEnd() throws {
        let world = World()
        world.serialsBefore["5101-20170301-"] = 999_998
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t -> received{serial=5101-20170301-999999}
            intake 03-01T09:00 received channel=plain title=t -> !serials-exhausted
            """, world)
    }
}
