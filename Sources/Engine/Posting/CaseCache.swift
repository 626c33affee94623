import EventLog
import EventModel
import Synchronization
import Workflow

/// A case as the writer needs it: folded, with its keys.
///
/// A class, since it is looked up far more often than it changes: handing out a reference costs one retain, a copy of the state some fifty.
final class CachedCase: Sendable {
    let state: CaseState
    let keys: CaseKeys

    init(state: CaseState, keys: CaseKeys) {
        self.state = state
        self.keys = keys
    }
}

/// Folded cases by serial, bounded: two generations, the older of which is dropped when the younger is full.
///
/// The writer puts in what it has made durable. Others put in what they have read, never over what is there; the writer checks the revision of
/// what it takes against the log, so that a case read too early is read again, never decided on.
final class CaseCache: Sendable {
    private struct Generations {
        var young: [String: CachedCase] = [:]
        var old: [String: CachedCase] = [:]
    }
    private let generations = Mutex(Generations())
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(2, capacity) }

    subscript(serial: String) -> CachedCase? {
        generations.withLock { generations in
            if let found = generations.young[serial] { return found }
            guard let found = generations.old.removeValue(forKey: serial) else { return nil }
            generations.young[serial] = found
            return found
        }
    }

    func put(_ cases: [String: CachedCase]) {
        generations.withLock { generations in
            for (serial, one) in cases { generations.young[serial] = one }
            rotate(&generations)
        }
    }

    func putIfAbsent(_ serial: String, _ one: CachedCase) {
        generations.withLock { generations in
            guard generations.young[serial] == nil, generations.old[serial] == nil else { return }
            generations.young[serial] = one
            rotate(&generations)
        }
    }

    func remove(_ serial: String) {
        generations.withLock { generations in
            generations.young[serial] = nil
            generations.old[serial] = nil
        }
    }

    private func rotate(_ generations: inout Generations) {
        if generations.young.count > capacity / 2 {
            generations.old = generations.young
            generations.young = [:]
        }
    }
}

/// Reads cases out of the log. Blocks on cold pages.
struct CaseLoader: Sendable {
    let reader: LogReader
    let sealer: Sealer

    /// Folds a case from its entries and opens its keys; `nil` if there is no such case.
    func load(_ serial: String) throws(LogError) -> CachedCase? {
        guard let number = try reader.streamNumber(StreamName(serial)), number.isCase else { return nil }
        let entries = try reader.entries(of: StreamName(serial))
        guard let first = entries.first, let state = CaseState.folding(entries) else { return nil }
        return CachedCase(state: state, keys: try keys(number, first))
    }

    func keys(_ number: StreamNumber, _ first: Entry) throws(LogError) -> CaseKeys {
        guard let record = try reader.keyRecord(of: number) else { throw .damaged(at: first.head.position, what: "the case has no key record") }
        return try sealer.openKeys(record, source: first.envelope.source, id: first.envelope.id)
    }

    /// The opened blobs of an entry by scope; scopes whose blob is gone are returned as erased.
    func opened(_ entry: Entry, keys: CaseKeys, scopes: Set<Scope> = Set(Scope.allCases)) throws(LogError) -> (
        opened: [Scope: JSONDocument], erased: Set<Scope>
    ) {
        var opened: [Scope: JSONDocument] = [:]
        var erased: Set<Scope> = []
        for reference in entry.sealed where scopes.contains(reference.scope) {
            guard reference.generation == keys.generation(reference.scope),
                let blob = try reader.blob(at: entry.head.position, scope: reference.scope)
            else {
                erased.insert(reference.scope)
                continue
            }
            let plain = try sealer.open(
                blob, scope: reference.scope, generation: reference.generation, keys: keys, source: entry.envelope.source, id: entry.envelope.id)
            do { opened[reference.scope] = try JSONDocument(plain) } catch {
                throw .damaged(at: entry.head.position, what: "a sealed blob is no JSON")
            }
        }
        return (opened, erased)
    }
}
