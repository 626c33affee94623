internal import Glibc
internal import Synchronization

/// Who is using an environment now. Guarded by `Environment.users`.
struct Users {
    /// Most read transactions kept for reuse; each holds a reader slot, none holds a snapshot.
    static let maxIdleReads = 32

    /// Read transactions open.
    var readsOut = 0

    /// Write transactions open or waiting to begin.
    var writesOut = 0

    /// The thread of the open write transaction.
    var writer: pthread_t?

    /// Read transactions that have been reset and can be renewed.
    var idleReads: [TransactionCore] = []

    var isClosed = false

    init() { idleReads.reserveCapacity(Self.maxIdleReads) }
}

/// The environments this process has open. LMDB keeps its place in the lock file with `fcntl` locks, which the second closing of a file drops for
/// the first one too.
enum OpenEnvironments {
    private static let identities = Mutex(Set<FileIdentity>())
    private static let lastID = Atomic<UInt32>(0)

    /// Returns `false` if it is open already.
    static func insert(_ identity: FileIdentity) -> Bool { identities.withLock { $0.insert(identity).inserted } }

    static func remove(_ identity: FileIdentity) { identities.withLock { _ = $0.remove(identity) } }

    /// A number no environment of this process has had.
    static func nextID() -> UInt32 { lastID.add(1, ordering: .relaxed).newValue }
}
