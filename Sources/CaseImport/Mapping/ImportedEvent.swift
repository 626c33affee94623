import Workflow

/// The types of events a file can be mapped to, with the members each may have. In the order of a case's life.
///
/// The limits are those of the event schemas (docs/reference/events.md); what is longer is cut and flagged.
enum ImportedEvent: String, CaseIterable, Sendable {
    case received, accepted, declined, answeredDirectly, assigned, signed, contacted, replied, closed, rated

    enum Kind: Equatable, Sendable {
        case code
        /// Free text of at most so many bytes.
        case text(Int)
        case choice([String])
        case boolean
        case integer(ClosedRange<Int>)
        /// Printable ASCII of at most so many bytes.
        case printable(Int)
        /// One text in a list.
        case listed(Int)
    }

    var type: EventType {
        switch self {
        case .received: .appealReceived
        case .accepted: .appealAccepted
        case .declined: .appealDeclined
        case .answeredDirectly: .appealAnsweredDirectly
        case .assigned: .appealAssigned
        case .signed: .appealSigned
        case .contacted: .appealContacted
        case .replied: .appealReplied
        case .closed: .appealClosed
        case .rated: .appealRated
        }
    }

    init?(type name: String) {
        guard let event = Self.allCases.first(where: { $0.type.name == name }) else { return nil }
        self = event
    }

    /// Last part of the event's id, and of flags about it.
    var step: String { String(type.name.dropFirst("appeal.".count)) }

    /// It stands on assignment 1 and names it.
    var namesAssignment: Bool { self == .signed || self == .contacted || self == .replied }

    /// In the order in which they are written; a point leads into an object.
    var members: [(name: String, kind: Kind)] {
        switch self {
        case .received:
            [
                ("channel", .code), ("mailbox", .code), ("legacyLine", .code), ("nature", .code), ("category", .code), ("district", .code),
                ("urgency", .code), ("wantReply", .boolean), ("anonymous", .boolean), ("confidential", .boolean),
                ("publishConsent", .choice(["yes", "no", "unset"])), ("accessClass", .choice(["normal", "whistleblower"])),
                ("appellantKind", .choice(["person", "enterprise"])), ("title", .text(1_200)), ("text", .text(120_000)), ("place", .text(1_200)),
                ("appellant.name", .text(300)), ("appellant.phones", .listed(64)), ("appellant.address", .text(1_200)),
                ("appellant.email", .text(320)), ("external.platform", .code), ("external.id", .printable(128)), ("external.url", .text(2_048)),
            ]
        case .accepted: [("profile", .code)]
        case .declined: [("reason", .code), ("redirect", .code), ("explained", .boolean), ("public", .text(30_000))]
        case .answeredDirectly: [("kind", .choice(["solved", "explained", "rejected"])), ("public", .text(60_000)), ("internal", .text(60_000))]
        case .assigned: [("unit", .code), ("role", .choice(["lead", "co"])), ("final", .boolean), ("note", .text(12_000))]
        case .signed: []
        case .contacted: [("reached", .boolean), ("method", .code), ("note", .text(12_000))]
        case .replied:
            [
                ("kind", .choice(["solved", "explained", "rejected"])), ("truth", .choice(["true", "partly", "false"])), ("beyondDuty", .boolean),
                ("unsolvedReason", .code), ("public", .text(60_000)), ("internal", .text(60_000)),
            ]
        case .closed: [("result", .choice(["solved", "partly", "explained", "unsolved"])), ("unsolvedReason", .code)]
        case .rated:
            [
                ("handling", .integer(1...5)), ("reply", .integer(1...5)), ("solved", .choice(["yes", "no"])), ("reason", .code),
                ("words", .text(12_000)), ("via", .code),
            ]
        }
    }

    /// Of each group at least one has to be mapped, and to have a value in each row.
    var least: [[String]] {
        switch self {
        case .received: [["channel"], ["title", "text"]]
        case .accepted, .signed: []
        case .declined: [["reason"]]
        case .answeredDirectly: [["public", "internal"]]
        case .assigned: [["unit"]]
        case .contacted: [["reached"]]
        case .replied: [["kind"], ["public", "internal"]]
        case .closed: [["result"]]
        case .rated: [["handling", "reply"]]
        }
    }
}
