import EventModel
import Workflow

/// Reads the times of one row.
struct RowTimes {
    let mapping: Mapping

    /// A time, and what is odd about it.
    struct Reading {
        var instant: Instant
        var flag: String?
    }

    /// - Parameter previous: of the step before, for a time that is only a date.
    /// - Throws: `unreadable-time`, or `date-only-time` if the mapping refuses these.
    func read(_ cell: String, column: String, after previous: Instant? = nil) throws(ImportRow.RowRefusal) -> Reading {
        guard let reading = mapping.times.formats.lazy.compactMap({ $0.read(cell) }).first else {
            throw ImportRow.RowRefusal(code: "unreadable-time", column: column, detail: "the time fits none of the mapping's formats")
        }
        guard let second = reading.secondOfDay else {
            return Reading(instant: try dateOnly(reading.day, column: column, after: previous), flag: "date-only-time")
        }
        if let offset = reading.offsetSeconds {
            return Reading(instant: reading.day.start(offsetSeconds: offset).adding(seconds: Int64(second)), flag: nil)
        }
        let instant = mapping.zone.instant(day: reading.day, secondOfDay: second)
        return Reading(instant: instant, flag: oddity(of: instant, day: reading.day, second: second))
    }

    private func dateOnly(_ day: Day, column: String, after previous: Instant?) throws(ImportRow.RowRefusal) -> Instant {
        switch mapping.times.dateOnly {
        case .refuse:
            throw ImportRow.RowRefusal(code: "date-only-time", column: column, detail: "the time is only a date, which the mapping refuses")
        case .endOfDay: return mapping.zone.start(of: day.adding(days: 1)).adding(seconds: -1)
        case .startOfDay:
            let start = mapping.zone.start(of: day)
            guard let previous, previous > start, mapping.zone.day(of: previous) == day else { return start }
            return previous
        }
    }

    /// Local times that the clock skips, or that come twice.
    private func oddity(of instant: Instant, day: Day, second: Int) -> String? {
        let zone = mapping.zone
        let offset = zone.offsetSeconds(at: instant)
        if instant.seconds + Int64(offset) != Int64(day.number) * 86_400 + Int64(second) { return "skipped-local-time" }
        let later = zone.offsetSeconds(at: instant.adding(seconds: 7_200))
        guard later < offset else { return nil }
        let twin = instant.adding(seconds: Int64(offset - later))
        return zone.offsetSeconds(at: twin) == later ? "ambiguous-local-time" : nil
    }
}
