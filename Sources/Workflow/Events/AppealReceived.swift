public import EventModel

/// 收件: a letter, a call or a post has come in, and is a case from now on.
public struct AppealReceived: EventPayload {
    public var channel: String
    public var mailbox: String?
    public var legacyLine: String?
    public var nature: String?
    public var category: String?
    public var district: String?
    public var urgency: String?
    public var wantReply: Bool
    public var anonymous: Bool
    public var confidential: Bool
    public var publishConsent: String?
    public var accessClass: String?
    public var accused: [String]
    public var appellantKind: String?
    public var external: ExternalReference?
    public var attachments: Int
    /// Decided: the serial the engine gave; absent if the importer brought its own as subject.
    public var serial: String?
    public var code: ExtractionCode?
    public var group: String
    /// Opened by an importer: not the wall clock's (domain rule T8).
    public var isSourceClock: Bool
    public var deadlines: DeadlineStatement

    static let consents = ["yes", "no"]
    static let classes = ["normal", "whistleblower"]
    static let kinds = ["person", "enterprise"]
    static let groups = ["core", "external"]

    public static let schema = EventSchema(
        .appealReceived, .case, grants: [.intake], leastOneOf: [["title", "text"]],
        [
            .least("channel", .list(.channel)), .sealed("title", .text(1_200)), .sealed("text", .text(120_000)), .open("mailbox", .mailbox),
            .open("legacyLine", .list(.legacyLine)), .open("nature", .list(.nature)), .open("category", .list(.category)),
            .open("district", .list(.district)), .open("urgency", .list(.urgency)), .sealed("place", .text(1_200), .person),
            .filled("wantReply", .boolean), .open("anonymous", .boolean), .open("confidential", .boolean),
            .open("publishConsent", .choice(consents + ["unset"])), .open("accessClass", .choice(classes)),
            .open("accused", .array(.unit, count: 1...100)), .open("appellantKind", .choice(kinds)),
            .sealed(
                "appellant",
                .object([
                    .open("name", .text(300)), .open("phones", .array(.text(64), count: 1...10)), .open("idNumber", .text(64)),
                    .open("address", .text(1_200)), .open("email", .text(320)), .open("uscc", .uscc),
                ]), .person),
            .open("external", .object([.least("platform", .code), .least("id", .printable(128)), .sealed("url", .text(2_048))])),
            .counted("attachments", Attachment.schema), .decided("serial", .serial),
            .decided("code", .object([.decided("epoch", .integer(0...4_294_967_295)), .decided("round", .integer(1...4_294_967_295))])),
            .decided("group", .choice(groups)), .decided("clock", .choice(["source"])),
        ] + DeadlineStatement.members)

    public init?(_ data: JSONValue) {
        guard let channel = data["channel"]?.string else { return nil }
        self.channel = channel
        mailbox = data["mailbox"]?.string
        legacyLine = data["legacyLine"]?.string
        nature = data["nature"]?.string
        category = data["category"]?.string
        district = data["district"]?.string
        urgency = data["urgency"]?.string
        wantReply = data["wantReply"]?.boolean ?? true
        anonymous = data["anonymous"]?.boolean ?? false
        confidential = data["confidential"]?.boolean ?? false
        publishConsent = data["publishConsent"]?.string
        accessClass = data["accessClass"]?.string
        accused = data.strings("accused")
        appellantKind = data["appellantKind"]?.string
        external = data["external"].flatMap { ExternalReference($0) }
        attachments = data.counted("attachments")
        serial = data["serial"]?.string
        code = data["code"].flatMap { ExtractionCode($0) }
        group = data["group"]?.string ?? "core"
        isSourceClock = data["clock"]?.string == "source"
        deadlines = DeadlineStatement(data)
        stated = Switches(anonymous: data["anonymous"] != nil, confidential: data["confidential"] != nil)
    }

