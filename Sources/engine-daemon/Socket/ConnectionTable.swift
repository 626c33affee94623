import Synchronization
import Workflow

/// One accepted connection: who, and whether it may be served.
struct Connection: Sendable {
    enum Standing: Sendable {
        case served(Peer)
        /// Answered 403, then closed.
        case unknown(uid: UInt32, gid: UInt32)
        /// Answered 503, then closed.
        case tooMany(perUser: Bool)
    }
    var credentials: PeerCredentials
    var standing: Standing

    /// The connection the current task serves; set by `PeerChannel` around all its requests.
    @TaskLocal static var current: Connection?
}

/// Counts open connections, in all and by uid, and says what becomes of a new one.
final class ConnectionTable: Sendable {
    private struct Counts {
        var total = 0
        var byUser: [UInt32: Int] = [:]
    }
    private let counts = Mutex(Counts())
    private let limits: Limits
    private let peers: PeerTable

    init(peers: PeerTable, limits: Limits) {
        self.peers = peers
        self.limits = limits
    }

    var open: Int { counts.withLock { $0.total } }

    /// Counts a connection in; `nil`: close it without a word. Whoever gets a connection calls `leave` once.
    func enter(_ credentials: PeerCredentials) -> Connection? {
        let (total, own) = counts.withLock { counts in
            counts.total += 1
            counts.byUser[credentials.uid, default: 0] += 1
            return (counts.total, counts.byUser[credentials.uid] ?? 0)
        }
        if total > limits.connections + Limits.refusedConnections {
            leave(credentials)
            return nil
        }
        if total > limits.connections { return Connection(credentials: credentials, standing: .tooMany(perUser: false)) }
        if own > limits.connectionsPerUser { return Connection(credentials: credentials, standing: .tooMany(perUser: true)) }
        guard let peer = peers.peer(uid: credentials.uid, groups: credentials.groups) else {
            return Connection(credentials: credentials, standing: .unknown(uid: credentials.uid, gid: credentials.gid))
        }
        return Connection(credentials: credentials, standing: .served(peer))
    }

    func leave(_ credentials: PeerCredentials) {
        counts.withLock { counts in
            counts.total -= 1
            counts.byUser[credentials.uid, default: 1] -= 1
            if counts.byUser[credentials.uid] == 0 { counts.byUser[credentials.uid] = nil }
        }
    }
}
