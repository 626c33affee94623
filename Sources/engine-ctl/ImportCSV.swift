import ArgumentParser
import CaseImport
import EngineClient
import EventModel
import Foundation

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Posts the history of another system.",
        discussion: """
            Example:
              engine-ctl import csv 311.csv --mapping packaging/mappings/boston311.yaml --dry-run
            """, subcommands: [CSV.self])

    struct CSV: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Posts the rows of a CSV file as cases.",
            discussion: """
                The mapping says which column is what, in which time zone and format. Ids are made from the rows, so the same file again, or a
                run that was broken off, answers duplicates. --dry-run reads the whole file and reports, and posts nothing. gzip is recognised; -
                reads standard input.

                Examples:
                  engine-ctl import csv 311.csv --mapping M.yaml --dry-run
                  engine-ctl import csv 311.csv.gz --mapping M.yaml
                """)

        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("The CSV file, or -.", valueName: "file"))
        var file: String
        @Option(name: .long, help: ArgumentHelp("The mapping.", valueName: "file"))
        var mapping: String
        @Flag(name: .long, help: "Report only; post nothing.") var dryRun = false

        func run() async throws {
            let text = String(decoding: try Input.all(mapping), as: UTF8.self)
            let mapping = try Mapping(yaml: text)
            let rows: ImportRows
            let bytes = try CSVFile.read(path: file)
            do {
                rows = try Importer(mapping: mapping).rows(of: bytes)
            } catch {
                throw Failure(Outcome.usage, "\(file): \(error)", next: "compare the mapping's columns with the file's first line")
            }
            var report = ImportReport()
            var poster = Poster(client: connecting.client)
            var progress = ProgressLine("rows")
            var batch: [[UInt8]] = []
            for row in rows {
                report.add(row)
                if !dryRun { batch += row.events.map(\.json) }
                if batch.count >= Poster.batch { try await post(&batch, &poster, &report) }
                progress.update(done: UInt64(report.rows), total: nil)
            }
            if !dryRun {
                if let clock = report.clockEvent(for: mapping) { batch.append(clock.json) }
                try await post(&batch, &poster, &report)
            }
            progress.end()
            if connecting.json { Output.line(report.json) } else { Output.text(report.text) }
            if report.usableRows == 0 || report.refusedEvents > 0 { throw ExitCode(Outcome.no) }
        }

        private func post(_ batch: inout [[UInt8]], _ poster: inout Poster, _ report: inout ImportReport) async throws {
            var outcomes: [(ImportReport.Outcome, String?)] = []
            try await poster.post(batch) { problem, isDuplicate in
                outcomes.append((problem != nil ? .refused : isDuplicate ? .duplicate : .accepted, problem?.code))
            }
            for (outcome, reason) in outcomes { report.count(outcome, reason: reason) }
            batch.removeAll(keepingCapacity: true)
        }
    }
}
