import EventModel
import Workflow

/// Entries of the log for people: one line each.
enum Entries {
    static func show(_ bytes: [UInt8], isEnglish: Bool) {
        guard let entry = try? Entry(bytes) else { return Output.line(bytes) }
        let term = Terminal.output
        let name = isEnglish ? entry.envelope.type : EventType(name: entry.envelope.type)?.chineseName ?? entry.envelope.type
        let padding = String(repeating: " ", count: max(1, 26 - Terminal.width(name)))
        let position = String(entry.head.position.rawValue)
        let left = String(repeating: " ", count: max(0, 9 - position.count)) + position
        var text = "\(term.dim(left))  \(entry.envelope.time)  \(term.bold(name))\(padding)\(Terminal.plain(entry.envelope.subject))"
        let summary = summary(entry.data)
        if !summary.isEmpty { text += "  \(Terminal.plain(summary))" }
        Output.text(
            text + "  " + term.dim(Terminal.plain(entry.envelope.actingFor.map { "\(entry.envelope.actor) for \($0)" } ?? entry.envelope.actor)))
    }

    /// The codes and numbers of an entry's data that fit a line.
    private static func summary(_ data: JSONValue) -> String {
        data.members.compactMap { name, value in
            guard !["sealed", "code", "serial"].contains(name) else { return nil }
            if let text = value.string { return text.utf8.count <= 48 ? "\(name)=\(text)" : nil }
            if let number = value.integer { return "\(name)=\(number)" }
            return nil
        }.prefix(6).joined(separator: " ")
    }
}
