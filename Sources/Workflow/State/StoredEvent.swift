public import EventModel

/// An event of the log, typed: its payload, and what of the envelope matters.
public struct StoredEvent: Sendable {
    public var type: EventType
    public var body: any EventPayload
    public var id: String
    public var source: String
    /// The case's serial, or the name of a system stream.
    public var subject: String
    public var time: EventTime
    /// `operator/2001`
    public var actor: String
    public var actingFor: String?
    /// Earlier than another event of its case (domain rule T6).
    public var isOutOfOrder: Bool
    public var sealed: [SealedReference]
    public var revision: Revision
    /// 0 as long as the log hasn't given one.
    public var position: Position
    public var recordedAt: Instant

    init(
        body: any EventPayload, type: EventType, envelope: EntryEnvelope, time: EventTime, isOutOfOrder: Bool, sealed: [SealedReference],
        revision: Revision, position: Position, recordedAt: Instant
    ) {
        self.type = type
        self.body = body
        id = envelope.id
        source = envelope.source
        subject = envelope.subject
        self.time = time
        actor = envelope.actor
        actingFor = envelope.actingFor
        self.isOutOfOrder = isOutOfOrder
        self.sealed = sealed
        self.revision = revision
        self.position = position
        self.recordedAt = recordedAt
    }

    /// `nil` if the type is not in the registry, or `data` not as its table says. A type of another version is read as `OtherEvent`.
    public init?(_ entry: Entry) {
        guard let type = EventType(name: entry.envelope.type), let time = EventTime(entry.envelope.time) else { return nil }
        let body: any EventPayload
        if let payload = EventRegistry.payload(of: type) {
            guard let read = payload.init(entry.data) else { return nil }
            body = read
        } else {
            body = OtherEvent()
        }
        self.init(
            body: body, type: type, envelope: entry.envelope, time: time, isOutOfOrder: entry.data["outOfOrder"]?.boolean ?? false,
            sealed: entry.sealed, revision: entry.head.revision, position: entry.head.position, recordedAt: entry.head.recordedAt)
    }
}

/// An event whose type this version knows by name only: it changes nothing but the revision.
public struct OtherEvent: EventPayload {
    public static let schema = EventSchema(.logCreated, .system, grants: [], [])
    init() {}
    public init?(_ data: JSONValue) {}
    public func writeMembers(to data: inout JSONWriter) {}
}
