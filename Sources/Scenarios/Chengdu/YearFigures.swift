/// The counts of one year, from which every published figure follows (domain fixture F3; sets as in domain.md §4.1).
public struct YearFigures: Sendable, Equatable {
    /// So many appeals of one outside platform.
    public struct ChannelCount: Sendable, Equatable {
        public var channel: String
        public var count: Int
    }

    public var year: Int
    /// 来电: accepted appeals of the hotline.
    public var calls: Int
    /// 来信: accepted appeals of all other core channels.
    public var letters: Int
    /// 此外: received and accepted, counted apart, neither assigned nor answered.
    public var external: [ChannelCount]
    /// 批示
    public var instructed: Int
    /// DA: answered directly.
    public var direct: Int
    /// T: assignments made, none void.
    public var assigned: Int
    /// RP: assignments with a counted reply inside the year; all of their cases are closed in it (C).
    public var replied: Int
    /// LATE: replied at or after due.
    public var late: Int
    /// Working days elapsed from assigned to the counted reply, summed over `replied`.
    public var workingDays: Int
    /// AN: closed cases whose appellant said solved or not.
    public var answered: Int
    /// Of them "yes".
    public var solved: Int
    /// V: closed cases with a handling score.
    public var rated: Int
    /// Of them with a score of 3 or more.
    public var satisfied: Int

    /// A = DA + T
    public var accepted: Int { calls + letters }
    /// Assignments that stay open, past due at the year's end.
    public var unanswered: Int { assigned - replied }

    /// 2016: not published itself, but implied by what 2017 says about its change. The split into calls and letters is that of 2017.
    static let base = YearFigures(
        year: 2016, calls: 1_852, letters: 107, external: [], instructed: 0, direct: 359, assigned: 1_600, replied: 1_580, late: 136,
        workingDays: 9_638, answered: 1_000, solved: 827, rated: 1_000, satisfied: 843)

    /// 2017, as published, in thousands.
    static let seed = YearFigures(
        year: 2017, calls: 2_233, letters: 129,
        external: [
            ChannelCount(channel: "people-daily", count: 2), ChannelCount(channel: "mala", count: 1), ChannelCount(channel: "scol", count: 2),
        ], instructed: 8, direct: 357, assigned: 2_005, replied: 1_986, late: 72, workingDays: 11_380, answered: 1_000, solved: 841, rated: 1_000,
        satisfied: 867)

    /// Every count so many times.
    func times(_ factor: Int) -> YearFigures {
        var copy = self
        copy.calls *= factor
        copy.letters *= factor
        copy.external = external.map { ChannelCount(channel: $0.channel, count: $0.count * factor) }
        copy.instructed *= factor
        copy.direct *= factor
        copy.assigned *= factor
        copy.replied *= factor
        copy.late *= factor
        copy.workingDays *= factor
        copy.answered *= factor
        copy.solved *= factor
        copy.rated *= factor
        copy.satisfied *= factor
        return copy
    }
}
