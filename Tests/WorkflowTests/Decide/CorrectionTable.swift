import EventModel
import Testing

@testable import Workflow

/// What was taken down wrongly: corrected, reclassified, voided.
@Suite struct CorrectionTable {
    @Test(
        "corrected, reclassified",
        arguments: [
            """
            intake 03-01T09:00 received channel=mailbox title=t nature=help district=510104 anonymous=true
            citizen 03-01T09:05 corrected changes=[{"member":"nature","value":"help"}] reason=x -> !type-not-granted /type
            intake 03-01T09:05 corrected reason=x -> !member-missing /data/changes
            intake 03-01T09:05 corrected changes=[{"member":"nature","value":"help"}] -> !member-missing /data/reason
            intake 03-01T09:05 corrected changes=[] reason=x -> !member-malformed /data/changes
            intake 03-01T09:05 corrected changes=[{"value":"help"}] reason=x -> !member-missing /data/changes/0/member
            intake 03-01T09:05 corrected changes=[{"member":"nature"}] reason=x -> !member-missing /data/changes/0/value
            intake 03-01T09:05 corrected changes=[{"member":"accused","value":["city"]}] reason=x -> !member-malformed /data/changes/0/member
            intake 03-01T09:05 corrected changes=[{"member":"external","value":{"platform":"a","id":"1"}}] reason=x -> !member-malformed /data/changes/0/member
            intake 03-01T09:05 corrected changes=[{"member":"nature","value":"help"},{"member":"nature","value":"help"}] reason=x -> !member-malformed /data/changes/1/member
            intake 03-01T09:05 corrected changes=[{"member":"anonymous","value":"no"}] reason=x -> !member-kind /data/changes/0/value
            intake 03-01T09:05 corrected changes=[{"member":"nature","value":"help","x":1}] reason=x -> !unknown-member /data/changes/0/x
            intake 03-01T09:05 corrected changes=[{"member":"nature","value":"zz"}] reason=x -> !unknown-code /data/changes/0/value
            intake 03-01T09:05 corrected changes=[{"member":"mailbox","value":"zz"}] reason=x -> !unknown-code /data/changes/0/value
            intake 03-01T09:05 corrected changes=[{"member":"nature","value":"help"}] reason=x old=[] -> !member-not-yours /data/old
            intake 03-01T09:05 corrected changes=[{"member":"channel","value":"forum"},{"member":"title","value":"u"},{"member":"place","value":"p"},{"member":"appellant","value":{"name":"n","phones":["1"]}},{"member":"anonymous","value":false}] reason=x -> corrected{changes/0/value=forum,changes/1/member=title,changes/1/value=none,changes/3/value=none,old/0/member=channel,old/0/value=mailbox,old/1/member=anonymous,old/1/value=true,group=external}
            dispatch 03-01T09:10 corrected changes=[{"member":"urgency","value":"high"}] reason=x -> corrected{old=none,group=none}
            dispatch 03-01T09:20 declined reason=beyond-duty
            dispatch 03-01T09:30 corrected changes=[{"member":"urgency","value":"normal"}] reason=x -> corrected{old/0/value=high}
            """,
            """
            intake 03-01T09:00 received channel=mailbox title=t mailbox=mayor
            dispatch 03-01T09:05 reclassified reason=x -> !member-missing /data/nature
            intake 03-01T09:05 reclassified nature=help -> !type-not-granted /type
            dispatch 03-01T09:05 reclassified nature=zz -> !unknown-code /data/nature
            dispatch 03-01T09:05 reclassified mailbox=zz -> !unknown-code /data/mailbox
            dispatch 03-01T09:05 reclassified accused=["city","zz"] -> !unknown-code /data/accused/1
            dispatch 03-01T09:05 reclassified nature=complaint category=transport.bus district=510105 urgency=high mailbox=510104-head reason=x -> reclassified{nature=complaint,mailbox=510104-head}
            """,
            // I11: who becomes accused may not hold the case, and then never gets it.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T09:10 assigned unit=510104-transport-bus
            dispatch 03-01T09:20 reclassified accused=["510104-water","510104-transport"] -> !accused-in-hand /data/accused/1
            dispatch 03-01T09:30 assigned unit=510104-police replaces=1
            dispatch 03-01T09:40 reclassified accused=["510104-transport"] -> reclassified
            dispatch 03-01T09:50 assigned unit=510104-transport-bus -> !unit-accused /data/unit
            bus 03-01T09:50 noted internal=x -> !case-unknown /subject
            dispatch 03-01T09:50 reclassified accused=[] -> reclassified
            dispatch 03-01T09:50 assigned unit=510104-transport -> assigned
            dispatch 03-01T09:55 reclassified accessClass=whistleblower -> reclassified
            dispatch 03-01T09:55 reclassified accessClass=normal -> !case-unknown /subject
            """,
        ])
    func correcting(_ row: String) throws { try Script.run(row) }

    @Test(
        "voided",
        arguments: [
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-01T10:10 contacted reached=true
            intake 03-01T10:20 voided revision=4 reason=x -> !type-not-granted /type
            dispatch 03-01T10:20 voided revision=4 -> !member-missing /data/reason
            dispatch 03-01T10:20 voided revision=9 reason=x -> !event-unknown /data/revision
            dispatch 03-01T10:20 voided revision=1 reason=x -> !not-voidable /data/revision
            dispatch 03-01T10:20 voided revision=3 reason=x -> !not-voidable /data/revision
            dispatch 03-01T10:20 voided revision=4 reason=x -> voided{revision=4,type=appeal.contacted}
            dispatch 03-01T10:20 voided revision=4 reason=x -> !already-voided /data/revision
            dispatch 03-01T10:20 voided revision=5 reason=x -> !not-voidable /data/revision
            """,
            // A reply: what stands on it is voided first; then it counts for nothing, and what has fallen due is overdue.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            transport 03-02T10:00 replied kind=solved public=x
            citizen 03-03T10:00 rated handling=5
            callback 03-03T11:00 called-back reached=true
            dispatch 03-09T10:00 voided revision=4 reason=x -> !still-needed /data/revision
            dispatch 03-09T10:00 voided revision=5 reason=x -> voided{type=appeal.rated}
            dispatch 03-09T10:00 voided revision=4 reason=x -> !still-needed /data/revision
            dispatch 03-09T10:00 voided revision=6 reason=x -> voided{type=appeal.called-back}
            dispatch 03-09T10:00 voided revision=4 reason=x -> voided{type=appeal.replied} overdue{kind=reply}
            dispatch 03-09T10:10 closed result=solved -> !not-counted-yet /type
            transport 03-09T10:20 signed -> signed
            transport 03-09T10:20 replied kind=solved public=x -> replied
            dispatch 03-09T11:00 closed result=solved
            dispatch 03-09T12:00 voided revision=12 reason=x -> !case-closed /subject
            dispatch 03-09T12:00 reopened source=review reason=unsolved
            dispatch 03-09T12:00 voided revision=12 reason=x -> !still-needed /data/revision
            """,
            // Approvals and replies sent back.
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 assigned unit=510104-transport
            transport 03-01T09:20 replied kind=solved public=x
            dispatch 03-01T09:30 reply-approved
            dispatch 03-01T09:40 voided revision=4 reason=x -> !still-needed /data/revision
            dispatch 03-01T09:40 voided revision=5 reason=x -> voided{type=appeal.reply-approved}
            dispatch 03-01T09:50 closed result=solved -> !not-counted-yet /type
            dispatch 03-01T09:50 reply-sent-back reason=x -> reply-sent-back
            dispatch 03-01T09:50 voided revision=4 reason=x -> !still-needed /data/revision
            transport 03-01T10:20 replied kind=solved public=x
            dispatch 03-01T10:30 reply-approved
            dispatch 03-01T10:40 reply-sent-back reason=x
            dispatch 03-01T10:50 voided revision=9 reason=x -> !still-needed /data/revision
            """,
            // A reply that ended a pause, scores that reopened the case.
            """
            intake 03-01T09:00 received channel=mailbox title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 clock-paused reason=weather
            transport 03-06T10:00 replied kind=solved public=x -> replied deadline-recomputed
            dispatch 03-06T11:00 voided revision=5 reason=x -> !still-needed /data/revision
            dispatch 03-06T12:00 closed result=solved
            citizen 03-07T10:00 rated handling=1
            dispatch 03-07T11:00 reopened source=rating reason=unsolved
            dispatch 03-07T12:00 voided revision=8 reason=x -> !still-needed /data/revision
            """,
            // A pause that a reply ended goes on without it; a round that is over owes no callback.
            """
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T10:00 assigned unit=510104-transport
            dispatch 03-02T10:00 clock-paused reason=weather
            transport 03-06T10:00 replied kind=solved public=x -> replied
            dispatch 03-06T11:00 clock-resumed -> !not-paused /data/assignment
            dispatch 03-06T11:00 voided revision=5 reason=x -> voided
            dispatch 03-06T12:00 clock-resumed -> clock-resumed
            """,
            """
            intake 03-01T09:00 received channel=hotline title=t
            dispatch 03-01T09:10 answered-directly public=x
            dispatch 03-01T10:00 closed result=solved
            callback 03-01T11:00 called-back reached=true
            dispatch 03-02T10:00 reopened source=review reason=unsolved
            dispatch 03-20T10:00 voided revision=5 reason=x -> voided{type=appeal.called-back}
            tick 03-31T00:00 -> nothing
            """,
            // Instructions and supervisions that started something stay; others go.
            """
            intake 03-01T09:00 received channel=plain title=t mailbox=510104-head
            leader 03-01T10:00 instructed leader=510104-head text=x
            leader 03-01T10:00 instructed leader=510104-head toUnits=["510104-water"] -> accepted instructed assigned
            leader 03-01T10:00 instructed leader=510104-head toUnits=["510104-water"] within=2h
            leader 03-01T10:00 instructed leader=510104-head toUnits=["510104-water"]
            dispatch 03-01T10:10 voided revision=2 reason=x -> voided{type=appeal.instructed}
            dispatch 03-01T10:10 voided revision=4 reason=x -> !not-voidable /data/revision
            dispatch 03-01T10:10 voided revision=6 reason=x -> !not-voidable /data/revision
            dispatch 03-01T10:10 voided revision=7 reason=x -> voided
            supervisor 03-01T10:20 supervised level=1
            supervisor 03-01T10:20 supervised level=2 within=3wd
            supervisor 03-01T10:20 supervision-ended result=done
            dispatch 03-01T10:30 voided revision=10 reason=x -> !still-needed /data/revision
            dispatch 03-01T10:30 voided revision=11 reason=x -> !not-voidable /data/revision
            """,
            // The rest.
            """
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:05 supplemented text=x @case=1
            dispatch 03-01T09:05 noted internal=x @case=1
            supervisor 03-01T09:05 urged reason=due-soon @case=1
            dispatch 03-01T09:05 linked to=$2 kind=related @case=1
            dispatch 03-01T09:05 topic-tagged topics=["a"] @case=1
            dispatch 03-01T09:05 merged into=$1 @case=2
            dispatch 03-01T09:06 voided revision=2 reason=x @case=1 -> voided{type=appeal.supplemented}
            dispatch 03-01T09:06 voided revision=3 reason=x @case=1 -> voided{type=appeal.noted}
            dispatch 03-01T09:06 voided revision=4 reason=x @case=1 -> voided{type=appeal.urged}
            dispatch 03-01T09:06 voided revision=5 reason=x @case=1 -> voided{type=appeal.linked}
            dispatch 03-01T09:06 linked to=$2 kind=related @case=1 -> linked
            dispatch 03-01T09:06 voided revision=6 reason=x @case=1 -> voided{type=appeal.topic-tagged}
            dispatch 03-01T09:06 voided revision=7 reason=x @case=1 -> !not-voidable /data/revision
            """,
        ])
    func voiding(_ row: String) throws { try Script.run(row) }

