import EventModel
import Projections
import Synchronization

/// A log in memory: facts made by `History`, names in order of appearance, leaf hashes that depend on all that came before.
final class FakeLog: FactSource {
    private struct Shared {
        var facts: [FactRecord] = []
        var leaves: [[UInt8]] = []
        var names: [String] = []
        var numbers: [String: NameID] = [:]
        var serials: [String] = []
        /// Facts a reader may see; the rest is not "durable" yet.
        var head: UInt64?
    }
    let origin: String
    private let shared = Mutex(Shared())

    init(origin: String = "test.example/log") { self.origin = origin }

    var head: Position { shared.withLock { Position($0.head ?? UInt64($0.facts.count)) } }
    var facts: [FactRecord] { shared.withLock { $0.facts } }

    /// Hides what comes after a position; `nil` shows all.
    func setHead(_ head: UInt64?) { shared.withLock { $0.head = head } }

    func readFacts(after: Position, limit: Int, _ body: (FactRecord) throws -> Void) throws -> Position {
        let (facts, head) = shared.withLock { ($0.facts, $0.head ?? UInt64($0.facts.count)) }
        let end = min(head, after.rawValue + UInt64(limit))
        guard after.rawValue < end else { return after }
        for fact in facts[Int(after.rawValue)..<Int(end)] { try body(fact) }
        return Position(end)
    }

    func name(_ id: NameID) -> String? { shared.withLock { id >= 1 && Int(id) <= $0.names.count ? $0.names[Int(id) - 1] : nil } }
    func leafHash(at position: Position) throws -> [UInt8]? {
        shared.withLock {
            (1...UInt64(max($0.leaves.count, 1))).contains(position.rawValue) && !$0.leaves.isEmpty ? $0.leaves[Int(position.rawValue) - 1] : nil
        }
    }
    func streamName(_ number: StreamNumber) throws -> StreamName? {
        shared.withLock { number.isCase && Int(number.rawValue) - 16 < $0.serials.count ? StreamName($0.serials[Int(number.rawValue) - 16]) : nil }
    }

    func intern(_ name: String?) -> NameID {
        guard let name else { return 0 }
        return shared.withLock { shared in
            if let known = shared.numbers[name] { return known }
            shared.names.append(name)
            shared.numbers[name] = NameID(shared.names.count)
            return NameID(shared.names.count)
        }
    }

    /// A new case's stream number.
    func openCase(_ serial: String) -> StreamNumber {
        shared.withLock { shared in
            shared.serials.append(serial)
            return StreamNumber(UInt64(shared.serials.count) + 15)
        }
    }

    func append(_ header: FactHeader, _ words: [UInt64]) {
        shared.withLock { shared in
            let position = Position(UInt64(shared.facts.count) + 1)
            var header = header
            header.wordCount = UInt8(words.count)
            shared.facts.append(FactRecord(position: position, header: header, words: FactWords(words)))
            var bytes: [UInt8] = shared.leaves.last ?? []
            header.encode(into: &bytes)
            for word in words { appendLittleEndian(word, to: &bytes) }
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            var leaf: [UInt8] = []
            for index in 0..<4 { appendLittleEndian(hash &+ UInt64(index), to: &leaf) }
            shared.leaves.append(leaf)
        }
    }
}
