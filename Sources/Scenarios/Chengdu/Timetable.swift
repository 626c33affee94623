import EventModel
import Workflow

/// When the steps of one case happen.
///
/// Each step is later than the one before. The reply's day is exactly so many working days after the day of assigning; it is a working day, and
/// between 8:30 and 20:00, so that a reply of at most five days is in time and any other is late (domain rule T2).
enum Timetable {
    /// Empty if the calendar doesn't reach far enough.
    static func steps(
        _ plan: CasePlan, received day: Day, workingDays: Int, isInstructed: Bool, calendar: WorkCalendar, zone: Zone, _ random: inout SeededRandom
    ) -> [(step: CasePlan.Step, time: Instant)] {
        let isCall = plan.channel == Channels.index(of: "hotline")
        var now = zone.instant(day: day, secondOfDay: secondOfDay(isCall: isCall, &random))
        var steps: [(step: CasePlan.Step, time: Instant)] = [(.received, now)]
        func after(_ minutes: ClosedRange<Int>) -> Instant { now.adding(seconds: Int64(random.within(minutes) * 60 + random.below(60))) }
        func add(_ step: CasePlan.Step, _ time: Instant) {
            now = time
            steps.append((step, time))
        }

        switch plan.kind {
        case .external:
            add(.accepted, after(60...900))
            return steps
        case .direct:
            // Accepted by being answered.
            add(.answeredDirectly, after(isCall ? 2...25 : 60...1_400))
            add(.closed, after(1...90))
        case .replied, .unanswered:
            add(.accepted, after(isCall ? 1...9 : 20...480))
            add(.assigned, after(isCall ? 3...45 : 10...200))
            let assignedDay = zone.day(of: now)
            if random.chance(perMille: 850) { add(.signed, after(10...240)) }
            // Every limit passes inside the year, so that what is due in it is what was assigned in it.
            guard case .success(let due) = calendar.adding(workingDays: WorkingDayShares.limit, to: assignedDay),
                due.adding(days: 1).year == day.year
            else { return [] }
            if plan.kind == .unanswered { return steps }
            guard case .success(let replyDay) = calendar.adding(workingDays: workingDays, to: assignedDay) else { return [] }
            let replied = zone.instant(day: replyDay, secondOfDay: random.within(30_600...71_999))
            let span = replied.seconds - now.seconds
            if random.chance(perMille: 350) { add(.contacted, now.adding(seconds: span / 10 + Int64(random.below(Int(span / 4))))) }
            if isInstructed { add(.instructed, now.adding(seconds: span / 10)) }
            add(.replied, replied)
            add(.closed, after(30...2_800))
        }

        if plan.isRated { add(.rated, after(10...14_400)) }
        return steps
    }

    /// Calls come round the clock with a peak in office hours, letters more in the evening.
    private static func secondOfDay(isCall: Bool, _ random: inout SeededRandom) -> Int {
        let calls = [6, 4, 3, 2, 2, 4, 8, 20, 55, 90, 95, 80, 45, 55, 85, 88, 80, 60, 45, 38, 32, 25, 16, 10]
        let letters = [12, 6, 4, 2, 2, 3, 8, 20, 45, 60, 58, 50, 48, 45, 50, 52, 48, 40, 45, 62, 75, 70, 50, 28]
        return random.weighted(isCall ? calls : letters) * 3_600 + random.below(3_600)
    }
}
