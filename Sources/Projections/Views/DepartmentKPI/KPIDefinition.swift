/// A figure by name and version (指标定义): a bare percentage means nothing, since cities have changed their denominators.
/// docs/reference/kpi.md has them all.
public enum KPIDefinition: String, CaseIterable, Sendable {
    case volume1 = "volume@1"
    case distinct1 = "distinct@1"
    case tickets1 = "tickets@1"
    case direct1 = "direct@1"
    case reply1 = "reply@1"
    case reply2 = "reply@2"
    case solve1 = "solve@1"
    case solve2 = "solve@2"
    case satisfaction1 = "satisfaction@1"
    case satisfaction2 = "satisfaction@2"
    case overdue1 = "overdue@1"
    case overdue2 = "overdue@2"
    case onTime1 = "on-time@1"
    case cycle1 = "cycle@1"
    case cyclePercentile1 = "cycle-p@1"
    case return1 = "return@1"
    case instructions1 = "instructions@1"
    case carryOver1 = "carry-over@1"
    case lateRecorded1 = "late-recorded@1"

    public enum Scale: String, Sendable {
        /// A rate; changes in percentage points (百分点).
        case percent = "%"
        /// Working days (工作日); changes in working days.
        case workingDays = "wd"
        /// A number of things; changes in percent.
        case count = "count"
    }

    public var scale: Scale {
        switch self {
        case .volume1, .distinct1, .tickets1, .instructions1, .carryOver1, .lateRecorded1: .count
        case .cycle1, .cyclePercentile1: .workingDays
        default: .percent
        }
    }

    public var chineseName: String {
        switch self {
        case .volume1: "受理量"
        case .distinct1: "诉求事项数"
        case .tickets1: "工单量"
        case .direct1: "直办率"
        case .reply1, .reply2: "回复办理率"
        case .solve1, .solve2: "诉求解决率"
        case .satisfaction1, .satisfaction2: "群众满意率"
        case .overdue1, .overdue2: "超期率"
        case .onTime1: "按时办结率"
        case .cycle1: "平均回复周期"
        case .cyclePercentile1: "回复周期分位数"
        case .return1: "退单率"
        case .instructions1: "批示件数"
        case .carryOver1: "结转"
        case .lateRecorded1: "补录"
        }
    }

    /// What the denominator counts (of a count: what is counted), printed with every figure.
    public var base: String {
        switch self {
        case .volume1, .direct1: "accepted"
        case .distinct1: "received, less merged and repeated"
        case .tickets1, .overdue1: "assigned"
        case .reply1, .overdue2, .onTime1: "reply due"
        case .reply2: "accepted, less merged"
        case .solve1: "closed and answered by the appellant"
        case .solve2: "closed with an answer or a claim"
        case .satisfaction1: "closed"
        case .satisfaction2: "closed and rated"
        case .cycle1, .cyclePercentile1: "assignments of closed cases"
        case .return1: "assignments made"
        case .instructions1: "instructions"
        case .carryOver1: "accepted and open at the end"
        case .lateRecorded1: "recorded more than 1 h late"
        }
    }

    /// The slices a figure may be cut by.
    public func supports(_ slice: KPISlice) -> Bool {
        switch slice {
        case .source: self == .lateRecorded1
        case .leader: self == .instructions1
        default: self != .lateRecorded1
        }
    }
}

/// What figures are cut by (`by=`); of these at most three at once.
public enum KPISlice: String, CaseIterable, Sendable {
    /// 单位, rolled up: a unit's figures hold those of the units below it.
    case unit
    /// 渠道
    case channel
    /// 渠道组: core or external (此外)
    case group
    /// 信箱
    case mailbox
    /// 性质
    case nature
    /// 类别
    case category
    /// 区域
    case district
    /// 领导, for instructions only
    case leader
    /// Source of the events, for late records only
    case source
}
