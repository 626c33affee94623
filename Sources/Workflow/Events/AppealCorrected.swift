public import EventModel

/// What `appeal.corrected` may say of a member of `appeal.received`.
public struct Correction: Sendable, Equatable {
    /// Corrections in one event, at most.
    static let maxCount = 20

    /// What an open member holds.
    public enum Value: Sendable, Equatable {
        case text(String)
        case flag(Bool)

        init?(_ value: JSONValue) {
            if let text = value.string {
                self = .text(text)
            } else if let flag = value.boolean {
                self = .flag(flag)
            } else {
                return nil
            }
        }
    }

    public var member: String
    /// Absent if it is sealed.
    public var value: Value?

    /// Access class and accused units are changed by `appeal.reclassified`; an external reference never is.
    private static let names: Set<String> = [
        "channel", "title", "text", "mailbox", "legacyLine", "nature", "category", "district", "urgency", "place", "wantReply", "anonymous",
        "confidential", "publishConsent", "appellantKind", "appellant",
    ]
    static let members = AppealReceived.schema.members.filter { names.contains($0.name) }

    static func member(_ name: String) -> SchemaMember? { members.first { $0.name == name } }

    init(_ member: String, _ value: Value?) {
        self.member = member
        self.value = value
    }

    init?(_ item: JSONValue) {
        guard let name = item["member"]?.string, let member = Self.member(name) else { return nil }
        self.member = name
        value = member.mark == .claim ? item["value"].flatMap(Value.init) : nil
    }

    var text: String? { if case .text(let text) = value { text } else { nil } }
    var flag: Bool? { if case .flag(let flag) = value { flag } else { nil } }

    static func write(_ list: [Correction], _ name: String, to data: inout JSONWriter) {
        data.member(
            name,
            array: { array in
                for item in list {
                    array.object { object in
                        object.member("member", item.member)
                        object.member("value", optional: item.text)
                        object.member("value", optional: item.flag)
                    }
                }
            })
    }
}

/// 更正: what was taken down wrongly at receipt.
public struct AppealCorrected: EventPayload {
    public var changes: [Correction]
    /// Decided: what the open members said before.
    public var old: [Correction]
    /// Decided: the channel's group, if the channel is corrected.
    public var group: String?

    public static let schema = EventSchema(
        .appealCorrected, .case, grants: [.intake, .dispatch],
        [
            .least("changes", .corrections), .sealed("reason", .text(12_000), required: true), .decided("old", .corrections),
            .decided("group", .choice(AppealReceived.groups)),
        ])

    public init?(_ data: JSONValue) {
        changes = data["changes"]?.items.compactMap { Correction($0) } ?? []
        old = data["old"]?.items.compactMap { Correction($0) } ?? []
        group = data["group"]?.string
        if changes.isEmpty { return nil }
    }

    public func writeMembers(to data: inout JSONWriter) {
        Correction.write(changes, "changes", to: &data)
        if !old.isEmpty { Correction.write(old, "old", to: &data) }
        data.member("group", optional: group)
    }

    func text(_ member: String) -> String? { changes.first { $0.member == member }?.text }
    func flag(_ member: String) -> Bool? { changes.first { $0.member == member }?.flag }

    public var words: [FactWord] {
        var words = CorrectionWords()
        for (index, member) in CorrectionWords.switches.enumerated() {
            words.state(flag(member).map { $0 ? 1 << UInt64(index) : 0 }, member, at: 24)
        }
        words.state(text("appellantKind").map { ordinal($0, in: AppealReceived.kinds) }, "appellantKind", at: 8)
        words.state(text("publishConsent").map { ordinal($0, in: AppealReceived.consents) }, "publishConsent", at: 16)
        words.state(text("channel").map { _ in group == "external" ? 1 : 0 }, "channel", at: 32)
        return words.list(text)
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        for change in changes {
            switch change.member {
            case "channel":
                state.channel = change.text ?? state.channel
                state.group = group ?? state.group
            case "mailbox": state.mailbox = change.text
            case "legacyLine": state.legacyLine = change.text
            case "nature": state.nature = change.text
            case "category": state.category = change.text
            case "district": state.district = change.text
            case "urgency": state.urgency = change.text
            case "wantReply": state.wantReply = change.flag ?? state.wantReply
            case "anonymous": state.isAnonymous = change.flag ?? state.isAnonymous
            case "confidential": state.isConfidential = change.flag ?? state.isConfidential
            case "publishConsent": state.publishConsent = change.text
            case "appellantKind": state.appellantKind = change.text
            default: continue
            }
        }
    }
}

