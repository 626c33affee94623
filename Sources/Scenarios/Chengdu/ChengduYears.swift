public import EventModel
public import Workflow

/// The years 2016 and 2017 of a city like Chengdu at 1:1000, as events to be posted: a bulletin over them prints the published figures exactly.
///
/// The counts are `years`; everything else (who, where, what, when) is drawn from the seed. The same arguments give the same bytes, so
/// posting them again is answered as duplicates. Cases are opened on the source clock (domain rule T8): the peer needs the grant `backfill`, and two
/// `clock.advanced` close the years. Overdue facts are never posted; the engine records them.
///
///     let years = try ChengduYears(rulebook: rulebook)
///     for event in years.stream() { post(event.json) }
///
/// - Complexity: `init` lays out all cases: O(events · log events) time, about 400 bytes a case. Events are written when asked for.
public struct ChengduYears: Sendable {
    /// The source of every event.
    public static let source = "/simulate/chengdu"

    /// What the city published about 2017, and what that implies for 2016.
    public static var published: [PublishedFigure] { PublishedFigure.all }

    /// What was laid out: 2016, then 2017.
    public let years: [YearFigures]
    let layout: Layout

    /// - Parameters:
    ///   - scale: 1000, or a divisor of it: every count is multiplied by 1000/scale, so that the rates stay.
    ///   - rulebookUnits: ids of the units to assign to; a case goes to the unit its district and matter suggest, else to any.
    ///   - mailboxes: ids of the rulebook's mailboxes; letters carry that of their unit (`<unit>-head`) if it is one of them.
    ///   - calendar: must know 2016 and 2017.
    /// - Throws: `ScenarioError`
    public init(
        scale: Int = 1_000, rulebookUnits: [String], mailboxes: [String] = [], calendar: WorkCalendar, zone: Zone, seed: UInt64 = 2017
    ) throws(ScenarioError) {
        guard scale > 0, 1_000 % scale == 0 else { throw .scale(scale) }
        guard !rulebookUnits.isEmpty else { throw .noUnits }
        let factor = 1_000 / scale
        years = [YearFigures.base.times(factor), YearFigures.seed.times(factor)]
        layout = try Layout(factor: factor, units: rulebookUnits.sorted(), mailboxes: mailboxes, calendar: calendar, zone: zone, seed: seed)
    }

    /// Units, mailboxes, calendar and zone of a rulebook.
    public init(scale: Int = 1_000, rulebook: Rulebook, seed: UInt64 = 2017) throws(ScenarioError) {
        try self.init(
            scale: scale, rulebookUnits: Array(rulebook.units.units.keys), mailboxes: Array(rulebook.mailboxes.keys), calendar: rulebook.calendar,
            zone: rulebook.zone, seed: seed)
    }

    public var caseCount: Int { layout.cases.count }
    public var eventCount: Int { layout.order.count + layout.clocks.count }

    /// All events in an order that can be posted: by time, those of one case also.
    public func events() -> [PostedEvent] { Array(stream()) }

    /// The same events one by one, each written when it is asked for.
    public func stream() -> EventStream { EventStream(layout: layout) }
}

/// The events of a scenario in order.
public struct EventStream: Sequence, IteratorProtocol {
    private let layout: Layout
    private var nextPlace = 0
    private var nextClock = 0

    init(layout: Layout) { self.layout = layout }

    public var underestimatedCount: Int { layout.order.count - nextPlace + layout.clocks.count - nextClock }

    public mutating func next() -> PostedEvent? {
        let place = nextPlace < layout.order.count ? layout.order[nextPlace] : nil
        if nextClock < layout.clocks.count, place.map({ layout.time(of: $0) >= layout.clocks[nextClock] }) ?? true {
            defer { nextClock += 1 }
            return layout.writer.clockAdvanced(to: layout.clocks[nextClock])
        }
        guard let place else { return nil }
        nextPlace += 1
        return layout.writer.event(Int(place.step), of: layout.cases[Int(place.plan)])
    }
}