    /// Whether the poster said so; `false` said and not said are one state, but two entries.
    struct Switches: Sendable, Equatable {
        var anonymous: Bool
        var confidential: Bool
    }
    var stated: Switches

    public func writeMembers(to data: inout JSONWriter) {
        data.member("channel", channel)
        data.member("mailbox", optional: mailbox)
        data.member("legacyLine", optional: legacyLine)
        data.member("nature", optional: nature)
        data.member("category", optional: category)
        data.member("district", optional: district)
        data.member("urgency", optional: urgency)
        data.member("wantReply", wantReply)
        if stated.anonymous { data.member("anonymous", anonymous) }
        if stated.confidential { data.member("confidential", confidential) }
        data.member("publishConsent", optional: publishConsent)
        data.member("accessClass", optional: accessClass)
        if !accused.isEmpty { data.member("accused", accused) }
        data.member("appellantKind", optional: appellantKind)
        if let external {
            data.member(
                "external",
                object: { item in
                    item.member("platform", external.platform)
                    item.member("id", external.id)
                })
        }
        if attachments > 0 { data.member("attachments", attachments) }
        data.member("serial", optional: serial)
        if let code {
            data.member(
                "code",
                object: { item in
                    item.member("epoch", UInt64(code.epoch))
                    item.member("round", UInt64(code.round))
                })
        }
        data.member("group", group)
        if isSourceClock { data.member("clock", "source") }
        deadlines.write(to: &data)
    }

    public var words: [FactWord] {
        var switches: UInt64 = wantReply ? 1 : 0
        if anonymous { switches |= 2 }
        if confidential { switches |= 4 }
        if isSourceClock { switches |= 8 }
        var first: UInt64 = accessClass == "whistleblower" ? 1 : 0
        first |= ordinal(appellantKind, in: Self.kinds) << 8
        first |= ordinal(publishConsent, in: Self.consents) << 16
        first |= switches << 24
        first |= (group == "external" ? 1 : 0) << 32
        first |= UInt64(min(attachments, 255)) << 40
        first |= UInt64(min(accused.count, 255)) << 48
        return [
            .number(first), .names(channel, mailbox), .names(nature, category), .names(district, legacyLine), .names(urgency, nil),
        ] + deadlines.words
    }

    public var flags: FactFlags {
        var flags: FactFlags = []
        if accessClass != nil { flags.insert(.accessClass) }
        if external != nil { flags.insert(.externalReference) }
        return flags
    }

    public var externalReference: String? { external?.key }
}

/// A post on somebody else's platform (外部帖子): known by platform and id, once in a log.
public struct ExternalReference: Sendable, Equatable {
    public var platform: String
    public var id: String

    init?(_ value: JSONValue) {
        guard let platform = value["platform"]?.string, let id = value["id"]?.string else { return nil }
        self.platform = platform
        self.id = id
    }

    /// `platform ‖ 0 ‖ id`
    public var key: String { "\(platform)\0\(id)" }
}

/// What the extraction code (提取码) is derived from; the code itself is never stored.
public struct ExtractionCode: Sendable, Equatable {
    /// Of the look-up key.
    public var epoch: UInt32
    /// Counts the codes given out for the case, from 1.
    public var round: UInt32
    public init(epoch: UInt32, round: UInt32) {
        self.epoch = epoch
        self.round = round
    }

    init?(_ value: JSONValue) {
        guard let epoch = value["epoch"]?.integer.flatMap(UInt32.init(exactly:)), let round = value["round"]?.integer.flatMap(UInt32.init(exactly:))
        else { return nil }
        self.init(epoch: epoch, round: round)
    }
}

enum Attachment {
    /// Links with a digest; the file itself is not ours.
    static let schema: MemberKind = .array(
        .object([
            .least("name", .text(512)), .open("mediaType", .text(128)), .open("size", .integer(0...1 << 50)), .open("sha256", .text(64)),
            .least("href", .text(2_048)),
        ]), count: 0...50)
}
