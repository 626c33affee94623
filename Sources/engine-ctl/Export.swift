import ArgumentParser
import EventLog
import EventModel
import Foundation

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes the log in formats of others.",
        discussion: """
            Example:
              engine-ctl export tiles ./tiles --data ./city/data
            """, subcommands: [Tiles.self])

    struct Tiles: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes hashes and entries as C2SP tlog-tiles, with the last signed checkpoint.",
            discussion: """
                Reads the log's files, with the daemon up or down. Again into the same directory, it adds what has come. Texts stay sealed.

                Examples:
                  engine-ctl export tiles ./tiles --data /var/lib/appeal-engine/data
                  aics-tlog verify-inclusion --tiles ./tiles --vkey-file city.vkey --origin city.example/appeals --index 41
                """)

        @Argument(help: ArgumentHelp("Directory to write to.", valueName: "dir"))
        var directory: String
        @Option(name: .long, help: ArgumentHelp("The data directory (default: $ENGINE_DATA).", valueName: "dir"))
        var data: String?

        func run() throws {
            guard let source = data ?? ProcessInfo.processInfo.environment["ENGINE_DATA"] else {
                throw Failure(Outcome.usage, "Which data directory?", next: "engine-ctl export tiles DIR --data DATA")
            }
            guard FileManager.default.fileExists(atPath: "\(source)/log/data.mdb") else {
                throw Failure(
                    Outcome.usage, "\(source) holds no log: there is no \(source)/log/data.mdb.",
                    next: "give the directory named 'data' in the configuration")
            }
            let report: TileExport.Report
            do {
                report = try TileExport(directory: source).write(to: directory)
            } catch {
                throw Failure(Outcome.no, "The tiles can't be written: \(error)")
            }
            Output.text("\(report.size) entries: \(report.hashTiles) tiles of hashes and \(report.bundles) of entries written to \(directory)")
        }
    }
}
