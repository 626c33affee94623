import CaseImport
import EventModel
import Foundation
import Testing

/// One of the two files of the shared data, with its mapping and rulebook.
struct SourceFile: Sendable {
    var path: String
    var mapping: String
    var rulebook: String

    /// `nil` where the shared data is absent: `$APPEAL_SHARED_DATA`, else `../shared/data` beside the repository.
    static let letters = SourceFile("teddy-c-letters/attachment4_letters_replies.csv.gz", mapping: "teddy-letters", rulebook: "letters")
    static let baltimore = SourceFile("baltimore311/311_sample.csv.gz", mapping: "baltimore", rulebook: "baltimore")

    static let folder =
        ProcessInfo.processInfo.environment["APPEAL_SHARED_DATA"]
        ?? URL(fileURLWithPath: Program.root).deletingLastPathComponent().appendingPathComponent("shared/data").path

    private init?(_ name: String, mapping: String, rulebook: String) {
        path = "\(Self.folder)/\(name)"
        self.mapping = "\(Program.root)/packaging/mappings/\(mapping).yaml"
        self.rulebook = rulebook
        guard FileManager.default.fileExists(atPath: path) else { return nil }
    }

    /// All events in the order of an import, the clock's last.
    func events() throws -> [[UInt8]] {
        let importer = try importer()
        var report = ImportReport()
        var events: [[UInt8]] = []
        for row in try importer.rows(of: try CSVFile.read(path: path)) {
            report.add(row)
            events += row.events.map(\.json)
        }
        events.append(try #require(report.clockEvent(for: importer.mapping)).json)
        return events
    }

    /// The same with its first rows only, unpacked into a file of its own.
    func cut(rows count: Int, to path: String) throws -> SourceFile {
        let bytes = try CSVFile.read(path: self.path)
        var rows = try importer().rows(of: bytes)
        for _ in 0..<count { _ = rows.next() }
        let line = try #require(rows.next()?.lineNumber)
        var end = 0
        for _ in 1..<line { end = try #require(bytes[end...].firstIndex(of: UInt8(ascii: "\n"))) + 1 }
        try Data(bytes[..<end]).write(to: URL(fileURLWithPath: path))
        var file = self
        file.path = path
        return file
    }

    private func importer() throws -> Importer { Importer(mapping: try Mapping(yaml: String(contentsOfFile: mapping, encoding: .utf8))) }

    /// What `engine-ctl import csv` says of it.
    struct Report: Decodable, Equatable {
        struct Tally: Decodable, Equatable { var count: Int }
        struct Posted: Decodable, Equatable {
            var accepted: Int
            var duplicate: Int
            var refused: Int
        }
        var rows: Int
        var usable: Int
        var refused: Int
        var flags: [String: Tally]
        var events: [String: Int]
        var posted: Posted
    }

    func imported(by daemon: Daemon) async throws -> Report {
        let result = try await daemon.ctl("import", "csv", path, "--mapping", mapping, "--json")
        try #require(result.status == 0, "\(result.output) \(result.error)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }
}

/// What Tests/Oracles/import_counts.py reads from the same two files.
struct ImportOracle: Decodable {
    struct Letters: Decodable {
        var rows: Int
        var receivedByMonth: [String: Int]
        var lateReplies: Int
        var lateRepliesByMonth: [String: Int]
    }
    struct Agency: Decodable {
        var received: Int
        var closed: Int
        var late: Int
        var openPastDue: Int
    }
    struct Baltimore: Decodable {
        var rows: Int
        var total: Agency
        var agencies: [String: Agency]
        var createdByAgencyAndMonth: [String: [String: Int]]
        var createdByMonth: [String: Int]
        var rowsWithFlag: [String: Int]
    }
    var letters: Letters
    var baltimore: Baltimore

    static func read() async throws -> ImportOracle {
        let own = ProcessInfo.processInfo.environment["APPEAL_ORACLE_PYTHON"]
        let python = own.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil } ?? "python3"
        let result = try await Program.run(python, ["\(Program.root)/Tests/Oracles/import_counts.py", SourceFile.folder])
        try #require(result.status == 0, "\(result.error)")
        return try JSONDecoder().decode(ImportOracle.self, from: Data(result.output.utf8))
    }
}
