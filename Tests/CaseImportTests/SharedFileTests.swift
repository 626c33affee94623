import EventModel
import Foundation
import Testing
import Workflow

@testable import CaseImport

/// The two real files, where they are present: every row usable, flags as counted by other means.
@Suite struct SharedFileTests {
    private func run(_ name: String, _ path: String?) throws -> (rows: [ImportRow], report: ImportReport) {
        let importer = Importer(mapping: try Mapping(yaml: try ImportFiles.mapping(name)))
        let bytes = try CSVFile.read(path: try #require(path))
        let rows = Array(try importer.rows(of: bytes))
        #expect(Array(try importer.rows(of: bytes)) == rows)
        var report = ImportReport()
        for row in rows { report.add(row) }
        return (rows, report)
    }

    @Test(.enabled(if: ImportFiles.letters != nil)) func letters() throws {
        let (rows, report) = try run("teddy-letters", ImportFiles.letters)
        #expect(report.rows == 2_816 && report.usableRows == 2_816 && report.refusedRows == 0)
        #expect(report.events == ["appeal.received": 2_816, "appeal.assigned": 2_816, "appeal.replied": 2_816, "appeal.closed": 2_816])
        #expect(report.flags.mapValues(\.count) == ["date-only-time": 1])
        let dated = try #require(rows.first { !$0.flags.isEmpty })
        #expect(dated.rowId == "27610" && dated.events[2].time == RFC3339.parse("2018-04-24T00:00:00+08:00")?.instant)
        let iso = try #require(rows.first { $0.rowId == "2759" })
        #expect(iso.events[0].time == RFC3339.parse("2019-04-08T08:37:20+08:00")?.instant)
        for row in rows { #expect(zip(row.events, row.events.dropFirst()).allSatisfy { $0.time <= $1.time }) }
        try expectPostable(rows)
    }

    @Test(.enabled(if: ImportFiles.baltimore != nil)) func baltimore() throws {
        let (rows, report) = try run("baltimore", ImportFiles.baltimore)
        #expect(report.rows == 10_000 && report.usableRows == 10_000 && report.refusedRows == 0)
        #expect(report.events == ["appeal.received": 10_000, "appeal.assigned": 10_000, "appeal.replied": 9_792, "appeal.closed": 9_792])
        // As Tests/Oracles/import_counts.py counts them.
        #expect(
            report.flags.mapValues(\.count) == [
                "status-before-created": 37, "missing-due": 286, "due-not-after-assigned": 222, "skipped-local-time": 2,
            ])
        #expect(report.lastInstant == RFC3339.parse("2019-02-13T21:18:56Z")?.instant)
        #expect(try rows.count { try isLate($0) } == 1_702)
        try expectPostable(rows)
    }

    /// Replied at or after the limit posted with its assignment.
    private func isLate(_ row: ImportRow) throws -> Bool {
        let assigned = String(decoding: row.events[1].json, as: UTF8.self)
        guard row.events.count > 2, let start = assigned.firstRange(of: "\"due\":\"")?.upperBound else { return false }
        let due = try #require(RFC3339.parse(String(assigned[start...].prefix { $0 != "\"" })))
        return row.events[2].time >= due.instant
    }

    /// Ids are unique and printable, events fit the engine's limit of 256 KiB, subjects are serials.
    private func expectPostable(_ rows: [ImportRow]) throws {
        var ids: Set<String> = []
        for event in rows.flatMap(\.events) {
            #expect(event.json.count <= 256 * 1_024)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            let id = try #require(object["id"] as? String)
            #expect(ids.insert(id).inserted && id.utf8.count <= 128 && id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            #expect(EventType(name: object["type"] as? String ?? "") != nil)
        }
    }
}
