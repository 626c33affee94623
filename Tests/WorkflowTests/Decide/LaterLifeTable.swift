import Testing

@testable import Workflow

/// What comes beside and after the handling: supplements, ends, rounds, callbacks, supervision, archive.
@Suite struct LaterLifeTable {
    @Test(
        "withdrawn, terminated, supplemented",
        arguments: [
            // Live assignments are void; what was overdue stays, what was not never is.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-03T10:00 assigned unit=510104-water
            dispatch 03-02T10:00 withdrawn -> !type-not-granted /type
            citizen 03-09T10:00 withdrawn reason=zz -> !unknown-code /data/reason
            citizen 03-09T10:00 withdrawn reason=settled -> overdue{assignment=1} withdrawn{reason=settled}
            tick 03-31T00:00 -> nothing
            transport 03-10T10:00 replied kind=solved public=x -> !case-withdrawn /subject
            citizen 03-10T10:00 withdrawn -> !case-withdrawn /subject
            citizen 03-10T10:00 supplemented text=x -> !case-withdrawn /subject
            dispatch 03-10T10:00 reopened source=review reason=unsolved -> !not-closed /type
            """,
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 terminated reason=no-contact -> !member-missing /data/reviewer
            dispatch 03-01T09:10 terminated reason=zz reviewer=s-1 -> !unknown-code /data/reason
            dispatch 03-01T09:10 terminated reason=no-contact reviewer=s-1 explained=true public=x -> terminated{reviewer=s-1,explained=true}
            tick 03-31T00:00 -> nothing
            dispatch 03-01T09:20 assigned unit=510104-transport -> !case-terminated /subject
            dispatch 03-01T09:20 terminated reason=no-contact reviewer=s-1 -> !case-terminated /subject
            """,
            // Cases merged into it stand on their own again.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            dispatch 03-01T10:00 merged into=$1 @case=2
            citizen 03-01T11:00 withdrawn @case=2 -> !case-merged /subject
            citizen 03-01T11:00 supplemented text=x @case=2 -> supplemented
            citizen 03-01T12:00 withdrawn @case=1 -> withdrawn{reason=none} unmerged{reason=parent-ended}
            dispatch 03-01T13:00 assigned unit=510104-transport @case=2 -> assigned
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            citizen 03-01T10:00 supplemented -> !member-missing /data/text
            intake 03-01T10:00 supplemented text=x attachments=[{"name":"a","href":"https://x"}] -> supplemented{attachments=1}
            citizen 03-01T10:00 supplemented text=x -> supplemented{attachments=none}
            dispatch 03-01T10:00 supplemented text=x -> !type-not-granted /type
            """,
        ])
    func ends(_ row: String) throws { try Script.run(row) }

    @Test(
        "reopened",
        arguments: [
            // Round n + 1: a new assignment, new limits from the reopening on; the old callback limit is void.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 reopened source=review reason=unsolved -> !not-closed /type
            dispatch 03-01T10:00 closed result=solved -> closed{deadlines/0/kind=callback}
            dispatch 03-02T10:00 reopened source=review -> !member-missing /data/reason
            dispatch 03-02T10:00 reopened source=review reason=zz -> !unknown-code /data/reason
            dispatch 03-02T10:00 reopened source=review reason=unsolved round=2 -> !member-not-yours /data/round
            dispatch 03-02T10:00 reopened source=review reason=unsolved -> reopened{round=2}
            tick 03-08T00:00 -> nothing
            citizen 03-02T10:10 rated handling=1 round=1 -> rated{round=1}
            citizen 03-02T10:10 rated handling=1 -> !nothing-to-rate /data/round
            callback 03-02T10:10 called-back reached=true -> !nothing-to-rate /type
            dispatch 03-02T11:00 closed result=solved -> !not-counted-yet /type
            dispatch 03-02T11:00 assigned unit=510104-transport -> assigned{round=2,role=lead,assignment=1,deadlines/0/kind=sign,deadlines/3/kind=close,deadlines/3/from=accepted,deadlines/3/dueDay=2017-03-13}
            transport 03-02T12:00 replied kind=solved public=x
            dispatch 03-02T13:00 reply-approved -> reply-approved{assignment=1}
            dispatch 03-02T14:00 closed result=solved -> closed{lead=1,deadlines/0/kind=callback,deadlines/0/dueDay=2017-03-06}
            tick 03-31T00:00 -> overdue{assignment=0,kind=callback,dueDay=2017-03-06}
            """,
            // Limits from acceptance start anew; closed cases that were merged stay closed.
            """
            intake 03-01T09:00 received channel=app title=t
            intake 03-01T09:00 received channel=app title=t
            dispatch 03-01T09:10 merged into=$1 @case=2
            dispatch 03-01T09:10 answered-directly public=x @case=1 -> accepted answered-directly closed closed{by=parent}
            dispatch 03-10T10:00 reopened source=rating reason=unsolved @case=1 -> reopened
            dispatch 03-10T11:00 assigned unit=510104-transport @case=1 -> assigned{round=2,deadlines/0/from=accepted,deadlines/0/dueDay=2017-03-15}
            transport 03-11T12:00 replied kind=solved public=x @case=1 -> replied closed{by=engine}
            dispatch 03-12T10:00 reopened source=rating reason=unsolved @case=2 -> reopened{round=2}
            """,
        ])
    func rounds(_ row: String) throws { try Script.run(row) }

