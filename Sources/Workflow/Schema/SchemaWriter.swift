import EventModel

/// Which members of a posted `data` are wanted.
enum SchemaPart: Equatable {
    /// What the entry keeps.
    case open
    /// What is sealed under one scope's key.
    case sealed(Scope)
}

/// Writes one part of a posted `data`, or of an entry's, in the order of the table and without white space: equal values give equal bytes.
struct SchemaWriter {
    let part: SchemaPart

    /// Whether the value has anything of the part.
    func concerns(_ data: JSONValue, _ members: [SchemaMember]) -> Bool {
        members.contains { member in data[member.name].map { concerns($0, member) } ?? false }
    }

    func concerns(_ value: JSONValue, _ member: SchemaMember) -> Bool {
        switch (part, member.mark) {
        case (_, .decided): return false
        case (.open, .claim): return true
        case (.open, .sealed): return false
        case (.sealed(let wanted), .sealed(let scope)): return wanted == scope
        case (.sealed, .claim):
            switch member.kind {
            case .object(let members): return concerns(value, members)
            case .corrections: return value.items.contains(where: isOfPart)
            default: return false
            }
        }
    }

    /// The members of the part as one object.
    func object(_ data: JSONValue, _ members: [SchemaMember], into writer: inout JSONWriter) {
        writer.beginObject()
        for member in members {
            guard let value = data[member.name], concerns(value, member) else { continue }
            writer.name(member.name)
            self.value(value, member, into: &writer)
        }
        writer.endObject()
    }

    func value(_ value: JSONValue, _ member: SchemaMember, into writer: inout JSONWriter) {
        // Below a sealed member everything is sealed.
        if case .sealed = member.mark { return whole(value, member.kind, into: &writer) }
        if case .object(let members) = member.kind { return object(value, members, into: &writer) }
        if case .corrections = member.kind { return corrections(value, into: &writer) }
        whole(value, member.kind, into: &writer)
    }

    /// Whether a correction's value belongs to the part.
    private func isOfPart(_ item: JSONValue) -> Bool {
        guard let value = item["value"], let member = item["member"]?.string.flatMap(Correction.member) else { return false }
        return concerns(value, member)
    }

    /// The open part names all members and holds the open values; a sealed one holds what is under its key.
    private func corrections(_ value: JSONValue, into writer: inout JSONWriter) {
        writer.beginArray()
        for item in value.items {
            guard let name = item["member"]?.string, let member = Correction.member(name) else { continue }
            let isOwn = isOfPart(item)
            guard isOwn || part == .open else { continue }
            writer.beginObject()
            writer.member("member", name)
            if isOwn, let value = item["value"] {
                writer.name("value")
                self.value(value, member, into: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func whole(_ value: JSONValue, _ kind: MemberKind, into writer: inout JSONWriter) {
        switch (kind, value.kind) {
        case (.object(let members), .object):
            writer.beginObject()
            for member in members {
                guard let inner = value[member.name] else { continue }
                writer.name(member.name)
                whole(inner, member.kind, into: &writer)
            }
            writer.endObject()
        case (.array(let item, _), .array):
            writer.beginArray()
            for element in value.items { whole(element, item, into: &writer) }
            writer.endArray()
        default: scalar(value, into: &writer)
        }
    }

    private func scalar(_ value: JSONValue, into writer: inout JSONWriter) {
        if value.kind == .string {
            // Without escapes the text as it stands is what the writer would make of it.
            let text = value.text
            return text.contains(UInt8(ascii: "\\")) ? writer.value(value.string ?? "") : writer.raw(text)
        }
        if let number = value.integer { return writer.value(number) }
        if let flag = value.boolean { return writer.value(flag) }
        writer.raw(value.text)
    }
}
