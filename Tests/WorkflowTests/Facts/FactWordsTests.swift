import EventModel
import Testing

@testable import Workflow

/// Header and words, bit by bit, as docs/reference/on-disk-format.md fixes them.
@Suite struct FactWordsTests {
    private func due(_ text: String, _ kind: UInt64) throws -> FactWord {
        .number(UInt64(bitPattern: try Script.instant(text).microseconds << 8) | kind)
    }

    /// Fields of a word, by their shift.
    private func packed(_ fields: KeyValuePairs<UInt64, UInt64>) -> FactWord { .number(fields.reduce(0) { $0 | $1.value << $1.key }) }

    @Test func theExampleCase() throws {
        let world = try ExampleCaseTests.play()
        let facts = world.facts
        let sealed = FactFlags.sealed
        // normal 0, person 1 << 8, consent yes 1 << 16, wantReply 1 << 24, core 0, one attachment 1 << 40
        #expect(
            facts[0].words == [
                packed([8: 1, 16: 1, 24: 1, 40: 1]), .names("mailbox", "510104-head"), .names("help", "transport.bus"),
                .names("510104", nil), .names(nil, nil),
            ])
        #expect(facts[0].flags == sealed)
        #expect(facts[1].words == [.number(0), .names("letter-5wd", nil)])
        #expect(facts[1].flags == [])
        #expect(facts[2].words == [packed([0: 1, 16: 1]), try due("03-09T00:00", 5)])
        #expect(facts[2].unit == "510104-transport")
        #expect(facts[2].assignment == 1)
        #expect(facts[3].words == [packed([0: 2, 8: 1]), .names("510104-head", "区长"), .names(nil, nil)])
        #expect(facts[4].words == [try due("03-09T00:00", 5)])
        #expect(facts[4].assignment == 1)
        #expect(facts[5].words == [packed([0: 1, 8: 1, 24: 1]), .names(nil, nil), .number(0)])
        #expect(facts[6].words == [packed([0: 1, 32: 1]), .names(nil, nil)])
        #expect(facts[7].words == [packed([0: 1, 8: 2, 16: 4, 24: 1]), .names("slow", "sms")])
        #expect(facts.map { $0.type } == [64, 70, 73, 88, 102, 85, 92, 94])
    }

    /// Rows: a script, and the words of its last fact.
    @Test func everyOtherType() throws {
        let rows: [(String, [FactWord])] = [
            (
                """
                importer 03-01T09:00 received channel=forum legacyLine=l urgency=high title=t wantReply=false anonymous=true confidential=true publishConsent=no accessClass=whistleblower accused=["city","510104"] appellantKind=enterprise external={"platform":"rmw","id":"p-1"}
                """,
                [
                    packed([0: 1, 8: 2, 16: 2, 24: 14, 32: 1, 48: 2]), .names("forum", nil), .names(nil, nil), .names(nil, "l"),
                    .names("high", nil),
                ]
            ),
            (
                """
                intake 03-01T09:00 received channel=hotline title=t
                dispatch 03-01T09:10 accepted
                """, [.number(0), .names("full", nil), try due("03-14T00:00", 6)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 declined reason=beyond-duty redirect=court explained=true
                """, [.number(1), .names("beyond-duty", "court")]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t mailbox=510104-head
                leader 03-01T09:10 answered-directly public=x kind=rejected post=区长 policyRefs=[{"title":"p"},{"title":"q"}]
                """, [packed([0: 4, 8: 2]), .names("510104-head", "区长")]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104
                dispatch 03-01T09:10 assigned unit=510104-water
                dispatch 03-01T09:10 assigned unit=510104-transport parent=1 replaces=2 final=true
                """, [packed([0: 2, 8: 1, 16: 1, 32: 1, 48: 2])]
            ),
            (
                """
                intake 03-01T09:00 received channel=hotline title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                """, [packed([0: 1, 16: 1]), try due("03-03T00:00", 3), try due("03-02T09:10", 4), try due("03-04T00:00", 8)]
            ),
            (
                """
                intake 03-01T09:00 received channel=hotline title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 signed
                """, [try due("03-07T00:00", 5)]
            ),
            (
                "intake 03-01T09:00 received channel=hotline title=t",
                [
                    packed([24: 1]), .names("hotline", nil), .names(nil, nil), .names(nil, nil), .names(nil, nil), try due("03-01T09:30", 1),
                    try due("03-01T11:00", 2),
                ]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t mailbox=510104-head
                dispatch 03-01T09:10 assigned unit=510104-transport
                leader 03-01T09:20 instructed leader=510104-head toUnits=["510104-transport"] mailbox=510104-head within=2h
                """, [packed([0: 2, 8: 1]), .names("510104-head", nil), .names("510104-head", nil), try due("03-01T11:20", 9)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 contacted reached=true method=phone
                """, [.number(1), .names("phone", nil)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 noted public=x
                """, [.number(2)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 return-requested reason=not-ours suggestedUnit=510104-water
                """, [.names("not-ours", "510104-water")]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 return-requested reason=not-ours
                dispatch 03-01T09:30 return-refused final=true
                """, [.number(1)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 return-requested reason=not-ours
                dispatch 03-01T09:30 return-granted
                """, []
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 replied kind=interim public=x truth="false" beyondDuty=true promisedDate=2017-03-20 unsolvedReason=policy policyRefs=[{"title":"p"}]
                """, [packed([0: 2, 8: 3, 16: 1, 32: 1]), .names("policy", nil), .number(UInt64(Day("2017-03-20")!.number))]
            ),
            (
                """
                intake 03-01T09:00 received channel=hotline title=t
                dispatch 03-01T09:10 answered-directly public=x
                dispatch 03-01T09:30 closed result=unsolved unsolvedReason=policy
                """, [.number(4), .names("policy", nil), try due("03-04T00:00", 7)]
            ),
            (
                """
                intake 03-01T09:00 received channel=app title=t
                dispatch 03-01T09:10 assigned unit=510104-transport
                transport 03-01T09:20 replied kind=explained public=x
                """, [packed([0: 3, 8: 1, 32: 1]), .names(nil, nil)]
            ),
            (
                """
                intake 03-01T09:00 received channel=plain title=t
                intake 03-01T09:00 received channel=plain title=t
                dispatch 03-01T09:10 merged into=$1 kind=repeat similarity=87
                """, [packed([0: 3, 8: 87]), .stream(StreamName("5101-20170301-000002"))]
            ),
            (
                """
                intake 03-01T09:00 received channel=mailbox title=t
                dispatch 03-01T10:00 assigned unit=510104-transport
                tick 03-09T00:00
                transport 03-08T12:00 replied kind=solved public=x @now=03-09T09:00
                """, [try due("03-09T00:00", 5), .number(0), .number(1)]
            ),
            (
                "importer 12-01T00:00 clock.advanced source=/import/ now=2017-03-09T00:00:00+08:00",
                [.number(0), .number(UInt64(try Script.instant("03-09T00:00").microseconds)), .names("/import/", nil)]
            ),
            ("importer 12-01T00:00 clock.advanced source=/import/ live=true", [.number(1), .number(0), .names("/import/", nil)]),
        ]
        for (script, words) in rows {
            let world = World()
            try Script.run(script, world)
            let fact = try #require(world.facts.last)
            #expect(fact.words == words, "\(script)")
        }
    }

    /// Types of the later life of a case: a script, and the words of the facts its last step made.
    @Test func laterTypes() throws {
        let opened = "intake 03-01T09:00 received channel=mailbox title=t\ndispatch 03-01T10:00 assigned unit=510104-transport\n"
        let answered = "intake 03-01T09:00 received channel=plain title=t\ndispatch 03-01T09:10 answered-directly public=x\n"
        let old = try due("03-09T00:00", 5)
        let rows: [(String, [[FactWord]])] = [
            (opened + #"citizen 03-01T11:00 supplemented attachments=[{"name":"a","href":"h"},{"name":"b","href":"h"}]"#, [[.number(2)]]),
            (
                opened
                    + #"intake 03-01T11:00 corrected changes=[{"member":"channel","value":"forum"},{"member":"wantReply","value":true},{"member":"anonymous","value":false},{"member":"confidential","value":true},{"member":"publishConsent","value":"no"},{"member":"appellantKind","value":"enterprise"},{"member":"urgency","value":"high"},{"member":"text","value":"t"}] reason=x"#,
                [
                    [
                        packed([8: 2, 16: 2, 24: 5, 32: 1]), .number(1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 14),
                        .names("forum", nil), .names(nil, nil), .names(nil, nil), .names("high", nil),
                    ]
                ]
            ),
            (
                opened
                    + #"dispatch 03-01T11:00 reclassified nature=help category=transport district=510104 mailbox=mayor accessClass=whistleblower accused=["510104-water"]"#,
                [
                    [
                        packed([0: 1, 48: 1]), .number(1 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 15), .names(nil, "mayor"),
                        .names("help", "transport"), .names("510104", nil), .names(nil, nil),
                    ]
                ]
            ),
            (opened + "transport 03-01T11:00 noted internal=x\ndispatch 03-01T12:00 voided revision=4 reason=x", [[packed([0: 4, 32: 76])]]),
            (opened + "intake 03-01T11:00 code-reissued verifiedBy=phone", [[packed([0: 2, 32: 2]), .names("phone", nil)]]),
            (opened + "transport 03-01T11:00 extension-requested by=3wd reason=x", [[packed([0: 5, 8: 3, 40: 3])]]),
            (
                opened + "transport 03-01T11:00 extension-requested by=2wd reason=x\ntick 03-09T00:00\ndispatch 03-09T01:00 extension-granted",
                [[try due("03-11T00:00", 5), old], [old, try due("03-11T00:00", 5), .number(2)]]
            ),
            (opened + "transport 03-01T11:00 extension-requested by=2wd reason=x\ndispatch 03-01T12:00 extension-refused", [[]]),
            (opened + "dispatch 03-01T11:00 clock-paused reason=weather", [[.names("weather", nil)]]),
            (
                opened + "dispatch 03-01T11:00 clock-paused reason=weather\ndispatch 03-02T11:00 clock-resumed",
                [[], [old, try due("03-10T00:00", 5), .number(3)]]
            ),
            (opened + "transport 03-01T11:00 replied kind=solved public=x\ndispatch 03-01T12:00 reply-sent-back reason=x", [[]]),
            (opened + "supervisor 03-01T11:00 urged reason=due-soon assignment=1", [[.names("due-soon", nil)]]),
            (
                opened + "supervisor 03-01T11:00 supervised level=3 reason=bad within=2h",
                [[.number(3), .names("bad", nil), try due("03-01T13:00", 9)]]
            ),
            (
                opened + "supervisor 03-01T11:00 supervised level=3\nsupervisor 03-01T12:00 supervision-ended result=done",
                [[.names("done", nil)]]
            ),
            (
                answered + "callback 03-01T11:00 called-back reached=true solved=no handling=2 reply=5 attempt=3",
                [[packed([0: 1, 8: 2, 16: 2, 24: 5, 32: 3])]]
            ),
            (
                answered + "dispatch 03-01T11:00 closed result=solved\ndispatch 03-01T12:00 reopened source=review reason=unsolved",
                [[packed([0: 3, 8: 2]), .names("unsolved", nil)]]
            ),
            (opened + "citizen 03-01T11:00 withdrawn reason=settled", [[.names("settled", nil)]]),
            (opened + "dispatch 03-01T11:00 terminated reason=no-contact reviewer=s explained=true", [[.number(1), .names("no-contact", nil)]]),
            (answered + "dispatch 03-01T11:00 closed result=solved\ndispatch 03-01T12:00 archived", [[]]),
            (
                opened + #"dispatch 03-01T11:00 topic-tagged topics=["a","b","c"]"#,
                [[.number(3), .names("a", "b"), .names("c", nil)]]
            ),
        ]
        for (script, words) in rows {
            let world = World()
            try Script.run(script, world)
            #expect(world.facts.suffix(words.count).map { $0.words } == words, "\(script)")
        }
    }

    @Test func mergedNamesTheOtherCase() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t
            intake 03-01T09:00 received channel=plain title=t
            dispatch 03-01T09:10 merged into=$1
            """, world)
        #expect(world.facts[2].words == [.number(1), .stream(StreamName(world.serials[0]))])
        #expect(world.facts[3].words == [.number(3), .stream(StreamName(world.serials[1]))])
    }

    @Test func flagsOfReceipt() throws {
        let world = World()
        try Script.run(
            """
            intake 03-01T09:00 received channel=plain title=t accessClass=normal
            intake 03-01T09:00 received channel=plain title=t external={"platform":"rmw","id":"1"}
            """, world)
        #expect(world.facts[0].flags == [.sealed, .accessClass])
        #expect(world.facts[1].flags == [.sealed, .externalReference])
        #expect(world.facts[1].externalReference == "rmw\u{0}1")
    }

    @Test func factsOfTheSystem() throws {
        let time = EventTime("2017-03-01T00:00:00+08:00")!
        let key = Array("k".utf8)
        let rows: [(any EventPayload, StreamName, [FactWord])] = [
            (LogCreated(origin: "host/log", key: "host/log+1+\(TextCoding.base64(key))"), .log, [.number(1)]),
            (
                RulebookPartRecorded(part: RulebookPart(name: "units.yaml#2", text: "a: 字\n"), index: 2, of: 5), .rulebook,
                [packed([0: 2, 16: 5, 32: 7])]
            ),
            (RulebookAdopted(version: 3, parts: [.init(name: "units.yaml", sha256: "ab")]), .rulebook, [.number(3), .number(1)]),
        ]
        for (payload, stream, words) in rows {
            let fact = Fact.system(payload, stream: stream, id: "x", source: "/engine", actor: "admin/0", time: time)
            #expect(fact.words == words)
            let head = EntryHead(position: Position(1), revision: 1, previousLeaf: [UInt8](repeating: 0, count: 32), recordedAt: time.instant)
            let entry = try #require(try Entry(head.entry(body: fact.body)))
            #expect(entry.envelope.subject == stream.rawValue)
            let derived = try #require(FactDerivation.facts(of: entry))
            #expect(derived.words == words)
            #expect(derived.type == fact.type)
        }
    }
}
