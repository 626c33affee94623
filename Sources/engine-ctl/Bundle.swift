import ArgumentParser
import EngineClient
import EventLog
import EventModel
import Foundation

extension Case {
    struct Bundle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a case with its proofs into a directory, to be checked elsewhere.",
            discussion: """
                Each event with its proof under one signed checkpoint. Texts stay sealed. Checked with: engine-ctl bundle verify DIR --key VKEY

                Example:
                  engine-ctl case bundle 510104-20170301-000123 -o ./000123
                """)
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("The case's serial number.", valueName: "serial"))
        var serial: String
        @Option(name: [.customShort("o"), .long], help: ArgumentHelp("New directory to write to (default: the serial).", valueName: "dir"))
        var output: String?

        func run() async throws {
            let client = connecting.client
            let target = output ?? serial
            var entries: [(position: Position, bytes: [UInt8], path: [[UInt8]])] = []
            for try await line in client.lines(method: "GET", path: "/v1/cases/\(try Case.checked(serial))/events") {
                guard let entry = try Entry(line) else { throw Failure(Outcome.internal, "The engine sent a line that is no entry.") }
                entries.append((entry.head.position, line, []))
            }
            guard let last = entries.last?.position else { throw Failure(Outcome.no, "There is no case \(serial).") }
            // Without a size this has a head signed that covers the last event.
            _ = try await client.get("/v1/log/proof/inclusion", query: [("position", last.description)])
            let note = try await client.get("/v1/log/checkpoint").bytes
            guard let text = try? SignedNote(note).text, let size = EventLog.Checkpoint(text: text)?.size else {
                throw Failure(Outcome.internal, "The engine sent a checkpoint this program can't read.")
            }
            for index in entries.indices {
                let query = [("position", entries[index].position.description), ("size", String(size))]
                let answer = try await client.get("/v1/log/proof/inclusion", query: query).json()
                entries[index].path = (answer["proof"]?.items ?? []).compactMap { $0.string.flatMap { TextCoding.bytes(base64: $0) } }
            }
            do {
                try CaseBundle.write(serial: serial, entries: entries, note: note, to: target)
            } catch {
                throw Failure(Outcome.usage, "The bundle can't be written: \(error)", next: "choose a new directory: -o DIR")
            }
            Output.text("\(entries.count) events under a checkpoint of \(size) entries written to \(target)")
        }
    }
}

struct Bundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Checks a case's bundle, offline.",
        discussion: """
            Example:
              engine-ctl bundle verify ./000123 --key 'city.example/appeals+1a2b3c4d+AW…'
            """, subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verifies signature, every proof and the chain of a case's events; needs no daemon.",
            discussion: "Exit code 0: all proven. 1: something is wrong, and it is named. 2: key or directory can't be used.")
        @Argument(help: ArgumentHelp("The bundle.", valueName: "dir"))
        var directory: String
        @Option(name: .long, help: ArgumentHelp("The log's verifier key, from elsewhere than the bundle.", valueName: "vkey"))
        var key: String
        @Flag(name: .long, help: "Print the result as JSON.") var json = false

        func run() throws {
            let key = try VerifierKeys.read(key)
            guard FileManager.default.fileExists(atPath: "\(directory)/checkpoint") else {
                throw Failure(
                    Outcome.usage, "\(directory) is no bundle: it holds no checkpoint.", next: "make one: engine-ctl case bundle SERIAL -o DIR")
            }
            do throws(NoteError) {
                let report = try CaseBundle.verify(directory: directory, key: key)
                if json { Output.line(document(report)) } else { text(report) }
            } catch {
                if json { Output.line(fault(error)) } else { Output.text(Terminal.output.red("WRONG: \(Terminal.plain(error.description))")) }
                throw ExitCode(Outcome.no)
            }
        }

        private func text(_ report: CaseBundle.Report) {
            Output.text(
                "\(Terminal.plain(report.serial)): \(report.events) events, in \(report.checkpoint.origin) of \(report.checkpoint.size) entries")
            if report.notInterpreted > 0 { Output.text("\(report.notInterpreted) of them proven but of a format this version doesn't read") }
            Output.text(Terminal.output.green("ok: signed, in the log, and none left out between them"))
        }

        private func document(_ report: CaseBundle.Report) -> [UInt8] {
            var writer = JSONWriter()
            writer.object { answer in
                answer.member("ok", true)
                answer.member("case", report.serial)
                answer.member("events", report.events)
                answer.member("notInterpreted", report.notInterpreted)
                answer.member("origin", report.checkpoint.origin)
                answer.member("size", report.checkpoint.size)
                answer.member("root", TextCoding.base64(report.checkpoint.root))
            }
            return writer.bytes
        }

        private func fault(_ error: NoteError) -> [UInt8] {
            var writer = JSONWriter()
            writer.object { answer in
                answer.member("ok", false)
                answer.member("finding", error.description)
            }
            return writer.bytes
        }
    }
}
