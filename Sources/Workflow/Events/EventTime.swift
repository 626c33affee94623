public import EventModel

/// A time as it stands in an event: the text, and what it means.
public struct EventTime: Sendable, Equatable {
    /// RFC 3339 with offset.
    public var text: String
    public var instant: Instant

    public init(text: String, instant: Instant) {
        self.text = text
        self.instant = instant
    }

    /// `nil` if the text is no RFC 3339 time.
    public init?(_ text: String) {
        guard let parsed = RFC3339.parse(text) else { return nil }
        self.init(text: text, instant: parsed.instant)
    }

    init?(_ value: JSONValue?) {
        guard let text = value?.string else { return nil }
        self.init(text)
    }
}
