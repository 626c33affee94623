public import EventModel

/// 案件状态, domain table "Case status".
public enum CaseStatus: UInt8, CaseIterable, Sendable {
    case received = 1
    case accepted, inHand, replied, declined, closed, withdrawn, terminated, merged

    /// `in-hand`
    public var name: String {
        switch self {
        case .received: "received"
        case .accepted: "accepted"
        case .inHand: "in-hand"
        case .replied: "replied"
        case .declined: "declined"
        case .closed: "closed"
        case .withdrawn: "withdrawn"
        case .terminated: "terminated"
        case .merged: "merged"
        }
    }

    public init?(name: String) {
        guard let status = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = status
    }

    /// Whether work goes on: received, accepted, in hand or replied.
    public var isOpen: Bool { rawValue <= Self.replied.rawValue }
}

/// One case as the view keeps it. 96 bytes, no padding.
struct CaseFileRow: BitwiseCopyable {
    var receivedAt: Moment
    var acceptedAt: Moment = .none
    /// The last closing.
    var closedAt: Moment = .none
    /// The earliest reply due of a live assignment without a counted reply.
    var nextDue: Moment = .none
    var lastPosition: UInt64
    /// Stream number of the case it was merged into; 0: none.
    var parent: UInt64 = 0
    var codes: CaseCodes
    var leadUnit: UInt32 = 0
    var source: UInt32
    var revision: UInt32
    var lastAssignment: Int32 = -1
    var round: UInt16 = 1
    var status: UInt8 = CaseStatus.received.rawValue
    /// 1 solved, 2 partly, 3 explained, 4 unsolved; 0: not closed.
    var result: UInt8 = 0
    var flags: UInt8 = 0
    var reserved: UInt8 = 0
    var reserved2: UInt16 = 0

    static let overdue: UInt8 = 1
    static let archived: UInt8 = 2
    static let direct: UInt8 = 4
    static let erased: UInt8 = 8
}

/// One case as a query gives it; codes are name ids, 0 where there is none.
public struct CaseSummary: Equatable, Sendable {
    public var stream: StreamNumber
    public var status: CaseStatus
    public var round: Int
    /// 主办单位
    public var leadUnit: NameID
    public var mailbox: NameID
    public var channel: NameID
    public var nature: NameID
    public var category: NameID
    public var district: NameID
    public var source: NameID
    public var isExternal: Bool
    /// The class of the case (举报/控告) that only named people may see.
    public var isWhistleblower: Bool
    public var isEnterprise: Bool
    public var receivedAt: Instant
    public var acceptedAt: Instant?
    public var closedAt: Instant?
    /// The earliest reply due (exclusive) of a live assignment that has no counted reply.
    public var nextDue: Instant?
    /// A live assignment without a counted reply has an overdue recorded.
    public var isOverdue: Bool
    public var isArchived: Bool
    /// 1 solved, 2 partly, 3 explained, 4 unsolved; 0: not closed.
    public var result: Int
    public var mergedInto: StreamNumber?
    public var revision: Revision
    public var lastPosition: Position
}

extension CaseSummary {
    init(_ row: CaseFileRow, index: Int) {
        stream = StreamNumber(caseIndex: index)
        status = CaseStatus(rawValue: row.status) ?? .received
        round = Int(row.round)
        leadUnit = row.leadUnit
        mailbox = row.codes.mailbox
        channel = row.codes.channel
        nature = row.codes.nature
        category = row.codes.category
        district = row.codes.district
        source = row.source
        isExternal = row.codes.group == 1
        isWhistleblower = row.codes.accessClass == 1
        isEnterprise = row.codes.appellantKind == 2
        receivedAt = Instant(microseconds: row.receivedAt)
        acceptedAt = row.acceptedAt == .none ? nil : Instant(microseconds: row.acceptedAt)
        closedAt = row.closedAt == .none ? nil : Instant(microseconds: row.closedAt)
        nextDue = row.nextDue == .none ? nil : Instant(microseconds: row.nextDue)
        isOverdue = row.flags & CaseFileRow.overdue != 0
        isArchived = row.flags & CaseFileRow.archived != 0
        result = Int(row.result)
        mergedInto = row.parent == 0 ? nil : StreamNumber(row.parent)
        revision = row.revision
        lastPosition = Position(row.lastPosition)
    }

    /// `solved`, `partly`, `explained`, `unsolved`
    public var resultName: String? { (1...4).contains(result) ? ["solved", "partly", "explained", "unsolved"][result - 1] : nil }
}
