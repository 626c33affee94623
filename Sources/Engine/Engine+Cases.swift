internal import EventLog
internal import EventModel
internal import Projections
public import Workflow

extension Engine {
    /// A case as it stands, with `personal` beside it for callers that may open it. 404 also for what the caller may not see.
    public func caseDocument(_ serial: String, by peer: Peer) async throws(QueryFailure) -> Answer {
        try await onPool { [self] in
            let (entries, held, scopes) = try visibleCase(serial, by: peer)
            let position = entries.last?.head.position ?? .start
            var writer = JSONWriter(capacity: 4_096)
            CaseDocument.write(
                held.state, publicId: keyring.publicID(serial: serial), position: position, asOf: clock(), rulebook: rulebook, into: &writer)
            guard !scopes.isEmpty else { return Answer(bytes: writer.bytes, position: position) }
            var beside = JSONWriter(capacity: 4_096)
            try beside.object { document in try personal(entries, held.keys, scopes, &document) }
            return Answer(bytes: writer.bytes.dropLast() + [UInt8(ascii: ",")] + beside.bytes.dropFirst(), position: position)
        }
    }

    /// The case's entries, verbatim, in order of revision.
    public func caseEvents(_ serial: String, by peer: Peer) async throws(QueryFailure) -> [EventLine] {
        try await onPool { [self] in
            let (entries, _, _) = try visibleCase(serial, by: peer)
            return entries.map { EventLine(position: $0.head.position, type: $0.envelope.type, bytes: $0.document.bytes) }
        }
    }

    /// Entries, folded state, keys, and what the peer may open.
    private func visibleCase(_ serial: String, by peer: Peer) throws -> (entries: [Entry], held: CachedCase, scopes: Set<Scope>) {
        let missing = QueryFailure.notFound("没有诉求 \(serial)，或无权查看。", "There is no case \(serial), or it is not yours to see.")
        guard serial.utf8.count <= 64, let number = try reader.streamNumber(StreamName(serial)), number.isCase else { throw missing }
        let entries = try reader.entries(of: StreamName(serial))
        guard let first = entries.first, let state = CaseState.folding(entries) else { throw missing }
        guard let scopes = Visibility.scopes(of: state, for: peer, rulebook: rulebook) else { throw missing }
        return (entries, CachedCase(state: state, keys: try preparer.loader.keys(number, first)), scopes)
    }

    /// `personal`: what received holds at its top, then each later event's texts by revision; erased scopes are named.
    private func personal(_ entries: [Entry], _ keys: CaseKeys, _ scopes: Set<Scope>, _ document: inout JSONWriter) throws {
        var erased: Set<Scope> = []
        var later: [(entry: Entry, members: [(name: String, value: JSONValue)])] = []
        var first: [(name: String, value: JSONValue)] = []
        for (index, entry) in entries.enumerated() {
            let (opened, gone) = try preparer.loader.opened(entry, keys: keys, scopes: scopes)
            erased.formUnion(gone)
            let members = Scope.allCases.flatMap { opened[$0]?.root.members ?? [] }
            if index == 0 { first = members } else if !members.isEmpty { later.append((entry, members)) }
        }
        document.member(
            "personal",
            object: { personal in
                for (name, value) in first { personal.member(name, raw: value.text) }
                if !later.isEmpty {
                    personal.member(
                        "events",
                        array: { array in
                            for (entry, members) in later {
                                array.object { item in
                                    item.member("revision", Int(entry.head.revision))
                                    item.member("type", entry.envelope.type)
                                    for (name, value) in members { item.member(name, raw: value.text) }
                                }
                            }
                        })
                }
                if !erased.isEmpty { personal.member("erased", erased.map(\.name).sorted()) }
            })
    }

    /// Runs a read on the reader pool; whatever it throws becomes a problem.
    func onPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws(QueryFailure) -> Result {
        do { return try await pool.run(body) } catch let failure as QueryFailure {
            throw failure
        } catch let error as QueryError {
            throw .query(error)
        } catch {
            throw .failed(error)
        }
    }
}
