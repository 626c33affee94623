/// What `GET /v1/kpi` asks.
public struct KPIQuery: Equatable, Sendable {
    public enum Basis: String, CaseIterable, Sendable {
        /// Each thing counts in the period its own date lies in.
        case flow
        /// The cases received in the period, followed to now.
        case cohort
    }
    public enum Compare: String, CaseIterable, Sendable {
        /// 同比: the same period of the year before.
        case yearOnYear = "yoy"
        /// 环比: the period before.
        case previous = "pop"
    }

    public var period: Period
    /// At most three.
    public var slices: [KPISlice]
    /// Empty: all that the slices allow.
    public var definitions: [KPIDefinition]
    public var basis: Basis
    public var compare: Compare?
    /// A row for each month of the period instead of one.
    public var byMonth: Bool
    /// Only this unit and those below it.
    public var unit: String?
    /// Closings of round 1 only (首轮), instead of the last in the period.
    public var firstRoundOnly: Bool

    public init(
        period: Period, slices: [KPISlice] = [], definitions: [KPIDefinition] = [], basis: Basis = .flow, compare: Compare? = nil,
        byMonth: Bool = false,
        unit: String? = nil, firstRoundOnly: Bool = false
    ) {
        self.period = period
        self.slices = slices
        self.definitions = definitions
        self.basis = basis
        self.compare = compare
        self.byMonth = byMonth
        self.unit = unit
        self.firstRoundOnly = firstRoundOnly
    }

    /// Reads the parameters of a request: `period by definition basis compare series unit round`; lists are comma-separated.
    public init(parameters: [String: String]) throws(QueryError) {
        guard let text = parameters["period"] else { throw .badParameter("period", "missing") }
        guard let period = Period(text) else { throw .badParameter("period", "2017, 2017-Q1, 2017-03, 2017-W10, 2017-03-01 or a..b") }
        self.init(period: period)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "period": break
            case "by":
                for word in value.split(separator: ",") {
                    if word == "month" {
                        byMonth = true
                    } else if let slice = KPISlice(rawValue: String(word)), !slices.contains(slice) {
                        slices.append(slice)
                    } else {
                        throw .badParameter(name, KPISlice.allCases.map(\.rawValue).joined(separator: ", ") + ", month")
                    }
                }
            case "definition":
                for word in value.split(separator: ",") {
                    guard let definition = KPIDefinition(rawValue: String(word)) else {
                        throw .badParameter(name, KPIDefinition.allCases.map(\.rawValue).joined(separator: ", "))
                    }
                    if !definitions.contains(definition) { definitions.append(definition) }
                }
            case "basis":
                guard let read = Basis(rawValue: value) else { throw .badParameter(name, "flow or cohort") }
                basis = read
            case "compare":
                guard let read = Compare(rawValue: value) else { throw .badParameter(name, "yoy or pop") }
                compare = read
            case "series":
                guard value == "month" else { throw .badParameter(name, "month") }
                byMonth = true
            case "round":
                guard value == "first" || value == "last" else { throw .badParameter(name, "first or last") }
                firstRoundOnly = value == "first"
            case "unit": unit = value
            default: throw .badParameter(name, "unknown parameter")
            }
        }
    }

    /// The definitions asked for that the slices allow. Throws if one was named that they don't.
    func answerable() throws(QueryError) -> [KPIDefinition] {
        guard slices.count <= 3 else { throw .badParameter("by", "at most three") }
        func fits(_ definition: KPIDefinition) -> Bool {
            slices.allSatisfy(definition.supports) && !(unit != nil && definition == .lateRecorded1)
                && !(basis == .cohort && (definition == .carryOver1 || definition == .lateRecorded1))
        }
        if let wrong = definitions.first(where: { !fits($0) }) { throw .badParameter("definition", "\(wrong.rawValue) can't be asked so") }
        let chosen = KPIDefinition.allCases.filter { (definitions.isEmpty || definitions.contains($0)) && fits($0) }
        guard !chosen.isEmpty else { throw .badParameter("by", "no figure can be cut so") }
        return chosen
    }
}
