import EventModel
import Foundation
import Scenarios

/// An independent reading of posted events: Foundation's JSON, Foundation's calendar, the days of the notices typed in again, counting day by day.
/// It shares nothing with the generator but the JSON. Sets as in domain.md §4.1.
struct FoldedCase {
    var isExternal = false
    var isCall = false
    var acceptedYear: Int?
    var assignedAt: LocalTime?
    var assignedUnits: [String] = []
    var answeredDirectlyAt: LocalTime?
    var repliedAt: LocalTime?
    var closedAt: LocalTime?
    var instructions: [LocalTime] = []
    var forwards: [[String]] = []
    var handling: Int?
    var solved: String?
    var feedbackAt: [LocalTime] = []
}

struct FoldedYear: Equatable {
    var calls = 0, letters = 0, external = 0, instructed = 0, direct = 0, assigned = 0, replied = 0, late = 0, closedCases = 0
    var workingDays = 0, answered = 0, solved = 0, rated = 0, satisfied = 0, unanswered = 0, dueInYear = 0
    var accepted: Int { calls + letters }
}

/// A time of 2016–2018 in Chengdu, read off its text: number of the day in `Fold.days`, and second of that day.
struct LocalTime: Comparable {
    var day: Int
    var second: Int

    init(day: Int, second: Int) {
        self.day = day
        self.second = second
    }

    /// `2017-03-01T09:12:40+08:00`; `nil` for any other offset.
    init?(_ text: String) {
        guard text.hasSuffix("+08:00"), let day = Fold.number[String(text.prefix(10))] else { return nil }
        let clock = text.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        self.init(day: day, second: clock[0] * 3_600 + clock[1] * 60 + clock[2])
    }

    static func < (left: LocalTime, right: LocalTime) -> Bool { (left.day, left.second) < (right.day, right.second) }
    var year: Int { Fold.days[day].year }
}

enum Fold {
    /// Every day from 2016-01-01 on: whether it is worked by the notices (domain.md §3.4).
    static let days: [(text: String, year: Int, isWorked: Bool)] = {
        let off: Set<String> = [
            "2016-01-01", "2016-02-08", "2016-02-09", "2016-02-10", "2016-02-11", "2016-02-12", "2016-04-04", "2016-05-02", "2016-06-09",
            "2016-06-10", "2016-09-15", "2016-09-16", "2016-10-03", "2016-10-04", "2016-10-05", "2016-10-06", "2016-10-07", "2017-01-02",
            "2017-01-27", "2017-01-30", "2017-01-31", "2017-02-01", "2017-02-02", "2017-04-03", "2017-04-04", "2017-05-01", "2017-05-29",
            "2017-05-30", "2017-10-02", "2017-10-03", "2017-10-04", "2017-10-05", "2017-10-06", "2018-01-01",
        ]
        let worked: Set<String> = [
            "2016-02-06", "2016-02-14", "2016-06-12", "2016-09-18", "2016-10-08", "2016-10-09", "2017-01-22", "2017-02-04", "2017-04-01",
            "2017-05-27", "2017-09-30",
        ]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3_600)!
        let format = DateFormatter()
        format.timeZone = calendar.timeZone
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyy-MM-dd"
        var day = format.date(from: "2016-01-01")!
        return (0..<800).map { _ in
            defer { day = calendar.date(byAdding: .day, value: 1, to: day)! }
            let weekday = calendar.component(.weekday, from: day)
            let text = format.string(from: day)
            return (text, calendar.component(.year, from: day), weekday == 1 || weekday == 7 ? worked.contains(text) : !off.contains(text))
        }
    }()
    static let number = Dictionary(uniqueKeysWithValues: days.enumerated().map { ($1.text, $0) })

    static func elapsed(from: LocalTime, to: LocalTime) -> Int {
        from.day < to.day ? (from.day + 1...to.day).count { days[$0].isWorked } : 0
    }

    /// The first instant after the fifth working day.
    static func due(_ assigned: LocalTime) -> LocalTime {
        var day = assigned.day
        var left = 5
        while left > 0 {
            day += 1
            if days[day].isWorked { left -= 1 }
        }
        return LocalTime(day: day + 1, second: 0)
    }

    /// Whether the last day of the limit is one of the year.
    static func isDue(_ assigned: LocalTime, in year: Int) -> Bool { days[due(assigned).day - 1].year == year }

    static func cases(_ events: [PostedEvent]) throws -> [String: FoldedCase] {
        var cases: [String: FoldedCase] = [:]
        for event in events {
            guard let object = try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any], let serial = object["subject"] as? String,
                let type = object["type"] as? String, let text = object["time"] as? String, let time = LocalTime(text),
                let data = object["data"] as? [String: Any]
            else { continue }
            var value = cases[serial, default: FoldedCase()]
            if value.acceptedYear == nil, ["appeal.accepted", "appeal.assigned", "appeal.answered-directly"].contains(type) {
                value.acceptedYear = time.year
            }
            switch type {
            case "appeal.received":
                let channel = data["channel"] as? String ?? ""
                value.isExternal = ["people-daily", "mala", "scol"].contains(channel)
                value.isCall = channel == "hotline"
            case "appeal.assigned":
                value.assignedAt = time
                value.assignedUnits.append(data["unit"] as? String ?? "")
            case "appeal.answered-directly": value.answeredDirectlyAt = time
            case "appeal.replied": value.repliedAt = time
            case "appeal.closed": value.closedAt = time
            case "appeal.instructed":
                value.instructions.append(time)
                value.forwards.append(data["toUnits"] as? [String] ?? [])
            case "appeal.rated", "appeal.called-back":
                value.feedbackAt.append(time)
                value.handling = data["handling"] as? Int ?? value.handling
                value.solved = data["solved"] as? String ?? value.solved
            default: break
            }
            cases[serial] = value
        }
        return cases
    }

    static func year(_ number: Int, _ cases: [String: FoldedCase]) -> FoldedYear {
        var result = FoldedYear()
        for value in cases.values {
            if value.acceptedYear == number {
                if value.isExternal { result.external += 1 } else if value.isCall { result.calls += 1 } else { result.letters += 1 }
            }
            result.instructed += value.instructions.count { $0.year == number }
            if let time = value.answeredDirectlyAt, time.year == number { result.direct += 1 }
            if let assigned = value.assignedAt, assigned.year == number {
                result.assigned += 1
                if isDue(assigned, in: number) { result.dueInYear += 1 }
                if value.repliedAt == nil, isDue(assigned, in: number) { result.unanswered += 1 }
            }
            if let assigned = value.assignedAt, let replied = value.repliedAt, replied.year == number {
                result.replied += 1
                if replied >= due(assigned) { result.late += 1 }
            }
            guard let closed = value.closedAt, closed.year == number else { continue }
            result.closedCases += 1
            if let assigned = value.assignedAt, let replied = value.repliedAt { result.workingDays += elapsed(from: assigned, to: replied) }
            if let solved = value.solved {
                result.answered += 1
                if solved == "yes" { result.solved += 1 }
            }
            if let handling = value.handling {
                result.rated += 1
                if handling >= 3 { result.satisfied += 1 }
            }
        }
        return result
    }
}
