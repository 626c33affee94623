import EventModel
import Workflow

/// All cases of a scenario, planned, numbered and put in order.
struct Layout: Sendable {
    /// One event: a case and the index of its step.
    struct Place: Sendable {
        var plan: Int32
        var step: Int32
    }

    let cases: [CasePlan]
    let order: [Place]
    /// The instants at which the source clock is advanced: the ends of the years.
    let clocks: [Instant]
    let writer: CaseWriter

    init(factor: Int, units: [String], mailboxes: [String], calendar: WorkCalendar, zone: Zone, seed: UInt64) throws(ScenarioError) {
        for day in [Day(year: 2016, month: 1, day: 1), Day(year: 2017, month: 1, day: 1)].compactMap(\.self) {
            if case .failure(let gap) = calendar.isWorkingDay(day) { throw .calendar(gap) }
        }
        var cases: [CasePlan] = []
        for replica in 0..<factor {
            for (index, figures) in [YearFigures.base, .seed].enumerated() {
                let random = SeededRandom(seed: seed &+ UInt64(replica) &* 1_000_003 &+ UInt64(index) &* 7_919)
                var planner = YearPlanner(figures: figures, isSecond: index == 1, units: units, calendar: calendar, zone: zone, random: random)
                cases += try planner.plan()
            }
        }
        Self.number(&cases, zone: zone)
        self.cases = cases
        order = Self.order(of: cases)
        clocks = [2017, 2018].compactMap { year in Day(year: year, month: 1, day: 1).map { zone.start(of: $0) } }
        writer = CaseWriter(units: units, mailboxes: Set(mailboxes), zone: zone)
    }

    func time(of place: Place) -> Instant { cases[Int(place.plan)].steps[Int(place.step)].time }

    /// Sorts the cases by the time of receipt and counts them in each district and day, as the engine numbers its own.
    private static func number(_ cases: inout [CasePlan], zone: Zone) {
        cases.sort { ($0.received, $0.words) < ($1.received, $1.words) }
        var counts: [Int64: Int32] = [:]
        for index in cases.indices {
            let day = zone.day(of: cases[index].received)
            let key = Int64(day.number) << 8 | Int64(cases[index].district)
            counts[key, default: 0] += 1
            cases[index].serialNumber = counts[key, default: 0]
        }
    }

    private static func order(of cases: [CasePlan]) -> [Place] {
        var places: [Place] = []
        places.reserveCapacity(cases.reduce(0) { $0 + $1.steps.count })
        for (plan, value) in cases.enumerated() {
            for step in value.steps.indices { places.append(Place(plan: Int32(plan), step: Int32(step))) }
        }
        places.sort { left, right in
            let leftTime = cases[Int(left.plan)].steps[Int(left.step)].time
            let rightTime = cases[Int(right.plan)].steps[Int(right.step)].time
            return (leftTime, left.plan, left.step) < (rightTime, right.plan, right.step)
        }
        return places
    }
}
