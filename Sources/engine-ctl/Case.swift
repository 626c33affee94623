import ArgumentParser
import EngineClient
import EventModel

struct Case: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Shows one case: its state, its history, or all of it with proofs.",
        discussion: """
            Examples:
              engine-ctl case show 510104-20170301-000123
              engine-ctl case history 510104-20170301-000123
              engine-ctl case bundle 510104-20170301-000123 -o ./000123
            """, subcommands: [Show.self, History.self, Bundle.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows the state of a case now, with its assignments and deadlines.")
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("The case's serial number.", valueName: "serial"))
        var serial: String

        func run() async throws {
            try await connecting.show("/v1/cases/\(try Case.checked(serial))") { document, _ in CaseText.show(document) }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the events of a case, oldest first.")
        @OptionGroup var connecting: Connecting
        @Argument(help: ArgumentHelp("The case's serial number.", valueName: "serial"))
        var serial: String

        func run() async throws {
            for try await line in connecting.client.lines(method: "GET", path: "/v1/cases/\(try Case.checked(serial))/events") {
                if connecting.json { Output.line(line) } else { Entries.show(line, isEnglish: connecting.isEnglish) }
            }
        }
    }

    static func checked(_ serial: String) throws -> String {
        let isSerial =
            (1...64).contains(serial.utf8.count)
            && serial.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
                default: false
                }
            }
        guard isSerial else {
            throw Failure(
                Outcome.usage, "'\(Terminal.plain(serial))' is no serial number: 1–64 letters, digits, '.', '_' and '-'.",
                next: "find cases: engine-ctl cases")
        }
        return serial
    }
}

/// A case's document for people.
enum CaseText {
    static func show(_ document: JSONValue) {
        // `view=opened` puts the document beside what is personal.
        let state = document["state"] ?? document["case"].flatMap { $0.kind == .object ? $0 : nil } ?? document
        let term = Terminal.output
        Output.text("\(term.bold(state["case"]?.string ?? ""))  \(state["status"]?.string ?? "")\(state["result"]?.string.map { " (\($0))" } ?? "")")
        var facts = Table("", "")
        for name in [
            "publicId", "round", "revision", "profile", "channel", "mailbox", "nature", "category", "district", "urgency", "accessClass",
            "receivedAt", "acceptedAt", "declinedAt",
            "closedAt", "reason", "mergedInto",
        ] {
            if let text = state[name]?.string ?? state[name]?.integer.map({ String($0) }) { facts.add(name, text) }
        }
        facts.print()
        assignments(state)
        list(state["instructions"], "instructions") { "\($0["at"]?.string ?? "")  \($0["leader"]?.string ?? "")  \($0["kind"]?.string ?? "")" }
        list(state["ratings"], "ratings") { item in
            ["round", "handling", "reply", "solved", "reason", "via", "at"].compactMap { name in
                (item[name]?.string ?? item[name]?.integer.map { String($0) }).map { "\(name)=\($0)" }
            }.joined(separator: " ")
        }
        if let personal = document["personal"] {
            Output.text("\n" + term.bold("personal"))
            personalText(personal, indent: "  ")
        }
    }

    private static func assignments(_ state: JSONValue) {
        guard let items = state["assignments"]?.items, !items.isEmpty else { return }
        Output.text("")
        var table = Table(">no", "unit", "role", "status", "assigned", "replied", ">wd", "deadlines")
        for item in items {
            let deadlines = (item["deadlines"]?.items ?? []).map { deadline in
                "\(deadline["kind"]?.string ?? "") \(deadline["dueDay"]?.string ?? deadline["within"]?.string ?? "") \(deadline["state"]?.string ?? "")"
            }
            table.add(
                String(item["assignment"]?.integer ?? 0), item["unit"]?.string ?? "", item["role"]?.string ?? "", item["status"]?.string ?? "",
                String((item["assignedAt"]?.string ?? "").prefix(16)), String((item["repliedAt"]?.string ?? "—").prefix(16)),
                item["workingDays"]?.integer.map { String($0) } ?? "—", deadlines.joined(separator: ", "))
        }
        table.print()
    }

    private static func list(_ value: JSONValue?, _ title: String, _ line: (JSONValue) -> String) {
        guard let items = value?.items, !items.isEmpty else { return }
        Output.text("\n" + Terminal.output.bold(title))
        for item in items { Output.text("  " + Terminal.plain(line(item))) }
    }

    private static func personalText(_ value: JSONValue, indent: String) {
        for (name, member) in value.members {
            switch member.kind {
            case .object:
                Output.text("\(indent)\(name):")
                personalText(member, indent: indent + "  ")
            case .array where member.items.contains { $0.kind == .object }:
                Output.text("\(indent)\(name):")
                for item in member.items {
                    Output.text("\(indent)  -")
                    personalText(item, indent: indent + "    ")
                }
            case .array: Output.text("\(indent)\(name): \(member.items.map(plain).joined(separator: ", "))")
            default: Output.text("\(indent)\(name): \(plain(member))")
            }
        }
    }

    private static func plain(_ value: JSONValue) -> String { Terminal.plain(value.string ?? String(decoding: value.text, as: UTF8.self)) }
}
