import EventModel
import Testing

@Suite struct TimeTests {
    struct Good: Sendable {
        var text: String
        var microseconds: Int64
        var offset = 0
        var digits = 0
    }
    static let good: [Good] = [
        Good(text: "1970-01-01T00:00:00Z", microseconds: 0),
        Good(text: "1970-01-01T00:00:00.000001Z", microseconds: 1, digits: 6),
        Good(text: "1969-12-31T23:59:59.999999Z", microseconds: -1, digits: 6),
        Good(text: "2017-03-01T09:12:40+08:00", microseconds: 1_488_330_760_000_000, offset: 28_800),
        Good(text: "2017-03-01T01:12:40.930218Z", microseconds: 1_488_330_760_930_218, digits: 6),
        Good(text: "2017-03-01T01:12:40.9Z", microseconds: 1_488_330_760_900_000, digits: 1),
        Good(text: "2017-03-01T01:12:40.0930Z", microseconds: 1_488_330_760_093_000, digits: 4),
        Good(text: "2016-02-29T23:59:59-00:00", microseconds: 1_456_790_399_000_000),
        Good(text: "2000-02-29T00:00:00+14:00", microseconds: 951_732_000_000_000, offset: 50_400),
        Good(text: "2000-02-29T00:00:00-14:00", microseconds: 951_832_800_000_000, offset: -50_400),
        Good(text: "2017-03-01T00:00:00-03:30", microseconds: 1_488_339_000_000_000, offset: -12_600),
        Good(text: "1900-01-01T00:00:00Z", microseconds: -2_208_988_800_000_000),
        Good(text: "2999-12-31T23:59:59.999999Z", microseconds: 32_503_679_999_999_999, digits: 6),
    ]

    @Test(arguments: good) func reads(_ row: Good) throws {
        let parsed = try #require(RFC3339.parse(row.text), "\(row.text)")
        #expect(parsed.instant.microseconds == row.microseconds, "\(row.text)")
        #expect(parsed.offsetSeconds == row.offset, "\(row.text)")
        #expect(parsed.fractionDigits == row.digits, "\(row.text)")
    }

    static let bad = [
        "", "2017-03-01", "2017-03-01T09:12:40", "2017-03-01T09:12Z", "2017-03-01t09:12:40Z", "2017-03-01T09:12:40z", "2017-03-01 09:12:40Z",
        "2017-03-01T24:00:00Z", "2017-03-01T23:60:00Z", "2016-12-31T23:59:60Z", "2017-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2017-04-31T00:00:00Z",
        "2017-00-01T00:00:00Z", "2017-13-01T00:00:00Z", "2017-01-00T00:00:00Z", "1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z",
        "2017-03-01T09:12:40+14:01", "2017-03-01T09:12:40+15:00", "2017-03-01T09:12:40+08:60", "2017-03-01T09:12:40+0800", "2017-03-01T09:12:40+08",
        "2017-03-01T09:12:40+8:00", "2017-03-01T09:12:40.Z", "2017-03-01T09:12:40.1234567Z", "2017-03-01T09:12:40,5Z", "2017-03-01T09:12:40.5",
        "2017-03-01T09:12:40Z ", " 2017-03-01T09:12:40Z", "2017-03-01T09:12:40ZZ", "2017-03-01T09:12:40+08:00Z", "+2017-03-01T09:12:40Z",
        "2017-3-1T09:12:40Z", "２０１７-03-01T09:12:40Z", "2017-03-01T09:12:-1Z", "2017-03-01T+9:12:40Z", "2017/03/01T09:12:40Z",
        "2017-03-01T09:12:40−08:00", "2017-W09-3T09:12:40Z", "20170301T091240Z", "2017-03-01T09:12:40.123456+08:00+08:00",
    ]
    @Test(arguments: bad) func refuses(_ text: String) { #expect(RFC3339.parse(text) == nil) }

    @Test func writesUTC() {
        let rows: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"), (1_488_333_900_412_113, "2017-03-01T02:05:00.412113Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (-2_208_988_800_000_000, "1900-01-01T00:00:00.000000Z"),
        ]
        for (microseconds, text) in rows { #expect(RFC3339.utc(Instant(microseconds: microseconds)) == text) }
    }

    @Test func writesLocalTime() {
        let midnight = Instant(seconds: 1_488_988_800)
        #expect(RFC3339.local(midnight, offsetSeconds: 28_800) == "2017-03-09T00:00:00+08:00")
        #expect(RFC3339.local(midnight, offsetSeconds: 28_800, fraction: true) == "2017-03-09T00:00:00.000000+08:00")
        #expect(RFC3339.local(midnight, offsetSeconds: -12_600) == "2017-03-08T12:30:00-03:30")
        #expect(RFC3339.local(Instant(microseconds: midnight.microseconds + 5), offsetSeconds: 0) == "2017-03-08T16:00:00.000005+00:00")
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let seed: UInt64 = 20_170_301
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let instant = Instant(microseconds: Int64.random(in: -2_208_988_800_000_000...32_503_679_999_999_999, using: &generator))
            #expect(RFC3339.parse(RFC3339.utc(instant))?.instant == instant, "seed \(seed)")
            let offset = Int.random(in: -840...840, using: &generator) * 60
            let local = RFC3339.local(instant, offsetSeconds: offset)
            guard local > "1900-01-02", local < "2999-12-31" else { continue }
            let parsed = try #require(RFC3339.parse(local), "seed \(seed): \(local)")
            #expect(parsed.instant == instant && parsed.offsetSeconds == offset, "seed \(seed): \(local)")
        }
    }

    /// Every day of 1900–2100 against a calendar that only counts.
    @Test func daysFollowEachOther() throws {
        var number: Int32 = -25_567
        var weekday = 1  // 1900-01-01 was a Monday
        for year in 1900...2100 {
            let isLeap = (year % 4 == 0) != (year % 100 == 0) || year % 400 == 0
            for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for date in 1...length {
                    let day = try #require(Day(year: year, month: index + 1, day: date))
                    guard day.number == number, day.civil == (year, index + 1, date), day.weekday == weekday, day.isWeekend == (weekday > 5),
                        Day(day.description) == day, Day(number: number) == day, day.year == year
                    else {
                        Issue.record("\(year)-\(index + 1)-\(date): number \(day.number), \(day.description), weekday \(day.weekday)")
                        return
                    }
                    number += 1
                    weekday = weekday % 7 + 1
                }
                #expect(Day(year: year, month: index + 1, day: length + 1) == nil)
            }
        }
    }

    @Test(arguments: [
        "2017-02-29", "2017-2-01", "0000-01-01", "17-01-01", "2017-01-32", "2017-01-1 ", "2017_01_01", "２017-01-01", "", "2017-01-011", "-017-01-01",
    ])
    func isNoDay(_ text: String) { #expect(Day(text) == nil) }

    @Test func dayOfAnInstantDependsOnTheZone() {
        let instant = Instant(seconds: 1_488_988_800)  // 2017-03-08T16:00:00Z
        #expect(instant.day(offsetSeconds: 0).description == "2017-03-08")
        #expect(instant.day(offsetSeconds: 28_800).description == "2017-03-09")
        #expect(Instant(microseconds: -1).day(offsetSeconds: 0).description == "1969-12-31")
        #expect(Instant(microseconds: -1).seconds == -1)
        #expect(Day("2017-03-09")!.start(offsetSeconds: 28_800) == instant)
        #expect(Day("2017-02-28")!.adding(days: 1).description == "2017-03-01")
    }
}