    /// I13 as a property: after any history the state is the fold of the facts that are not voided.
    @Test(arguments: [UInt64(1), 7, 2_017, UInt64.random(in: .min ... .max)])
    func theStateIsTheFoldOfTheFactsNotVoided(seed: UInt64) throws {
        print("CorrectionTable seed \(seed)")
        var random = ClaimFuzzTests.Random(state: seed)
        for _ in 0..<10 {
            let world = World()
            var script = Script(world)
            try script.step("intake 03-01T09:00 received channel=\(["mailbox", "hotline", "plain"].randomElement(using: &random)!) title=t")
            try script.step("dispatch 03-01T09:05 assigned unit=510104-transport")
            let acts = [
                "transport contacted reached=true", "transport noted internal=x", "transport replied kind=solved public=x",
                "transport replied kind=interim public=x promisedDate=2017-04-20", "dispatch reply-approved", "dispatch reply-sent-back reason=x",
                "transport signed", "citizen rated handling=3", "callback called-back reached=true", "supervisor urged reason=due-soon",
                "supervisor supervised level=2", "dispatch topic-tagged topics=[\"a\",\"b\"]", "citizen supplemented text=x",
                "dispatch closed result=solved", "dispatch reopened source=review reason=unsolved", "dispatch assigned unit=510104-water",
                "water replied kind=explained public=x", "dispatch voided reason=x revision=", "dispatch voided reason=x revision=",
                "dispatch voided reason=x revision=", "dispatch clock-paused reason=weather assignment=1", "dispatch clock-resumed assignment=1",
                "transport return-requested reason=not-ours", "dispatch return-refused",
            ]
            for index in 0..<40 {
                var act = acts.randomElement(using: &random)!
                if act.hasSuffix("revision=") { act += "\(Int.random(in: 2...Int(world.cases[world.serials[0]]!.revision), using: &random))" }
                let parts = act.split(separator: " ", maxSplits: 1)
                let day = 1 + index / 3
                let words = "\(parts[0]) 03-\(day < 10 ? "0" : "")\(day)T1\(index % 3):00 \(parts[1])".split(separator: " ").map(String.init)
                let (json, now) = try script.event(words)
                try world.post(try ClaimReader.read(Array(json.utf8)).get(), by: TestPeers.byName[words[0]]!, now: now)
            }
            let serial = world.serials[0]
            let entries = world.history(serial)
            let voided = Set(entries.compactMap { entry in StoredEvent(entry)?.body as? AppealVoided }.map { $0.voided })
            let kept = entries.filter { !voided.contains($0.head.revision) && $0.envelope.type != "appeal.voided" }
            var folded = try #require(CaseState.folding(kept))
            var state = try #require(world.cases[serial])
            #expect(state.voidables.filter { $0.isVoided }.map { $0.revision } == voided.sorted())
            folded.voidables = []
            state.voidables = []
            // What any event leaves, voided or not.
            folded.revision = state.revision
            folded.lastOccurredAt = state.lastOccurredAt
            folded.committedKeys = state.committedKeys
            #expect(folded == state, "seed \(seed)")
        }
    }
}