    @Test(
        "called back",
        arguments: [
            """
            intake 03-01T09:00 received channel=hotline title=t
            callback 03-01T09:05 called-back reached=true solved=yes -> !nothing-to-rate /type
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved
            citizen 03-02T10:00 called-back reached=true -> !type-not-granted /type
            callback 03-02T10:00 called-back solved=yes -> !member-missing /data/reached
            callback 03-02T10:00 called-back reached=false handling=1 -> !member-malformed /data/handling
            callback 03-02T10:00 called-back reached=false attempt=1 -> called-back{reached=false,attempt=1}
            callback 03-02T11:00 called-back reached=true solved=no handling=2 reply=3 attempt=2 words=x -> called-back{solved=no,handling=2,reply=3}
            tick 03-31T00:00 -> nothing
            """,
            // Too late: the callback itself is overdue, and still taken.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved
            callback 03-06T10:00 called-back reached=true -> overdue{kind=callback} called-back
            """,
        ])
    func callbacks(_ row: String) throws { try Script.run(row) }

    @Test(
        "urged, supervised, topics",
        arguments: [
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-01T10:00 assigned unit=510104-water
            dispatch 03-02T10:00 urged reason=due-soon -> !type-not-granted /type
            supervisor 03-02T10:00 urged -> !member-missing /data/reason
            supervisor 03-02T10:00 urged reason=zz -> !unknown-code /data/reason
            supervisor 03-02T10:00 urged reason=due-soon assignment=9 -> !assignment-unknown /data/assignment
            supervisor 03-02T10:00 urged reason=due-soon -> urged{assignment=none}
            supervisor 03-02T10:00 urged reason=due-soon assignment=2 -> urged{assignment=2}
            supervisor 03-02T10:00 supervision-ended result=done -> !not-supervised /data/assignment
            supervisor 03-02T10:00 supervised level=5 -> !member-malformed /data/level
            supervisor 03-02T10:00 supervised level=1 -> supervised{assignment=none,deadlines=none}
            supervisor 03-02T10:00 supervised level=2 within=1wd -> !assignment-ambiguous /data/assignment
            supervisor 03-02T10:00 supervised level=2 within=300wd assignment=1 -> !year-without-calendar /data/within
            supervisor 03-02T10:00 supervised level=2 within=1wd assignment=1 -> supervised{assignment=1,deadlines/0/kind=instruction,deadlines/0/from=supervised,deadlines/0/dueDay=2017-03-03}
            supervisor 03-02T11:00 supervised level=3 within=1wd assignment=1 -> supervised
            tick 03-04T00:00 -> overdue{assignment=1,kind=instruction}
            supervisor 03-04T10:00 supervision-ended result=done assignment=2 -> !not-supervised /data/assignment
            supervisor 03-04T10:00 supervision-ended result=done assignment=1 -> supervision-ended{result=done}
            supervisor 03-04T10:00 supervision-ended result=done assignment=1 -> !not-supervised /data/assignment
            citizen 03-04T11:00 withdrawn
            supervisor 03-04T12:00 supervised level=1 -> !case-withdrawn /subject
            supervisor 03-04T12:00 urged reason=due-soon -> !case-withdrawn /subject
            supervisor 03-04T12:00 supervision-ended result=done -> supervision-ended
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 topic-tagged topics=[] -> !member-malformed /data/topics
            dispatch 03-01T10:00 topic-tagged topics=["bus","noise"] -> topic-tagged{topics/0=bus,topics/1=noise}
            dispatch 03-01T10:00 declined reason=beyond-duty
            dispatch 03-01T10:00 topic-tagged topics=["noise","stop"] -> topic-tagged
            intake 03-01T10:00 topic-tagged topics=["x"] -> !type-not-granted /type
            """,
        ])
    func supervising(_ row: String) throws { try Script.run(row) }

