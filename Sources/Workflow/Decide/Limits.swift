import EventModel

/// From a limit and an instant to a deadline (domain rules T2, T3).
struct LimitClock {
    let rulebook: Rulebook

    struct Result {
        var deadline: StatedDeadline
        /// The days whose working days were asked for; `nil` if none were.
        var counted: (from: Day, through: Day)?
    }

    /// The deadline of a length; a gap if working days of a year without data had to be known.
    func deadline(
        _ kind: DeadlineKind, _ within: Within, roll: ServiceLimit.Roll, from name: String, at start: Instant, isPosted: Bool = false
    ) -> Swift.Result<Result, CalendarGap> {
        let day = rulebook.zone.day(of: start)
        switch within.unit {
        case .minutes: return .success(Result(deadline: wall(kind, within, from: name, start.adding(seconds: Int64(within.amount) * 60), isPosted)))
        case .hours: return .success(Result(deadline: wall(kind, within, from: name, start.adding(seconds: Int64(within.amount) * 3_600), isPosted)))
        case .workingDays:
            return rulebook.calendar.adding(workingDays: within.amount, to: day).map { last in
                Result(deadline: until(last, kind, within, from: name, isPosted), counted: (day, last))
            }
        case .days:
            let last = day.adding(days: within.amount)
            if roll == .none { return .success(Result(deadline: until(last, kind, within, from: name, isPosted))) }
            return rulebook.calendar.rolledForward(last).map { rolled in
                Result(deadline: until(rolled, kind, within, from: name, isPosted), counted: (last, rolled))
            }
        }
    }

    /// A deadline posted as an instant.
    func deadline(_ kind: DeadlineKind, due: Instant) -> StatedDeadline {
        StatedDeadline(kind: kind, dueDay: lastDay(before: due), due: time(due), isPosted: true)
    }

    /// A day limit: due is the first instant after the day.
    private func until(_ day: Day, _ kind: DeadlineKind, _ within: Within, from name: String, _ isPosted: Bool) -> StatedDeadline {
        StatedDeadline(
            kind: kind, within: within.description, from: name, dueDay: day, due: time(rulebook.zone.start(of: day.adding(days: 1))),
            isPosted: isPosted)
    }

    private func wall(_ kind: DeadlineKind, _ within: Within, from name: String, _ due: Instant, _ isPosted: Bool) -> StatedDeadline {
        StatedDeadline(kind: kind, within: within.description, from: name, dueDay: lastDay(before: due), due: time(due), isPosted: isPosted)
    }

    private func lastDay(before due: Instant) -> Day { rulebook.zone.day(of: Instant(microseconds: due.microseconds - 1)) }
    private func time(_ instant: Instant) -> EventTime { EventTime(text: rulebook.zone.text(instant), instant: instant) }
}

/// Collects the deadlines one event starts.
struct StatementBuilder {
    let clock: LimitClock
    private var found: [LimitClock.Result] = []
    private(set) var gap: CalendarGap?

    init(_ rulebook: Rulebook) { clock = LimitClock(rulebook: rulebook) }

    var items: [StatedDeadline] { found.map { $0.deadline } }

    /// A profile's limit; of two of a kind the first holds.
    mutating func add(_ limit: ServiceLimit, at start: Instant) {
        if found.contains(where: { $0.deadline.kind == limit.kind }) { return }
        add(clock.deadline(limit.kind, limit.within, roll: limit.roll, from: limit.from.rawValue, at: start))
    }

    mutating func add(_ result: Result<LimitClock.Result, CalendarGap>) {
        switch result {
        case .failure(let gap): if self.gap == nil { self.gap = gap }
        case .success(let result): found.append(result)
        }
    }

    /// Puts a posted deadline in the place of the profile's of its kind.
    mutating func replace(_ posted: LimitClock.Result) {
        if let index = found.firstIndex(where: { $0.deadline.kind == posted.deadline.kind }) {
            found[index] = posted
        } else {
            found.append(posted)
        }
    }

    /// The rule is that of the profile unless all deadlines were posted; the calendar is named if working days were counted.
    func statement(rule: String?) -> DeadlineStatement {
        if found.isEmpty { return .none }
        let days = found.compactMap { $0.counted }
        var calendar: String?
        if let first = days.map({ $0.from }).min(), let last = days.map({ $0.through }).max() {
            calendar = clock.rulebook.calendar.versionName(from: first, through: last)
        }
        return DeadlineStatement(items: items, calendar: calendar, rule: items.allSatisfy { $0.isPosted } ? "posted" : rule)
    }
}

extension Rulebook {
    /// The service levels that hold for a case (and a unit): the profile its acceptance named, else the best match now.
    func profile(of state: CaseState, unit: String? = nil) -> ServiceProfile? {
        if let name = state.postedProfile, let profile = profile(named: name) { return profile }
        let level = state.mailbox.flatMap { mailboxes[$0]?.level } ?? unit.flatMap { units[$0]?.level }
        return profile(channel: state.channel, nature: state.nature, category: state.category, urgency: state.urgency, level: level)
    }
}
