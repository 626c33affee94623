import EventModel
import LMDB
import Synchronization

/// Codes and sources by number, all in memory: at most 2^20, and only the writer adds.
final class NameTable: Sendable {
    static let capacity = 1 << 20
    /// Bytes of a name, at most.
    static let maxBytes = 256
    private struct State {
        var ids: [String: NameID] = [:]
        var texts: [String] = []
    }
    private let state = Mutex(State())

    /// Throws `LogError.damaged` if a name is missing: all behind it would be taken for another.
    init(_ store: LogStore) throws(LogError) {
        let texts = try store.read { transaction throws(LMDBError) in try Self.texts(store, transaction) }
        guard let texts else { throw .damaged(at: .start, what: "a name is missing or no text") }
        add(texts)
    }

    /// All names in order of their ids; `nil` if there is a gap, or a row is no name.
    static func texts(_ store: LogStore, _ transaction: borrowing ReadTransaction) throws(LMDBError) -> [String]? {
        var texts: [String] = []
        var cursor = try transaction.cursor(over: store.names)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 4, cursor.key.loadBigEndian(UInt32.self) == texts.count + 1, 1...maxBytes ~= cursor.value.byteCount,
                let text = cursor.value.string()
            else { return nil }
            texts.append(text)
            found = try cursor.next()
        }
        return texts
    }

    func add(_ names: [String]) {
        state.withLock { state in
            for name in names {
                state.texts.append(name)
                state.ids[name] = NameID(state.texts.count)
            }
        }
    }

    func id(_ name: String) -> NameID? { state.withLock { $0.ids[name] } }
    func text(_ id: NameID) -> String? { state.withLock { id > 0 && Int(id) <= $0.texts.count ? $0.texts[Int(id) - 1] : nil } }
    var all: [String] { state.withLock { $0.texts } }
}
