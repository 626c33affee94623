import EventModel

/// Holds a posted `data` against its table: unknown members, the engine's own, kinds, lengths, syntax, least data.
struct SchemaReader {
    /// Findings kept of one event; more are not told.
    static let maxFindings = 16

    private(set) var findings: [Refusal.Finding] = []

    /// The findings in the order of the text, then what is missing. O(members × table).
    static func findings(in data: JSONValue, _ schema: EventSchema) -> [Refusal.Finding] {
        var reader = SchemaReader()
        reader.object(data, schema.members, at: "/data")
        for group in schema.leastOneOf where !group.contains(where: { data[$0] != nil }) { reader.note(.memberMissing, "/data/\(group[0])") }
        for condition in schema.requiredWhen where data[condition.when]?.string == condition.equals && data[condition.member] == nil {
            reader.note(.memberMissing, "/data/\(condition.member)")
        }
        return reader.findings
    }

    private mutating func note(_ code: RefusalCode, _ pointer: String) {
        if findings.count < Self.maxFindings { findings.append(Refusal.Finding(pointer: pointer, code: code)) }
    }

    private mutating func object(_ value: JSONValue, _ members: [SchemaMember], at pointer: String) {
        for (name, value) in value.members {
            let place = pointer + "/" + Self.escaped(name)
            guard let member = members.first(where: { $0.name == name }) else {
                // `sealed` is what the engine appends to every entry.
                note(name == "sealed" ? .memberNotYours : .unknownMember, place)
                continue
            }
            if member.mark == .decided {
                note(.memberNotYours, place)
            } else {
                self.value(value, member.kind, at: place)
            }
        }
        for member in members where member.isRequired && value[member.name] == nil { note(.memberMissing, pointer + "/" + member.name) }
    }

    private mutating func value(_ value: JSONValue, _ kind: MemberKind, at pointer: String) {
        switch kind {
        case .code, .list, .unit, .mailbox, .leader: string(value, at: pointer, Syntax.isCode)
        case .profile: string(value, at: pointer, Syntax.isProfile)
        case .choice(let words): string(value, at: pointer) { words.contains($0) }
        case .day: string(value, at: pointer) { Day($0) != nil }
        case .time: string(value, at: pointer) { RFC3339.parse($0) != nil }
        case .within: string(value, at: pointer) { Within($0) != nil }
        case .serial: string(value, at: pointer, Syntax.isSerial)
        case .printable(let limit): string(value, at: pointer) { Syntax.isPrintable($0, limit: limit) }
        case .uscc: string(value, at: pointer, Syntax.isUSCC)
        case .boolean: if value.boolean == nil { note(.memberKind, pointer) }
        case .integer(let range):
            guard let number = value.integer else { return note(.memberKind, pointer) }
            if !range.contains(number) { note(.memberMalformed, pointer) }
        case .text(let limit):
            guard let text = value.string else { return note(.memberKind, pointer) }
            if text.utf8.count > limit { note(.memberTooLong, pointer) }
            if text.isEmpty { note(.memberMalformed, pointer) }
        case .array(let item, let count):
            guard value.kind == .array else { return note(.memberKind, pointer) }
            if value.count > count.upperBound { return note(.memberTooLong, pointer) }
            if value.count < count.lowerBound { return note(.memberMalformed, pointer) }
            for (index, element) in value.items.enumerated() { self.value(element, item, at: "\(pointer)/\(index)") }
        case .object(let members):
            guard value.kind == .object else { return note(.memberKind, pointer) }
            object(value, members, at: pointer)
        case .corrections: corrections(value, at: pointer)
        }
    }

    private mutating func corrections(_ value: JSONValue, at pointer: String) {
        guard value.kind == .array else { return note(.memberKind, pointer) }
        if value.count > Correction.maxCount { return note(.memberTooLong, pointer) }
        if value.count == 0 { return note(.memberMalformed, pointer) }
        var seen: Set<String> = []
        for (index, item) in value.items.enumerated() {
            let place = "\(pointer)/\(index)"
            guard item.kind == .object else {
                note(.memberKind, place)
                continue
            }
            guard let name = item["member"]?.string, let member = Correction.member(name), seen.insert(name).inserted else {
                note(item["member"] == nil ? .memberMissing : .memberMalformed, place + "/member")
                continue
            }
            object(item, [.least("member", .printable(64)), .least("value", member.kind)], at: place)
        }
    }

    private mutating func string(_ value: JSONValue, at pointer: String, _ isRight: (String) -> Bool) {
        guard let text = value.string else { return note(.memberKind, pointer) }
        if !isRight(text) { note(.memberMalformed, pointer) }
    }

    /// A member name as a step of an RFC 6901 pointer, cut to 64 bytes: it is the poster's text, but no value.
    static func escaped(_ name: String) -> String {
        var step = ""
        for character in name {
            if step.utf8.count >= 64 { return step + "…" }
            switch character {
            case "~": step += "~0"
            case "/": step += "~1"
            default: step.append(character)
            }
        }
        return step
    }
}
