/// The populations of domain.md §4.1 in one period and slice, as plain numbers.
struct KPICounters: Equatable {
    /// R, A, N of the core group; of the external group they stand apart (此外) unless the slice names group or channel.
    var received = 0
    var accepted = 0
    var declined = 0
    var externalReceived = 0
    var externalAccepted = 0
    var externalDeclined = 0
    /// DA
    var answered = 0
    var distinct = 0
    /// Base and numerator of reply@2.
    var acceptedUnmerged = 0
    var acceptedReplied = 0
    /// TR, T, LATE
    var made = 0
    var assigned = 0
    var late = 0
    /// DUE; of them with a counted reply, and in time.
    var due = 0
    var dueReplied = 0
    var dueInTime = 0
    /// Past due without a counted reply at the period's end, of whatever period.
    var openOverdue = 0
    /// C whose working days are known, their sum, and those with a gap in the calendar.
    var cycles = 0
    var workingDays = 0
    var unknownDays = 0
    /// CC, AN, AN "yes"
    var closed = 0
    var answers = 0
    var solved = 0
    /// solve@2: base, "yes", and how many of the base are the unit's own claim.
    var claims = 0
    var claimsSolved = 0
    var ownClaims = 0
    /// V, U
    var valid = 0
    var unsatisfied = 0
    var returned = 0
    var returnRequests = 0
    var instructed = 0
    var leaderAnswers = 0
    /// 结转
    var openAtStart = 0
    var reopened = 0
    var unmerged = 0
    var closings = 0
    var withdrawn = 0
    var terminated = 0
    var merged = 0
    var openAtEnd = 0
    /// Facts, and late ones.
    var facts = 0
    var lateFacts = 0

    var isEmpty: Bool { self == KPICounters() }
}
