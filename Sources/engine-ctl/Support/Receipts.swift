import EngineClient
import EventModel
import Foundation

/// Receipts and problems for people.
enum Receipts {
    /// What came of many posts.
    struct Counts {
        var accepted = 0
        var duplicate = 0
        var refused = 0
        var transient = 0
        var total: Int { accepted + duplicate + refused }

        mutating func stored(_ isDuplicate: Bool) { if isDuplicate { duplicate += 1 } else { accepted += 1 } }
        mutating func add(_ problem: ProblemDetails) {
            refused += 1
            if problem.isTransient { transient += 1 }
        }
        /// `nil`: all stored. 75 if whatever is missing may be taken later, 1 otherwise.
        var exitCode: Int32? { refused == 0 ? nil : refused == transient ? Outcome.again : Outcome.no }
    }

    static func show(_ receipt: JSONValue) {
        let term = Terminal.output
        let outcome = receipt["outcome"]?.string ?? "?"
        var parts = [outcome == "accepted" ? term.green(outcome) : term.yellow(outcome)]
        if let position = receipt["position"]?.integer { parts.append("position \(position)") }
        if let serial = receipt["case"]?.string { parts.append("case \(Terminal.plain(serial))") }
        if let revision = receipt["revision"]?.integer { parts.append("revision \(revision)") }
        if let code = receipt["extractionCode"]?.string { parts.append("extraction code \(term.bold(code))") }
        if let assignment = receipt["assignment"]?.integer { parts.append("assignment \(assignment)") }
        Output.text(parts.joined(separator: "  "))
        for deadline in receipt["deadlines"]?.items ?? [] {
            Output.text(
                "  \(deadline["kind"]?.string ?? "") due \(deadline["due"]?.string ?? "?")\(deadline["within"]?.string.map { " (\($0))" } ?? "")")
        }
        for other in receipt["also"]?.items ?? [] {
            Output.text("  also \(other["type"]?.string ?? "") at position \(other["position"]?.integer ?? 0)")
        }
        for name in receipt["ignored"]?.items ?? [] { Output.text("  not stored: \(Terminal.plain(name.string ?? ""))") }
    }

    static func show(_ problem: ProblemDetails, line: Int? = nil) {
        var text = line.map { "line \($0): " } ?? ""
        text +=
            "\(Terminal.error.red("refused")) \(problem.status) \(problem.code): \(Terminal.plain(problem.detail.isEmpty ? problem.title : problem.detail))"
        for place in problem.places where !place.pointer.isEmpty { text += "\n  at \(Terminal.plain(place.pointer)): \(place.code)" }
        if let revision = problem.currentRevision { text += "\n  the case is at revision \(revision)" }
        if let serial = problem.firstCase { text += "\n  first case: \(serial)" }
        if let next = problem.next { text += "\n  → \(Terminal.plain(next))" }
        Output.error(text + "\n")
    }
}
