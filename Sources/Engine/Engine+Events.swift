internal import EventLog
public import EventModel
public import Workflow

extension Engine {
    /// Positions looked at by one page, at most.
    static let positionsPerPage = 10_000

    /// Entries after a position that pass the filter and are the peer's to see: up to `limit` lines, or 10,000 positions looked at.
    public func events(
        after: Position, limit: Int, filter: EventFilter, opened: Bool = false, by peer: Peer
    ) async throws(QueryFailure) -> EventPage {
        guard peer.role != .admin else { throw .notGranted("管理员只看计数。", "An admin sees counts only.") }
        var types: Set<UInt16> = []
        for name in filter.types {
            guard let type = EventType(name: name) else { throw .badParameter("type", zh: "没有事件类型 \(name)。", en: "there is no event type \(name).") }
            types.insert(type.rawValue)
        }
        let wanted = types
        return try await onPool { [self] in
            var unit: NameID?
            if let name = filter.unit {
                // A name the log has never seen matches nothing, but the bookmark still moves.
                unit = reader.nameID(name) ?? .max
            }
            var stream: StreamNumber?
            if let serial = filter.case { stream = try reader.streamNumber(StreamName(serial)) ?? StreamNumber(.max) }
            var seen = SeenCases(self, peer)
            var failure: (any Error)?
            var lines: [EventLine] = []
            let through = try reader.facts(
                after: after, limit: limit, looked: Self.positionsPerPage,
                where: { record in
                    let header = record.header
                    if !wanted.isEmpty, !wanted.contains(header.type) { return false }
                    if let unit, header.unit != unit { return false }
                    if let stream, header.stream != stream { return false }
                    do { return try seen.isVisible(header.stream) } catch {
                        failure = failure ?? error
                        return false
                    }
                },
                { record, entry in
                    lines.append(EventLine(position: record.position, type: EventType(rawValue: record.header.type)?.name ?? "", bytes: entry))
                })
            if let failure { throw failure }
            if opened { lines = try lines.map { try self.opened($0, peer) } }
            return EventPage(lines: lines, lookedThrough: through, head: head)
        }
    }

    /// One entry. 404 also for what the peer may not see.
    public func event(at position: Position, by peer: Peer) async throws(QueryFailure) -> EventLine {
        try await onPool { [self] in
            let missing = QueryFailure.notFound("没有位置 \(position)，或无权查看。", "There is no position \(position), or it is not yours to see.")
            guard position > .start, peer.role != .admin, let entry = try reader.entry(at: position), let fact = try reader.fact(at: position) else {
                throw missing
            }
            var seen = SeenCases(self, peer)
            guard try seen.isVisible(fact.record.header.stream) else { throw missing }
            return EventLine(position: position, type: entry.envelope.type, bytes: entry.document.bytes)
        }
    }

    /// `{"entry":…,"personal":…}`
    private func opened(_ line: EventLine, _ peer: Peer) throws -> EventLine {
        guard let entry = try Entry(line.bytes), !entry.envelope.subject.hasPrefix("@"), let held = try heldCase(entry.envelope.subject),
            let scopes = Visibility.scopes(of: held.state, for: peer, rulebook: rulebook), !scopes.isEmpty
        else { return line }
        let (opened, erased) = try preparer.loader.opened(entry, keys: held.keys, scopes: scopes)
        var writer = JSONWriter()
        writer.object { document in
            document.member("entry", raw: line.bytes)
            document.member(
                "personal",
                object: { personal in
                    for scope in Scope.allCases {
                        for (name, value) in opened[scope]?.root.members ?? [] { personal.member(name, raw: value.text) }
                    }
                    if !erased.isEmpty { personal.member("erased", erased.map(\.name).sorted()) }
                })
        }
        return EventLine(position: line.position, type: line.type, bytes: writer.bytes)
    }

    /// A case from the cache if it is the log's latest, else from the log.
    func heldCase(_ serial: String) throws -> CachedCase? {
        if let cached = stage.cache[serial], let number = try reader.streamNumber(StreamName(serial)),
            try reader.revision(of: number) == cached.state.revision
        {
            return cached
        }
        guard let loaded = try preparer.loader.load(serial) else { return nil }
        stage.cache.putIfAbsent(serial, loaded)
        return loaded
    }
}

/// Which cases a peer sees, asked once a case and page.
private struct SeenCases {
    private let engine: Engine
    private let peer: Peer
    private var known: [StreamNumber: Bool] = [:]

    init(_ engine: Engine, _ peer: Peer) {
        self.engine = engine
        self.peer = peer
    }

    mutating func isVisible(_ stream: StreamNumber) throws -> Bool {
        guard stream.isCase else { return peer.role == .operator || peer.role == .auditor }
        if let answer = known[stream] { return answer }
        var answer = false
        if let serial = try engine.reader.streamName(stream)?.rawValue, let held = try engine.heldCase(serial) {
            answer = Visibility.scopes(of: held.state, for: peer, rulebook: engine.rulebook) != nil
        }
        known[stream] = answer
        return answer
    }
}
