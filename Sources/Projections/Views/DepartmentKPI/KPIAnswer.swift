public import EventModel

/// Figures with their exact fractions, tied to the position, definitions and calendar they were counted with.
public struct KPIAnswer: Equatable, Sendable {
    public var period: Period
    public var basis: KPIQuery.Basis
    public var position: Position
    /// `cn-2017@1`
    public var calendar: String
    public var rows: [KPIRow]

    /// events.md "KPI worked example": one object, rows in order of slice, month, definition. The same state and question give the same bytes.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 256 + rows.count * 256)
        writer.object { root in
            root.member("period", period.text)
            root.member("basis", basis.rawValue)
            root.member("position", position.rawValue)
            root.member("calendar", calendar)
            root.member("rows", array: { list in for row in rows { row.write(to: &list) } })
        }
        return writer.bytes
    }
}

/// One figure of one slice.
public struct KPIRow: Equatable, Sendable {
    public struct Slice: Equatable, Sendable {
        public var slice: KPISlice
        /// The code; empty where the case has none (yet).
        public var value: String
    }
    public struct Detail: Equatable, Sendable {
        public var name: String
        public var value: Int
    }

    public var slices: [Slice]
    /// In a series: the month, `2017-03`.
    public var month: String?
    public var definition: KPIDefinition
    /// Of `cycle-p@1`: 50, 90 or 95.
    public var percentile: Int?
    public var numerator: Int
    /// 1 for counts, 0 if there is no base.
    public var denominator: Int
    public var base: String
    /// Half up to the rulebook's decimals (counts have none); `nil` for an empty base, printed as `KPIRow.none`.
    public var value: String?
    public var scale: KPIDefinition.Scale
    /// What must be printed beside the figure: `openOverdue`, `unknownDays`, `external` …
    public var details: [Detail]
    public var change: Change?

    /// Against another period, from unrounded values, rounded once.
    public struct Change: Equatable, Sendable {
        /// The period compared with.
        public var to: String
        public var numerator: Int
        public var denominator: Int
        public var value: String?
        /// Signed: percentage points (百分点) of a rate, working days of a cycle, percent of a count; `nil` if there is nothing to compare.
        public var difference: String?
    }

    /// What an empty base is printed as; never 0 or 100.
    public static let none = "—"

    public func detail(_ name: String) -> Int? { details.first { $0.name == name }?.value }

    func write(to writer: inout JSONWriter) {
        writer.object { row in
            for slice in slices { row.member(slice.slice.rawValue, slice.value) }
            row.member("month", optional: month)
            row.member("definition", definition.rawValue)
            row.member("percentile", optional: percentile)
            row.member("numerator", numerator)
            row.member("denominator", denominator)
            row.member("base", base)
            row.textOrNull("value", value)
            row.member("scale", scale.rawValue)
            for detail in details { row.member(detail.name, detail.value) }
            guard let change else { return }
            row.member(
                "change",
                object: { object in
                    object.member("to", change.to)
                    object.member("numerator", change.numerator)
                    object.member("denominator", change.denominator)
                    object.textOrNull("value", change.value)
                    object.textOrNull(differenceName, change.difference)
                })
        }
    }

    private var differenceName: String {
        switch scale {
        case .percent: "pp"
        case .workingDays: "wd"
        case .count: "percent"
        }
    }
}

extension JSONWriter {
    /// Null stands for "no value": an empty base is a statement, not an absence.
    fileprivate mutating func textOrNull(_ name: String, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }
}
