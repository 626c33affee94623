import Foundation

/// All of a run: printed as a table, and as JSON for those who compare.
struct Report: Encodable {
    var date: String
    var machine: Machine
    var seed: UInt64
    var rounds: Int
    var size: String
    var rows: [RowResult] = []

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    var table: String {
        var lines = [["row", "a second", "spread", "baseline", "a second", "spread", "ratio", "goal"]]
        for row in rows {
            for (index, baseline) in row.baselines.enumerated() {
                let own = index == 0 ? [row.row, Self.short(row.perSecond.median), Self.spread(row.perSecond)] : ["", "", ""]
                let other =
                    baseline.perSecond.map { [baseline.name, Self.short($0.median), Self.spread($0)] } ?? [
                        "\(baseline.name): \(baseline.unavailable ?? "not available")", "–", "",
                    ]
                lines.append(own + other + [baseline.ratio.map { Self.ratio($0) } ?? "–", baseline.goal.map { "≥ \(Self.ratio($0))" } ?? ""])
            }
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for (number, line) in lines.enumerated() {
            text +=
                zip(line, widths).enumerated().map { index, cell in
                    let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                    return index == 0 || index == 3 ? cell.0 + padding : padding + cell.0
                }.joined(separator: "  ") + "\n"
            if number == 0 { text += widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n" }
        }
        for row in rows {
            text += "\n\(row.row)  \(row.work); \(row.events) events, result \(row.resultHash)\n"
            for note in row.notes { text += "    \(note)\n" }
        }
        return text
    }

    static func ratio(_ value: Double) -> String { String(format: "%.2f×", value) }

    /// 1.23 M, 456 k, 789
    static func short(_ value: Double) -> String {
        switch value {
        case 1_000_000...: String(format: "%.2f M", value / 1e6)
        case 100_000...: String(format: "%.0f k", value / 1e3)
        case 1_000...: String(format: "%.1f k", value / 1e3)
        default: String(format: "%.0f", value)
        }
    }

    /// Half the distance between least and most, of the median.
    static func spread(_ series: Series) -> String {
        guard let least = series.samples.min(), let most = series.samples.max(), series.samples.count > 1 else { return "" }
        return String(format: "±%.0f %%", (most - least) / 2 / series.median * 100)
    }
}
