import EventModel
import Workflow

@testable import Projections

extension Rulebook {
    /// Shanghai time, the official calendars of 2016–2018 (domain.md §3.4), a city with two districts and bureaus below them.
    static let test: Rulebook = {
        func unit(_ id: String, _ parent: String?, _ level: Int) -> UnitTree.Unit {
            UnitTree.Unit(id: id, label: Label(zh: id, en: id), parent: parent, level: level)
        }
        let tree = UnitTree([
            unit("510100", nil, 1), unit("510104", "510100", 2), unit("510104-transport", "510104", 3), unit("510104-housing", "510104", 3),
            unit("510104-transport-buses", "510104-transport", 4), unit("510105", "510100", 2), unit("510105-housing", "510105", 3),
        ])
        return Rulebook(version: 1, city: "510100", zone: .shanghai, calendar: testCalendar, units: tree)
    }()

    static let testCalendar = WorkCalendar(
        id: "cn",
        years: [
            2016: year(
                2016, off: "0101 0208 0209 0210 0211 0212 0404 0502 0609 0610 0915 0916 1003 1004 1005 1006 1007",
                worked: "0206 0214 0612 0918 1008 1009"),
            2017: year(
                2017, off: "0102 0127 0130 0131 0201 0202 0403 0404 0501 0529 0530 1002 1003 1004 1005 1006", worked: "0122 0204 0401 0527 0930"),
            2018: year(
                2018, off: "0101 0215 0216 0219 0220 0221 0405 0406 0430 0501 0618 0924 1001 1002 1003 1004 1005 1231",
                worked: "0211 0224 0408 0428 0929 0930 1229"),
        ])

    private static func year(_ year: Int, off: String, worked: String) -> WorkCalendar.Year {
        func days(_ text: String) -> Set<Day> {
            Set(text.split(separator: " ").compactMap { Day("\(year)-\($0.prefix(2))-\($0.suffix(2))") })
        }
        return WorkCalendar.Year(revision: 1, weekdaysOff: days(off), weekendsWorked: days(worked))
    }
}

/// SplitMix64: one seed, one run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
