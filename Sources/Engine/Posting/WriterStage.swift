import EventLog
import EventModel
import Synchronization
import Workflow

/// The rulebook in force, with the revision of the stream it was adopted in.
struct AdoptedRulebook: Sendable {
    var rulebook: Rulebook
    var revision: Revision
    var parts: [RulebookPart]
    var position: Position
}

/// What decisions read: durable state, and on top of it what the batch in hand has staged.
///
/// The stage belongs to the writer's thread; the lock is there for the compiler and for `batchEnded`, and is never contended.
final class WriterStage: Sendable {
    /// The clock of a source that was handed to the wall clock.
    static let live = Instant(microseconds: .max)

    struct Staged {
        var cases: [String: CachedCase] = [:]
        /// Greatest number of each serial prefix.
        var serials: [String: (number: Int, serial: String)] = [:]
        var externals: [String: String] = [:]
        var rulebook: AdoptedRulebook?
        var sourceClocks: [String: Instant] = [:]
    }
    private let staged = Mutex(Staged())
    private let durableSerials = Mutex<[String: (number: Int, serial: String?)]>([:])
    private let durableRulebook: Mutex<AdoptedRulebook>
    private let durableClocks: Mutex<[String: Instant]>
    let cache: CaseCache
    let loader: CaseLoader

    init(cache: CaseCache, loader: CaseLoader, rulebook: AdoptedRulebook, sourceClocks: [String: Instant]) {
        self.cache = cache
        self.loader = loader
        durableRulebook = Mutex(rulebook)
        durableClocks = Mutex(sourceClocks)
    }

    /// The durable rulebook, for everybody but the writer.
    var rulebook: AdoptedRulebook { durableRulebook.withLock { $0 } }
    var stagedRulebook: AdoptedRulebook { staged.withLock { $0.rulebook } ?? rulebook }
    /// Where a source's clock stands (T8). Clocks may be named by prefix, and are few.
    func sourceClock(_ source: String) -> SourceClock {
        let clocks = staged.withLock { $0.sourceClocks }.merging(durableClocks.withLock { $0 }, uniquingKeysWith: max)
        guard let instant = clocks.filter({ ClockAdvanced.clock(of: $0.key, covers: source) }).map(\.value).max() else { return .waiting }
        return instant == Self.live ? .live : .advanced(instant)
    }
    var sourceClocks: [String: Instant] { durableClocks.withLock { $0 } }

    /// A case as decisions must see it: staged, else cached if the log still ends where the cached one does, else read.
    func currentCase(_ serial: String, on log: StagedLog) throws(LogError) -> CachedCase? {
        if let found = staged.withLock({ $0.cases[serial] }) { return found }
        guard let head = try log.streamHead(StreamName(serial)) else { return nil }
        if let cached = cache[serial], cached.state.revision == head.revision { return cached }
        guard let loaded = try loader.load(serial) else { return nil }
        cache.put([serial: loaded])
        return loaded
    }

    /// The greatest serial number given under a prefix (`510104-20170301-`), 0 if none.
    func lastSerial(_ prefix: String) throws(LogError) -> (number: Int, serial: String?) {
        if let found = staged.withLock({ $0.serials[prefix] }) { return found }
        if let found = durableSerials.withLock({ $0[prefix] }) { return found }
        let greatest = try loader.reader.greatestSerial(prefix: prefix)
        let found = greatest.flatMap { Self.number($0, prefix: prefix) }.map { (number: $0, serial: greatest) } ?? (number: 0, serial: nil)
        durableSerials.withLock { $0[prefix] = found }
        return found
    }

    /// The serial of the case that has an external reference.
    func caseOf(external reference: String) throws(LogError) -> String? {
        if let found = staged.withLock({ $0.externals[reference] }) { return found }
        for position in try loader.reader.positions(external: reference) {
            guard let entry = try loader.reader.entry(at: position) else { continue }
            if FactDerivation.facts(of: entry)?.externalReference == reference { return entry.envelope.subject }
        }
        return nil
    }

    func stage(_ change: (inout Staged) -> Void) { staged.withLock { change(&$0) } }

    /// Notes the serial of a new case, so that the next one follows it.
    func stageSerial(_ serial: String) {
        guard let dash = serial.lastIndex(of: "-") else { return }
        let prefix = String(serial[...dash])
        guard let number = Self.number(serial, prefix: prefix) else { return }
        staged.withLock { staged in
            if staged.serials[prefix]?.number ?? 0 < number { staged.serials[prefix] = (number, serial) }
        }
    }

    /// What was staged is durable, or gone.
    func batchEnded(isDurable: Bool) {
        let done = staged.withLock { staged in
            defer { staged = Staged() }
            return staged
        }
        guard isDurable else { return }
        cache.put(done.cases)
        durableSerials.withLock { serials in
            for (prefix, last) in done.serials where serials[prefix]?.number ?? 0 < last.number { serials[prefix] = (last.number, last.serial) }
            // Bounded: a prefix is a district and a day, and old days are looked up again when asked for.
            if serials.count > 100_000 { serials = [:] }
        }
        if let rulebook = done.rulebook { durableRulebook.withLock { $0 = rulebook } }
        durableClocks.withLock { clocks in
            for (source, instant) in done.sourceClocks { clocks[source] = max(clocks[source] ?? instant, instant) }
        }
    }

    private static func number(_ serial: String, prefix: String) -> Int? {
        let digits = serial.dropFirst(prefix.count)
        guard digits.utf8.count == 6, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(digits)
    }
}
