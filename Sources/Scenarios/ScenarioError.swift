public import Workflow

/// Why a scenario can't be laid out.
public enum ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not 1000 or a divisor of it.
    case scale(Int)
    /// The rulebook has no units to assign cases to.
    case noUnits
    /// The calendar lacks a year the scenario needs.
    case calendar(CalendarGap)
    /// The calendar has too few working days to place every reply inside its year.
    case noRoom(year: Int)

    public var description: String {
        switch self {
        case .scale(let scale): "scale \(scale) can't be laid out exactly: use 1000, or a divisor of it (500, 250, 200, 125, 100, 50, …)"
        case .noUnits: "the rulebook has no units"
        case .calendar(let gap): "the rulebook's calendar has no data for \(gap.year)"
        case .noRoom(let year): "the rulebook's calendar leaves no room for the cases of \(year)"
        }
    }
}
