import Testing

/// Closing, rating, merging.
@Suite struct EndingTable {
    @Test(
        "closed and rated",
        arguments: [
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 closed result=solved -> !not-counted-yet /type
            citizen 03-01T09:10 rated handling=5 -> !nothing-to-rate /data/round
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-01T10:00 assigned unit=510104-water
            dispatch 03-01T10:00 assigned unit=510104-police
            dispatch 03-02T10:00 closed result=solved -> !not-counted-yet /type
            dispatch 03-02T10:00 closed result=solved dropped=[{"assignment":1,"reason":"x"},{"assignment":2,"reason":"x"},{"assignment":3,"reason":"x"}] -> !not-counted-yet /type
            transport 03-02T10:00 replied kind=solved public=x
            water 03-02T10:00 replied kind=solved public=x
            dispatch 03-02T11:00 closed result=solved -> !not-counted-yet /type
            dispatch 03-02T11:00 closed result=solved dropped=[{"assignment":2,"reason":"x"}] -> !drop-not-live /data/dropped/0/assignment
            dispatch 03-02T11:00 closed result=solved dropped=[{"assignment":9,"reason":"x"}] -> !drop-not-live /data/dropped/0/assignment
            dispatch 03-02T11:00 closed result=solved dropped=[{"assignment":3,"reason":"x"},{"assignment":3,"reason":"x"}] -> !drop-not-live /data/dropped/1/assignment
            dispatch 03-02T11:00 closed result=solved unsolvedReason=zz dropped=[{"assignment":3,"reason":"x"}] -> !unknown-code /data/unsolvedReason
            dispatch 03-02T11:00 closed result=solved dropped=[{"assignment":3,"reason":"no-need"}] -> closed{by=dispatch,lead=1,dropped/0/assignment=3}
            tick 03-31T00:00 -> nothing
            dispatch 03-02T12:00 closed result=solved -> !case-closed /subject
            dispatch 03-02T12:00 assigned unit=510104 -> !case-closed /subject
            transport 03-02T12:00 noted internal=x -> !case-closed /subject
            transport 03-02T12:00 signed -> !case-closed /subject
            transport 03-02T12:00 contacted reached=true -> !case-closed /subject
            transport 03-02T12:00 return-requested reason=not-ours -> !case-closed /subject
            dispatch 03-02T12:00 return-granted -> !case-closed /subject
            citizen 03-03T09:00 rated handling=2 reply=4 solved=yes reason=zz -> !unknown-code /data/reason
            citizen 03-03T09:00 rated handling=0 -> !member-malformed /data/handling
            citizen 03-03T09:00 rated solved=yes -> !member-missing /data/handling
            citizen 03-03T09:00 rated handling=1 round=2 -> !nothing-to-rate /data/round
            citizen 03-03T09:00 rated handling=2 reply=4 solved=yes reason=slow words=x via=sms -> rated{round=1,via=sms}
            intake 03-04T09:00 rated reply=5 -> rated
            dispatch 03-04T09:00 rated reply=5 -> !type-not-granted /type
            transport 03-04T09:00 rated reply=5 -> !type-not-granted /type
            """,
            // Closing starts the callback limit.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved -> closed{deadlines/0/kind=callback,deadlines/0/dueDay=2017-03-03,rule=full@1,calendar=cn-2017@1}
            tick 03-04T00:00 -> overdue{assignment=0,kind=callback}
            """,
            // Closing after two working days of silence.
            """
            intake 03-01T09:00 received channel=sms title=t
            dispatch 03-01T10:00 assigned unit=510104-transport -> accepted{closing=2wd} assigned{deadlines=none,rule=none}
            autoclose 03-31T00:00 -> nothing
            transport 03-03T10:00 replied kind=rejected public=x -> replied
            autoclose 03-07T23:59 -> nothing
            autoclose 03-08T00:00 -> closed{by=engine,result=unsolved,lead=1}
            autoclose 03-09T00:00 -> nothing
            """,
        ])
    func closing(_ row: String) throws { try Script.run(row) }

    @Test(
        "merged",
        arguments: [
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            intake 03-01T09:02 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport @case=1
            dispatch 03-01T10:00 assigned unit=510104-water @case=2
            dispatch 03-01T11:00 merged into=$2 @case=2 -> !merged-into-itself /data/into
            dispatch 03-01T11:00 merged into=nobody @case=2 -> !case-unknown /data/into
            dispatch 03-01T11:00 merged into=$1 kind=repeat similarity=87 @case=2 -> merged{kind=repeat,similarity=87} linked{kind=child,to=$2,similarity=87}
            dispatch 03-01T11:00 merged into=$2 @case=3 -> !parent-not-open /data/into
            dispatch 03-01T11:00 merged into=$3 @case=1 -> !has-children /subject
            dispatch 03-01T11:00 merged into=$3 @case=2 -> !case-merged /subject
            dispatch 03-01T11:00 merged into=$1 @case=3 -> merged{kind=duplicate} linked{to=$3}
            water 03-01T12:00 replied kind=solved public=x @case=2 -> !case-merged /subject
            dispatch 03-01T12:00 instructed leader=510104-head text=x @case=2 -> !case-merged /subject
            """,
            // Children close with their parent, and are rated on its answer.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport @case=1
            dispatch 03-01T11:00 merged into=$1 @case=2
            citizen 03-01T12:00 rated handling=1 @case=2 -> !nothing-to-rate
            transport 03-02T10:00 replied kind=solved public=x @case=1
            citizen 03-02T12:00 rated handling=1 @case=2 -> rated
            dispatch 03-02T13:00 closed result=partly unsolvedReason=policy @case=1 -> closed{by=dispatch,lead=1} closed{by=parent,result=partly,unsolvedReason=policy,lead=none}
            citizen 03-02T14:00 rated handling=1 @case=2 -> rated
            dispatch 03-02T14:00 merged into=$1 @case=2 -> !case-closed /subject
            """,
            // Any other end of the parent sets them free.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            dispatch 03-01T11:00 merged into=$1 @case=2
            dispatch 03-01T12:00 declined reason=beyond-duty @case=1 -> declined unmerged{reason=parent-ended}
            dispatch 03-01T13:00 assigned unit=510104-transport @case=2 -> assigned{role=lead}
            """,
            // Overdue first, on both.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            intake 03-01T09:01 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport @case=1
            dispatch 03-01T10:00 assigned unit=510104-water @case=2
            dispatch 03-09T11:00 merged into=$1 @case=2 -> overdue{assignment=1} merged overdue{assignment=1} linked
            """,
        ])
    func merging(_ row: String) throws { try Script.run(row) }

    @Test func fiveHundredChildrenAtMost() throws {
        let world = World()
        try Script.run("intake 03-01T09:00 received channel=mailbox title=t", world)
        let parent = world.serials[0]
        var script = Script(world)
        for number in 0..<500 {
            try script.step("intake 03-01T09:00 received channel=mailbox title=t -> received")
            try script.step("dispatch 03-01T09:00 merged into=\(parent) @case=\(number + 2) -> merged linked")
        }
        try script.step("intake 03-01T09:00 received channel=mailbox title=t")
        try script.step("dispatch 03-01T09:00 merged into=\(parent) -> !too-many-children /data/into")
        try script.step("dispatch 03-01T09:00 answered-directly public=x @case=1")
        let before = world.entries.count
        try script.step("dispatch 03-01T09:00 closed result=solved @case=1 -> closed" + String(repeating: " closed", count: 500))
        #expect(world.entries.count == before + 501)
    }
}
