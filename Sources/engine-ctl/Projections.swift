import ArgumentParser
import EngineClient
import EventModel

struct Projections: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "Lists the views, and builds one anew while the city works on.",
        discussion: """
            Examples:
              engine-ctl projections list
              engine-ctl projections rebuild department-kpi
            """, subcommands: [List.self, Rebuild.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the views with version, position and lag.")
        @OptionGroup var connecting: Connecting

        func run() async throws {
            try await connecting.show("/v1/projections") { answer, _ in
                var table = Table("view", "version", "build", "state", ">position", ">lag", ">rows", "")
                for item in answer["items"]?.items ?? [] {
                    let text: (String) -> String = { name in item[name]?.string ?? item[name]?.integer.map { ProgressLine.number($0) } ?? "" }
                    table.add(
                        text("name"), text("version"), text("build"), text("state"), text("position"), text("lag"), text("rows"),
                        item["rebuilding"]?.boolean == true ? "rebuilding" : item["reason"]?.string ?? "")
                }
                table.print()
            }
        }
    }

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Builds a view anew from the log beside the live one, then swaps them.",
            discussion: "The live view answers until the swap. The rebuild goes on in the daemon if this command is ended.")
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("The view.", valueName: "name"))
        var name: String

        func run() async throws {
            guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D || (0x30...0x39).contains($0) }), !name.isEmpty else {
                throw Failure(Outcome.usage, "'\(Terminal.plain(name))' is no name of a view.", next: "see them: engine-ctl projections list")
            }
            var progress = ProgressLine(name)
            var isDone = false
            for try await line in connecting.client.lines(method: "POST", path: "/v1/projections/\(name)/rebuild") {
                if connecting.json { Output.line(line) }
                guard let step = (try? JSONDocument(line))?.root else { continue }
                if let problem = ProblemDetails(step) {
                    progress.end()
                    if !connecting.json { Receipts.show(problem) }
                    throw ExitCode(Failure.code(ofStatus: problem.status, isTransient: problem.isTransient))
                }
                if let now = step["progress"] {
                    progress.update(
                        done: UInt64(now["done"]?.integer ?? 0), total: UInt64(now["total"]?.integer ?? 0),
                        rate: now["eventsPerSecond"]?.integer.map { Double($0) }, secondsLeft: now["remainingSeconds"]?.integer.map { Double($0) })
                }
                if let result = step["result"] {
                    isDone = true
                    progress.end()
                    if !connecting.json {
                        Output.text(
                            "\(name) built anew and swapped in: \(ProgressLine.number(result["rows"]?.integer ?? 0)) rows at position \(ProgressLine.number(result["position"]?.integer ?? 0)), \(ProgressLine.time(progress.seconds))"
                        )
                    }
                }
            }
            guard isDone else {
                throw Failure(
                    Outcome.again, "The connection ended before the rebuild did; the daemon goes on with it.",
                    next: "look: engine-ctl projections list")
            }
        }
    }
}
