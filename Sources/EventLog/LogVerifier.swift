public import EventModel
internal import Foundation
internal import LMDB

/// Checks a whole log against itself, on its own, with the daemon down or up (核验).
///
/// Everything the log states twice is compared: entry and header, header and derived facts, leaf and node hashes, root and head, case chains,
/// commits, names and stream numbers in order of appearance, blobs and their digests, keys, and the index. A new snapshot per chunk.
public struct LogVerifier {
    /// Facts of an entry, derived anew by whoever knows the event types. `nil`: the type is unknown to it ("not interpreted").
    public struct Derived: Equatable, Sendable {
        public var type: UInt16
        public var unit: String?
        public var assignment: UInt16
        public var setsAccessClass: Bool
        public var words: [FactWord]
        public var externalReference: String?
        public init(type: UInt16, unit: String?, assignment: UInt16, setsAccessClass: Bool, words: [FactWord], externalReference: String?) {
            self.type = type
            self.unit = unit
            self.assignment = assignment
            self.setsAccessClass = setsAccessClass
            self.words = words
            self.externalReference = externalReference
        }
    }
    public struct Progress: Sendable {
        public var position: Position
        public var head: Position
        public var entriesPerSecond: Double
    }
    public struct Report: Equatable, Sendable {
        public var origin: String
        public var head: Position
        public var root: [UInt8]
        public var entries: UInt64 = 0
        public var notInterpreted: UInt64 = 0
        public var blobs: UInt64 = 0
        public var streams: Int = 0
        /// Stored checkpoints whose signature and root were checked.
        public var checkpoints: Int = 0
        /// The first thing that is wrong, in order of position; `nil`: the log is whole.
        public var finding: Finding?
    }
    public struct Finding: Equatable, Sendable {
        public var position: Position
        public var what: String
    }

    /// Numbers of the log's own event types: docs/reference/on-disk-format.md.
    private static let rollbackAccepted: UInt16 = 2
    private static let personErased: UInt16 = 4

    struct StreamState {
        var number: StreamNumber
        var revision: Revision
        var leaf: [UInt8]
    }

    private let directory: String
    private let mapSizeBytes: Int
    private let key: VerifierKey?
    private let derive: (Entry) -> Derived?

    /// `derive` gives header facts of an entry from its bytes alone. `key` checks the stored checkpoints; without it, the one the genesis entry
    /// names: that shows damage, but not a history rewritten as a whole, for which the key must come from elsewhere.
    public init(directory: String, mapSizeBytes: Int = 1 << 40, key: VerifierKey? = nil, derive: @escaping (Entry) -> Derived?) {
        self.directory = directory
        self.mapSizeBytes = mapSizeBytes
        self.key = key
        self.derive = derive
    }

    /// Reads all of it once. Throws when the files can't be read at all; a finding is a result. O(n), memory O(n): some 100 bytes an entry.
    public func verify(checkIndex: Bool = true, progress: (Progress) -> Void = { _ in }) throws -> Report {
        let store = try LogStore(directory: "\(directory)/log", mapSizeBytes: mapSizeBytes, readOnly: true)
        defer { store.environment.close() }
        guard let (origin, head) = try store.load() else { throw LogError.notInitialised(directory) }
        var report = Report(origin: origin, head: head.position, root: head.root)
        var run = Run(store: store, origin: origin, head: head, derive: derive)
        let started = Date()
        func follow(_ run: inout Run) throws(Broken) {
            while run.last < run.head.position {
                try run.chunk()
                let rate = Double(run.last.rawValue) / max(0.001, -started.timeIntervalSinceNow)
                progress(Progress(position: run.last, head: run.head.position, entriesPerSecond: rate))
            }
        }
        do throws(Broken) {
            try follow(&run)
            // A daemon may have gone on meanwhile: what the tables hold is compared with the log up to the head of the same snapshot.
            let tables = try run.readTables()
            run.head = tables.head
            try follow(&run)
            try run.finish(tables)
            report.checkpoints = try run.checkCheckpoints(tables, key: key)
            try run.findStrayBlobs()
            if checkIndex { try run.compareIndex(directory: "\(directory)/index") }
        } catch {
            report.finding = Finding(position: error.position, what: error.what)
        }
        report.head = run.head.position
        report.root = run.head.root
        report.entries = run.entries
        report.notInterpreted = run.notInterpreted
        report.blobs = run.blobs
        report.streams = run.streams.count
        return report
    }

    struct Broken: Error {
        var position: Position
        var what: String
    }

    struct Run {
        let store: LogStore
        let origin: String
        var head: LogHead
        var last = Position.start
        let derive: (Entry) -> Derived?
        var entries: UInt64 = 0
        var notInterpreted: UInt64 = 0
        var blobs: UInt64 = 0
        var streams: [String: StreamState] = [:]
        var positions: [StreamNumber: [Position]] = [:]
        var ids: [UInt64: [Position]] = [:]
        var externals: [UInt64: [Position]] = [:]
        var names: [String: NameID] = [:]
        /// The names table as last read; only where the order of names can't be derived.
        var storedNames: [String: NameID] = [:]
        var lastStream = StreamNumber(StreamNumber.firstCase.rawValue - 1)
        var frontier = Frontier()
        var recordedAt = Instant(microseconds: 0)
        var commitFirst: Position?
        var erasedKeys: Set<String> = []
        var hasReadErasures = false

