import EventModel
import Foundation
import Testing

@testable import Workflow

/// Text in, findings out: each kind of finding with the line it points at.
@Suite struct RulebookCheckTests {
    /// A small rulebook without findings. `x.yaml` of each row comes on top.
    static let base = RulebookPart(
        name: "base.yaml",
        text: """
            city: 510100
            timeZone: Asia/Shanghai
            units:
              510100: { label: [市政府, City] }
              510104: { label: [锦江区, Jinjiang], parent: 510100, level: 2 }
            codes:
              channel:
                hotline: [热线, Hotline]
              nature:
                help: [求助, Help]
              category:
                transport: [交通, Transport]
                transport.bus: [公交, Bus]
            calendar:
              id: cn
              years:
                2017: { off: [0102] }

            """)

    struct Row: CustomTestStringConvertible {
        let code: FindingCode
        let line: Int
        let text: String
        var severity = Finding.Severity.error
        init(_ code: FindingCode, line: Int, severity: Finding.Severity = .error, _ text: String) {
            self.code = code
            self.line = line
            self.text = text
            self.severity = severity
        }
        var testDescription: String { "\(code.rawValue): \(text.prefix(60).replacing("\n", with: " ⏎ "))" }
    }

    @Test(arguments: [
        Row(.badYAML, line: 3, "units:\n  a: [b\n"),
        Row(.badYAML, line: 2, "city: a\n\tb: c\n"),
        Row(.unknownKey, line: 2, "# comment\ntimezone: Asia/Shanghai\n"),
        Row(.unknownKey, line: 3, "units:\n  x:\n    name: [a, b]\n    label: [a, b]\n"),
        Row(.unknownKey, line: 2, "codes:\n  channels:\n    a: [b, c]\n"),
        Row(.unknownKey, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      answer: { within: 5wd, from: assigned }\n"),
        Row(.unknownKey, line: 4, "profiles:\n  p:\n    version: 1\n    match: { colour: red }\n"),
        Row(.missingKey, line: 2, "mailboxes:\n  mayor: { label: [市长, Mayor] }\n"),
        Row(.missingKey, line: 2, "profiles:\n  p: { limits: {} }\n"),
        Row(.missingKey, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      reply: { within: 5wd }\n"),
        Row(.duplicate, line: 1, "city: 510100\n"),
        Row(.duplicate, line: 2, "units:\n  510104: { label: [a, b] }\n"),
        Row(.duplicate, line: 2, "mailboxes:\n  m: { label: [a, b], unit: 510104 }\n  m: { label: [a, b], unit: 510104 }\n"),
        Row(.duplicate, line: 3, "codes:\n  channel:\n    hotline: [热线, Hotline]\n"),
        Row(.duplicate, line: 3, "calendar:\n  id: cn\n  years: { 2017: { off: [] } }\n"),
        Row(.duplicate, line: 2, "calendar:\n  id: us\n"),
        Row(.wrongType, line: 1, "units: [a, b]\n"),
        Row(.wrongType, line: 2, "units:\n  x: { label: [only-one] }\n"),
        Row(.wrongType, line: 1, "ratingWindow: [30d]\n"),
        Row(.wrongType, line: 2, "decimals:\n  overdue@1: two\n"),
        Row(.wrongType, line: 1, "- a list\n"),
        Row(.badCode, line: 2, "units:\n  交通局: { label: [a, b] }\n"),
        Row(.badCode, line: 3, "codes:\n  nature:\n    a b: [c, d]\n"),
        Row(.badCode, line: 3, "codes:\n  nature:\n    \(String(repeating: "x", count: 65)): [c, d]\n"),
        Row(.badCode, line: 2, "decimals:\n  overdue: 1\n"),
        Row(.badValue, line: 2, "decimals:\n  overdue@1: 7\n"),
        Row(.badValue, line: 1, "publicity: { mode: all }\n"),
        Row(.badValue, line: 2, "units:\n  x: { label: [a, b], level: 5 }\n"),
        Row(.badValue, line: 2, "units:\n  x: { label: [a, b], parent: 510104, level: 1 }\n"),
        Row(.badValue, line: 4, "profiles:\n  p:\n    version: 1\n    closing: sometimes\n"),
        Row(.badValue, line: 4, "profiles:\n  p:\n    version: 1\n    replyReview: always\n"),
        Row(
            .badValue, line: 5, severity: .warning,
            "profiles:\n  p:\n    version: 1\n    limits:\n      sign: { within: 1wd, from: assigned, maxExtension: 1wd }\n"),
        Row(.badWithin, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      reply: { within: 5 days, from: assigned }\n"),
        Row(.badWithin, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      reply: { within: 0wd, from: assigned }\n"),
        Row(.badWithin, line: 1, "ratingWindow: 30wd\n"),
        Row(.badStart, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      accept: { within: 1wd, from: assigned }\n"),
        Row(.badStart, line: 5, "profiles:\n  p:\n    version: 1\n    limits:\n      callback: { within: 1wd, from: received }\n"),
        Row(.badDay, line: 3, "calendar:\n  id: cn\n  years: { 2018: { off: [0230] } }\n"),
        Row(.badDay, line: 3, "calendar:\n  id: cn\n  years: { 2018: { off: [0106] } }\n"),  // a Saturday
        Row(.badDay, line: 3, "calendar:\n  id: cn\n  years: { 2018: { worked: [0105] } }\n"),  // a Friday
        Row(.badDay, line: 3, "calendar:\n  id: cn\n  years: { 2018: { off: [0105, 0104-0105] } }\n"),
        Row(.badDay, line: 3, "calendar:\n  id: cn\n  years: { 2018: { off: [0105-0104] } }\n"),
        Row(.badValue, line: 3, "calendar:\n  id: cn\n  years: { next: { off: [] } }\n"),
        Row(.unknownParent, line: 2, "units:\n  x: { label: [a, b], parent: nobody }\n"),
        Row(.unknownParent, line: 3, "codes:\n  category:\n    housing.rent: [a, b]\n"),
        Row(.unitCycle, line: 2, "units:\n  x: { label: [a, b], parent: y }\n  y: { label: [a, b], parent: x }\n"),
        Row(.unitCycle, line: 2, "units:\n  x: { label: [a, b], parent: x }\n"),
        Row(.unknownUnit, line: 2, "mailboxes:\n  m: { label: [a, b], unit: nobody }\n"),
        Row(.unknownCode, line: 2, "profiles:\n  p: { version: 1, match: { channel: fax } }\n"),
        Row(.unknownCode, line: 2, "profiles:\n  p: { version: 1, match: { category: housing } }\n"),
        Row(.unknownCode, line: 5, "codes:\n  district:\n    510104: [锦江区, Jinjiang]\nunits:\n  x: { label: [a, b], district: 510105 }\n"),
        Row(.ambiguousMatch, line: 3, "profiles:\n  a: { version: 1, match: { channel: hotline } }\n  b: { version: 1, match: { nature: help } }\n"),
        Row(.ambiguousMatch, line: 3, "profiles:\n  a: { version: 1 }\n  b: { version: 1, match: {} }\n"),
        Row(.calendarGap, line: 3, severity: .warning, "calendar:\n  id: cn\n  years: { 2019: { off: [] } }\n"),
        Row(.missingInclude, line: 1, "include: [../calendars/cn.yaml]\n"),
    ])
    func finding(_ row: Row) {
        let (rulebook, findings) = RulebookCheck.read([Self.base, RulebookPart(name: "x.yaml", text: row.text)], version: 1)
        #expect(findings.map(\.code) == [row.code.rawValue], "\(findings)")
        #expect(findings.map(\.line) == [row.line], "\(findings)")
        #expect(findings.map(\.part) == ["x.yaml"])
        #expect(findings.map(\.severity) == [row.severity])
        #expect((rulebook == nil) == (row.severity == .error))
        #expect(findings.allSatisfy { $0.message.count > 20 })
    }

    /// Members of different depth, and matches that exclude each other, aren't ambiguous.
    @Test(arguments: [
        "profiles:\n  a: { version: 1, match: { category: transport } }\n  b: { version: 1, match: { category: transport.bus } }\n",
        "profiles:\n  a: { version: 1, match: { level: 1 } }\n  b: { version: 1, match: { level: 2 } }\n",
        "profiles:\n  a: { version: 1, match: { channel: hotline } }\n  b: { version: 1, match: { channel: hotline, nature: help } }\n  c: { version: 1 }\n",
        "profiles:\n  a: { version: 1, match: { channel: hotline, level: 1 } }\n  b: { version: 1, match: { nature: help, level: 2 } }\n",
        "profiles:\n  a: { version: 1, match: { channel: hotline } }\n  b: { version: 1, match: { nature: help } }\n  c: { version: 1, match: { channel: hotline, nature: help } }\n",
    ])
    func notAmbiguous(_ text: String) {
        let (rulebook, findings) = RulebookCheck.read([Self.base, RulebookPart(name: "x.yaml", text: text)], version: 1)
        #expect(findings.isEmpty)
        #expect(rulebook != nil)
    }

    /// A third profile settles a tie only where it fits everything both fit.
    @Test(arguments: ["channel: hotline, nature: help, level: 1", "channel: hotline, category: transport"])
    func aThirdProfileThatSettlesNothing(_ third: String) {
        let text =
            "profiles:\n  a: { version: 1, match: { channel: hotline } }\n  b: { version: 1, match: { nature: help } }\n  c: { version: 1, match: { \(third) } }\n"
        let findings = RulebookCheck.read([Self.base, RulebookPart(name: "x.yaml", text: text)], version: 1).findings
        #expect(findings.map(\.code) == ["ambiguous-match"])
    }

    /// Texts with a byte changed, doubled or left out give findings or a rulebook, never a crash.
    @Test func damagedTextIsSurvived() throws {
        var random = ZoneTests.SplitMix(state: 2018)
        let originals = try RulebookTestFiles.parts(of: "chengdu").filter { $0.text.utf8.count < 8_000 }
        for _ in 0..<100 {
            let damaged = originals.map { part in
                var bytes = Array(part.text.utf8)
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: index)
                }
                return RulebookPart(name: part.name, text: String(decoding: bytes, as: UTF8.self))
            }
            let (rulebook, findings) = RulebookCheck.read(damaged, version: 1)
            #expect(rulebook != nil || findings.contains { $0.severity == .error })
        }
    }

    @Test func unknownZone() {
        let text = Self.base.text.replacing("Asia/Shanghai", with: "Asia/Chengdu")
        let (rulebook, findings) = RulebookCheck.read([RulebookPart(name: "a.yaml", text: text)], version: 1)
        #expect(rulebook == nil)
        #expect(findings.map(\.code) == ["unknown-zone"])
        #expect(findings.map(\.line) == [2])
    }

    @Test func nothingAtAll() {
        let (rulebook, findings) = RulebookCheck.read([], version: 1)
        #expect(rulebook == nil)
        #expect(findings.filter { $0.severity == .error }.map(\.code) == Array(repeating: "missing-key", count: 4))
    }

    @Test func workingDaysWithoutACalendar() throws {
        let text = try #require(Self.base.text.components(separatedBy: "calendar:").first)
        let none = RulebookPart(name: "a.yaml", text: text)
        let days = "profiles:\n  p:\n    version: 1\n    limits:\n      reply: { within: 60d, from: assigned, roll: none }\n"
        let (lenient, warnings) = RulebookCheck.read([none, RulebookPart(name: "x.yaml", text: days)], version: 1)
        #expect(lenient != nil)
        #expect(warnings.map(\.code) == ["missing-calendar"] && warnings.map(\.severity) == [.warning])
        for limits in ["reply: { within: 5wd, from: assigned }", "reply: { within: 60d, from: assigned }"] {
            let text = "profiles:\n  p:\n    version: 1\n    limits:\n      \(limits)\n"
            let (rulebook, findings) = RulebookCheck.read([none, RulebookPart(name: "x.yaml", text: text)], version: 1)
            #expect(rulebook == nil)
            #expect(findings.first?.code == "missing-calendar" && findings.first?.line == 2 && findings.first?.severity == .error)
        }
    }

    @Test func piecesAreJoinedAndMissingOnesNamed() {
        let parts = RulebookPart.split([(Self.base.name, Self.base.text)], limit: 100)
        #expect(parts.count > 3)
        #expect(RulebookCheck.read(parts.reversed(), version: 4).rulebook?.version == 4)
        let (rulebook, findings) = RulebookCheck.read(Array(parts.dropFirst()), version: 1)
        #expect(rulebook == nil)
        #expect(findings.contains { $0.code == "missing-part" && $0.part == "base.yaml" })
    }

    /// Scalars are the text that stands there: YAML's `no`, numbers and dates are codes like any other.
    @Test func scalarsAreText() throws {
        let text = "codes:\n  pauseReason:\n    no: [null, 1.0]\n    0x10: [~, yes]\n"
        let rulebook = try #require(RulebookCheck.read([Self.base, RulebookPart(name: "x.yaml", text: text)], version: 1).rulebook)
        #expect(rulebook.codes[.pauseReason]?["no"] == Label(zh: "null", en: "1.0"))
        #expect(rulebook.codes[.pauseReason]?["0x10"] == Label(zh: "~", en: "yes"))
    }

    /// Levels and districts come down the tree.
    @Test func unitsInheritFromTheirParents() throws {
        let text =
            "units:\n  d: { label: 部门, parent: 510104 }\n  s: { label: [街道, Street], parent: 510104, level: 3 }\nmailboxes:\n  m: { label: [a, b], unit: s, leader: l }\n"
        let rulebook = try #require(RulebookCheck.read([Self.base, RulebookPart(name: "x.yaml", text: text)], version: 1).rulebook)
        #expect(rulebook.units["d"] == UnitTree.Unit(id: "d", label: Label(zh: "部门", en: "部门"), parent: "510104", level: 2))
        #expect(rulebook.units["510100"]?.level == 1)
        #expect(rulebook.units.isWithin("s", "510100"))
        #expect(rulebook.units.children(of: "510104") == ["d", "s"])
        #expect(rulebook.mailboxes["m"] == Mailbox(id: "m", label: Label(zh: "a", en: "b"), unit: "s", leader: "l", level: 3))
    }

    /// Every code of a finding is explained in the reference, in the order of the enum (style.md 2).
    @Test func findingsAreDocumented() throws {
        let text = try RulebookTestFiles.text("docs/reference/rulebook.md")
        let documented = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "`").dropFirst().first.map(String.init)
        }
        let codes = FindingCode.allCases.map(\.rawValue)
        #expect(documented.filter { codes.contains($0) } == codes)
    }

    /// Every section and code list is explained in the reference.
    @Test func keysAreDocumented() throws {
        let text = try RulebookTestFiles.text("docs/reference/rulebook.md")
        let keys = RulebookParser.sections + CodeList.allCases.map(\.rawValue) + DeadlineKind.allCases.map(\.name)
        #expect(keys.filter { !text.contains("`\($0)`") } == [])
    }
}
