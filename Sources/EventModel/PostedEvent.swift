/// An event ready to be posted, as a scenario or an import makes it.
public struct PostedEvent: Sendable, Equatable {
    /// When it happened; the same as the event's `time`.
    public var time: Instant
    /// The event's `source`.
    public var source: String
    /// Serial of the case; `nil` for events of no case.
    public var subject: String?
    /// One CloudEvent in structured mode, without line feeds.
    public var json: [UInt8]
    public init(time: Instant, source: String, subject: String?, json: [UInt8]) {
        self.time = time
        self.source = source
        self.subject = subject
        self.json = json
    }
}
