import ArgumentParser
import EngineClient
import EventModel
import Workflow

struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints entries of the log, and with --follow those to come.",
        discussion: """
            Entries come in the order of the log. Without --after the last ones are shown.

            Examples:
              engine-ctl tail                                  # the last 20
              engine-ctl tail --follow --type appeal.overdue
              engine-ctl tail --after 0 --json > log.ndjson    # all of it, verbatim
              engine-ctl tail --case 510104-20170301-000123
            """)

    @OptionGroup var connecting: Connecting
    @Option(name: .long, help: ArgumentHelp("Begin after this position; 0 is the beginning.", valueName: "position"))
    var after: UInt64?
    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Without --after: how many positions back to begin; with it: how many entries at most.", valueName: "count"))
    var limit: Int?
    @Option(name: .long, help: ArgumentHelp("Only this type; may be given again.", valueName: "type"))
    var type: [String] = []
    @Option(name: .long, help: ArgumentHelp("Only entries of this unit.", valueName: "unit"))
    var unit: String?
    @Option(name: .customLong("case"), help: ArgumentHelp("Only entries of this case.", valueName: "serial"))
    var serial: String?
    @Flag(name: .shortAndLong, help: "Go on with what comes, until Ctrl-C.")
    var follow = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        for name in type where EventType(name: name) == nil {
            throw ValidationError("there is no event type '\(name)'; engine-ctl example --list shows them")
        }
    }

    func run() async throws {
        let client = connecting.client
        var start = Position(after ?? 0)
        if after == nil, serial == nil {
            let head = try await client.get("/v1/status").position ?? .start
            let back = UInt64(limit ?? 20)
            start = Position(head.rawValue > back ? head.rawValue - back : 0)
        }
        let most = after == nil ? nil : limit
        for try await item in client.events(after: start, types: type, unit: unit, case: serial, limit: most, follow: follow) {
            switch item {
            case .entry(let bytes): if connecting.json { Output.line(bytes) } else { Entries.show(bytes, isEnglish: connecting.isEnglish) }
            case .checkpoint(let position): if connecting.json { Output.line(Array("{\"checkpoint\":\(position)}".utf8)) }
            }
        }
    }
}
