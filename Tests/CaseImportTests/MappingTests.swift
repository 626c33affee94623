import Testing
import Workflow

@testable import CaseImport

@Suite struct MappingTests {
    static let least = """
        mapping: 1
        name: test
        source: /import/test
        timeZone: Asia/Shanghai
        row: { id: id }
        subject: { column: id, prefix: t- }
        times: { formats: [yyyy-MM-dd HH:mm] }
        events:
          appeal.received:
            time: opened
            data:
              channel: { value: mailbox }
              title: { column: title }

        """

    @Test func leastMapping() throws {
        let mapping = try Mapping(yaml: Self.least)
        #expect(mapping.name == "test" && mapping.source == "/import/test" && mapping.zone.name == "Asia/Shanghai")
        #expect(mapping.columns == ["id", "opened", "title"])
    }

    /// Each row: what is replaced in the least mapping, by what, and the first error.
    @Test(arguments: [
        ("mapping: 1", "mapping: 2", "line 1: mapping: this version reads format 1"),
        ("name: test\n", "", "line 1: ‘name’ is missing"),
        ("name: test", "name: [a]", "line 2: a single value is expected here"),
        ("name: test", "nane: test", "line 2: the mapping has no ‘nane’"),
        ("source: /import/test", "source: /导入", "line 3: source must be printable ASCII"),
        ("timeZone: Asia/Shanghai", "timeZone: CST", "line 4: timeZone: ‘CST’ isn't an IANA zone"),
        ("row: { id: id }", "row: { id: id }\nfile: { encoding: gbk }", "line 6: encoding: only utf-8 is read"),
        ("row: { id: id }", "row: { id: id }\nfile: { delimiter: ab }", "line 6: delimiter must be one ASCII character"),
        ("row: { id: id }", "row: {}", "line 5: ‘id’ is missing"),
        ("prefix: t-", "prefix: t/", "line 6: subject: a prefix has at most 32"),
        ("[yyyy-MM-dd HH:mm]", "[yyyy-MM-DD HH:mm]", "line 7: format ‘yyyy-MM-DD HH:mm’: ‘DD’ isn't one of"),
        ("[yyyy-MM-dd HH:mm]", "[]", "line 7: formats must name at least one"),
        ("[yyyy-MM-dd HH:mm]", "[yyyy-MM-dd], dateOnly: noon", "line 7: dateOnly: ‘noon’ isn't one of start-of-day, end-of-day, refuse"),
        ("appeal.received:", "appeal.overdue:", "line 9: ‘appeal.overdue’ can't be imported; there are appeal.received"),
        ("    time: opened\n", "", "line 10: ‘time’ is missing"),
        ("channel: { value: mailbox }", "chanel: { value: mailbox }", "line 12: appeal.received has no member ‘chanel’; there are channel"),
        ("      channel: { value: mailbox }\n", "", "line 10: appeal.received needs channel"),
        ("title: { column: title }", "district: { column: title }", "line 10: appeal.received needs title or text"),
        ("channel: { value: mailbox }", "channel: { value: a b }", "line 12: channel: ‘a b’ isn't a code"),
        ("channel: { value: mailbox }", "channel: { value: a, column: b }", "line 12: channel: value stands alone"),
        ("channel: { value: mailbox }", "channel: mailbox", "line 12: channel must be a mapping with value"),
        ("channel: { value: mailbox }", "channel: { column: a, table: t }", "line 12: channel: there is no table ‘t’"),
        ("title: { column: title }", "title: { slug: true }", "line 13: title needs a column or a value"),
        ("    time: opened", "    time: opened\n    when: { column: a }", "line 11: when has a column and either present or in"),
        ("    time: opened", "    time: opened\n    when: { column: a, present: maybe }", "line 11: present must be true or false"),
        ("    time: opened", "    time: opened\n    when: { column: a, present: true }", "line 9: appeal.received has no when"),
        ("    time: opened", "    time: opened\n    limits: []", "line 11: appeal.received has no ‘limits’"),
        ("events:", "checks: [{ flag: Late, column: a, present: true }]\nevents:", "line 8: flag: ‘Late’ must be lower-case words"),
        ("events:", "checks: [{ flag: late, column: a }]\nevents:", "line 8: a check has either present or notBefore"),
        ("events:", "tables: { t: x }\nevents:", "line 8: a table maps values"),
        ("events:", "events: [", "this isn't YAML"),
        ("name: test", "name: test\nname: test", "this isn't YAML: the key name stands twice"),
    ])
    func errorsNameTheLine(from: String, to: String, message: String) throws {
        let yaml = Self.least.replacing(from, with: to)
        #expect(yaml != Self.least)
        let error = try #require(throws: MappingErrors.self) { try Mapping(yaml: yaml) }
        #expect(error.description.contains(message), "\(error)")
    }

    @Test(
        arguments: [
            ("limits: [{ kind: reply, due: due }]", nil), ("limits: [{ kind: reply, within: 5wd }]", nil),
            ("limits: [{ kind: reply, within: 5w }]", "line 17: within: ‘5w’ isn't a limit"),
            ("limits: [{ kind: close, within: 5wd }]", "line 17: kind: ‘close’"),
            ("limits: [{ kind: reply }]", "line 17: a limit has either due"), ("limits: { kind: reply }", "line 17: limits must be a list"),
        ] as [(String, String?)])
    func limits(text: String, message: String?) throws {
        let yaml = Self.least + "  appeal.assigned:\n    time: opened\n    data: { unit: { column: title } }\n    \(text)\n"
        guard let message else {
            #expect(try Mapping(yaml: yaml).events.count == 2)
            return
        }
        let error = try #require(throws: MappingErrors.self) { try Mapping(yaml: yaml) }
        #expect(error.description.contains(message), "\(error)")
    }

    @Test func allErrorsAreNamedAtOnce() throws {
        let yaml = Self.least.replacing("Asia/Shanghai", with: "CST").replacing("channel:", with: "chanel:")
        let error = try #require(throws: MappingErrors.self) { try Mapping(yaml: yaml) }
        #expect(error.errors.map(\.line) == [4, 12])
    }

    @Test(arguments: ["", "a", "- a", "mapping: 1", "events: {}"])
    func rubbishIsRefused(yaml: String) {
        #expect(throws: MappingErrors.self) { try Mapping(yaml: yaml) }
    }

    @Test(.enabled(if: ImportFiles.root != nil), arguments: ["teddy-letters", "baltimore"])
    func shippedMappings(name: String) throws {
        let mapping = try Mapping(yaml: try ImportFiles.mapping(name))
        #expect(mapping.events.map(\.kind) == [.received, .assigned, .replied, .closed])
    }
}
