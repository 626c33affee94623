import ArgumentParser
import EventModel

struct Feed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what the public sees (三公开): acceptance, handling, result.",
        discussion: """
            Examples:
              engine-ctl feed
              engine-ctl feed --stage result --limit 10
            """)

    @OptionGroup var connecting: Connecting
    @Option(name: .long, help: "acceptance, handling or result.") var stage: String?
    @Option(name: .long, help: "Go on after a page: its 'next'.") var cursor: String?
    @Option(name: .shortAndLong, help: "Items a page, 1–500.") var limit = 50

    func run() async throws {
        var query = [("limit", String(limit))]
        for (name, value) in [("stage", stage), ("cursor", cursor)] { if let value { query.append((name, value)) } }
        try await connecting.show("/v1/feed", query: query) { page, _ in
            let items = page["items"]?.items ?? []
            if items.isEmpty { return Output.text("Nothing is published.") }
            for item in items { show(item) }
            if let next = page["next"]?.string { Output.text("\nmore: the same with --cursor \(next)") }
        }
    }

    private func show(_ item: JSONValue) {
        let term = Terminal.output
        let head = ["publishedAt", "stage", "publicId", "status", "unit", "category", "district"].compactMap { item[$0]?.string }
        Output.text(Terminal.plain(head.joined(separator: "  ")))
        if let title = item["title"]?.string { Output.text("  \(term.bold(Terminal.plain(title)))") }
        if let withheld = item["withheld"]?.string ?? item["basis"]?.string { Output.text("  withheld: \(withheld)") }
        for name in ["text", "reply"] { if let text = item[name]?.string { Output.text("  \(Terminal.plain(text))") } }
        if let rating = item["rating"]?.string { Output.text("  \(rating)") }
    }
}
