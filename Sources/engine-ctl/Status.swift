import ArgumentParser
import EventModel

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how the engine is: head, views and their lag, queue, disk.",
        discussion: """
            Examples:
              engine-ctl status
              engine-ctl status --json | jq .position
            """)

    @OptionGroup var connecting: Connecting

    func run() async throws {
        try await connecting.show("/v1/status") { status, _ in
            let term = Terminal.output
            let state = status["state"]?.string ?? "?"
            Output.text("\(state == "ready" ? term.green(state) : term.red(state))  \(status["origin"]?.string ?? "")")
            var facts = Table("", "")
            func add(_ name: String, _ value: String?) { if let value { facts.add(name, value) } }
            add("position", status["position"]?.integer.map { "\(ProgressLine.number($0)), recorded \(status["recordedTime"]?.string ?? "?")" })
            add("cases", status["streams"]?.integer.map { ProgressLine.number($0) })
            if let rulebook = status["rulebook"] {
                add(
                    "rulebook",
                    rulebook["version"]?.integer == 0
                        ? "none yet: engine-ctl rulebook adopt DIR"
                        : "version \(rulebook["version"]?.integer ?? 0), \(rulebook["units"]?.integer ?? 0) units, \(rulebook["mailboxes"]?.integer ?? 0) mailboxes, \(rulebook["timeZone"]?.string ?? "?")"
                )
            }
            if let queue = status["queue"] {
                add("queue", "\(queue["events"]?.integer ?? 0) of \(ProgressLine.number(queue["eventsMax"]?.integer ?? 0)) events")
            }
            if let counts = status["counts"] {
                add(
                    "since start",
                    "\(counts["accepted"]?.integer ?? 0) accepted, \(counts["duplicate"]?.integer ?? 0) duplicate, \(counts["refused"]?.integer ?? 0) refused, \(counts["overdue"]?.integer ?? 0) overdue"
                )
            }
            if let disk = status["disk"] {
                add("disk", "log \(Self.bytes(disk["logBytes"]?.integer ?? 0))\(disk["freeBytes"]?.integer.map { ", \(Self.bytes($0)) free" } ?? "")")
            }
            add("started", status["startedAt"]?.string)
            facts.print()
            guard let views = status["views"]?.items, !views.isEmpty else { return }
            Output.text("")
            var table = Table("view", "state", ">position", ">lag")
            for view in views {
                table.add(
                    "\(view["name"]?.string ?? "")@\(view["version"]?.integer ?? 0)", view["state"]?.string ?? "",
                    ProgressLine.number(view["position"]?.integer ?? 0), ProgressLine.number(view["lag"]?.integer ?? 0))
            }
            table.print()
        }
    }

    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1_024 { return unit == "B" ? "\(count) B" : "\((value * 10).rounded() / 10) \(unit)" }
            value /= 1_024
        }
        return "\((value * 10).rounded() / 10) TiB"
    }
}
