public import EventModel

/// What header and words say of an entry, derived from the entry alone.
public struct DerivedFacts: Sendable, Equatable {
    public var type: UInt16
    /// `sealed`, `accessClass`, `externalReference`.
    public var flags: FactFlags
    public var unit: String?
    public var assignment: UInt16
    public var occurredAt: Instant
    public var words: [FactWord]
    /// `platform ‖ 0 ‖ external id`
    public var externalReference: String?

    init(_ payload: some EventPayload, time: EventTime, isSealed: Bool) {
        type = Swift.type(of: payload).schema.type.rawValue
        flags = payload.flags
        if isSealed { flags.insert(.sealed) }
        unit = payload.unit
        assignment = UInt16(truncatingIfNeeded: payload.assignmentNumber)
        occurredAt = time.instant
        words = payload.words
        externalReference = payload.externalReference
    }
}

/// How `verify` and rebuilds get a fact back from its entry: the same as `decide` made.
public enum FactDerivation {
    /// `nil` if this version doesn't know the type, or the entry's `data` is not as its table says.
    public static func facts(of entry: Entry) -> DerivedFacts? {
        guard let event = StoredEvent(entry), !(event.body is OtherEvent) else { return nil }
        return derived(event.body, event)
    }

    private static func derived(_ payload: some EventPayload, _ event: StoredEvent) -> DerivedFacts {
        DerivedFacts(payload, time: event.time, isSealed: !event.sealed.isEmpty)
    }
}
