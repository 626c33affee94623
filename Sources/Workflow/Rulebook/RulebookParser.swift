import EventModel

/// Reads and checks the text of a rulebook: files of YAML whose sections may be spread over any number of parts.
///
/// Sections (docs/reference/rulebook.md): `city`, `timeZone`, `ratingWindow`, `publicity`, `decimals`, `calendar`, `units`, `mailboxes`,
/// `codes`, `profiles`, `include`. What a file is called doesn't matter, only what it says.
public enum RulebookCheck {
    /// The rulebook, unless there is a finding of severity error; and all findings, in the order of the parts and their lines.
    public static func read(_ parts: [RulebookPart], version: Int) -> (rulebook: Rulebook?, findings: [Finding]) {
        let (files, broken) = RulebookPart.join(parts)
        var parser = RulebookParser()
        for name in broken {
            parser.yaml.note(.missingPart, part: name, line: 0, "Pieces of this file are missing or doubled; adopt all of \(name)#1, #2 … once each.")
        }
        for file in files { parser.read(file.text, part: file.name) }
        let rulebook = parser.rulebook(version: version, fileNames: files.map(\.name) + broken)
        let order = Dictionary((files.map(\.name) + broken).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let findings = parser.yaml.findings.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            return (order[a.part] ?? Int.max, a.line, left.offset) < (order[b.part] ?? Int.max, b.line, right.offset)
        }.map(\.element)
        return (findings.contains { $0.severity == .error } ? nil : rulebook, findings)
    }

    /// The paths under `include` in a file, as written; `[]` if there are none or the file can't be read.
    public static func includes(in text: String) -> [String] {
        var yaml = RulebookYAML()
        return yaml.members(ofFile: text, part: "").filter { $0.key == "include" }.flatMap {
            yaml.list($0.value, what: "include").compactMap(\.scalar)
        }
    }
}

/// Collects the sections of all files, then (RulebookParser+Checks.swift) holds them against one another.
struct RulebookParser {
    static let sections = [
        "city", "timeZone", "ratingWindow", "publicity", "decimals", "calendar", "units", "mailboxes", "codes", "profiles", "include",
    ]

    /// Something with an id and the place it stands at.
    struct Placed<Value> {
        var value: Value
        var place: RulebookNode
    }
    struct UnitDraft {
        var id: String
        var label: Label
        var parent: String?
        var level: Int?
        var district: String?
    }
    struct MailboxDraft {
        var id: String
        var label: Label
        var unit: String
        var leader: String?
        var level: Int?
    }

    var yaml = RulebookYAML()
    var city: Placed<String>?
    var zone: Placed<Zone?>?
    var ratingWindowDays: Placed<Int>?
    var publicity: Placed<PublicityPolicy>?
    var decimals: [String: Placed<Int>] = [:]
    var calendarID: Placed<String>?
    var years: [Int: Placed<WorkCalendar.Year>] = [:]
    var units: [Placed<UnitDraft>] = []
    var mailboxes: [Placed<MailboxDraft>] = []
    var codes: [CodeList: [String: Placed<Label>]] = [:]
    var externalChannels: Set<String> = []
    var profiles: [Placed<ServiceProfile>] = []
    var includes: [Placed<String>] = []
    /// Sections that are there, right or wrong.
    var seen: Set<String> = []
    private var unitIDs: Set<String> = []
    private var mailboxIDs: Set<String> = []
    private var profileIDs: Set<String> = []

    mutating func read(_ text: String, part: String) {
        for (key, value) in yaml.members(ofFile: text, part: part) {
            seen.insert(key)
            switch key {
            case "city": readCity(value)
            case "timeZone": readZone(value)
            case "ratingWindow": readRatingWindow(value)
            case "publicity": readPublicity(value)
            case "decimals": readDecimals(value)
            case "calendar": readCalendar(value)
            case "units": for (id, unit) in yaml.members(value, what: "units") { readUnit(id, unit) }
            case "mailboxes": for (id, mailbox) in yaml.members(value, what: "mailboxes") { readMailbox(id, mailbox) }
            case "codes": readCodes(value)
            case "profiles": for (id, profile) in yaml.members(value, what: "profiles") { readProfile(id, profile) }
            case "include":
                for path in yaml.list(value, what: "include") {
                    if let text = yaml.text(path, what: "a path to include") { includes.append(Placed(value: text, place: path)) }
                }
            default: yaml.unknownKey(key, value, what: "a rulebook file", keys: Self.sections)
            }
        }
    }

