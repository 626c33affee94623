public import EventModel
public import Workflow

extension DepartmentKPI {
    /// The figures asked for, counted now over all rows.
    ///
    /// `rulebook` gives zone, calendar, unit tree, rating window and decimals, `names` the codes behind name ids. Throws `.badParameter` for a
    /// question that has no answer (a figure that can't be cut so). Runs under the view's lock, so `position` is exact. O(rows).
    public func query(_ query: KPIQuery, rulebook: Rulebook, names: @escaping (NameID) -> String?) throws(QueryError) -> KPIAnswer {
        let definitions = try query.answerable()
        return lock.read {
            let periods = query.byMonth ? query.period.months : [query.period]
            let report = KPIReport(
                view: rows, query: query, definitions: definitions, rulebook: rulebook, names: names, periods: periods,
                compared: query.compare.map { compare in periods.map { compare == .yearOnYear ? $0.yearBefore : $0.previous } })
            return KPIAnswer(
                period: query.period, basis: query.basis, position: rows.applied,
                calendar: rulebook.calendar.versionName(from: query.period.first, through: query.period.last), rows: report.rows())
        }
    }
}

/// One question on its way to rows: the counters of its periods, and of those compared with.
private struct KPIReport {
    let view: KPIRows
    let query: KPIQuery
    let definitions: [KPIDefinition]
    let rulebook: Rulebook
    let names: (NameID) -> String?
    let periods: [Period]
    let compared: [Period?]?

    /// The counters and working days of one slice in one period.
    private struct Cell {
        var counters = KPICounters()
        var days: [Int32] = []
    }
    private typealias Table = [[String]: [Cell]]

    func rows() -> [KPIRow] {
        let current = table(periods.map { $0 })
        let before = compared.map(table)
        var keys = Set(current.keys)
        if let before { keys.formUnion(before.keys) }
        var rows: [KPIRow] = []
        for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            for (index, period) in periods.enumerated() {
                let cell = current[key]?[index] ?? Cell()
                for definition in definitions {
                    append(definition, key, period, cell, before.map { $0[key]?[index] ?? Cell() }, compared?[index], to: &rows)
                }
            }
        }
        return rows
    }

    private func append(
        _ definition: KPIDefinition, _ key: [String], _ period: Period, _ cell: Cell, _ before: Cell?, _ to: Period?, to rows: inout [KPIRow]
    ) {
        let percentiles: [Int?] = definition == .cyclePercentile1 ? [50, 90, 95] : [nil]
        for percentile in percentiles {
            let fraction = value(definition, percentile, cell)
            let decimals = decimals(definition)
            var row = KPIRow(
                slices: zip(query.slices, key).map { KPIRow.Slice(slice: $0, value: $1) }, month: query.byMonth ? period.text : nil,
                definition: definition, percentile: percentile, numerator: fraction.numerator, denominator: fraction.denominator,
                base: definition.base,
                value: fraction.text(factor: definition.scale == .percent ? 100 : 1, decimals: definition.scale == .count ? 0 : decimals),
                scale: definition.scale, details: cell.counters.details(definition), change: nil)
            if definition == .cyclePercentile1 { row.details.insert(KPIRow.Detail(name: "n", value: cell.days.count), at: 0) }
            if let before, let to { row.change = change(definition, fraction, value(definition, percentile, before), to, decimals) }
            rows.append(row)
        }
    }

    private func value(_ definition: KPIDefinition, _ percentile: Int?, _ cell: Cell) -> Fraction {
        percentile.map { nearestRank($0, cell.days) } ?? cell.counters.fraction(definition)
    }

    private func change(_ definition: KPIDefinition, _ now: Fraction, _ before: Fraction, _ to: Period, _ decimals: Int) -> KPIRow.Change {
        let difference =
            switch definition.scale {
            case .percent: now.difference(from: before, factor: 100, decimals: decimals)
            case .workingDays: now.difference(from: before, factor: 1, decimals: decimals)
            case .count: now.growth(over: before, decimals: decimals)
            }
        return KPIRow.Change(
            to: to.text, numerator: before.numerator, denominator: before.denominator,
            value: before.text(factor: definition.scale == .percent ? 100 : 1, decimals: definition.scale == .count ? 0 : decimals),
            difference: difference)
    }

    /// Percentiles are whole days unless the rulebook says otherwise; the decimals of a count are those of its growth.
    private func decimals(_ definition: KPIDefinition) -> Int { rulebook.decimals[definition.rawValue] ?? (definition == .cyclePercentile1 ? 0 : 2) }

    // MARK: Counting

    private func table(_ periods: [Period?]) -> Table {
        if let all = Self.contiguous(periods) { return evaluate(all) }
        // Months that don't follow each other (parts of months against whole ones): a pass each.
        var table: Table = [:]
        for (index, period) in periods.enumerated() {
            guard let period else { continue }
            for (key, cells) in evaluate([period]) { table[key, default: Array(repeating: Cell(), count: periods.count)][index] = cells[0] }
        }
        return table
    }

    private static func contiguous(_ periods: [Period?]) -> [Period]? {
        let known = periods.compactMap { $0 }
        guard known.count == periods.count, !known.isEmpty else { return nil }
        for index in 1..<max(known.count, 1) where known[index - 1].last.adding(days: 1) != known[index].first { return nil }
        return known
    }

    private func evaluate(_ periods: [Period]) -> Table {
        var evaluation = KPIEvaluation(
            periods: periods, query: query, definitions: definitions, rulebook: rulebook, names: names, now: view.lastRecordedAt)
        if definitions.contains(where: { $0 != .lateRecorded1 }) { evaluation.run(over: view) }
        if definitions.contains(.lateRecorded1) { evaluation.runLateness(over: view) }
        evaluation.ensureMainGroup()
        var table: Table = [:]
        for (group, key) in evaluation.groups.keys.enumerated() {
            let cells = (0..<periods.count).map { bucket in
                Cell(
                    counters: evaluation.counters[group * periods.count + bucket],
                    days: evaluation.days.isEmpty ? [] : evaluation.days[group * periods.count + bucket].sorted())
            }
            let labels = query.slices.enumerated().map { evaluation.label($1, key.value($0), names: names) }
            table[labels] = cells
        }
        return table
    }
}
