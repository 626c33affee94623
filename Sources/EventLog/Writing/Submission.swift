public import EventModel

/// What a caller hands to the writer: it is asked to decide when its turn comes, and told what became of it.
///
/// All methods run on the writer's thread and must not block or wait.
public protocol Submission: AnyObject, Sendable {
    /// Events and bytes, for the queue's bounds.
    var eventCount: Int { get }
    var byteCount: Int { get }

    /// Decides on the log as staged by the submissions before it.
    func decide(on log: StagedLog) -> Verdict
    /// The commit is in the transaction: what it brought, by section. Not yet durable: nothing may be told to anyone.
    func staged(_ admitted: [[Admitted]])
    /// The Applier found the commit void. Locally a defect, since `decide` saw the same state.
    func void(_ reason: VoidReason)
    /// Durable: now the receipt may go out.
    func durable()
    /// Nothing of it was written, or nobody knows.
    func failed(_ failure: WriteFailure)
}

public enum Verdict: Sendable {
    case commit(Commit)
    /// Answered without writing: the submission has sent its answer.
    case answered
    /// Answered by what this very batch is about to make durable.
    case answeredOnceDurable
}

public enum WriteFailure: Equatable, Sendable {
    /// The store is full (disk or map); nothing was written, writing goes on when there is room.
    case full
    /// The commit's outcome is unknown: the process must restart and look.
    case outcomeUnknown
    case stopping
}

/// The durable log and what the current batch has staged on it; lives on the writer's thread.
public final class StagedLog {
    var applier: Applier
    /// The clock of this batch: `now` for `decide`, and of the commits made from it.
    public let clock: Instant

    init(applier: Applier, clock: Instant) {
        self.applier = applier
        self.clock = clock
    }

    public var head: LogHead { applier.head }

    public func streamHead(_ name: StreamName) throws(LogError) -> StreamHead? { try applier.streamHead(name) }

    public enum Known: Equatable, Sendable { case no, durable(Position), staged }

    /// Whether the log, or this batch, has the id.
    public func known(source: String, id: String) throws(LogError) -> Known {
        let hash = idHash(source: source, id: id)
        if applier.isStaged(source: source, id: id, hash: hash) { return .staged }
        if let position = try applier.store.position(source: source, id: id, among: applier.index.candidates(idHash: hash)) {
            return .durable(position)
        }
        return .no
    }
}
