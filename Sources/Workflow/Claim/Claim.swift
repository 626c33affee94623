public import EventModel

/// What a poster says (主张): an event that has passed every check of form, and waits to be decided.
public struct Claim: Sendable {
    public var id: String
    public var source: String
    public var type: EventType
    /// The case's serial; absent on `appeal.received` unless the importer brings one, and on events of the system.
    public var subject: String?
    /// Absent: the commit's clock.
    public var time: EventTime?
    /// Absent: any.
    public var expectedRevision: Int?
    /// Opaque id of the person or office behind the peer.
    public var actingFor: String?
    public var causationID: String?
    public var correlationID: String?
    /// Names of attributes that are not stored.
    public var ignored: [String]
    public var document: JSONDocument
    public var data: JSONValue
    public var schema: EventSchema
}

extension Claim {
    /// The members to seal, one JSON object a scope, scopes in their order and members in the table's. Empty: nothing to seal.
    public func sealedParts() -> [(scope: Scope, json: [UInt8])] {
        Scope.allCases.compactMap { scope in
            let writer = SchemaWriter(part: .sealed(scope))
            let members = schema.members(sealedIn: scope)
            guard writer.concerns(data, members) else { return nil }
            var json = JSONWriter()
            writer.object(data, members, into: &json)
            return (scope, json.bytes)
        }
    }

    /// Whether an entry is what posting this would have made: type, subject, time and posted `data` as values (api.md, Idempotency).
    ///
    /// What the engine filled in doesn't matter, nor do `actingfor`, trace and expected revision. Scopes in `erased` are left out.
    public func isSameContent(as entry: Entry, opened: [Scope: JSONDocument], erased: Set<Scope> = []) -> Bool {
        guard entry.envelope.type == type.name, isSameSubject(as: entry), isSameTime(as: entry) else { return false }
        guard isSameOpenData(as: entry) else { return false }
        let posted = sealedParts()
        let stored = Set(entry.sealed.map { $0.scope })
        guard stored == Set(posted.map { $0.scope }) else { return false }
        for (scope, json) in posted where !erased.contains(scope) {
            guard let opened = opened[scope], let own = try? JSONDocument(json), own.root.isEqual(to: opened.root) else { return false }
        }
        return true
    }

    private func isSameSubject(as entry: Entry) -> Bool {
        if let subject { return subject == entry.envelope.subject && entry.data["serial"] == nil }
        switch type {
        // A serial of the engine's own stands in `data` too.
        case .appealReceived: return entry.data["serial"]?.string == entry.envelope.subject
        default: return entry.envelope.subject.utf8.first == UInt8(ascii: "@")
        }
    }

    private func isSameTime(as entry: Entry) -> Bool {
        guard let stored = RFC3339.parse(entry.envelope.time) else { return false }
        if let time { return stored.instant == time.instant }
        return stored.fractionDigits == 6
    }

    private func isSameOpenData(as entry: Entry) -> Bool {
        let writer = SchemaWriter(part: .open)
        for member in schema.members where member.mark == .claim {
            switch (data[member.name], entry.data[member.name]) {
            case (nil, nil): continue
            case (nil, .some): if !member.isFilled { return false }
            case (.some, nil): return false
            case (let posted?, let stored?):
                var left = JSONWriter()
                writer.value(posted, member, into: &left)
                var right = JSONWriter()
                writer.value(stored, member, into: &right)
                if left.bytes != right.bytes { return false }
            }
        }
        return true
    }
}