    // MARK: The city

    /// Codes in serial numbers leave room for `-yyyymmdd-nnnnnn` within 64 characters.
    static let maxSerialCode = 48

    private mutating func readCity(_ value: RulebookNode) {
        guard isFirst(city?.place, value, what: "city"), let code = yaml.code(value, what: "the city's code", limit: Self.maxSerialCode) else {
            return
        }
        city = Placed(value: code, place: value)
    }

    private mutating func readZone(_ value: RulebookNode) {
        guard isFirst(zone?.place, value, what: "timeZone"), let name = yaml.text(value, what: "timeZone") else { return }
        zone = Placed(value: Zone(name: name), place: value)
        guard zone?.value == nil else { return }
        yaml.note(.unknownZone, value, "“\(name)” is no time zone known here; write an IANA name such as Asia/Shanghai, or UTC.")
    }

    private mutating func readRatingWindow(_ value: RulebookNode) {
        guard isFirst(ratingWindowDays?.place, value, what: "ratingWindow"), let within = yaml.within(value, what: "ratingWindow") else { return }
        guard within.unit == .days else {
            yaml.note(.badWithin, value, "The rating window counts calendar days; write it with d, such as 30d.")
            return
        }
        ratingWindowDays = Placed(value: within.amount, place: value)
    }

    private mutating func readPublicity(_ value: RulebookNode) {
        guard isFirst(publicity?.place, value, what: "publicity") else { return }
        let fields = yaml.fields(value, what: "publicity", keys: ["mode"])
        guard let mode = required("mode", in: fields, of: "publicity", at: value) else { return }
        let choices: [PublicityPolicy.Mode] = [.review, .facts]
        guard let text = yaml.choice(mode, what: "publicity mode", of: choices.map(\.rawValue)) else { return }
        publicity = Placed(value: PublicityPolicy(mode: PublicityPolicy.Mode(rawValue: text) ?? .review), place: value)
    }

    private mutating func readDecimals(_ value: RulebookNode) {
        for (key, child) in yaml.members(value, what: "decimals") {
            let halves = key.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, let version = Int(halves[1]), version >= 1, halves[0].utf8.allSatisfy(Self.isDefinitionByte), !halves[0].isEmpty
            else {
                yaml.note(.badCode, child, "“\(key)” doesn't name a definition; write its id and version, such as overdue@1.")
                continue
            }
            guard isFirst(decimals[key]?.place, child, what: "decimals of \(key)") else { continue }
            if let number = yaml.integer(child, what: "decimals of \(key)", in: 0...6) { decimals[key] = Placed(value: number, place: child) }
        }
    }

