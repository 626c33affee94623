public import EventModel
// The only use of Foundation in this module: its time zone data, read once when a zone is made.
import Foundation
import Synchronization

/// A time zone with all its changes of offset from 1900 to 2100 (domain rule T1: every "day" of a log is a local day of one zone).
///
/// `init` asks Foundation for the zone's data; from then on every answer is a search in two sorted arrays, the same on every call.
/// Outside 1900…2100 the first or last offset is used.
///
///     let zone = Zone(name: "America/New_York")!
///     zone.day(of: instant)         // 2017-03-12
///     zone.start(of: day)           // 2017-03-12T00:00:00-05:00
public struct Zone: Sendable, Equatable {
    /// IANA name (`Asia/Shanghai`), or `UTC`.
    public let name: String
    /// Second (UTC) from which `offsets` at the same index holds; the first is `Int64.min`.
    private let starts: [Int64]
    /// Seconds east of UTC.
    private let offsets: [Int]

    public static let shanghai = Zone(name: "Asia/Shanghai")!

    /// `nil` unless the name is `UTC` or an area/city name known here: abbreviations (`EST`) and bare offsets (`GMT+8`) have no rules of their own.
    public init?(name: String) {
        if let zone = Self.made.withLock({ $0[name] }) {
            self = zone
            return
        }
        guard name == "UTC" || name.utf8.contains(UInt8(ascii: "/")), let zone = TimeZone(identifier: name) else { return nil }
        self.name = name
        (starts, offsets) = Self.transitions(of: zone)
        Self.made.withLock { [self] in $0[name] = self }
    }

    /// Zones made before: a rulebook is read more often than its zone changes, and finding the transitions takes some 50 ms.
    private static let made = Mutex<[String: Zone]>([:])

    /// Zones are equal if their names are: the data comes from the name.
    public static func == (left: Zone, right: Zone) -> Bool { left.name == right.name }

    /// Seconds east of UTC at that instant. O(1) after the last change of offset, else O(log n).
    public func offsetSeconds(at instant: Instant) -> Int { offsets[segment(at: instant.seconds)] }

    /// The local day an instant falls on.
    public func day(of instant: Instant) -> Day { instant.day(offsetSeconds: offsetSeconds(at: instant)) }

    /// The first instant of a local day.
    ///
    /// Usually its midnight; where the clock skips midnight, the instant of the change; where midnight comes twice, the first.
    /// A day that was skipped altogether (Pacific/Apia 2011-12-30) starts when the next one does.
    public func start(of day: Day) -> Instant {
        let (second, segment) = place(local: Int64(day.number) * 86_400)
        return Instant(seconds: max(second, starts[segment]))
    }

    /// A local time as an instant, for sources that write no offset.
    ///
    /// A time that comes twice is the first of the two; one the clock skips is moved forward by as much as the clock was (02:30 becomes 03:30).
    public func instant(day: Day, secondOfDay: Int) -> Instant {
        let local = Int64(day.number) * 86_400 + Int64(secondOfDay)
        let (second, segment) = place(local: local)
        return Instant(seconds: second < starts[segment] ? local - Int64(offsets[segment - 1]) : second)
    }

    /// RFC 3339 with the zone's offset at that instant, `2017-03-09T00:00:00+08:00`; six fraction digits if asked for or needed.
    ///
    /// Offsets with seconds (before about 1930) are written rounded to minutes with the local time to match, so the text names the same instant.
    public func text(_ instant: Instant, fraction: Bool = false) -> String {
        RFC3339.local(instant, offsetSeconds: offsetSeconds(at: instant) / 60 * 60, fraction: fraction)
    }

    /// Index of the last segment that starts at or before a second.
    private func segment(at second: Int64) -> Int {
        var low = 0
        var high = starts.count - 1
        if second >= starts[high] { return high }
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle } else { high = middle }
        }
        return low
    }

    /// The first segment in which, or before which, the clock reaches a local time; and that time as UTC by the segment's offset.
    /// The result is earlier than the segment where the clock skips that time.
    private func place(local: Int64) -> (second: Int64, segment: Int) {
        var index = segment(at: local - 93_600)
        while true {
            let second = local - Int64(offsets[index])
            if index + 1 == starts.count || second < starts[index + 1] { return (second, index) }
            index += 1
        }
    }

    /// Samples the offset every day and halves each interval in which it changes, to the second. Two changes within a day that cancel out
    /// would be missed; no zone has them.
    private static func transitions(of zone: TimeZone) -> (starts: [Int64], offsets: [Int]) {
        func offset(_ second: Int64) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))) }
        let first: Int64 = -2_208_988_800
        let last: Int64 = 4_133_980_800
        let step: Int64 = 86_400
        var starts = [Int64.min]
        var offsets = [offset(first)]
        var second = first
        while second < last {
            let value = offset(second + step)
            if value != offsets[offsets.count - 1] {
                var before = second
                var after = second + step
                let old = offsets[offsets.count - 1]
                while after - before > 1 {
                    let middle = (before + after) / 2
                    if offset(middle) == old { before = middle } else { after = middle }
                }
                starts.append(after)
                offsets.append(value)
            }
            second += step
        }
        return (starts, offsets)
    }
}
