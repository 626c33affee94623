import EventModel
import Workflow

/// Plans the cases of one year so that its figures come out exactly, and every event falls into it.
struct YearPlanner {
    let figures: YearFigures
    /// 2017: its hot topics weigh more.
    let isSecond: Bool
    let units: [String]
    let calendar: WorkCalendar
    let zone: Zone
    var random: SeededRandom

    init(figures: YearFigures, isSecond: Bool, units: [String], calendar: WorkCalendar, zone: Zone, random: SeededRandom) {
        self.figures = figures
        self.isSecond = isSecond
        self.units = units
        self.calendar = calendar
        self.zone = zone
        self.random = random
        chooser = UnitChooser(units: units)
    }

    private let chooser: UnitChooser

    /// - Throws: `ScenarioError.noRoom`
    mutating func plan() throws(ScenarioError) -> [CasePlan] {
        var plans: [CasePlan] = []
        for kind in kinds() { plans.append(blank(kind)) }
        let channels = shuffledChannels()
        for index in plans.indices { plans[index].channel = channels[index] }
        spreadFeedback(over: &plans)
        let instructed = pickInstructed(plans)
        var shares = WorkingDayShares.draw(
            late: figures.late, inTime: figures.replied - figures.late, total: figures.workingDays, &random)
        random.shuffle(&shares)
        for index in plans.indices {
            let share = plans[index].kind == .replied ? shares.removeLast() : 0
            try schedule(&plans[index], workingDays: share, isInstructed: instructed.contains(index))
        }
        for count in figures.external {
            for _ in 0..<count.count {
                var plan = blank(.external)
                plan.channel = Channels.index(of: count.channel)
                try schedule(&plan, workingDays: 0, isInstructed: false)
                plans.append(plan)
            }
        }
        return plans
    }

    private mutating func kinds() -> [CasePlan.Kind] {
        var kinds = Array(repeating: CasePlan.Kind.direct, count: figures.direct)
        kinds += Array(repeating: .replied, count: figures.replied)
        kinds += Array(repeating: .unanswered, count: figures.unanswered)
        random.shuffle(&kinds)
        return kinds
    }

    private mutating func blank(_ kind: CasePlan.Kind) -> CasePlan {
        let topic = random.weighted(isSecond ? Topic.secondWeights : Topic.firstWeights)
        let district = random.weighted(Places.weights)
        let unit = chooser.unit(district: Places.districts[district].code, department: Topic.all[topic].department, &random)
        return CasePlan(kind: kind, channel: 0, topic: UInt8(topic), district: UInt8(district), unit: Int32(unit), words: random.next())
    }

    private mutating func shuffledChannels() -> [UInt8] {
        var channels = Array(repeating: Channels.index(of: "hotline"), count: figures.calls)
        let letters = Channels.letters(figures.letters)
        for (channel, count) in letters { channels += Array(repeating: Channels.index(of: channel), count: count) }
        random.shuffle(&channels)
        return channels
    }

    /// Who rates. One rating says both how satisfied the appellant is and whether the matter is solved; the two complaints go together more often
    /// than not.
    private mutating func spreadFeedback(over plans: inout [CasePlan]) {
        precondition(figures.answered == figures.rated, "a rating says both")
        let unsolved = figures.answered - figures.solved
        let unsatisfied = figures.rated - figures.satisfied
        let both = min(unsolved, unsatisfied) * 7 / 10
        let unsatisfiedRanks = unsolved - both..<unsolved - both + unsatisfied

        var closed = plans.indices.filter { plans[$0].kind == .direct || plans[$0].kind == .replied }
        random.shuffle(&closed)
        for (rank, index) in closed.prefix(figures.rated).enumerated() {
            plans[index].isRated = true
            plans[index].isSolved = rank >= unsolved
            plans[index].score = score(isUnsatisfied: unsatisfiedRanks.contains(rank))
        }
    }

    private mutating func score(isUnsatisfied: Bool) -> UInt8 {
        isUnsatisfied ? UInt8(1 + random.weighted([4, 6])) : UInt8(3 + random.weighted([2, 3, 5]))
    }

    private mutating func pickInstructed(_ plans: [CasePlan]) -> Set<Int> {
        var open = plans.indices.filter { plans[$0].kind == .replied }
        random.shuffle(&open)
        return Set(open.prefix(figures.instructed))
    }

    /// Draws days until the whole case fits into the year.
    private mutating func schedule(_ plan: inout CasePlan, workingDays: Int, isInstructed: Bool) throws(ScenarioError) {
        for _ in 0..<10_000 {
            guard let day = receivedDay(isLate: plan.kind == .unanswered) else { continue }
            plan.steps = Timetable.steps(
                plan, received: day, workingDays: workingDays, isInstructed: isInstructed, calendar: calendar, zone: zone, &random)
            guard let last = plan.steps.last?.time, zone.day(of: last).year == figures.year else { continue }
            return
        }
        throw .noRoom(year: figures.year)
    }

    /// A day of the year: fewer appeals on weekends and in the Spring Festival's months; unanswered ones come in its last quarter.
    private mutating func receivedDay(isLate: Bool) -> Day? {
        let month = isLate ? 10 + random.below(3) : 1 + random.weighted([70, 65, 85, 82, 88, 86, 90, 92, 86, 80, 84, 80])
        guard let day = Day(year: figures.year, month: month, day: 1 + random.below(31)) else { return nil }
        guard day.isWeekend, random.chance(perMille: 450) else { return day }
        return nil
    }
}
