import EventModel
import Workflow

/// The entry at position 1: it names the log, so that a copied file can't pose as another.
enum Genesis {
    static func fact(origin: String, verifierKey: String, now: Instant, uid: UInt32) -> Fact {
        SystemFact.make(
            LogCreated(origin: origin, key: verifierKey), id: "genesis", source: "/engine", stream: .log, time: RFC3339.utc(now), now: now,
            actor: Peer.engine(uid: uid).actor)
    }
}

/// Facts of the system streams, which no claim stands behind.
enum SystemFact {
    static func make<Payload: EventPayload>(
        _ payload: Payload, id: String, source: String, stream: StreamName, time: String, now: Instant, actor: String
    ) -> Fact {
        let type = Payload.schema.type
        let envelope = EntryEnvelope(id: id, source: source, type: type.name, subject: stream.rawValue, time: time, actor: actor)
        return Fact(
            type: type.rawValue, source: source, id: id, occurredAt: now, words: payload.words, body: envelope.body { payload.writeMembers(to: &$0) })
    }
}