    @Test(
        "archived",
        arguments: [
            // Ended cases only; after it only what invariant I8 lists, within the rating window.
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 archived -> !not-ended /type
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved
            intake 03-01T11:00 archived -> !type-not-granted /type
            dispatch 03-01T11:00 archived -> archived
            dispatch 03-01T12:00 archived -> !case-archived /subject
            dispatch 03-01T12:00 instructed leader=510104-head text=x -> !case-archived /subject
            dispatch 03-01T12:00 topic-tagged topics=["x"] -> !case-archived /subject
            dispatch 03-01T12:00 corrected changes=[{"member":"nature","value":"help"}] reason=x -> !case-archived /subject
            intake 03-01T12:00 code-reissued verifiedBy=phone -> code-reissued{code/round=2,code/epoch=2}
            citizen 03-31T23:59 rated handling=5 -> rated
            callback 03-31T23:59 called-back reached=true -> called-back
            citizen 04-01T00:00 rated handling=5 -> !rating-window-over /time
            callback 04-01T00:00 called-back reached=true -> !rating-window-over /time
            dispatch 04-01T00:00 reopened source=rating reason=unsolved -> !rating-window-over /time
            dispatch 03-31T23:59 reopened source=rating reason=unsolved -> reopened{round=2}
            dispatch 04-01T00:00 assigned unit=510104-transport -> assigned
            """,
            // A case that isn't archived takes ratings at any time; the figures leave late ones out.
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved
            citizen 06-01T00:00 rated handling=5 -> rated
            """,
            """
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 merged into=$1 @case=2
            dispatch 03-01T09:20 archived @case=2 -> !case-merged /subject
            dispatch 03-01T09:20 declined reason=beyond-duty @case=1
            dispatch 03-01T09:30 archived @case=1 -> archived
            dispatch 03-01T09:30 reopened source=review reason=unsolved @case=1 -> !not-closed /type
            intake 03-01T09:30 code-reissued -> !member-missing /data/verifiedBy
            intake 03-01T09:30 code-reissued verifiedBy=phone @case=1 -> code-reissued
            intake 03-01T09:40 code-reissued verifiedBy=phone @case=1 -> code-reissued{code/round=3}
            """,
        ])
    func archive(_ row: String) throws { try Script.run(row) }

    @Test func theNewCodeIsInTheReceiptAndTheState() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:10 code-reissued verifiedBy=phone
            """, world)
        #expect(world.cases[world.serials[0]]?.code == ExtractionCode(epoch: 2, round: 2))
    }
}
