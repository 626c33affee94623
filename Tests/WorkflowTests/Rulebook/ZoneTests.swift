import EventModel
import Foundation
import Testing

@testable import Workflow

@Suite struct ZoneTests {
    static let newYork = Zone(name: "America/New_York")!

    struct Start: CustomTestStringConvertible {
        let zone: String
        let day: String
        let start: String
        /// Hours until the next day starts.
        let hours: Double
        var testDescription: String { "\(day) in \(zone)" }
        init(_ zone: String, _ day: String, _ start: String, _ hours: Double) {
            self.zone = zone
            self.day = day
            self.start = start
            self.hours = hours
        }
    }

    @Test(arguments: [
        Start("Asia/Shanghai", "2017-03-09", "2017-03-09T00:00:00+08:00", 24),
        Start("Asia/Shanghai", "1986-05-04", "1986-05-04T00:00:00+08:00", 23),  // summer time of 1986–1991
        Start("Asia/Shanghai", "1986-07-01", "1986-07-01T00:00:00+09:00", 24),
        Start("America/New_York", "2017-03-11", "2017-03-11T00:00:00-05:00", 24),
        Start("America/New_York", "2017-03-12", "2017-03-12T00:00:00-05:00", 23),
        Start("America/New_York", "2017-03-13", "2017-03-13T00:00:00-04:00", 24),
        Start("America/New_York", "2017-11-05", "2017-11-05T00:00:00-04:00", 25),
        Start("America/New_York", "2017-11-06", "2017-11-06T00:00:00-05:00", 24),
        Start("America/Sao_Paulo", "2017-10-15", "2017-10-15T01:00:00-02:00", 23),  // the clock skips midnight
        Start("America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", 25),  // 24:00 becomes 23:00
        Start("America/Havana", "2017-11-05", "2017-11-05T00:00:00-04:00", 25),  // 01:00 becomes 00:00: midnight comes twice
        Start("Australia/Lord_Howe", "2017-10-01", "2017-10-01T00:00:00+10:30", 23.5),
        Start("Asia/Kathmandu", "2017-10-01", "2017-10-01T00:00:00+05:45", 24),
        Start("Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00", 24),
        Start("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", 0),  // a day that was skipped
        Start("UTC", "2017-03-09", "2017-03-09T00:00:00+00:00", 24),
    ])
    func startOfDay(_ row: Start) throws {
        let zone = try #require(Zone(name: row.zone))
        let day = try #require(Day(row.day))
        let start = zone.start(of: day)
        #expect(zone.text(start) == row.start)
        #expect(Double(zone.start(of: day.adding(days: 1)).seconds - start.seconds) / 3_600 == row.hours)
        if row.hours > 0 {
            #expect(zone.day(of: start) == day)
            #expect(zone.day(of: Instant(microseconds: start.microseconds - 1)) < day)
        }
    }

    @Test(arguments: [
        ("2017-03-12", 1, 59, "2017-03-12T01:59:00-05:00"),
        ("2017-03-12", 2, 30, "2017-03-12T03:30:00-04:00"),  // skipped: moved forward
        ("2017-03-12", 3, 0, "2017-03-12T03:00:00-04:00"),
        ("2017-11-05", 0, 59, "2017-11-05T00:59:00-04:00"),
        ("2017-11-05", 1, 30, "2017-11-05T01:30:00-04:00"),  // twice: the first
        ("2017-11-05", 2, 0, "2017-11-05T02:00:00-05:00"),
        ("2018-04-12", 11, 11, "2018-04-12T11:11:00-04:00"),
    ])
    func localTimeWithoutOffset(_ day: String, _ hour: Int, _ minute: Int, _ text: String) throws {
        let instant = Self.newYork.instant(day: try #require(Day(day)), secondOfDay: hour * 3_600 + minute * 60)
        #expect(Self.newYork.text(instant) == text)
    }

    /// The boundary of a day in China is 16:00Z, not midnight UTC.
    @Test func dayIsLocal() throws {
        let before = try #require(RFC3339.parse("2017-03-08T15:59:59.999999Z")).instant
        let after = try #require(RFC3339.parse("2017-03-08T16:00:00Z")).instant
        #expect(Zone.shanghai.day(of: before).description == "2017-03-08")
        #expect(Zone.shanghai.day(of: after).description == "2017-03-09")
        #expect(Zone.shanghai.text(after) == "2017-03-09T00:00:00+08:00")
        #expect(Zone.shanghai.text(after, fraction: true) == "2017-03-09T00:00:00.000000+08:00")
        #expect(Zone.shanghai.text(before) == "2017-03-08T23:59:59.999999+08:00")
    }

    /// Whatever the offset is, the text names the same instant (offsets before standard time have seconds).
    @Test(arguments: ["Asia/Shanghai", "America/New_York", "Africa/Monrovia", "Europe/Amsterdam", "America/St_Johns"])
    func textNamesTheInstant(_ name: String) throws {
        let zone = try #require(Zone(name: name))
        var random = SplitMix(state: 7)
        for _ in 0..<2_000 {
            let instant = Instant(seconds: Int64(random.next() % 6_000_000_000) - 2_190_000_000)
            #expect(try #require(RFC3339.parse(zone.text(instant))).instant == instant)
        }
    }

    /// Offsets are Foundation's at 5,000 random instants, and next to every change.
    @Test(arguments: [
        "Asia/Shanghai", "America/New_York", "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Tehran",
        "America/St_Johns", "UTC",
    ])
    func offsetsAreFoundations(_ name: String) throws {
        let zone = try #require(Zone(name: name))
        let foundation = try #require(TimeZone(identifier: name))
        var random = SplitMix(state: 11)
        for _ in 0..<5_000 {
            let second = Int64(random.next() % 6_342_969_600) - 2_208_988_800
            #expect(zone.offsetSeconds(at: Instant(seconds: second)) == foundation.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
        }
    }

    /// Days follow one another without gap: a day's last microsecond is before the next one's start.
    @Test(arguments: ["Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut"])
    func daysTile(_ name: String) throws {
        let zone = try #require(Zone(name: name))
        var day = try #require(Day("1970-01-01"))
        let end = try #require(Day("2040-01-01"))
        while day < end {
            let next = zone.start(of: day.adding(days: 1))
            #expect(zone.day(of: zone.start(of: day)) == day)
            #expect(zone.day(of: Instant(microseconds: next.microseconds - 1)) == day)
            day = day.adding(days: 1)
        }
    }

    @Test(arguments: ["", "EST", "GMT+8", "+08:00", "Asia/Chengdu", "Europe", "asia/Nowhere"])
    func unknownZones(_ name: String) { #expect(Zone(name: name) == nil) }

    @Test func equality() {
        #expect(Zone(name: "Asia/Shanghai") == .shanghai)
        #expect(Zone(name: "UTC") != .shanghai)
    }

    /// Making a zone is a matter of milliseconds, not of seconds.
    @Test func madeQuickly() {
        let clock = ContinuousClock()
        #expect(clock.measure { _ = Zone(name: "America/New_York") } < .seconds(2))
    }

    struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
