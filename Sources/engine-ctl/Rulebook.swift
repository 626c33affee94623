import ArgumentParser
import Engine
import EngineClient
import EventModel
import Foundation
import Workflow

struct Rulebook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rulebook", abstract: "Checks, adopts and shows how the city works: calendar, units, limits, mailboxes, publicity.",
        discussion: """
            A rulebook is a directory of *.yaml files, and what they include. Adopting writes it into the log: history carries its own rules.

            Examples:
              engine-ctl rulebook check packaging/rulebook/chengdu      # offline
              engine-ctl rulebook adopt packaging/rulebook/chengdu
              engine-ctl rulebook show
            """, subcommands: [Check.self, Adopt.self, Show.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reads a rulebook and says what is wrong with it; needs no daemon.")
        @Argument(help: ArgumentHelp("Directories or files.", valueName: "dir"))
        var paths: [String]
        @Flag(name: .long, help: "Print findings as JSON.") var json = false

        func run() async throws {
            let parts = try RulebookFiles.load(paths: paths)
            let read = RulebookCheck.read(parts, version: 1)
            if json {
                Output.line(Findings.json(read.findings))
            } else {
                for finding in read.findings { Output.text(Findings.coloured(finding.description, isError: finding.severity == .error)) }
                if let rulebook = read.rulebook {
                    Output.text(
                        "\(Terminal.output.green("ok")): \(RulebookPart.join(parts).files.count) files, \(rulebook.units.units.count) units, \(rulebook.mailboxes.count) mailboxes, \(rulebook.profiles.count) profiles"
                    )
                }
            }
            if read.rulebook == nil { throw ExitCode(Outcome.no) }
        }
    }

    struct Adopt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Puts a rulebook into force from now on.")
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("Directories or files.", valueName: "dir"))
        var paths: [String]

        func run() async throws {
            let files = RulebookPart.join(try RulebookFiles.load(paths: paths)).files
            var writer = JSONWriter()
            writer.object { body in
                body.member(
                    "files",
                    array: { array in
                        for file in files {
                            array.object { item in
                                item.member("name", file.name)
                                item.member("text", file.text)
                            }
                        }
                    })
            }
            let reply = try await connecting.client.send(
                method: "POST", path: "/v1/rulebook", headers: [("Content-Type", "application/json")], body: writer.bytes)
            if connecting.json { Output.line(reply.bytes) }
            let answer = try reply.json()
            if let problem = ProblemDetails(answer) {
                if !connecting.json {
                    Receipts.show(problem)
                    for finding in answer["findings"]?.items ?? [] {
                        Output.text(Findings.coloured(Findings.text(finding), isError: finding["severity"]?.string == "error"))
                    }
                }
                throw ExitCode(Failure.code(ofStatus: problem.status, isTransient: problem.isTransient))
            }
            guard !connecting.json else { return }
            let version = answer["version"]?.integer ?? 0
            if answer["outcome"]?.string == "adopted" {
                Output.text("\(Terminal.output.green("adopted")) as version \(version), position \(answer["position"]?.integer ?? 0)")
            } else {
                Output.text("unchanged: version \(version) is the same text")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows the rulebook in force.")
        @OptionGroup var connecting: Connecting
        @Flag(name: .long, help: "Print the files' texts.") var text = false

        func run() async throws {
            try await connecting.show("/v1/rulebook") { answer, _ in
                Output.text("version \(answer["version"]?.integer ?? 0), adopted at position \(answer["position"]?.integer ?? 0)")
                let parts = (answer["parts"]?.items ?? []).map { RulebookPart(name: $0["name"]?.string ?? "", text: $0["text"]?.string ?? "") }
                for file in RulebookPart.join(parts).files {
                    Output.text(text ? "\n# \(file.name)\n\(file.text)" : "  \(file.name)  \(file.text.utf8.count) bytes")
                }
            }
        }
    }
}

/// Findings of a rulebook's check.
enum Findings {
    static func coloured(_ text: String, isError: Bool) -> String {
        isError ? Terminal.output.red(Terminal.plain(text)) : Terminal.output.yellow(Terminal.plain(text))
    }

    static func text(_ finding: JSONValue) -> String {
        let part = finding["part"]?.string ?? ""
        return
            "\(part.isEmpty ? "rulebook" : part):\(finding["line"]?.integer ?? 0): \(finding["severity"]?.string ?? ""): \(finding["code"]?.string ?? ""): \(finding["message"]?.string ?? "")"
    }

    static func json(_ findings: [Finding]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("ok", !findings.contains { $0.severity == .error })
            answer.member(
                "findings",
                array: { array in
                    for finding in findings {
                        array.object { item in
                            item.member("severity", finding.severity.rawValue)
                            item.member("part", finding.part)
                            item.member("line", finding.line)
                            item.member("code", finding.code)
                            item.member("message", finding.message)
                        }
                    }
                })
        }
        return writer.bytes
    }
}
