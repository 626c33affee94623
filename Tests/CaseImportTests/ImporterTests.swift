import EventModel
import Testing

@testable import CaseImport

/// Golden rows: what a row becomes, byte for byte.
@Suite struct ImporterTests {
    private static let mapping = """
        mapping: 1
        name: golden
        source: /import/golden
        timeZone: America/New_York
        row: { id: id }
        subject: { column: number, prefix: sr- }
        times: { formats: [MM/dd/yyyy hh:mm:ss a, MM/dd/yyyy], dateOnly: start-of-day }
        clock: [touched]
        checks:
          - { flag: missing-due, column: due, present: true }
          - { flag: touched-before-opened, column: touched, notBefore: opened }
        tables:
          results: { Closed: solved, Duplicate: explained }
        events:
          appeal.closed:
            when: { column: closed, present: true }
            time: closed
            data: { result: { column: status, table: results, default: unsolved } }
          appeal.received:
            time: opened
            data:
              title: { column: type }
              channel: { column: via, slug: true, default: other }
              category: { column: type, before: '-', slug: true }
              wantReply: { value: true }
              appellant.name: { column: who }
              appellant.phones: { column: phone }
              external.platform: { value: city-311 }
              external.id: { column: number }
          appeal.assigned:
            time: opened
            data: { unit: { column: agency, slug: true } }
            limits: [{ kind: reply, due: due }]
          appeal.replied:
            when: [{ column: closed, present: true }, { column: status, in: [Closed, Duplicate, Odd] }]
            time: closed
            data: { kind: { value: explained }, internal: { column: status } }
          appeal.rated:
            when: { column: stars, present: true }
            time: closed
            data: { handling: { column: stars } }

        """
    private static let header = "id,number,opened,due,closed,touched,type,via,who,phone,agency,status,stars\n"

    private func rows(_ lines: String...) throws -> [ImportRow] {
        let csv = Self.header + lines.joined(separator: "\n") + "\n"
        return Array(try Importer(mapping: try Mapping(yaml: Self.mapping)).rows(of: Array(csv.utf8)))
    }
    private func text(_ row: ImportRow) -> [String] { row.events.map { String(decoding: $0.json, as: UTF8.self) } }
    private func flags(_ row: ImportRow) -> [String] { row.flags.map(\.code) }