    private static func isDefinitionByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }

    // MARK: Organisation

    private mutating func readUnit(_ id: String, _ value: RulebookNode) {
        guard yaml.isCode(id, value, what: "the id of a unit") else { return }
        guard unitIDs.insert(id).inserted else {
            yaml.note(.duplicate, value, "Unit “\(id)” is there already; remove or rename one of the two.")
            return
        }
        let fields = yaml.fields(value, what: "a unit", keys: ["label", "parent", "level", "district"])
        guard let node = required("label", in: fields, of: "unit “\(id)”", at: value), let label = yaml.label(node, what: "label of unit “\(id)”")
        else { return }
        var draft = UnitDraft(id: id, label: label)
        if let parent = fields["parent"] { draft.parent = yaml.code(parent, what: "the parent of unit “\(id)”") }
        if let level = fields["level"] { draft.level = yaml.integer(level, what: "the level of unit “\(id)”", in: 1...4) }
        if let district = fields["district"] { draft.district = yaml.code(district, what: "the district of unit “\(id)”", limit: Self.maxSerialCode) }
        units.append(Placed(value: draft, place: value))
    }

    private mutating func readMailbox(_ id: String, _ value: RulebookNode) {
        guard yaml.isCode(id, value, what: "the id of a mailbox") else { return }
        guard mailboxIDs.insert(id).inserted else {
            yaml.note(.duplicate, value, "Mailbox “\(id)” is there already; remove or rename one of the two.")
            return
        }
        let fields = yaml.fields(value, what: "a mailbox", keys: ["label", "unit", "leader", "level"])
        guard let node = required("label", in: fields, of: "mailbox “\(id)”", at: value),
            let label = yaml.label(node, what: "label of mailbox “\(id)”"),
            let owner = required("unit", in: fields, of: "mailbox “\(id)”", at: value),
            let unit = yaml.code(owner, what: "the unit of mailbox “\(id)”")
        else { return }
        var draft = MailboxDraft(id: id, label: label, unit: unit)
        if let leader = fields["leader"] { draft.leader = yaml.code(leader, what: "the leader of mailbox “\(id)”") }
        if let level = fields["level"] { draft.level = yaml.integer(level, what: "the level of mailbox “\(id)”", in: 1...4) }
        mailboxes.append(Placed(value: draft, place: value))
    }

    // MARK: Codes

    private mutating func readCodes(_ value: RulebookNode) {
        for (name, entries) in yaml.members(value, what: "codes") {
            guard let list = CodeList(rawValue: name) else {
                yaml.unknownKey(name, entries, what: "codes", keys: CodeList.allCases.map(\.rawValue))
                continue
            }
            for (code, entry) in yaml.members(entries, what: "codes.\(name)") { readCode(code, entry, in: list) }
        }
    }

    private mutating func readCode(_ code: String, _ value: RulebookNode, in list: CodeList) {
        guard yaml.isCode(code, value, what: "a code of \(list.rawValue)", limit: list == .district ? Self.maxSerialCode : 64),
            isFirst(codes[list]?[code]?.place, value, what: "code “\(code)” of \(list.rawValue)")
        else { return }
        guard value.isMapping else {
            if let label = yaml.label(value, what: "label of “\(code)”") { codes[list, default: [:]][code] = Placed(value: label, place: value) }
            return
        }
        let fields = yaml.fields(value, what: "a code of \(list.rawValue)", keys: list == .channel ? ["label", "group"] : ["label"])
        guard let node = required("label", in: fields, of: "code “\(code)”", at: value), let label = yaml.label(node, what: "label of “\(code)”")
        else { return }
        codes[list, default: [:]][code] = Placed(value: label, place: value)
        if let group = fields["group"], yaml.choice(group, what: "the group of a channel", of: ["core", "external"]) == "external" {
            externalChannels.insert(code)
        }
    }

    // MARK: Small helpers

    mutating func required(_ key: String, in fields: [String: RulebookNode], of what: String, at place: RulebookNode) -> RulebookNode? {
        if let value = fields[key] { return value }
        yaml.note(.missingKey, place, "\(what) has no “\(key)”; add it.")
        return nil
    }

    /// Notes a finding if something that may stand once in a rulebook stood elsewhere before.
    mutating func isFirst(_ earlier: RulebookNode?, _ value: RulebookNode, what: String) -> Bool {
        guard let earlier else { return true }
        yaml.note(.duplicate, value, "\(what) is given in \(earlier.part), line \(earlier.line), already; keep one of the two.")
        return false
    }

    mutating func noteProfile(_ id: String, _ value: RulebookNode) -> Bool {
        if profileIDs.insert(id).inserted { return true }
        yaml.note(.duplicate, value, "Profile “\(id)” is there already; remove or rename one of the two.")
        return false
    }
}