/// 改类: what the dispatcher finds the case to be.
public struct AppealReclassified: EventPayload {
    public var nature: String?
    public var category: String?
    public var district: String?
    public var urgency: String?
    public var mailbox: String?
    public var accessClass: String?
    /// `nil`: unchanged; empty: nobody any more.
    public var accused: [String]?

    static let members = ["nature", "category", "district", "urgency", "mailbox", "accessClass", "accused"]

    public static let schema = EventSchema(
        .appealReclassified, .case, grants: [.dispatch], leastOneOf: [members],
        [
            .open("nature", .list(.nature)), .open("category", .list(.category)), .open("district", .list(.district)),
            .open("urgency", .list(.urgency)), .open("mailbox", .mailbox), .open("accessClass", .choice(AppealReceived.classes)),
            .open("accused", .array(.unit, count: 0...100)), .sealed("reason", .text(12_000)),
        ])

    public init?(_ data: JSONValue) {
        nature = data["nature"]?.string
        category = data["category"]?.string
        district = data["district"]?.string
        urgency = data["urgency"]?.string
        mailbox = data["mailbox"]?.string
        accessClass = data["accessClass"]?.string
        accused = data["accused"].map { _ in data.strings("accused") }
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("nature", optional: nature)
        data.member("category", optional: category)
        data.member("district", optional: district)
        data.member("urgency", optional: urgency)
        data.member("mailbox", optional: mailbox)
        data.member("accessClass", optional: accessClass)
        if let accused { data.member("accused", accused) }
    }

    public var words: [FactWord] {
        var words = CorrectionWords()
        words.state(accessClass.map { $0 == "whistleblower" ? 1 : 0 }, "accessClass", at: 0)
        words.state(accused.map { UInt64(min($0.count, 255)) }, "accused", at: 48)
        let codes = ["nature": nature, "category": category, "district": district, "urgency": urgency, "mailbox": mailbox]
        return words.list { codes[$0] ?? nil }
    }

    public var flags: FactFlags { accessClass == nil ? [] : [.accessClass] }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.nature = nature ?? state.nature
        state.category = category ?? state.category
        state.district = district ?? state.district
        state.urgency = urgency ?? state.urgency
        state.mailbox = mailbox ?? state.mailbox
        if let accessClass { state.isWhistleblower = accessClass == "whistleblower" }
        state.accused = accused ?? state.accused
    }
}

/// The words of a correction (docs/reference/on-disk-format.md): C0 and M, then the codes as in `appeal.received`.
private struct CorrectionWords {
    private var packed: UInt64 = 0
    private var stated: UInt64 = 0

    static let switches = ["wantReply", "anonymous", "confidential"]
    private static let bits: [String: UInt64] = [
        "accessClass": 0, "appellantKind": 1, "publishConsent": 2, "wantReply": 3, "anonymous": 4, "confidential": 5, "channel": 8, "mailbox": 9,
        "nature": 10, "category": 11, "district": 12, "legacyLine": 13, "urgency": 14, "accused": 15,
    ]

    /// A member with a field in C0; `nil`: not stated.
    mutating func state(_ value: UInt64?, _ member: String, at shift: UInt64) {
        guard let value, let bit = Self.bits[member] else { return }
        packed |= value << shift
        stated |= 1 << bit
    }

    /// All words, with the codes that are stated.
    mutating func list(_ code: (String) -> String?) -> [FactWord] {
        for member in ["mailbox", "nature", "category", "district", "legacyLine", "urgency"] where code(member) != nil { state(0, member, at: 0) }
        return [
            .number(packed), .number(stated), .names(code("channel"), code("mailbox")), .names(code("nature"), code("category")),
            .names(code("district"), code("legacyLine")), .names(code("urgency"), nil),
        ]
    }
}
