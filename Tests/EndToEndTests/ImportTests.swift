import CaseImport
import EngineClient
import EventModel
import Foundation
import Testing

/// The two real files through the real daemon: what the engine counts is what Python's csv counts, whenever it is loaded, however often.
@Suite(.serialized) struct ImportTests {
    @Test(.enabled(if: SourceFile.letters != nil, "needs the shared data"), .timeLimit(.minutes(15))) func allLetters() async throws {
        let file = try #require(SourceFile.letters)
        let expected = try await ImportOracle.read().letters
        try await withDaemon(rulebook: file.rulebook) { daemon in
            let report = try await file.imported(by: daemon)
            #expect(report.rows == expected.rows && report.usable == expected.rows && report.refused == 0)
            #expect(report.posted == .init(accepted: 4 * expected.rows + 1, duplicate: 0, refused: 0))
            #expect(report.flags.mapValues(\.count) == ["date-only-time": 1])

            let head = try await daemon.position()
            let period = ("period", "2011-01..2020-12")
            let series = try await KPIRows.of(daemon, [period, ("definition", "volume@1,overdue@1"), ("series", "month")], at: head)
            #expect(byMonth(series, "volume@1") == expected.receivedByMonth)
            #expect(byMonth(series, "overdue@1") == expected.lateRepliesByMonth)
            let whole = try await KPIRows.of(daemon, [period, ("definition", "volume@1,overdue@1")], at: head)
            #expect(whole.map(\.numerator) == [expected.rows, expected.lateReplies])
            // Every letter was answered, so that nothing was open past its due.
            #expect(try await LogEntry.after(.start, of: daemon, types: ["appeal.overdue"]).count == expected.lateReplies)

            try await expectNothingNew(file, daemon, head: head, events: 4 * expected.rows + 1)
            try await daemon.expectWholeLog()
            try await expectNoText(of: file, in: daemon, atLeast: 8_000)
        }
    }

    @Test(.enabled(if: SourceFile.baltimore != nil, "needs the shared data"), .timeLimit(.minutes(30))) func tenThousandRequests() async throws {
        let file = try #require(SourceFile.baltimore)
        let expected = try await ImportOracle.read().baltimore
        try await withDaemon(rulebook: file.rulebook) { daemon in
            let report = try await file.imported(by: daemon)
            #expect(report.rows == expected.rows && report.usable == expected.rows && report.refused == 0)
            let events = 2 * expected.rows + 2 * expected.total.closed + 1
            #expect(report.posted == .init(accepted: events, duplicate: 0, refused: 0))
            // Impossible intervals are flagged, and go in as they are.
            #expect(report.flags.mapValues(\.count) == expected.rowsWithFlag)

            let head = try await daemon.position()
            let period = ("period", "2014-01..2019-12")
            let series = try await KPIRows.of(daemon, [period, ("definition", "volume@1"), ("by", "unit"), ("series", "month")], at: head)
            var volumes: [String: [String: Int]] = [:]
            for row in series where row.numerator > 0 {
                volumes[try #require(row.unit), default: [:]][try #require(row.month)] = row.numerator
            }
            // The city is the root of the tree, and holds all.
            #expect(volumes.removeValue(forKey: "baltimore") == expected.createdByMonth)
            #expect(Set(volumes.keys) == Set(expected.createdByAgencyAndMonth.keys))
            for (agency, months) in expected.createdByAgencyAndMonth { #expect(volumes[agency] == months, "\(agency)") }
            let late = try await KPIRows.of(daemon, [period, ("definition", "overdue@1"), ("by", "unit")], at: head).filter { $0.numerator > 0 }
            var lateByUnit = Dictionary(late.map { ($0.unit ?? "", $0.numerator) }) { $0 + $1 }
            #expect(lateByUnit.removeValue(forKey: "baltimore") == expected.total.late)
            #expect(lateByUnit == expected.agencies.mapValues(\.late).filter { $0.value > 0 })
            let whole = try await KPIRows.of(daemon, [period, ("definition", "volume@1,overdue@1")], at: head)
            #expect(whole.map(\.numerator) == [expected.rows, expected.total.late])
            let overdue = try await LogEntry.after(.start, of: daemon, types: ["appeal.overdue"])
            #expect(overdue.count == expected.total.late + expected.total.openPastDue)

            try await expectNothingNew(file, daemon, head: head, events: events)
            try await daemon.expectWholeLog()
            try await expectNoText(of: file, in: daemon, atLeast: 5_000)
        }
    }

    private func byMonth(_ rows: [KPIRows.Row], _ definition: String) -> [String: Int] {
        let wanted = rows.filter { $0.definition == definition && $0.numerator > 0 }
        return Dictionary(wanted.map { ($0.month ?? "", $0.numerator) }) { $0 + $1 }
    }

    /// The same file again is all duplicates, and moves nothing.
    private func expectNothingNew(_ file: SourceFile, _ daemon: Daemon, head: Position, events: Int) async throws {
        let again = try await file.imported(by: daemon)
        #expect(again.posted == .init(accepted: 0, duplicate: events, refused: 0))
        #expect(try await daemon.position() == head)
    }

    /// Looks for all posted texts, line by line, in every file below the data directory and in the daemon's own log, with grep.
    private func expectNoText(of file: SourceFile, in daemon: Daemon, atLeast least: Int) async throws {
        let needles = try texts(of: file)
        #expect(needles.count >= least)
        let patterns = "\(daemon.directory)/patterns"
        try needles.joined(separator: "\n").write(toFile: patterns, atomically: true, encoding: .utf8)
        let grep = ["LC_ALL=C", "grep", "--recursive", "--text", "--only-matching", "--max-count=3", "--fixed-strings", "--file=\(patterns)"]

        // That grep finds: a text in the middle of other bytes is found.
        let planted = "\(daemon.directory)/planted"
        try (Data([0, 0xFF, 0x0A]) + Data(needles[needles.count / 2].utf8) + Data([0xFE, 0])).write(to: URL(fileURLWithPath: planted))
        #expect(try await Program.run("env", grep + [planted]).status == 0)

        let found = try await Program.run("env", grep + [daemon.data, "\(daemon.directory)/log"])
        #expect(found.status == 1, "\(found.output.prefix(600)) \(found.error)")
    }

    /// Lines of at least 12 bytes of every member that is sealed, as they are in the file; not what the rulebook says itself, in clear.
    private func texts(of file: SourceFile) throws -> [String] {
        let folder = "\(Program.root)/packaging/rulebook/\(file.rulebook)"
        let rulebook = try FileManager.default.contentsOfDirectory(atPath: folder).map {
            try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
        }
        let known = rulebook.joined(separator: "\n")
        var texts: Set<String> = []
        for event in try file.events() {
            let data = try JSONDocument(event).root["data"]
            for name in ["title", "text", "place", "public", "internal"] {
                for line in (data?[name]?.string ?? "").split(whereSeparator: \.isNewline) where line.utf8.count >= 12 {
                    texts.insert(String(line))
                }
            }
        }
        return texts.filter { !known.contains($0) }.sorted()
    }
}
