import ArgumentParser
import EngineClient
import EventModel
import Foundation
import Scenarios
import Workflow

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Posts two years of a city's appeals through the socket, and holds the figures against the published ones.",
        discussion: """
            chengdu-2017 is 2016 and 2017 of Chengdu, made up case by case so that the figures come out as the city published them on 2018-03-20.
            At scale 1000 one simulated appeal stands for a thousand. Run again, it goes on or answers duplicates. It needs the rulebook of
            Chengdu (engine-ctl rulebook adopt) and a peer with the source /simulate/ and the grants intake dispatch unit leader citizen callback
            backfill (engine-ctl init makes one).

            Examples:
              engine-ctl simulate --scenario chengdu-2017 --scale 1000
              engine-ctl simulate --scale 100 --json
            """)

    @OptionGroup var connecting: Connecting
    @Option(name: .long, help: "The scenario: chengdu-2017.") var scenario = "chengdu-2017"
    @Option(name: .long, help: "1000, or a divisor of it: 100 gives ten times as many events.") var scale = 1_000
    @Option(name: .long, help: "Another seed gives other people and other days, and the same figures.") var seed: UInt64 = 2_017
    /// For tests: one rating less, and the figures must show it.
    @Option(name: .long, help: ArgumentHelp("Leaves out the N-th appeal.rated.", valueName: "n", visibility: .hidden))
    var dropRating: Int?

    func validate() throws {
        if scenario != "chengdu-2017" { throw ValidationError("there is no scenario '\(scenario)'; there is chengdu-2017") }
    }

    func run() async throws {
        let years = try ChengduYears(scale: scale, rulebook: try await rulebook(), seed: seed)
        var progress = ProgressLine("posted")
        var poster = Poster(client: connecting.client)
        var refusals: [String: Int] = [:]
        var first: ProblemDetails?
        var batch: [[UInt8]] = []
        func note(_ problem: ProblemDetails?) {
            guard let problem else { return }
            refusals[problem.code, default: 0] += 1
            if first == nil { first = problem }
        }
        var ratings = 0
        for event in years.stream() {
            if let dropRating, event.json.firstRange(of: Self.ratingType) != nil {
                ratings += 1
                if ratings == dropRating { continue }
            }
            batch.append(event.json)
            if batch.count == Poster.batch {
                try await poster.post(batch) { problem, _ in note(problem) }
                batch.removeAll(keepingCapacity: true)
                progress.update(done: UInt64(poster.counts.total), total: UInt64(years.eventCount))
            }
        }
        try await poster.post(batch) { problem, _ in note(problem) }
        progress.end()
        let seconds = progress.seconds
        let figures = try await Figures.read(connecting.client, position: poster.position, factor: 1_000 / scale)
        if connecting.json {
            Output.line(Figures.json(figures, poster.counts, seconds: seconds))
        } else {
            let rate = Int(Double(poster.counts.total) / max(seconds, 0.001))
            Output.text(
                "\(ProgressLine.number(poster.counts.accepted)) events accepted, \(ProgressLine.number(poster.counts.duplicate)) known before, in \(ProgressLine.time(seconds)) (\(ProgressLine.number(rate))/s)\n"
            )
            Figures.show(figures, isEnglish: connecting.isEnglish)
        }
        if let first {
            Receipts.show(first)
            let codes = refusals.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            throw Failure(
                Outcome.no, "\(poster.counts.refused) of \(poster.counts.total) events were refused: \(codes).",
                next: "adopt packaging/rulebook/chengdu, and let the peer post as 'engine-ctl simulate --help' says")
        }
        guard figures.allSatisfy(\.isEqual) else {
            throw Failure(
                Outcome.no, "\(figures.count { !$0.isEqual }) figures are not the published ones.",
                next: "was anything else posted for 2016 or 2017? Use a new data directory")
        }
    }

    private static let ratingType = Array("\"type\":\"appeal.rated\"".utf8)

    private func rulebook() async throws -> Workflow.Rulebook {
        let answer = try await connecting.client.get("/v1/rulebook").json()
        let parts = (answer["parts"]?.items ?? []).map { RulebookPart(name: $0["name"]?.string ?? "", text: $0["text"]?.string ?? "") }
        guard let rulebook = RulebookCheck.read(parts, version: answer["version"]?.integer ?? 1).rulebook, !parts.isEmpty else {
            throw Failure(Outcome.no, "The engine has no rulebook yet.", next: "engine-ctl rulebook adopt packaging/rulebook/chengdu")
        }
        return rulebook
    }
}

