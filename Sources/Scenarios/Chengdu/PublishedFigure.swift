/// A figure as the city published it, and as a bulletin over the scenario must print it.
public struct PublishedFigure: Sendable, Equatable {
    public var year: Int
    /// Definition with version (`overdue@1`). Counts per channel share `volume@1`.
    public var definition: String
    public var labelZh: String
    public var labelEn: String
    /// As printed for scale 1000, without the unit.
    public var value: String
    /// `%`, `wd` (working days), or empty for counts.
    public var unit: String
    /// Change on the year before with its sign, in the printed unit of the definition; `nil` where none was published.
    public var change: String?
    /// `pp` (百分点), `%` of the year before, or `wd`; empty without change.
    public var changeUnit: String
    /// The words of the page of 2018-03-20 (domain.md §1); `nil` for 2016, whose figures are computed from the changes.
    public var published: String?

    static let all: [PublishedFigure] = [
        row(2016, "volume@1", "受理群众来电来信", "Calls and letters accepted", "1959"),
        row(2016, "reply@2", "回复办理率", "Replied", "99.0", "%"),
        row(2016, "solve@1", "诉求解决率", "Solved", "82.7", "%"),
        row(2016, "satisfaction@2", "群众满意率", "Satisfied", "84.3", "%"),
        row(2016, "overdue@1", "超期率", "Overdue", "8.50", "%"),
        row(2016, "cycle@1", "平均回复周期", "Mean reply cycle", "6.10", "wd"),
        row(2017, "volume@1", "受理群众来电来信", "Calls and letters accepted", "2362", change: "+20.6", "%", "236.2万件（较2016年增加20.6个百分点）"),
        row(2017, "volume@1", "其中来电", "of these calls", "2233", published: "223.3万件"),
        row(2017, "volume@1", "其中来信", "of these letters", "129", published: "12.9万件"),
        row(2017, "volume@1", "此外网络平台", "outside platforms, apart", "5", published: "人民网2112件，麻辣社区844件，四川在线1712件"),
        row(2017, "instructions@1", "领导批示", "Instructions by leaders", "8", published: "8226件"),
        row(2017, "reply@2", "回复办理率", "Replied", "99.2", "%", change: "+0.2", "pp", "99.2%（较2016年提高0.2个百分点）"),
        row(2017, "solve@1", "诉求解决率", "Solved", "84.1", "%", change: "+1.4", "pp", "84.1%（提高1.4个百分点）"),
        row(2017, "satisfaction@2", "群众满意率", "Satisfied", "86.7", "%", change: "+2.4", "pp", "86.7%（提高2.4个百分点）"),
        row(2017, "overdue@1", "超期率", "Overdue", "3.59", "%", change: "-4.91", "pp", "3.59%（降低4.91个百分点）"),
        row(2017, "cycle@1", "平均回复周期", "Mean reply cycle", "5.73", "wd", change: "-0.37", "wd", "5.73个工作日（缩短0.37个工作日）"),
    ]

    private static func row(
        _ year: Int, _ definition: String, _ labelZh: String, _ labelEn: String, _ value: String, _ unit: String = "", change: String? = nil,
        _ changeUnit: String = "", _ words: String? = nil, published: String? = nil
    ) -> PublishedFigure {
        PublishedFigure(
            year: year, definition: definition, labelZh: labelZh, labelEn: labelEn, value: value, unit: unit, change: change,
            changeUnit: changeUnit, published: words ?? published)
    }
}
