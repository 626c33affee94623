/// The unit of writing: events of one stream, or sections of several, all admitted or none.
///
/// It says what `decide` expected and read, so that admission follows from the log so far and these bytes alone.
public struct Commit: Equatable, Sendable {
    /// Drawn at random for each attempt: finds the waiter, never decides anything.
    public var id: UInt64
    /// The `now` of `decide`; recordedtime is the greater of it and the last one.
    public var clock: Instant
    public var sections: [Section]
    public var checks: [Check]

    public struct Section: Equatable, Sendable {
        public var stream: StreamName
        /// The stream's revision before this section; 0: it must not exist.
        public var expectedRevision: Revision
        public var facts: [Fact]
        /// The wrapped keys of a new case (or a changed generation), stored in `casekeys`.
        public var keyRecord: [UInt8]?
        public init(stream: StreamName, expectedRevision: Revision, facts: [Fact], keyRecord: [UInt8]? = nil) {
            self.stream = stream
            self.expectedRevision = expectedRevision
            self.facts = facts
            self.keyRecord = keyRecord
        }
    }

    /// A stream that was read besides those written.
    public enum Check: Equatable, Sendable {
        case atRevision(StreamName, Revision)
        case exists(StreamName)
    }

    public init(id: UInt64, clock: Instant, sections: [Section], checks: [Check] = []) {
        self.id = id
        self.clock = clock
        self.sections = sections
        self.checks = checks
    }

    public var factCount: Int { sections.reduce(0) { $0 + $1.facts.count } }
}
