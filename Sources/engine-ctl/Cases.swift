import ArgumentParser
import EventModel

struct Cases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists cases: a unit's or mailbox's work queue.",
        discussion: """
            Examples:
              engine-ctl cases --unit 510104-transport --sort due
              engine-ctl cases --overdue --limit 500
              engine-ctl cases --status in-hand --due-before 2017-03-09
            """)

    @OptionGroup var connecting: Connecting
    @Option(name: .long, help: "Cases whose lead is this unit, or one below.") var unit: String?
    @Option(name: .long, help: "Letters to this mailbox.") var mailbox: String?
    @Option(name: .long, help: "received, accepted, in-hand, replied, closed, declined, withdrawn, terminated or merged.") var status: String?
    @Option(name: .long, help: "With a deadline before this date or time.") var dueBefore: String?
    @Flag(name: .long, help: "Past their deadline and still open.") var overdue = false
    @Option(name: .long, help: "Of this category, or one below.") var category: String?
    @Option(name: .long, help: "-received (newest first), received, or due.") var sort: String?
    @Option(name: .long, help: "Go on after a page: its 'next'.") var cursor: String?
    @Option(name: .shortAndLong, help: "Cases a page, 1–500.") var limit = 50

    func run() async throws {
        var query = [("limit", String(limit))]
        let values = [
            ("unit", unit), ("mailbox", mailbox), ("status", status), ("dueBefore", dueBefore), ("category", category), ("sort", sort),
            ("cursor", cursor),
        ]
        for (name, value) in values { if let value { query.append((name, value)) } }
        if overdue { query.append(("overdue", "true")) }
        try await connecting.show("/v1/cases", query: query) { page, _ in
            var table = Table("case", "status", "unit", "category", "received", "due", "")
            for item in page["items"]?.items ?? [] {
                table.add(
                    item["case"]?.string ?? "", item["status"]?.string ?? "", item["unit"]?.string ?? "—", item["category"]?.string ?? "—",
                    String((item["receivedAt"]?.string ?? "").prefix(16)), String((item["nextDue"]?.string ?? item["due"]?.string ?? "—").prefix(16)),
                    item["overdue"]?.boolean == true ? "overdue" : "")
            }
            if table.isEmpty { return Output.text("No case matches.") }
            table.print()
            if let next = page["next"]?.string { Output.text("\nmore: the same with --cursor \(next)") }
        }
    }
}
