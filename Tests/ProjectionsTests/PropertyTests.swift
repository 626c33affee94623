import EventModel
import Testing
import Workflow

@testable import Projections

/// Random histories: every figure against a second, straightforward implementation.
@Suite struct PropertyTests {
    static let seeds: [UInt64] = [1, 2, 3, 5, 8, 13, 21, 34]
    static let periods = ["2017-01", "2017-Q1", "2017-02-06..2017-03-05", "2017", "2017-W08"]

    @Test(arguments: seeds)
    func everyFigureAgrees(seed: UInt64) throws {
        let scratch = Scratch()
        let history = RandomHistory.make(seed: seed, events: 2_000)
        let view = try folded(DepartmentKPI.self, history.log, in: scratch)
        let naive = NaiveModel(history.events, rulebook: .test)
        for text in Self.periods {
            let period = try #require(Period(text))
            let total = try view.query(KPIQuery(period: period), rulebook: .test, names: history.log.name)
            compare(total, naive, period, [], NaiveModel.Slice { !$0.intake.isExternal }, "seed \(seed) \(text)")
            let late = try view.query(KPIQuery(period: period, definitions: [.lateRecorded1]), rulebook: .test, names: history.log.name)
            #expect(late.fraction(.lateRecorded1) == naive.fraction(.lateRecorded1, period, NaiveModel.Slice()))
            let units = try view.query(KPIQuery(period: period, slices: [.unit]), rulebook: .test, names: history.log.name)
            #expect(units.rows.count > 50)
            for node in Set(units.rows.map { $0.slices[0].value }) where !node.isEmpty {
                compare(units, naive, period, [node], NaiveModel.Slice(node: node) { !$0.intake.isExternal }, "seed \(seed) \(text) \(node)")
            }
            let codes = try view.query(KPIQuery(period: period, slices: [.channel, .district]), rulebook: .test, names: history.log.name)
            for channel in RandomHistory.channels {
                for district in RandomHistory.districts {
                    let slice = NaiveModel.Slice { $0.intake.channel == channel && $0.district == district }
                    compare(codes, naive, period, [channel, district], slice, "seed \(seed) \(text) \(channel) \(district)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func theIdentityHolds(seed: UInt64) throws {
        let scratch = Scratch()
        let history = RandomHistory.make(seed: seed, events: 2_000)
        let view = try folded(DepartmentKPI.self, history.log, in: scratch)
        let naive = NaiveModel(history.events, rulebook: .test)
        for text in Self.periods {
            let period = try #require(Period(text))
            let query = KPIQuery(period: period, slices: [.group], definitions: [.carryOver1])
            let answer = try view.query(query, rulebook: .test, names: history.log.name)
            for (group, isExternal) in [("core", false), ("external", true)] {
                guard let row = answer.row(.carryOver1, [group]) else { continue }
                let parts = row.details.map(\.value)
                #expect(parts == naive.balance(period) { $0.intake.isExternal == isExternal }, "seed \(seed) \(text) \(group)")
                #expect(parts[0..<4].reduce(0, +) == parts[4...].reduce(0, +) + row.numerator, "seed \(seed) \(text) \(group)")
            }
        }
    }

    /// A series is its months, and a unit's filter is the unit's row.
    @Test func seriesAndFilterAreTheSameFigures() throws {
        let scratch = Scratch()
        let history = RandomHistory.make(seed: 77, events: 2_500)
        let view = try folded(DepartmentKPI.self, history.log, in: scratch)
        let series = try view.query(
            KPIQuery(period: Period("2017-Q1")!, slices: [.unit], compare: .previous, byMonth: true), rulebook: .test, names: history.log.name)
        for month in ["2017-01", "2017-02", "2017-03"] {
            let alone = try view.query(
                KPIQuery(period: Period(month)!, slices: [.unit], compare: .previous), rulebook: .test, names: history.log.name)
            for row in alone.rows {
                var same = row
                same.month = month
                #expect(series.row(row.definition, row.slices.map(\.value), month: month, percentile: row.percentile) == same)
            }
            let filtered = try view.query(KPIQuery(period: Period(month)!, unit: "510104"), rulebook: .test, names: history.log.name)
            for row in filtered.rows {
                var same = try #require(alone.row(row.definition, ["510104"], percentile: row.percentile))
                same.slices = []
                same.change = nil
                #expect(row == same)
            }
        }
    }

    private func compare(
        _ answer: KPIAnswer, _ naive: NaiveModel, _ period: Period, _ labels: [String], _ slice: NaiveModel.Slice, _ what: String
    ) {
        for definition in KPIDefinition.allCases where definition != .lateRecorded1 && definition != .cyclePercentile1 {
            let expected = naive.fraction(definition, period, slice)
            let found = answer.fraction(definition, labels) ?? (definition.scale == .count ? [0, 1] : [0, 0])
            #expect(found == expected, "\(what) \(definition.rawValue)")
        }
        let days = naive.cycleDays(period, slice)
        for percent in [50, 90, 95] where !days.isEmpty {
            let rank = (Double(percent) * Double(days.count) / 100).rounded(.up)
            #expect(answer.row(.cyclePercentile1, labels, percentile: percent)?.numerator == days[Int(rank) - 1], "\(what) p\(percent)")
        }
        #expect((answer.row(.onTime1, labels)?.detail("openOverdue") ?? 0) == naive.openOverdue(period, slice), "\(what) open overdue")
    }
}
