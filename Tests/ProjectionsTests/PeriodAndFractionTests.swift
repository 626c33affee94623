import EventModel
import Testing

@testable import Projections

@Suite struct PeriodAndFractionTests {
    struct Row: CustomTestStringConvertible {
        var text: String
        var first: String
        var last: String
        var before: String
        var previous: String
        var testDescription: String { text }
        init(_ text: String, _ first: String, _ last: String, yearBefore before: String, _ previous: String) {
            self.text = text
            self.first = first
            self.last = last
            self.before = before
            self.previous = previous
        }
    }

    @Test(arguments: [
        Row("2017", "2017-01-01", "2017-12-31", yearBefore: "2016", "2016"),
        Row("2017-Q1", "2017-01-01", "2017-03-31", yearBefore: "2016-Q1", "2016-Q4"),
        Row("2017-03", "2017-03-01", "2017-03-31", yearBefore: "2016-03", "2017-02"),
        Row("2017-W10", "2017-03-06", "2017-03-12", yearBefore: "2016-W10", "2017-W09"),
        Row("2021-W01", "2021-01-04", "2021-01-10", yearBefore: "2020-W01", "2020-W53"),
        Row("2020-W53", "2020-12-28", "2021-01-03", yearBefore: "2019-W52", "2020-W52"),
        Row("2016-02-29", "2016-02-29", "2016-02-29", yearBefore: "2015-02-28", "2016-02-28"),
        Row("2017-01-16..2017-02-15", "2017-01-16", "2017-02-15", yearBefore: "2016-01-16..2016-02-15", "2016-12-16..2017-01-15"),
        Row("2017-01..2017-Q2", "2017-01-01", "2017-06-30", yearBefore: "2016-01-01..2016-06-30", "2016-07-04..2016-12-31"),
    ])
    func periods(_ row: Row) throws {
        let period = try #require(Period(row.text))
        #expect(period.first.description == row.first)
        #expect(period.last.description == row.last)
        #expect(period.yearBefore?.text == row.before)
        #expect(period.previous?.text == row.previous)
        #expect(period.text == row.text)
    }

    @Test(arguments: [
        "", "17", "2017-13", "2017-Q5", "2017-W53", "2017-W00", "2017-02-29", "2017-03..2017-02", "2017..", "2017..2018..2019", "2017-3", "x017",
    ])
    func refused(_ text: String) { #expect(Period(text) == nil) }

    @Test func monthsOfAPeriod() {
        #expect(Period("2017-Q1")!.months.map(\.text) == ["2017-01", "2017-02", "2017-03"])
        #expect(Period("2017-01-16..2017-03-15")!.months.map(\.text) == ["2017-01-16..2017-01-31", "2017-02", "2017-03-01..2017-03-15"])
    }

    /// Half up on the exact fraction: never through a float.
    @Test(arguments: [
        (1, 8, 1, "12.5"), (1, 8, 0, "13"), (1, 3, 2, "33.33"), (2, 3, 2, "66.67"), (1, 200, 0, "1"), (5, 1_000, 1, "0.5"), (0, 5, 2, "0.00"),
        (107_957 - 6_479, 107_957, 2, "94.00"), (301, 72_838, 2, "0.41"), (20, 54_270, 2, "0.04"), (281, 18_568, 2, "1.51"), (5, 4, 2, "125.00"),
    ])
    func rates(_ numerator: Int, _ denominator: Int, _ decimals: Int, _ expected: String) {
        #expect(Fraction(numerator: numerator, denominator: denominator).text(factor: 100, decimals: decimals) == expected)
    }

    @Test func changes() {
        let now = Fraction(numerator: 1, denominator: 3)
        #expect(now.difference(from: Fraction(numerator: 1, denominator: 6), factor: 100, decimals: 2) == "+16.67")
        #expect(
            Fraction(numerator: 72, denominator: 2_005).difference(from: Fraction(numerator: 136, denominator: 1_600), factor: 100, decimals: 2)
                == "-4.91")
        #expect(
            Fraction(numerator: 11_380, denominator: 1_986).difference(from: Fraction(numerator: 9_638, denominator: 1_580), factor: 1, decimals: 2)
                == "-0.37")
        #expect(Fraction(numerator: 2_362, denominator: 1).growth(over: Fraction(numerator: 1_959, denominator: 1), decimals: 1) == "+20.6")
        #expect(now.difference(from: now, factor: 100, decimals: 2) == "0.00")
        #expect(now.difference(from: Fraction(numerator: 0, denominator: 0), factor: 100, decimals: 2) == nil)
        #expect(Fraction(numerator: 3, denominator: 1).growth(over: Fraction(numerator: 0, denominator: 1), decimals: 2) == nil)
        // Half away from zero, both ways.
        #expect(Fraction(numerator: 1, denominator: 8).difference(from: Fraction(numerator: 0, denominator: 1), factor: 1, decimals: 2) == "+0.13")
        #expect(Fraction(numerator: 0, denominator: 1).difference(from: Fraction(numerator: 1, denominator: 8), factor: 1, decimals: 2) == "-0.13")
    }

    @Test func emptyBase() { #expect(Fraction(numerator: 0, denominator: 0).text(factor: 100, decimals: 2) == nil) }

    @Test func rowsHaveNoPadding() {
        #expect(MemoryLayout<CaseFileRow>.stride == 96)
        #expect(MemoryLayout<AssignmentRow>.stride == 72)
        #expect(MemoryLayout<KPICase>.stride == 96)
        #expect(MemoryLayout<KPIRound>.stride == 40)
        #expect(MemoryLayout<KPIRating>.stride == 24)
        #expect(MemoryLayout<KPIHappening>.stride == 32)
        #expect(MemoryLayout<KPILateness>.stride == 24)
        #expect(MemoryLayout<FeedCase>.stride == 72)
        #expect(MemoryLayout<FeedItem>.stride == 80)
        #expect(MemoryLayout<DeadlineRow>.stride == 24)
        #expect(MemoryLayout<DeadlineCase>.stride == 8)
    }
}
