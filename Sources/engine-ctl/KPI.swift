import ArgumentParser
import EventModel
import Projections

struct KPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kpi", abstract: "Prints figures with their definition, fraction, base and change.",
        discussion: """
            Periods: 2017, 2017-Q1, 2017-03, 2017-W10, 2017-03-01, or 2017-01..2017-06.
            Changes: yoy (同比, on the year before), pop (环比, on the period before).
            A figure with nothing in its base prints "—", never 0 or 100.

            Examples:
              engine-ctl kpi --period 2017 --compare yoy
              engine-ctl kpi --period 2017-03 --by unit --definition satisfaction@2 --definition on-time@1
              engine-ctl kpi --period 2017 --series month --definition overdue@1
            """)

    @OptionGroup var connecting: Connecting
    @Option(name: .shortAndLong, help: "The period.") var period: String
    @Option(name: .long, help: "Slices, separated by commas: unit, channel, group, mailbox, nature, category, district.") var by: String?
    @Option(name: .long, help: "Only this unit and those below it.") var unit: String?
    @Option(name: .shortAndLong, help: "A definition with its version (default: all); may be given again.") var definition: [String] = []
    @Option(name: .long, help: "flow (what happened in the period) or cohort (what became of its cases).") var basis: String?
    @Option(name: .long, help: "yoy or pop.") var compare: String?
    @Option(name: .long, help: "month: one row a month.") var series: String?

    func run() async throws {
        var query = [("period", period)]
        if !definition.isEmpty { query.append(("definition", definition.joined(separator: ","))) }
        for (name, value) in [("by", by), ("unit", unit), ("basis", basis), ("compare", compare), ("series", series)] {
            if let value { query.append((name, value)) }
        }
        try await connecting.show("/v1/kpi", query: query) { answer, _ in
            Output.text(
                "\(Terminal.output.bold(answer["period"]?.string ?? period))  basis \(answer["basis"]?.string ?? "")  position \(answer["position"]?.integer ?? 0)  calendar \(answer["calendar"]?.string ?? "—")\n"
            )
            KPIText.show(answer["rows"]?.items ?? [], isEnglish: connecting.isEnglish)
        }
    }
}

/// Rows of figures for people.
enum KPIText {
    static func show(_ rows: [JSONValue], isEnglish: Bool) {
        let slices = KPISlice.allCases.map(\.rawValue).filter { name in rows.contains { $0[name] != nil } }
        let hasMonth = rows.contains { $0["month"] != nil }
        let hasChange = rows.contains { $0["change"] != nil }
        let words = isEnglish ? ["definition", "", ">fraction", ">value", "", ">change"] : ["定义", "", ">分数", ">数值", "", ">变化"]
        var table = Table(slices + (hasMonth ? ["month"] : []) + words.prefix(hasChange ? 6 : 5) + [isEnglish ? "base" : "基数"])
        for row in rows {
            var cells = slices.map { row[$0]?.string ?? "" }.map { $0.isEmpty ? "—" : $0 }
            if hasMonth { cells.append(row["month"]?.string ?? "") }
            let name = row["definition"]?.string ?? ""
            let definition = KPIDefinition(rawValue: name)
            cells.append(row["percentile"]?.integer.map { "\(name) p\($0)" } ?? name)
            cells.append(isEnglish ? "" : definition?.chineseName ?? "")
            let isCount = row["scale"]?.string == KPIDefinition.Scale.count.rawValue
            cells.append(isCount ? "" : "\(row["numerator"]?.integer ?? 0)/\(row["denominator"]?.integer ?? 0)")
            let value = row["value"]?.string
            cells.append(value ?? KPIRow.none)
            cells.append(value == nil || isCount ? "" : row["scale"]?.string ?? "")
            if hasChange { cells.append(change(row["change"])) }
            cells.append(([row["base"]?.string ?? ""] + details(row)).joined(separator: ", "))
            table.add(cells)
        }
        if table.isEmpty { return Output.text(isEnglish ? "No figures: the period holds no case." : "没有数据：该期间没有诉求。") }
        table.print()
    }

    static func change(_ change: JSONValue?) -> String {
        guard let change else { return "" }
        if let points = change["pp"]?.string { return points + " pp" }
        if let percent = change["percent"]?.string { return percent + " %" }
        if let days = change["wd"]?.string { return days + " wd" }
        return KPIRow.none
    }

    private static func details(_ row: JSONValue) -> [String] {
        let known: Set<String> = ["definition", "percentile", "numerator", "denominator", "base", "value", "scale", "change", "month"]
        return row.members.filter { !known.contains($0.name) && KPISlice(rawValue: $0.name) == nil }.compactMap { name, value in
            value.integer.map { "\(name) \($0)" }
        }
    }
}