        init(store: LogStore, origin: String, head: LogHead, derive: @escaping (Entry) -> Derived?) {
            self.store = store
            self.origin = origin
            self.head = head
            self.derive = derive
        }

        mutating func chunk() throws(Broken) {
            let start = last
            while last < head.position, last.rawValue - start.rawValue < 10_000 {
                try one(last.next)
                last = last.next
            }
        }

        mutating func one(_ position: Position) throws(Broken) {
            func broken(_ what: String) -> Broken { Broken(position: position, what: what) }
            guard let fact = try? store.fact(at: position) else { throw broken("the entry is missing or its header malformed") }
            let header = fact.record.header
            guard let entry = try? Entry(fact.entry) else { throw broken("the entry is no strict JSON of version 1") }
            entries += 1
            guard entry.head.position == position else { throw broken("the entry says position \(entry.head.position)") }
            guard entry.head.revision == header.revision else { throw broken("entry and header disagree on the revision") }
            guard entry.head.recordedAt == header.recordedAt, entry.occurredAt == header.occurredAt else {
                throw broken("entry and header disagree on a time")
            }
            guard header.recordedAt >= recordedAt else { throw broken("recordedtime goes back") }
            recordedAt = header.recordedAt
            guard idHash(source: entry.envelope.source, id: entry.envelope.id) == header.idHash else {
                throw broken("the id hash is not the entry's")
            }
            guard header.flags.rawValue & ~15 == 0 else { throw broken("the header has an unknown flag") }
            if position.rawValue == 1, let named = entry.data["origin"]?.string, named != origin, !hasNewOrigin() {
                throw broken("the log was created as \(named), not \(origin)")
            }
            try chain(position, entry, header, leaf: MerkleHash.leaf(fact.entry))
            try commit(position, entry, header)
            try identity(position, entry, header)
            try facts(position, entry, fact.record)
            try sealed(position, entry, header)
            try tree(position, fact.entry)
        }

        mutating func chain(_ position: Position, _ entry: Entry, _ header: FactHeader, leaf: [UInt8]) throws(Broken) {
            let subject = entry.envelope.subject
            let before = streams[subject]
            guard header.revision == (before?.revision ?? 0) + 1 else {
                throw Broken(position: position, what: "revision \(header.revision) follows \(before?.revision ?? 0)")
            }
            guard entry.head.previousLeaf == before?.leaf ?? [UInt8](repeating: 0, count: 32) else {
                throw Broken(position: position, what: "prev is not the leaf hash of the stream's last entry")
            }
            let number: StreamNumber
            if let before {
                number = before.number
            } else if let system = StreamName(subject).systemNumber {
                number = system
            } else {
                number = StreamNumber(lastStream.rawValue + 1)
                lastStream = number
            }
            guard header.stream == number else {
                throw Broken(position: position, what: "stream number \(header.stream.rawValue), not \(number.rawValue)")
            }
            streams[subject] = StreamState(number: number, revision: header.revision, leaf: leaf)
            positions[number, default: []].append(position)
        }

        mutating func commit(_ position: Position, _ entry: Entry, _ header: FactHeader) throws(Broken) {
            let isFirst = header.flags.contains(.firstOfCommit)
            if isFirst {
                commitFirst = position
                if let named = entry.head.commit, named != position {
                    throw Broken(position: position, what: "the commit's first entry names another")
                }
            } else {
                guard let first = commitFirst, entry.head.commit == first else {
                    throw Broken(position: position, what: "the entry belongs to no commit")
                }
            }
        }

        mutating func identity(_ position: Position, _ entry: Entry, _ header: FactHeader) throws(Broken) {
            let envelope = entry.envelope
            for other in ids[header.idHash] ?? [] {
                if let known = try? store.entry(at: other), known.envelope.source == envelope.source, known.envelope.id == envelope.id {
                    throw Broken(position: position, what: "source and id are those of position \(other)")
                }
            }
            ids[header.idHash, default: []].append(position)
        }

        mutating func intern(_ name: String) -> NameID {
            if let id = names[name] { return id }
            let id = notInterpreted == 0 ? NameID(names.count + 1) : storedID(name)
            names[name] = id
            return id
        }

        /// The names of an entry that was not interpreted are unknown here, and so the order from there on: then the table is believed.
        mutating func storedID(_ name: String) -> NameID {
            if storedNames[name] == nil, let table = try? NameTable(store) {
                for (offset, text) in table.all.enumerated() { storedNames[text] = NameID(offset + 1) }
            }
            return storedNames[name] ?? NameID.max
        }

