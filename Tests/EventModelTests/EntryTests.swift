import EventModel
import Testing

@Suite struct EntryTests {
    /// Event 3 of the worked example: docs/reference/on-disk-format.md, "Entry".
    static let storedEntry =
        #"{"specversion":"1.0","v":1,"position":"90212","revision":3,"prev":"hP2brDM615FUNIKWIE+n+MU3qW4ImD5fc7P1rKjo7fc=","#
        + #""recordedtime":"2017-03-01T02:05:00.412113Z","id":"9f1c0f3e-13","source":"/chengdu/dispatch","type":"appeal.assigned","#
        + #""subject":"510104-20170301-000123","time":"2017-03-01T10:05:00+08:00","actor":"operator/2001","actingfor":"staff-0417","#
        + #""data":{"unit":"510104-transport","role":"lead","assignment":1,"round":1,"deadlines":[{"kind":"reply","within":"5wd","from":"assigned","#
        + #""dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00"}],"calendar":"cn-2017@1","rule":"letter-5wd@3"}}"#

    static let head = EntryHead(
        position: Position(90_212), revision: 3, previousLeaf: TextCoding.bytes(base64: "hP2brDM615FUNIKWIE+n+MU3qW4ImD5fc7P1rKjo7fc=")!,
        recordedAt: Instant(microseconds: 1_488_333_900_412_113))
    static let envelope = EntryEnvelope(
        id: "9f1c0f3e-13", source: "/chengdu/dispatch", type: "appeal.assigned", subject: "510104-20170301-000123", time: "2017-03-01T10:05:00+08:00",
        actor: "operator/2001", actingFor: "staff-0417")

    static func body() -> [UInt8] {
        envelope.body { data in
            data.member("unit", "510104-transport")
            data.member("role", "lead")
            data.member("assignment", 1)
            data.member("round", 1)
            data.name("deadlines")
            data.array { list in
                list.object { item in
                    item.member("kind", "reply")
                    item.member("within", "5wd")
                    item.member("from", "assigned")
                    item.member("dueDay", "2017-03-08")
                    item.member("due", "2017-03-09T00:00:00+08:00")
                }
            }
            data.member("calendar", "cn-2017@1")
            data.member("rule", "letter-5wd@3")
        }
    }

