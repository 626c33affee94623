public import Workflow

/// What a file's columns mean (`docs/reference/import.md`).
public struct Mapping: Sendable {
    /// A name for reports.
    public let name: String
    /// Source of all events; the peer has to be granted it.
    public let source: String
    /// In which the file writes its times.
    public let zone: Zone
    let delimiter: UInt8
    let idColumn: String
    let subject: Subject
    let times: Times
    let checks: [Check]
    /// Columns with further times that the file's last instant is taken from.
    let clockColumns: [String]
    /// In the order of a case's life.
    let events: [Event]

    /// - Throws: `MappingErrors` with everything that is wrong, each with its line.
    public init(yaml: String) throws(MappingErrors) {
        var parser = MappingParser()
        guard let mapping = parser.read(yaml), parser.errors.isEmpty else { throw MappingErrors(errors: parser.errors.sorted { $0.line < $1.line }) }
        self = mapping
    }

    init(
        name: String, source: String, zone: Zone, delimiter: UInt8, idColumn: String, subject: Subject, times: Times, checks: [Check],
        clockColumns: [String], events: [Event]
    ) {
        self.name = name
        self.source = source
        self.zone = zone
        self.delimiter = delimiter
        self.idColumn = idColumn
        self.subject = subject
        self.times = times
        self.checks = checks
        self.clockColumns = clockColumns
        self.events = events
    }

    /// The serial the file gives its cases.
    struct Subject: Sendable {
        var prefix: String
        var column: String
    }

    struct Times: Sendable {
        enum DateOnly: String, CaseIterable, Sendable {
            /// Its first instant; the time of the step before if that is later on the same day.
            case startOfDay = "start-of-day"
            /// Its last second.
            case endOfDay = "end-of-day"
            case refuse
        }
        var formats: [TimeFormat]
        var dateOnly: DateOnly
    }

    /// Something a row is flagged for.
    struct Check: Sendable {
        enum Test: Sendable {
            /// The cell is empty.
            case missing
            /// The time is before that of another column.
            case before(String)
        }
        var flag: String
        var column: String
        var test: Test
    }

    struct Event: Sendable {
        var kind: ImportedEvent
        /// All have to hold.
        var conditions: [Condition]
        var timeColumn: String
        var members: [(name: String, value: Value)]
        var limits: [Limit]
    }

    struct Condition: Sendable {
        enum Test: Sendable {
            case present(Bool)
            case among(Set<String>)
        }
        var column: String
        var test: Test
    }

    struct Limit: Sendable {
        enum Length: Sendable {
            /// A time of the file; no limit where the cell is empty.
            case due(column: String)
            case within(String)
        }
        var kind: String
        var length: Length
    }

    /// Where a member's value comes from.
    struct Value: Sendable {
        /// `nil`: always `fallback`.
        var column: String?
        /// Only what stands before the first of these.
        var before: String?
        var table: [String: String]?
        var isSlug = false
        /// For empty cells, and for values the table doesn't have.
        var fallback: String?
    }

    /// Every column the mapping speaks of.
    var columns: [String] {
        var names = [idColumn, subject.column] + clockColumns
        for check in checks {
            names.append(check.column)
            if case .before(let other) = check.test { names.append(other) }
        }
        for event in events {
            names.append(event.timeColumn)
            names += event.conditions.map(\.column) + event.members.compactMap(\.value.column)
            for limit in event.limits { if case .due(let column) = limit.length { names.append(column) } }
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

/// Everything that is wrong with a mapping file.
public struct MappingErrors: Error, Equatable, Sendable, CustomStringConvertible {
    public var errors: [MappingError]
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

public struct MappingError: Equatable, Sendable, CustomStringConvertible {
    /// Of the mapping file, from 1.
    public var line: Int
    public var message: String
    public var description: String { "line \(line): \(message)" }
}
