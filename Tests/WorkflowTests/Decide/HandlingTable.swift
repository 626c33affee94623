import Testing

/// Assignments: making, working, returning, replying.
@Suite struct HandlingTable {
    @Test(
        "assigned",
        arguments: [
            // Assigning accepts; the lead comes first, then co; one live assignment a unit.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport -> accepted{implied=true,rule=letter-5wd@3} assigned{role=lead,assignment=1,round=1,deadlines/0/within=5wd,deadlines/0/from=assigned,deadlines/0/dueDay=2017-03-08,deadlines/0/due=2017-03-09T00:00:00+08:00,calendar=cn-2017@1,rule=letter-5wd@3}
            dispatch 03-01T10:01 assigned unit=510104-water -> assigned{role=co,assignment=2}
            dispatch 03-01T10:02 assigned unit=510104-transport -> !unit-has-assignment /data/unit
            dispatch 03-01T10:02 assigned unit=510104 role=lead -> !lead-exists /data/role
            dispatch 03-01T10:02 assigned unit=nobody -> !unknown-code /data/unit
            dispatch 03-01T10:02 assigned unit=510104 replaces=9 -> !assignment-unknown /data/replaces
            dispatch 03-01T10:02 assigned unit=510104 parent=9 -> !assignment-unknown /data/parent
            dispatch 03-01T10:02 assigned unit=510104 replaces=1 -> assigned{role=lead,assignment=3,replaces=1}
            dispatch 03-01T10:03 assigned unit=510104-police replaces=1 -> !assignment-ended /data/replaces
            dispatch 03-01T10:03 assigned unit=510104-police parent=1 -> !assignment-ended /data/parent
            dispatch 03-01T10:03 assigned unit=510104-transport role=co final=true -> assigned{assignment=4,final=true}
            transport 03-01T10:04 return-requested reason=not-ours -> !return-final /data/assignment
            """,
            // 下派: a unit assigns below its own assignment only.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-01T10:10 assigned unit=510104-transport-bus -> !member-missing /data/parent
            transport 03-01T10:10 assigned unit=510104-transport-bus parent=7 -> !assignment-unknown /data/parent
            transport 03-01T10:10 assigned unit=510104-water parent=1 -> !unit-not-below /data/unit
            transport 03-01T10:10 assigned unit=510104-transport parent=1 -> !unit-has-assignment /data/unit
            water 03-01T10:10 assigned unit=510104-transport-bus parent=1 -> !case-unknown /subject
            transport 03-01T10:10 assigned unit=510104-transport-bus parent=1 -> assigned{role=co,parent=1}
            bus 03-01T10:11 assigned unit=510104-transport-bus parent=1 -> !unit-not-granted /data/parent
            bus 03-01T10:12 replied kind=solved internal=x -> replied{assignment=2}
            transport 03-01T10:13 signed -> signed{assignment=1}
            """,
            // Posted limits (T5): only shorten, and not into the past.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply"}] -> !member-missing /data/limits/0/within
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","within":"1wd","due":"2017-03-02T00:00:00+08:00"}] -> !member-malformed /data/limits/0/due
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","within":"6wd"}] -> !limit-not-shorter /data/limits/0
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","due":"2017-03-09T00:00:01+08:00"}] -> !limit-not-shorter /data/limits/0
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","due":"2017-03-01T10:00:00+08:00"}] -> !limit-past /data/limits/0
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"dispatch","within":"1h"}] -> !member-malformed /data/limits/0/kind
            dispatch 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","within":"3wd"},{"kind":"sign","within":"2h"}] -> accepted assigned{deadlines/0/kind=reply,deadlines/0/within=3wd,deadlines/0/dueDay=2017-03-06,deadlines/0/rule=posted,deadlines/1/due=2017-03-01T12:00:00+08:00,deadlines/1/rule=posted,rule=posted,calendar=cn-2017@1}
            """,
            // An importer's file has due dates of its own, past and longer ones too; an instant keeps its second.
            """
            importer 03-01T09:00 received channel=mailbox title=t
            importer 03-01T10:00 assigned unit=510104-transport limits=[{"kind":"reply","due":"2017-06-01T12:34:56-04:00"}] -> accepted assigned{deadlines/0/due=2017-06-02T00:34:56+08:00,deadlines/0/dueDay=2017-06-02,deadlines/0/within=none,rule=posted,calendar=none}
            importer 03-01T10:05 assigned unit=510104-water limits=[{"kind":"reply","due":"2017-02-01T00:00:00+08:00"}] -> assigned{deadlines/0/dueDay=2017-01-31}
            """,
            // Limits from acceptance keep the case's start (T12); calendar days, no roll.
            """
            intake 03-01T09:00 received channel=app title=t
            dispatch 03-01T09:30 accepted -> accepted{closing=on-approval,deadlines=none,calendar=none,rule=auto@1}
            dispatch 03-03T09:30 assigned unit=510104-transport -> assigned{deadlines/0/from=accepted,deadlines/0/within=5d,deadlines/0/dueDay=2017-03-06,calendar=none}
            transport 03-04T09:30 replied kind=explained public=x -> replied{approved=true} closed{result=explained,by=engine,lead=1}
            """,
            // A Saturday that is worked counts.
            """
            intake 03-27T09:00 received channel=mailbox title=t
            dispatch 03-27T10:00 assigned unit=510104-transport -> accepted assigned{deadlines/0/dueDay=2017-04-01,deadlines/0/due=2017-04-02T00:00:00+08:00}
            """,
        ])
    func assigned(_ row: String) throws { try Script.run(row) }

    @Test(
        "the unit's work",
        arguments: [
            // Signing starts the reply limit; contact and sign are stopped by their acts.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport -> accepted{deadlines/0/kind=close} assigned{deadlines/0/kind=sign,deadlines/1/kind=contact,deadlines/2/kind=return,deadlines/3=none}
            transport 03-01T10:00 contacted reached=false method=phone note=x -> contacted{assignment=1,reached=false,method=phone}
            transport 03-02T10:00 signed -> signed{assignment=1,deadlines/0/kind=reply,deadlines/0/from=signed,deadlines/0/dueDay=2017-03-07,rule=full@1}
            transport 03-02T10:01 signed -> !already-signed /data/assignment
            transport 03-02T10:02 noted internal=x -> noted{assignment=1,texts/0=internal}
            dispatch 03-02T10:03 noted public=x internal=y -> noted{assignment=none,texts/0=internal,texts/1=public}
            dispatch 03-02T10:03 noted public=x assignment=1 -> noted{assignment=1,texts/0=public}
            dispatch 03-02T10:03 noted public=x assignment=3 -> !assignment-unknown /data/assignment
            tick 03-08T00:00 -> overdue{kind=reply,dueDay=2017-03-07}
            transport 03-08T09:00 replied kind=solved public=x -> replied{approved=none}
            transport 03-08T10:00 replied kind=solved public=x -> !already-replied /data/assignment
            dispatch 03-08T11:00 closed result=solved -> !not-counted-yet /type
            """,
            // Interim replies count for nothing, and must promise.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-02T10:00 replied kind=interim public=x -> !member-missing /data/promisedDate
            transport 03-02T10:00 replied kind=interim public=x promisedDate=2017-03-01 -> !promised-date-past /data/promisedDate
            transport 03-02T10:00 replied kind=interim public=x promisedDate=2017-03-20 -> replied{approved=none,promisedDate=2017-03-20}
            dispatch 03-02T10:30 closed result=solved -> !not-counted-yet /type
            citizen 03-02T10:30 rated handling=5 -> !nothing-to-rate /data/round
            tick 03-09T00:00 -> overdue{kind=reply}
            tick 03-10T00:00 -> nothing
            transport 03-20T10:00 replied kind=solved public=x truth=partly beyondDuty=false unsolvedReason=policy attachments=[{"name":"n","href":"h"}] -> replied{approved=true,truth=partly,attachments=1}
            transport 03-20T10:00 replied kind=solved public=x unsolvedReason=zz -> !already-replied
            """,
            // Whose assignment: the only one of the peer's units, else it must be named.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            transport 03-01T09:30 replied kind=solved public=x -> !case-unknown /subject
            town 03-01T09:30 replied kind=solved public=x -> !assignment-missing /data/assignment
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-01T10:00 assigned unit=510104-water
            district 03-02T10:00 replied kind=solved public=x -> !assignment-ambiguous /data/assignment
            district 03-02T10:00 replied kind=solved public=x assignment=3 -> !assignment-unknown /data/assignment
            water 03-02T10:00 replied kind=solved public=x assignment=1 -> !unit-not-granted /data/assignment
            transport 03-02T10:00 replied kind=solved public=x unsolvedReason=zz -> !unknown-code /data/unsolvedReason
            district 03-02T10:00 replied kind=solved public=x assignment=1 -> replied{assignment=1}
            water 03-02T10:00 replied kind=rejected internal=x -> replied{assignment=2,approved=true}
            citizen 03-02T11:00 rated reply=3 -> rated
            """,
            // Only the posted types of its grant, in the event's own words.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 replied kind=solved public=x -> !type-not-granted /type
            dispatch 03-01T10:00 overdue assignment=1 -> !engine-only /type
            dispatch 03-01T10:00 publicity.classified stage=result class=open -> !type-not-available /type
            dispatch 03-01T10:00 person.erased basis=x -> !type-not-available /type
            dispatch 03-01T10:00 rulebook.adopted version=1 -> !engine-only /type
            dispatch 03-01T10:00 vanished -> !type-unknown /type
            """,
        ])
    func work(_ row: String) throws { try Script.run(row) }

    @Test(
        "returns",
        arguments: [
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            dispatch 03-01T09:20 return-granted -> !not-returning /data/assignment
            transport 03-01T09:20 return-requested reason=zz -> !unknown-code /data/reason
            transport 03-01T09:20 return-requested reason=not-ours suggestedUnit=zz -> !unknown-code /data/suggestedUnit
            transport 03-01T09:20 return-requested reason=not-ours suggestedUnit=510104-water evidence=x -> return-requested{assignment=1,suggestedUnit=510104-water}
            transport 03-01T09:21 return-requested reason=not-ours -> !return-pending /data/assignment
            transport 03-01T09:21 replied kind=solved public=x -> !return-pending /data/assignment
            transport 03-01T09:21 signed -> !already-signed /data/assignment
            dispatch 03-01T09:30 return-granted ruling=x -> return-granted{assignment=1}
            transport 03-01T09:40 replied kind=solved public=x -> !assignment-missing /data/assignment
            transport 03-01T09:40 replied kind=solved public=x assignment=1 -> !assignment-ended /data/assignment
            dispatch 03-01T09:50 return-granted -> !assignment-missing /data/assignment
            tick 03-31T00:00 -> overdue{assignment=0,kind=close,dueDay=2017-03-13}
            dispatch 04-01T10:00 assigned unit=510104-water -> assigned{assignment=2,role=lead,deadlines/0/kind=sign}
            """,
            // The clock runs on while it is pending; refused for good, it may not be asked again.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            dispatch 03-01T09:10 assigned unit=510104-water
            transport 03-01T09:20 return-requested reason=not-ours
            tick 03-09T00:00 -> overdue{assignment=1} overdue{assignment=2}
            dispatch 03-09T09:30 return-refused final=true assignment=2 -> !not-returning /data/assignment
            dispatch 03-09T09:30 return-refused final=true -> return-refused{assignment=1,final=true}
            transport 03-09T09:40 return-requested reason=not-ours -> !return-final /data/assignment
            water 03-09T09:40 return-requested reason=not-ours -> return-requested
            dispatch 03-09T09:41 return-refused -> return-refused{assignment=2,final=none}
            water 03-09T09:42 return-requested reason=not-ours -> return-requested
            """,
            // Too late by the return limit: 2 wd from assigning.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-03T23:59:59 return-requested reason=not-ours -> overdue{kind=contact} overdue{kind=sign} return-requested
            """,
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-04T00:00 return-requested reason=not-ours -> !return-too-late /time
            """,
            // Granted beside a lead that has replied: the case is replied.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            dispatch 03-01T09:10 assigned unit=510104-water
            water 03-01T09:20 return-requested reason=not-ours
            transport 03-01T09:30 replied kind=solved public=x
            dispatch 03-01T09:40 closed result=solved -> !not-counted-yet
            dispatch 03-01T09:40 return-granted -> return-granted{assignment=2}
            dispatch 03-01T09:50 closed result=solved -> closed{lead=1,dropped=none}
            """,
        ])
    func returns(_ row: String) throws { try Script.run(row) }

    @Test(
        "instructed",
        arguments: [
            // A comment changes nothing.
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=510104-head
            leader 03-01T10:00 instructed leader=510104-head text=x -> instructed{kind=comment,toUnits=none}
            leader 03-01T10:00 instructed leader=mayor text=x -> !leader-not-granted /data/leader
            leader 03-01T10:00 instructed leader=510104-head -> !member-missing /data/text
            leader 03-01T10:00 instructed leader=510104-head text=x within=3wd -> !member-missing /data/toUnits
            dispatch 03-01T10:00 instructed leader=zz text=x -> !unknown-code /data/leader
            dispatch 03-01T10:00 instructed leader=mayor text=x mailbox=zz -> !unknown-code /data/mailbox
            dispatch 03-01T10:00 instructed leader=mayor toUnits=["510104-water","zz"] -> !unknown-code /data/toUnits/1
            transport 03-01T10:00 instructed leader=510104-head text=x -> !type-not-granted /type
            """,
            // Forwarding assigns where nobody has it, and accepts.
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=510104-head
            leader 03-01T10:00 instructed leader=510104-head toUnits=["510104-transport","510104-water","510104-transport"] within=3wd post=区长 -> accepted{implied=true} instructed{kind=forward,deadlines/0/kind=instruction,deadlines/0/from=instructed,calendar=cn-2017@1} assigned{unit=510104-transport,role=lead,assignment=1,deadlines/0/kind=reply,deadlines/1/kind=instruction,deadlines/1/dueDay=2017-03-06} assigned{unit=510104-water,role=co,assignment=2}
            transport 03-03T10:00 replied kind=solved public=x -> replied
            tick 03-07T00:00 -> overdue{assignment=2,kind=instruction,dueDay=2017-03-06,calendar=cn-2017@1}
            water 03-07T10:00 replied kind=solved public=x -> replied
            """,
            // A unit that has it keeps its assignment and gets the instruction's limit.
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=510104-head
            dispatch 03-01T10:00 assigned unit=510104-transport
            leader 03-02T10:00 instructed leader=510104-head toUnits=["510104-transport","510104-water"] within=2h -> instructed{deadlines/0/due=2017-03-02T12:00:00+08:00,calendar=none} assigned{unit=510104-water,role=co,assignment=2}
            tick 03-02T12:00 -> overdue{assignment=1,kind=instruction,calendar=none} overdue{assignment=2,kind=instruction}
            """,
            // After the end: a comment, but no units.
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=510104-head
            dispatch 03-01T10:00 declined reason=beyond-duty
            leader 03-02T10:00 instructed leader=510104-head toUnits=["510104-transport"] -> !case-declined /subject
            leader 03-02T10:00 instructed leader=510104-head text=x -> instructed
            """,
        ])
    func instructed(_ row: String) throws { try Script.run(row) }
}
