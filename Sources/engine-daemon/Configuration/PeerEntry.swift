import Workflow
import Yams

/// One entry of `peers`: a user or a group, and what it may do.
struct PeerEntry: Equatable, Sendable {
    enum Subject: Equatable, Sendable {
        case user(UInt32)
        case group(UInt32)
    }
    var subject: Subject
    var role: Role
    var sources: [String] = []
    var post: Set<Grant> = []
    var units: [String] = []
    var mailboxes: [String] = []
    var leaders: [String] = []
    var maxLatenessSeconds: Int?

    init(subject: Subject, role: Role) {
        self.subject = subject
        self.role = role
    }

    init(_ node: Node, _ reader: NodeReader) throws(ConfigurationError) {
        var subject: Subject?
        var role: Role?
        let members = try reader.mapping(node, "a peer")
        for (key, value, line) in members {
            switch key {
            case "uid", "gid":
                guard subject == nil else { throw reader.error(line, "a peer is one uid or one gid; make two entries") }
                let number = UInt32(try reader.number(value, key, 0...4_294_967_294))
                subject = key == "uid" ? .user(number) : .group(number)
            case "role":
                let name = try reader.text(value, key)
                guard let known = Role(rawValue: name), known != .engine else {
                    throw reader.error(line, "'role' is '\(name)'; it is integrator, operator, auditor or admin")
                }
                role = known
            default: continue
            }
        }
        guard let subject else { throw reader.error(reader.line(node), "a peer needs a uid or a gid") }
        guard let role else { throw reader.error(reader.line(node), "a peer needs a role: integrator, operator, auditor or admin") }
        self.init(subject: subject, role: role)
        for (key, value, line) in members {
            switch key {
            case "uid", "gid", "role": continue
            case "sources":
                sources = try reader.texts(value, key)
                if let bad = sources.first(where: { !$0.hasPrefix("/") || $0 == "/" || $0.utf8.contains { !(0x21...0x7E).contains($0) } }) {
                    throw reader.error(line, "source '\(bad)' must begin with '/', hold more than that, and be printable ASCII")
                }
            case "post":
                for name in try reader.texts(value, key) {
                    guard let grant = Grant(rawValue: name) else {
                        let known = Grant.allCases.map(\.rawValue).joined(separator: ", ")
                        throw reader.error(line, "'post' holds '\(name)'; known are \(known)")
                    }
                    post.insert(grant)
                }
            case "units": units = try reader.texts(value, key)
            case "mailboxes": mailboxes = try reader.texts(value, key)
            case "leaders": leaders = try reader.texts(value, key)
            case "maxLateness":
                let text = try reader.text(value, key)
                guard let seconds = Self.seconds(text) else { throw reader.error(line, "'maxLateness' is '\(text)'; write it as 30min, 48h or 30d") }
                maxLatenessSeconds = seconds
            default:
                throw reader.error(
                    line, "unknown key '\(key)' of a peer; known are uid, gid, role, sources, post, units, mailboxes, leaders, maxLateness")
            }
        }
        try check(reader, reader.line(node))
    }

    /// Grants that can't work: said at start, not at the first event.
    private func check(_ reader: NodeReader, _ line: Int) throws(ConfigurationError) {
        if post.contains(.unit), units.isEmpty { throw reader.error(line, "the grant 'unit' needs 'units'") }
        if post.contains(.leader), leaders.isEmpty { throw reader.error(line, "the grant 'leader' needs 'leaders'") }
        let posting = post.subtracting([.operate, .rulebook, .erase, .access])
        if !posting.isEmpty, sources.isEmpty { throw reader.error(line, "'post' needs 'sources': prefixes of the sources it may post under") }
        if role == .auditor, !post.isEmpty { throw reader.error(line, "an auditor posts nothing; leave 'post' out") }
    }

    /// `90s`, `30min`, `48h`, `30d`.
    static func seconds(_ text: String) -> Int? {
        for (suffix, factor) in [("min", 60), ("s", 1), ("h", 3_600), ("d", 86_400)] where text.hasSuffix(suffix) {
            guard let amount = Int(text.dropLast(suffix.count)), (0...36_500).contains(amount), text.first != "+" else { return nil }
            return amount * factor
        }
        return nil
    }
}

/// Who is who at the socket: from the kernel's uid and gids to a peer.
struct PeerTable: Sendable {
    var entries: [PeerEntry]

    /// The union of all entries that fit; `nil` if none does. The role is the first fitting uid entry's, else the first fitting gid entry's;
    /// admin keeps its grants of operation, whichever role the entries name first.
    func peer(uid: UInt32, groups: [UInt32]) -> Peer? {
        let own = entries.filter { $0.subject == .user(uid) }
        let shared = entries.filter { entry in groups.contains { entry.subject == .group($0) } }
        let fitting = own + shared
        guard let first = fitting.first else { return nil }
        var peer = Peer(uid: uid, role: first.role)
        for entry in fitting {
            peer.sources += entry.sources.filter { !peer.sources.contains($0) }
            peer.grants.formUnion(entry.post)
            // Past times hold for the sources of the entry that grants them, not for the others of the same user.
            if entry.post.contains(.backfill) { peer.backfillSources = (peer.backfillSources ?? []) + entry.sources }
            if entry.role == .admin { peer.grants.formUnion([.operate, .rulebook, .erase, .access]) }
            peer.units += entry.units.filter { !peer.units.contains($0) }
            peer.mailboxes += entry.mailboxes.filter { !peer.mailboxes.contains($0) }
            peer.leaders += entry.leaders.filter { !peer.leaders.contains($0) }
        }
        // Empty mailboxes mean "any": one entry without a list lifts the lists of the others.
        if fitting.contains(where: { $0.mailboxes.isEmpty && !$0.post.isEmpty }) { peer.mailboxes = [] }
        if let lateness = fitting.compactMap(\.maxLatenessSeconds).max() { peer.maxLatenessSeconds = lateness }
        return peer
    }
}