    @Test func headAndBodyMakeTheStoredLine() { #expect(String(decoding: Self.head.entry(body: Self.body()), as: UTF8.self) == Self.storedEntry) }

    @Test func theStoredLineIsReadBack() throws {
        let entry = try #require(try Entry(utf8(Self.storedEntry)))
        #expect(entry.head == Self.head)
        #expect(entry.envelope == Self.envelope)
        #expect(entry.data["deadlines"]?.items.first?["dueDay"]?.string == "2017-03-08")
        #expect(entry.occurredAt == RFC3339.parse("2017-03-01T10:05:00+08:00")?.instant)
        #expect(entry.sealed.isEmpty)
    }

    @Test func optionalMembersAndTheCommitComeBack() throws {
        var head = Self.head
        head.commit = Position(90_211)
        var envelope = Self.envelope
        envelope.actingFor = nil
        envelope.causationID = "c-1"
        envelope.correlationID = "k-1"
        let references = [
            SealedReference(
                scope: .person, generation: 1, byteCount: 812, sha256: [UInt8](repeating: 7, count: 32),
                keyCommitment: [UInt8](repeating: 9, count: 32)),
            SealedReference(scope: .text, generation: 255, byteCount: 28, sha256: [UInt8](repeating: 8, count: 32)),
        ]
        let body = envelope.body { data in data.member("sealed", array: { list in for reference in references { reference.write(to: &list) } }) }
        let entry = try #require(try Entry(head.entry(body: body)))
        #expect(entry.head == head && entry.envelope == envelope)
        #expect(entry.sealed == references)
        #expect(references[1].keyName == "text.255")
    }

    /// Replacements that leave strict JSON, but no entry of version 1.
    @Test(arguments: [
        (#""specversion":"1.0""#, #""specversion":"1.1""#), (#""v":1"#, #""v":2"#), (#""v":1"#, #""v":"1""#),
        (#""position":"90212""#, #""position":90212"#),
        (#""position":"90212""#, #""position":"+90212""#), (#""position":"90212""#, #""position":"090212""#),
        (#""position":"90212""#, #""position":"-1""#),
        (#""position":"90212""#, #""position":"18446744073709551616""#), (#""revision":3"#, #""revision":-3"#),
        (#""revision":3"#, #""revision":4294967299"#),
        (#""revision":3"#, #""revision":"3""#), ("hP2brDM615", "hP2b"), ("7fc=", "7fd="), ("2017-03-01T02:05:00.412113Z", "2017-03-01"),
        (#""id""#, #""ID""#),
        (#""source""#, #""sauce""#), (#""type""#, #""typ""#), (#""subject""#, #""object""#), (#""time""#, #""tyme""#),
        (#""actor":"operator/2001""#, #""actor":null"#),
        (#""data":{"#, #""date":{"#),
    ])
    func isNoEntry(_ target: String, _ replacement: String) throws {
        let parts = Self.storedEntry.split(separator: target, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        #expect(try Entry(utf8(parts[0] + replacement + parts[1])) == nil)
    }

    @Test(arguments: [
        #"{"key":"text","len":1,"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"key":"text.0x1","len":1,"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"key":"text.256","len":1,"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"key":"voice.1","len":1,"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#,
        #"{"key":"text.1","sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#, #"{"key":"text.1","len":1,"sha256":"AAAA"}"#, "[]", "1",
    ])
    func isNoSealedReference(_ text: String) throws { #expect(SealedReference(try JSONDocument(text).root) == nil) }

    @Test func positionsAreReadAsTheyAreWritten() {
        for value in [0, 1, 10, 90_212, UInt64.max] { #expect(Position(decimal: String(value)) == Position(value)) }
        for text in ["", "-1", "+1", "01", "00", "1 ", " 1", "１", "1.0", "18446744073709551616", "0x1"] {
            #expect(Position(decimal: text) == nil, "\(text)")
        }
    }
}

@Suite struct FactTests {
    /// Every field a different pattern, so that a wrong offset, size or byte order shows.
    static let header = FactHeader(
        flags: [.sealed, .externalReference], type: 0x0201, revision: 0x0605_0403, stream: StreamNumber(0x0E0D_0C0B_0A09_0807),
        occurredAt: Instant(microseconds: 0x1615_1413_1211_100F), recordedAt: Instant(microseconds: -2), idHash: 0x2625_2423_2221_201F,
        source: 0x2A29_2827,
        unit: 0x2E2D_2C2B, assignment: 0x302F, wordCount: 15, entryByteCount: 0x3433_3231)

    @Test func bytesStandWhereTheFormatSays() {
        var bytes: [UInt8] = []
        Self.header.encode(into: &bytes)
        #expect(bytes.count == 56)
        let table: [(offset: Int, bytes: [UInt8], field: String)] = [
            (0, [1], "format"), (1, [9], "flags"), (2, [1, 2], "type"), (4, [3, 4, 5, 6], "revision"), (8, [7, 8, 9, 10, 11, 12, 13, 14], "stream"),
            (16, [15, 16, 17, 18, 19, 20, 21, 22], "occurred at"), (24, [254, 255, 255, 255, 255, 255, 255, 255], "recorded at"),
            (32, [31, 32, 33, 34, 35, 36, 37, 38], "id hash"), (40, [39, 40, 41, 42], "source"), (44, [43, 44, 45, 46], "unit"),
            (48, [47, 48], "assignment"),
            (50, [15], "words"), (51, [0], "zero"), (52, [49, 50, 51, 52], "entry bytes"),
        ]
        for row in table { #expect(Array(bytes[row.offset..<row.offset + row.bytes.count]) == row.bytes, "\(row.field)") }
        #expect(table.reduce(0) { $0 + $1.bytes.count } == FactHeader.byteCount)
        #expect(Self.header.valueByteCount == 56 + 120 + 0x3433_3231)
    }

    @Test func flagsAreThoseOfTheFormat() {
        #expect(
            FactFlags.sealed.rawValue == 1 && FactFlags.firstOfCommit.rawValue == 2 && FactFlags.accessClass.rawValue == 4
                && FactFlags.externalReference.rawValue == 8)
    }

    @Test func wordsAreReadByHalvesAndBytes() {
        let words = FactWords([0xAABB_CCDD_0102_0304, 7])
        #expect(words.count == 2 && words[0] == 0xAABB_CCDD_0102_0304 && words[1] == 7 && words[2] == 0 && words[14] == 0)
        #expect(words.lowName(0) == 0x0102_0304 && words.highName(0) == 0xAABB_CCDD && words.byte(0, at: 8) == 3 && words.byte(0, at: 56) == 0xAA)
        #expect(FactWords((0..<15).map { UInt64($0) }).count == 15)
        #expect(FactWord.instant(nil) == .number(0) && FactWord.instant(Instant(microseconds: -1)) == .number(UInt64.max))
    }

    @Test(arguments: DeadlineKind.allCases) func deadlineWords(_ kind: DeadlineKind) {
        #expect(DeadlineKind(name: kind.name) == kind)
        for due in [
            "1900-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2017-03-09T00:00:00+08:00", "2999-12-31T23:59:59.999999Z",
        ] {
            let deadline = DeadlineWord(kind: kind, due: RFC3339.parse(due)!.instant)
            #expect(DeadlineWord(deadline.word) == deadline, "\(due)")
            #expect(UInt8(truncatingIfNeeded: deadline.word) == kind.rawValue)
        }
    }

    @Test func deadlineKindsAreThoseOfTheFormat() {
        let names = ["accept", "dispatch", "sign", "contact", "reply", "close", "callback", "return", "instruction"]
        #expect(DeadlineKind.allCases.map(\.name) == names)
        #expect(DeadlineKind.allCases.map { Int($0.rawValue) } == Array(1...9))
        #expect(DeadlineWord(0) == nil && DeadlineWord(10) == nil && DeadlineKind(name: "Reply") == nil)
    }

    @Test func streamsAndScopes() {
        #expect(
            StreamName("@log").systemNumber == .log && StreamName("@rulebook").systemNumber == .rulebook
                && StreamName("@operations").systemNumber == .operations)
        #expect(StreamName("510104-20170301-000123").systemNumber == nil && StreamName("@Log").systemNumber == nil)
        #expect(!StreamNumber(15).isCase && StreamNumber(16).isCase)
        #expect(Scope.allCases.map(\.name) == ["person", "text", "public"] && Scope.allCases.map(\.rawValue) == [1, 2, 3])
        for scope in Scope.allCases { #expect(Scope(name: scope.name) == scope) }
        #expect(Scope(name: "voice") == nil)
    }
}