        mutating func facts(_ position: Position, _ entry: Entry, _ record: FactRecord) throws(Broken) {
            let header = record.header
            guard header.source == intern(entry.envelope.source) else {
                throw Broken(position: position, what: "the source's name id is out of order")
            }
            guard let derived = derive(entry) else {
                notInterpreted += 1
                if header.flags.contains(.externalReference) { externals[record.words[record.words.count - 1], default: []].append(position) }
                return
            }
            guard derived.type == header.type else { throw Broken(position: position, what: "the header's type is not the entry's") }
            guard derived.assignment == header.assignment else {
                throw Broken(position: position, what: "the header's assignment is not the entry's")
            }
            guard header.unit == derived.unit.map({ intern($0) }) ?? 0 else {
                throw Broken(position: position, what: "the header's unit is not the entry's")
            }
            guard derived.setsAccessClass == header.flags.contains(.accessClass) else { throw Broken(position: position, what: "flag 4 is wrong") }
            var words: [UInt64] = []
            for word in derived.words {
                switch word {
                case .number(let value): words.append(value)
                case .names(let low, let high):
                    let first = low.map { intern($0) } ?? 0
                    let second = high.map { intern($0) } ?? 0
                    words.append(UInt64(first) | UInt64(second) << 32)
                case .stream(let name): words.append(name.flatMap { streams[$0.rawValue]?.number.rawValue } ?? 0)
                }
            }
            if let reference = derived.externalReference {
                words.append(externalHash(reference))
                externals[externalHash(reference), default: []].append(position)
            }
            guard header.flags.contains(.externalReference) == (derived.externalReference != nil) else {
                throw Broken(position: position, what: "flag 8 is wrong")
            }
            guard words.count == record.words.count else { throw Broken(position: position, what: "\(record.words.count) words, not \(words.count)") }
            for (index, word) in words.enumerated() where record.words[index] != word {
                throw Broken(position: position, what: "word \(index) is not what the entry says")
            }
        }

        mutating func sealed(_ position: Position, _ entry: Entry, _ header: FactHeader) throws(Broken) {
            let references = entry.sealed
            guard references.isEmpty != header.flags.contains(.sealed) else { throw Broken(position: position, what: "flag 1 is wrong") }
            for scope in Scope.allCases {
                let reference = references.first { $0.scope == scope }
                let blob = try? store.read { transaction throws(LMDBError) in
                    try transaction.bytes(for: Key(position.rawValue, scope.rawValue), in: store.sealed)
                }
                switch (reference, blob ?? nil) {
                case (nil, nil): continue
                case (nil, _?): throw Broken(position: position, what: "a sealed blob (\(scope.name)) that the entry doesn't name")
                case (let reference?, nil):
                    guard isErased(entry.envelope.subject, reference.keyName) else {
                        throw Broken(position: position, what: "the sealed blob \(reference.keyName) is missing and no erasure explains it")
                    }
                case (let reference?, let blob?):
                    guard blob.count == reference.byteCount, sha256(blob) == reference.sha256 else {
                        throw Broken(position: position, what: "the sealed blob \(reference.keyName) is not what was hashed")
                    }
                    blobs += 1
                }
            }
            if header.revision == 1, header.stream.isCase {
                let keys = try? store.read { transaction throws(LMDBError) in
                    try transaction.value(for: Key(header.stream.rawValue), in: store.caseKeys)?.byteCount ?? 0
                }
                guard keys == CaseKeys.recordByteCount else { throw Broken(position: position, what: "the case has no key record") }
            }
        }

        /// Erasures follow what they erase: the first missing blob has the rest of the log read once for all of them.
        mutating func isErased(_ subject: String, _ keyName: String) -> Bool {
            if !hasReadErasures {
                hasReadErasures = true
                var position = last
                while let fact = (try? store.fact(at: position.next)) ?? nil {
                    position = position.next
                    guard fact.record.header.type == LogVerifier.personErased, let entry = try? Entry(fact.entry) else { continue }
                    for key in entry.data["keys"]?.items ?? [] {
                        if let name = key.string { erasedKeys.insert("\(entry.envelope.subject)\u{0}\(name)") }
                    }
                }
            }
            return erasedKeys.contains("\(subject)\u{0}\(keyName)")
        }

        /// An accepted roll-back gives the log a new origin; the genesis entry keeps the first.
        func hasNewOrigin() -> Bool {
            var position = Position.start
            while let fact = (try? store.fact(at: position.next)) ?? nil {
                position = position.next
                if fact.record.header.type == LogVerifier.rollbackAccepted { return true }
            }
            return false
        }

        mutating func tree(_ position: Position, _ entry: [UInt8]) throws(Broken) {
            var index = DenseIndex.count(treeSize: frontier.size)
            var fault: String?
            frontier.append(leaf: MerkleHash.leaf(entry)) { hash in
                if fault == nil, (try? store.node(index)) != hash {
                    fault =
                        index == DenseIndex.node(level: 0, position.rawValue - 1)
                        ? "the stored leaf hash is not the entry's" : "tree node \(index) is wrong"
                }
                index += 1
            }
            if let fault { throw Broken(position: position, what: fault) }
        }
    }
}
