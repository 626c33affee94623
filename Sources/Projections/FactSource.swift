public import EventModel

/// What a view reads: header and words of a log's entries in order of position, and the names they point to.
///
/// EventLog's reader is one; tests have one in memory. All calls are synchronous and may block on cold pages: runners call them from their own
/// threads.
public protocol FactSource: Sendable {
    /// Which log this is; a view of another one is thrown away.
    var origin: String { get }
    /// The durable head; never goes back while the source is open.
    var head: Position { get }
    /// Calls `body` with up to `limit` facts after a position, in order, from one short snapshot; returns the last position read, `after` if none.
    func readFacts(after: Position, limit: Int, _ body: (FactRecord) throws -> Void) throws -> Position
    /// The code or source behind a name id; `nil` for 0 and for ids the log doesn't have.
    func name(_ id: NameID) -> String?
    /// The Merkle leaf hash of the entry there; `nil` beyond the head.
    func leafHash(at: Position) throws -> [UInt8]?
    /// The serial number (受理流水号) of a case.
    func streamName(_ number: StreamNumber) throws -> StreamName?
}