/// The published figures beside the engine's.
private struct Figures {
    var published: PublishedFigure
    var expected: String
    var value: String
    var change: String?

    var isEqual: Bool { expected == value && (published.change == nil || published.change == change) }

    /// Asks for each year once, with its change on the year before, and once by channel.
    static func read(_ client: EngineClient, position: Position, factor: Int) async throws -> [Figures] {
        var rows: [Int: [JSONValue]] = [:]
        var channels: [Int: [JSONValue]] = [:]
        for year in Set(ChengduYears.published.map(\.year)) {
            let definitions = Set(ChengduYears.published.filter { $0.year == year }.map(\.definition)).sorted().joined(separator: ",")
            let query = [("period", String(year)), ("minPosition", position.description)]
            let whole = try await client.get("/v1/kpi", query: query + [("definition", definitions), ("compare", "yoy")]).json()
            rows[year] = whole["rows"]?.items ?? []
            let split = try await client.get("/v1/kpi", query: query + [("definition", "volume@1"), ("by", "group,channel")]).json()
            channels[year] = split["rows"]?.items ?? []
        }
        return ChengduYears.published.map { published in
            let row = rows[published.year]?.first { $0["definition"]?.string == published.definition }
            var value = row?["value"]?.string ?? "—"
            // Four figures share volume@1: all, calls, letters, and the outside platforms.
            let volumes = channels[published.year] ?? []
            func sum(_ isWanted: (JSONValue) -> Bool) -> String {
                String(volumes.filter(isWanted).reduce(0) { $0 + ($1["numerator"]?.integer ?? 0) })
            }
            switch published.labelEn {
            case "of these calls": value = sum { $0["channel"]?.string == "hotline" }
            case "of these letters": value = sum { $0["channel"]?.string != "hotline" && $0["group"]?.string != "external" }
            case "outside platforms, apart": value = sum { $0["group"]?.string == "external" }
            default: break
            }
            let expected = published.unit.isEmpty ? Int(published.value).map { String($0 * factor) } ?? published.value : published.value
            let change = row?["change"].flatMap { $0["pp"]?.string ?? $0["percent"]?.string ?? $0["wd"]?.string }
            return Figures(published: published, expected: expected, value: value, change: published.change == nil ? nil : change)
        }
    }

    static func show(_ figures: [Figures], isEnglish: Bool) {
        let term = Terminal.output
        var table = Table(
            isEnglish
                ? [">year", "figure", ">published", ">engine", ">change", ">engine", "", "page of 2018-03-20"]
                : [">年", "指标", ">公布", ">本系统", ">变化", ">本系统", "", "2018-03-20 公布原文"])
        for figure in figures {
            let published = figure.published
            let unit = published.changeUnit.isEmpty ? "" : " " + published.changeUnit
            table.add(
                String(published.year), isEnglish ? published.labelEn : published.labelZh, figure.expected + published.unit,
                figure.value + published.unit,
                published.change.map { $0 + unit } ?? "", figure.change.map { $0 + unit } ?? "", figure.isEqual ? "=" : "≠", published.published ?? ""
            )
        }
        table.print()
        let equal = figures.count(where: \.isEqual)
        Output.text(
            "\n"
                + (equal == figures.count
                    ? term.green("\(equal) of \(figures.count) figures are the published ones")
                    : term.red("\(equal) of \(figures.count) figures are the published ones")))
    }

    static func json(_ figures: [Figures], _ counts: Receipts.Counts, seconds: Double) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member("ok", figures.allSatisfy(\.isEqual))
            answer.member("accepted", counts.accepted)
            answer.member("duplicate", counts.duplicate)
            answer.member("milliseconds", Int(seconds * 1_000))
            answer.member(
                "figures",
                array: { array in
                    for figure in figures {
                        array.object { item in
                            item.member("year", figure.published.year)
                            item.member("definition", figure.published.definition)
                            item.member("label", figure.published.labelEn)
                            item.member("published", figure.expected)
                            item.member("value", figure.value)
                            item.member("publishedChange", optional: figure.published.change)
                            item.member("change", optional: figure.change)
                            item.member("equal", figure.isEqual)
                        }
                    }
                })
        }
        return writer.bytes
    }
}
