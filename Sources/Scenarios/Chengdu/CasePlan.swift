import EventModel

/// Everything that is decided about one case before its events are written. Small and without text, so that millions fit in memory.
struct CasePlan {
    /// What the case is counted as.
    enum Kind: UInt8 {
        /// 直接答复
        case direct
        /// Assigned and replied, in time or late.
        case replied
        /// Assigned, and still open when the year ends.
        case unanswered
        /// Of an outside platform: received and accepted only.
        case external
    }

    /// The events a case may have, in the order in which they happen.
    enum Step: UInt8, CaseIterable {
        case received, accepted, answeredDirectly, assigned, signed, contacted, instructed, replied, closed, rated

        /// The last part of the event's id.
        var name: String {
            switch self {
            case .received: "received"
            case .accepted: "accepted"
            case .answeredDirectly: "answered-directly"
            case .assigned: "assigned"
            case .signed: "signed"
            case .contacted: "contacted"
            case .instructed: "instructed"
            case .replied: "replied"
            case .closed: "closed"
            case .rated: "rated"
            }
        }
    }

    var kind: Kind
    var channel: UInt8
    /// Index into `Topic.all`.
    var topic: UInt8
    /// Index into `Places.districts`.
    var district: UInt8
    /// Index into the scenario's units.
    var unit: Int32
    /// After closing its appellant says how satisfied they are, and whether the matter is solved.
    var isRated = false
    var isSolved = true
    /// 1…5; unsatisfied are 1 and 2.
    var score: UInt8 = 5
    /// Counted number of its serial, from 1, in its district and day.
    var serialNumber: Int32 = 0
    /// Chooses names and words.
    var words: UInt64
    var steps: [(step: Step, time: Instant)] = []

    var received: Instant { steps[0].time }
}
