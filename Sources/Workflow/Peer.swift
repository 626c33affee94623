/// What a peer may post (权限), beside its sources; some are bound to a list of units, leaders or mailboxes. Source: domain.md §2.
public enum Grant: String, CaseIterable, Sendable {
    case intake, citizen, dispatch, unit, leader, supervise, callback, publicity, score, backfill, operate, rulebook, erase, access
}

/// The kind of a peer (角色): what it is to the engine, beside what it may post.
public enum Role: String, CaseIterable, Sendable {
    case integrator, `operator`, auditor, admin
    /// The engine itself: posts nothing, makes facts.
    case engine

    /// The part of `actor` before the slash.
    public var name: String { rawValue }
}

/// Who stands at the other end of the socket (对端): one front end, known to the kernel by its uid.
public struct Peer: Sendable {
    public var uid: UInt32
    public var role: Role
    /// Prefixes of the CloudEvents sources it may post under.
    public var sources: [String]
    public var grants: Set<Grant>
    /// Units it speaks for, and all below them; `*`: all.
    public var units: [String]
    /// Mailboxes it may take letters for or read; empty: any its other grants reach.
    public var mailboxes: [String]
    public var leaders: [String]
    /// Prefixes under which the grant `backfill` holds; `nil`: all of its sources. One front end may import history and take today's letters too.
    public var backfillSources: [String]?
    /// How old a posted `time` may be without the grant `backfill`, in seconds (domain rule T6).
    public var maxLatenessSeconds: Int

    public init(
        uid: UInt32, role: Role, sources: [String] = [], grants: Set<Grant> = [], units: [String] = [], mailboxes: [String] = [],
        leaders: [String] = [], backfillSources: [String]? = nil, maxLatenessSeconds: Int = 86_400
    ) {
        self.uid = uid
        self.role = role
        self.sources = sources
        self.grants = grants
        self.units = units
        self.mailboxes = mailboxes
        self.leaders = leaders
        self.backfillSources = backfillSources
        self.maxLatenessSeconds = maxLatenessSeconds
    }

    /// `operator/2001`: the `actor` of what it posts.
    public var actor: String { "\(role.name)/\(uid)" }

    /// The engine as a peer: actor of the facts it adds.
    public static func engine(uid: UInt32) -> Peer { Peer(uid: uid, role: .engine) }

    public func holds(_ grant: Grant) -> Bool { grants.contains(grant) }

    /// Whether it may post the past under a source (补录).
    public func backfills(_ source: String) -> Bool {
        holds(.backfill) && (backfillSources.map { prefixes in prefixes.contains { source.utf8.starts(with: $0.utf8) } } ?? true)
    }

    /// Whether a source begins with one of its prefixes.
    public func holds(source: String) -> Bool { sources.contains { source.utf8.starts(with: $0.utf8) } }

    /// Stands for all units, or all leaders, of whatever rulebook is in force: for a small city's only front end, or an importer.
    public static let all = "*"

    /// Whether it speaks for a unit: one of its own, or one below.
    public func speaks(for unit: String, in tree: UnitTree) -> Bool { units.contains { $0 == Self.all || tree.isWithin(unit, $0) } }

    public func speaks(forLeader leader: String) -> Bool { leaders.contains { $0 == Self.all || $0 == leader } }

    /// Its only unit, if it has exactly one.
    var onlyUnit: String? { units.count == 1 && units[0] != Self.all ? units[0] : nil }
    /// Its only leader, if it has exactly one.
    var onlyLeader: String? { leaders.count == 1 && leaders[0] != Self.all ? leaders[0] : nil }
}
