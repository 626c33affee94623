import ArgumentParser
import EventLog
import EventModel
import Foundation
import Workflow

struct Log: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Checks the log on disk, and gets checkpoints and proofs.",
        discussion: """
            Examples:
              engine-ctl log verify --data ./city/data --deep
              engine-ctl log key                                # once: give it to the auditor on paper
              engine-ctl log checkpoint -o head.checkpoint
              engine-ctl log proof 90212 -o 90212.tlog-proof
            """, subcommands: [Verify.self, Key.self, Checkpoint.self, Proof.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks every byte of a log against itself, offline or beside a running daemon.",
            discussion: """
                Entries, headers, leaf and node hashes, root, case chains, names, sealed blobs and the index are compared with each other. With
                --deep the facts of every entry are derived again from its text and compared with those stored. The first wrong position is
                named.

                Examples:
                  engine-ctl log verify --data /var/lib/appeal-engine/data
                  engine-ctl log verify --data ./copy-of-data --deep --json
                """)

        @Option(name: .long, help: ArgumentHelp("The data directory (default: $ENGINE_DATA).", valueName: "dir"))
        var data: String?
        @Flag(name: .long, help: "Also derive the facts of every entry again.") var deep = false
        @Flag(name: .long, help: "Leave the index out: a copy may have none.") var skipIndex = false
        @Option(name: .long, help: ArgumentHelp("Check stored checkpoints with this key, not the one the log names.", valueName: "vkey"))
        var key: String?
        @Flag(name: .long, help: "Print the report as JSON.") var json = false

        func run() throws {
            guard let directory = data ?? ProcessInfo.processInfo.environment["ENGINE_DATA"] else {
                throw Failure(
                    Outcome.usage, "Which data directory?", next: "engine-ctl log verify --data DIR   ('data' of the daemon's configuration)")
            }
            guard FileManager.default.fileExists(atPath: "\(directory)/log/data.mdb") else {
                throw Failure(
                    Outcome.usage, "\(directory) holds no log: there is no \(directory)/log/data.mdb.",
                    next: "give the directory named 'data' in the configuration")
            }
            var progress = ProgressLine("verified")
            let derive: (Entry) -> LogVerifier.Derived? = deep ? { Self.derive($0) } : { _ in nil }
            let verifier = LogVerifier(directory: directory, key: try key.map(VerifierKeys.read), derive: derive)
            let report: LogVerifier.Report
            do {
                report = try verifier.verify(checkIndex: !skipIndex) { step in
                    progress.update(done: step.position.rawValue, total: step.head.rawValue, rate: step.entriesPerSecond)
                }
            } catch {
                progress.end()
                throw Failure(Outcome.internal, "The log can't be read: \(error)", next: "check permissions, and that \(directory) is a whole copy")
            }
            progress.end()
            if json { Output.line(document(report)) } else { text(report, directory: directory, seconds: progress.seconds) }
            if report.finding != nil { throw ExitCode(Outcome.no) }
        }

        private static func derive(_ entry: Entry) -> LogVerifier.Derived? {
            FactDerivation.facts(of: entry).map {
                LogVerifier.Derived(
                    type: $0.type, unit: $0.unit, assignment: $0.assignment, setsAccessClass: $0.flags.contains(.accessClass), words: $0.words,
                    externalReference: $0.externalReference)
            }
        }

        private func text(_ report: LogVerifier.Report, directory: String, seconds: Double) {
            let term = Terminal.output
            Output.text("\(report.origin)  position \(ProgressLine.number(report.head.rawValue))")
            Output.text("root \(TextCoding.base64(report.root))")
            Output.text(
                "\(ProgressLine.number(report.entries)) entries, \(ProgressLine.number(report.blobs)) sealed texts, \(report.streams) streams, \(report.checkpoints) checkpoints checked in \(ProgressLine.time(seconds))\(deep ? "" : " (facts not derived again: --deep)")"
            )
            if deep, report.notInterpreted > 0 {
                Output.text(term.yellow("\(report.notInterpreted) entries are of types this version doesn't know; their facts were not derived"))
            }
            if let finding = report.finding {
                Output.text(term.red("WRONG at position \(finding.position): \(Terminal.plain(finding.what))"))
                Output.text("  → don't write to it any more: stop the daemon, keep the files, restore from a backup and compare")
            } else {
                Output.text(term.green("ok: the log is whole"))
            }
        }

        private func document(_ report: LogVerifier.Report) -> [UInt8] {
            var writer = JSONWriter()
            writer.object { answer in
                answer.member("ok", report.finding == nil)
                answer.member("origin", report.origin)
                answer.member("position", report.head.rawValue)
                answer.member("root", TextCoding.base64(report.root))
                answer.member("entries", report.entries)
                answer.member("deep", deep)
                answer.member("notInterpreted", report.notInterpreted)
                answer.member("sealed", report.blobs)
                answer.member("streams", report.streams)
                answer.member("checkpoints", report.checkpoints)
                if let finding = report.finding {
                    answer.member(
                        "finding",
                        object: { item in
                            item.member("position", finding.position.rawValue)
                            item.member("what", finding.what)
                        })
                }
            }
            return writer.bytes
        }
    }
}