    @Test func goldenRow() throws {
        let row = try rows(
            #"7,18/001,03/09/2018 11:00:00 PM,03/13/2018 11:00:00 PM,03/12/2018 09:00:00 AM,03/14/2018 12:00:00 AM,SW-Dirty Alley,Phone,"Ann ""A"" B",555,Parks & Co,Closed,4"#
        )[0]
        let head = #"{"specversion":"1.0","id":"7:"#
        let subject = #""subject":"sr-18-001","time":"#
        #expect(
            text(row) == [
                head + #"received","source":"/import/golden","type":"appeal.received","# + subject
                    + #""2018-03-09T23:00:00-05:00","datacontenttype":"application/json","data":{"channel":"phone","category":"sw","wantReply":true,"title":"SW-Dirty Alley","appellant":{"name":"Ann \"A\" B","phones":["555"]},"external":{"platform":"city-311","id":"18/001"}}}"#,
                head + #"assigned","source":"/import/golden","type":"appeal.assigned","# + subject
                    + #""2018-03-09T23:00:00-05:00","datacontenttype":"application/json","data":{"unit":"parks-co","limits":[{"kind":"reply","due":"2018-03-13T23:00:00-04:00"}]}}"#,
                head + #"replied","source":"/import/golden","type":"appeal.replied","# + subject
                    + #""2018-03-12T09:00:00-04:00","datacontenttype":"application/json","data":{"assignment":1,"kind":"explained","internal":"Closed"}}"#,
                head + #"closed","source":"/import/golden","type":"appeal.closed","# + subject
                    + #""2018-03-12T09:00:00-04:00","datacontenttype":"application/json","data":{"result":"solved"}}"#,
                head + #"rated","source":"/import/golden","type":"appeal.rated","# + subject
                    + #""2018-03-12T09:00:00-04:00","datacontenttype":"application/json","data":{"handling":4}}"#,
            ])
        #expect(row.lineNumber == 2 && row.rowId == "7" && row.subject == "sr-18-001" && row.flags.isEmpty && row.refusal == nil)
        #expect(row.lastInstant == RFC3339.parse("2018-03-14T00:00:00-04:00")?.instant)
    }

    @Test func openRowsStayOpen() throws {
        let row = try rows("8,2,03/09/2018 11:00:00 PM,,,,SW-X,,,,Parks,Open,")[0]
        #expect(row.events.count == 2 && flags(row) == ["missing-due"])
        #expect(text(row)[0].contains(#""data":{"channel":"other","category":"sw","wantReply":true,"title":"SW-X","external":{"#))
        #expect(text(row)[1].hasSuffix(#""data":{"unit":"parks"}}"#))
    }

    /// Each row: the line, and its flags.
    @Test(
        arguments: [
            // Closed before opened: kept in the order of a case's life, with the file's times.
            (
                "9,3,03/09/2018 11:00:00 PM,03/19/2018,03/01/2018 09:00:00 AM,,T,Web,,,A,Closed,",
                ["date-only-time", "replied-before-received", "closed-before-received"]
            ),
            ("9,3,03/09/2018 11:00:00 PM,03/09/2018 11:00:00 PM,,03/01/2018,T,Web,,,A,Open,", ["due-not-after-assigned", "touched-before-opened"]),
            ("9,3,03/09/2018 11:00:00 PM,03/19/2018 11:00:00 PM,03/11/2018 02:30:00 AM,,T,Web,,,A,Closed,", ["skipped-local-time"]),
            ("9,3,03/09/2018 11:00:00 PM,11/04/2018 01:30:00 AM,,,T,Web,,,A,Open,", ["ambiguous-local-time"]),
            ("9,3,03/09/2018 11:00:00 PM,03/19/2018 11:00:00 PM,03/11/2018 03:30:00 AM,,T,Web,,,A,Odd,", ["unmapped-value"]),
            ("9,3,03/09/2018 11:00:00 PM,03/19/2018 11:00:00 PM,,soon,T,Web,,,A,Open,", ["unreadable-time"]),
        ] as [(String, [String])])
    func oddRowsAreFlagged(line: String, codes: [String]) throws {
        let row = try rows(line)[0]
        #expect(row.refusal == nil && flags(row) == codes)
        #expect(text(row)[0].contains("appeal.received"))
    }

    @Test(
        arguments: [
            ("9,3,yesterday,,,,T,Web,,,A,Open,", "unreadable-time", "opened"), ("9,3,,,,,T,Web,,,A,Open,", "missing-time", "opened"),
            (",3,03/09/2018,,,,T,Web,,,A,Open,", "missing-value", "id"), ("9,,03/09/2018,,,,T,Web,,,A,Open,", "missing-value", "number"),
            ("9,3,03/09/2018,,,,,Web,,,A,Open,", "missing-value", "type"), ("9,3,03/09/2018,,,,T,Web,,,,Open,", "missing-value", "agency"),
            ("9,3,03/09/2018,,,,T,Web,,,市,Open,", "missing-value", "agency"), ("9,3,03/09/2018,,,,T,Web,,,A,Open", "field-count", ""),
            ("9,3,03/09/2018,,03/10/2018,,T,Web,,,A,Closed,6", "bad-value", "stars"),
            ("9,3,03/09/2018,x,,,T,Web,,,A,Open,", "unreadable-time", "due"),
            ("9,3,03/09/2018,,03/10/2018,,T,Web,,,A,,", nil, ""), ("9,3,03/09/2018,,,,\"T\"x,Web,,,A,Open,", "text-after-quote", ""),
            ("9,a b,03/09/2018,,,,T,Web,,,A,Open,", "bad-value", "number"),
        ] as [(String, String?, String)])
    func unusableRowsAreRefused(line: String, code: String?, column: String) throws {
        let row = try rows(line)[0]
        #expect(row.refusal?.code == code)
        if code != nil { #expect(row.refusal?.column == column && row.events.isEmpty && row.lastInstant == nil) }
    }

    @Test func repeatedRowsAreRefusedWithTheFirstLine() throws {
        let rows = try rows(
            "1,5,03/09/2018,,,,T,Web,,,A,Open,", "1,6,03/09/2018,,,,T,Web,,,A,Open,", "2,5,03/09/2018,,,,T,Web,,,A,Open,",
            "3,x,no,,,,T,Web,,,A,Open,",
            "3,x,03/09/2018,,,,T,Web,,,A,Open,")
        #expect(rows.map { $0.refusal?.code } == [nil, "repeated-id", "repeated-serial", "unreadable-time", nil])
        #expect(rows[1].refusal?.detail == "line 2 has the same id")
    }

    @Test func longTextsAreCutAndFlagged() throws {
        let long = String(repeating: "信", count: 500)
        let row = try rows("1,5,03/09/2018 11:00:00 PM,03/19/2018 11:00:00 PM,,,\(long),Web,,,A,Open,")[0]
        #expect(flags(row) == ["text-cut"] && text(row)[0].contains("\"" + String(repeating: "信", count: 400) + "\""))
    }

    /// A date stands for its first instant, or for the step before on the same day.
    @Test func datesWithoutTimeOfDay() throws {
        let mapping = try Mapping(yaml: Self.mapping)
        let times = RowTimes(mapping: mapping)
        let message = try #require(RFC3339.parse("2018-04-24T10:05:04-04:00")).instant
        #expect(try times.read("04/24/2018", column: "x", after: message).instant == message)
        #expect(try times.read("04/25/2018", column: "x", after: message).instant == RFC3339.parse("2018-04-25T00:00:00-04:00")?.instant)
        #expect(try times.read("04/23/2018", column: "x", after: message).instant == RFC3339.parse("2018-04-23T00:00:00-04:00")?.instant)
        let ends = try Mapping(yaml: Self.mapping.replacing("start-of-day", with: "end-of-day"))
        #expect(try RowTimes(mapping: ends).read("04/24/2018", column: "x").instant == RFC3339.parse("2018-04-24T23:59:59-04:00")?.instant)
        let refuses = try Mapping(yaml: Self.mapping.replacing("start-of-day", with: "refuse"))
        #expect(throws: ImportRow.RowRefusal.self) { try RowTimes(mapping: refuses).read("04/24/2018", column: "x") }
    }

    @Test func headerErrors() throws {
        let importer = Importer(mapping: try Mapping(yaml: Self.mapping))
        #expect(throws: CSVHeaderError(problem: "the file is empty")) { try importer.rows(of: []) }
        let missing = try #require(throws: CSVHeaderError.self) { try importer.rows(of: Array(Self.header.replacing("due,", with: "").utf8)) }
        #expect(missing.description.hasPrefix("the header lacks ‘due’; it has ‘id’, ‘number’"))
        #expect(throws: CSVHeaderError(problem: "the header has ‘due’ twice")) {
            try importer.rows(of: Array(Self.header.replacing("stars", with: "stars,due").utf8))
        }
    }

    @Test func reportCountsAndClock() throws {
        var report = ImportReport()
        for row in try rows(
            "1,5,03/09/2018 11:00:00 PM,03/19/2018 11:00:00 PM,,03/15/2018 11:00:00 PM,T,Web,,,A,Open,",
            "2,6,03/08/2018 11:00:00 PM,,03/12/2018 11:00:00 PM,,T,Web,,,A,Closed,", "3,7,no,,,,T,Web,,,A,Open,")
        {
            report.add(row)
            for _ in row.events { report.count(.accepted) }
        }
        report.count(.duplicate)
        report.count(.refused, reason: "unknown-code")
        #expect(report.rows == 3 && report.usableRows == 2 && report.refusedRows == 1 && report.flaggedRows == 1)
        #expect(report.events == ["appeal.received": 2, "appeal.assigned": 2, "appeal.replied": 1, "appeal.closed": 1])
        #expect(report.refusals["unreadable-time"]?.firstLines == [4] && report.flags["missing-due"]?.count == 1)
        #expect(report.acceptedEvents == 6 && report.duplicateEvents == 1 && report.engineRefusals == ["unknown-code": 1])
        let clock = try #require(report.clockEvent(for: try Mapping(yaml: Self.mapping)))
        #expect(
            String(decoding: clock.json, as: UTF8.self)
                == #"{"specversion":"1.0","id":"clock:2018-03-15T23:00:00-04:00","source":"/import/golden","type":"clock.advanced","time":"2018-03-15T23:00:00-04:00","datacontenttype":"application/json","data":{"source":"/import/golden","now":"2018-03-15T23:00:00-04:00"}}"#
        )
        #expect(
            report.text.hasPrefix(
                "rows 3: usable 2, flagged 1, refused 1\n  refused  unreadable-time: 1 (line 4)\n  flagged  missing-due: 1 (line 3)\n"))
        #expect(
            String(decoding: report.json, as: UTF8.self).hasPrefix(
                #"{"rows":3,"usable":2,"flagged":1,"refused":1,"refusals":{"unreadable-time":{"count":1,"firstLines":[4]}}"#))
        #expect(ImportReport().clockEvent(for: try Mapping(yaml: Self.mapping)) == nil)
    }
}
