public import EventModel

extension Fact {
    /// A payload in its envelope as a fact: body, words and flags.
    static func making(
        _ payload: some EventPayload, _ envelope: EntryEnvelope, time: EventTime, isOutOfOrder: Bool = false, sealed: SealedInput = .none
    ) -> Fact {
        let body = envelope.body { data in
            payload.writeMembers(to: &data)
            if isOutOfOrder { data.member("outOfOrder", true) }
            if !sealed.references.isEmpty {
                data.member("sealed", array: { array in for reference in sealed.references { reference.write(to: &array) } })
            }
        }
        let derived = DerivedFacts(payload, time: time, isSealed: !sealed.references.isEmpty)
        return Fact(
            type: derived.type, flags: derived.flags, source: envelope.source, id: envelope.id, occurredAt: derived.occurredAt, unit: derived.unit,
            assignment: derived.assignment, words: derived.words, body: body, blobs: sealed.blobs, externalReference: derived.externalReference)
    }

    /// A fact of a system stream that Engine makes itself: `log.created`, `rulebook.part`, `rulebook.adopted`. The subject is the stream's name.
    public static func system(_ payload: some EventPayload, stream: StreamName, id: String, source: String, actor: String, time: EventTime) -> Fact {
        let type = Swift.type(of: payload).schema.type
        return making(
            payload, EntryEnvelope(id: id, source: source, type: type.name, subject: stream.rawValue, time: time.text, actor: actor), time: time)
    }
}
