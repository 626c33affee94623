/// What the check of a rulebook has to say about one place of it.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// The rulebook can't be adopted.
        case error
        /// It can, but probably isn't what was meant.
        case warning
    }

    public var severity: Severity
    /// The file, without `#` and piece; empty if the finding is about the rulebook as a whole.
    public var part: String
    /// From 1; 0 where there is no line to name.
    public var line: Int
    /// A `FindingCode`; stable, explained in docs/reference/rulebook.md.
    public var code: String
    /// What is wrong and what to do.
    public var message: String

    public init(severity: Severity, part: String, line: Int, code: FindingCode, message: String) {
        self.severity = severity
        self.part = part
        self.line = line
        self.code = code.rawValue
        self.message = message
    }

    /// `units.yaml:12: error: unknown-parent: …`
    public var description: String { "\(part.isEmpty ? "rulebook" : part):\(line): \(severity.rawValue): \(code): \(message)" }
}

/// The kinds of findings, in the order of docs/reference/rulebook.md.
public enum FindingCode: String, CaseIterable, Sendable {
    case badYAML = "bad-yaml"
    case missingPart = "missing-part"
    case missingInclude = "missing-include"
    case unknownKey = "unknown-key"
    case missingKey = "missing-key"
    case duplicate
    case wrongType = "wrong-type"
    case badCode = "bad-code"
    case badValue = "bad-value"
    case badWithin = "bad-within"
    case badStart = "bad-start"
    case badDay = "bad-day"
    case unknownZone = "unknown-zone"
    case unknownParent = "unknown-parent"
    case unitCycle = "unit-cycle"
    case unknownUnit = "unknown-unit"
    case unknownCode = "unknown-code"
    case ambiguousMatch = "ambiguous-match"
    case missingCalendar = "missing-calendar"
    case calendarGap = "calendar-gap"
}
