public import EventModel
import LMDB

/// What the log made of one fact.
public struct Admitted: Equatable, Sendable {
    public var position: Position
    public var stream: StreamNumber
    public var revision: Revision
    public var recordedAt: Instant
    public var leafHash: [UInt8]
    public var entry: [UInt8]
}

/// Why a commit does not count. The submitter decides again on the new state, or answers.
public enum VoidReason: Error, Equatable, Sendable {
    case revision(StreamName, actual: Revision)
    case check(Commit.Check)
    /// (source, id) is known: at this position, or staged in the same batch.
    case knownID(source: String, id: String)
    case knownExternal
    case tooLarge(String)
    case tooManyNames
    /// A body that a reader of the log would refuse.
    case malformed
    /// Something it must be compared with can't be read: of that case alone, so the others go on.
    case damaged(Position, String)
}

/// Where a stream ends.
public struct StreamHead: Equatable, Sendable {
    public var number: StreamNumber
    public var revision: Revision
    public var lastPosition: Position
    public var lastLeaf: [UInt8]
}

/// Decides what counts and gives it its place: a pure function of (log so far, commit), but for the bytes it puts into a transaction.
///
/// No clock, no randomness, no locale: every node that applies the same commits has the same log, byte for byte.
struct Applier {
    static let maxFacts = 4_096
    static let maxBytes = 8 << 20
    static let maxBlobBytes = 262_144
    static let maxStreamEvents = 65_535

    let store: LogStore
    let index: CaseIndex
    let names: NameTable

    // What the transaction so far has added to the durable log; dropped whole if it fails.
    private(set) var head: LogHead
    private(set) var frontier: Frontier
    private(set) var rows: [IndexRow] = []
    private(set) var newNames: [String] = []
    private var stagedNames: [String: NameID] = [:]
    private var streams: [StreamName: StreamHead] = [:]
    private var ids: [UInt64: [(source: String, id: String)]] = [:]
    private var externals: Set<UInt64> = []
    private(set) var byteCount = 0

    init(store: LogStore, index: CaseIndex, names: NameTable, head: LogHead, frontier: Frontier) {
        self.store = store
        self.index = index
        self.names = names
        self.head = head
        self.frontier = frontier
    }

    /// Where a stream ends, this transaction's additions included; `nil` if it doesn't exist.
    mutating func streamHead(_ name: StreamName) throws(LogError) -> StreamHead? {
        if let staged = streams[name] { return staged }
        guard let number = try index.streamNumber(name), let last = try index.last(of: number) else { return nil }
        guard let leaf = try store.leaf(at: last.position) else { throw .damaged(at: last.position, what: "no leaf hash") }
        let head = StreamHead(number: number, revision: last.revision, lastPosition: last.position, lastLeaf: leaf)
        streams[name] = head
        return head
    }

    /// Whether this transaction has staged the id.
    func isStaged(source: String, id: String, hash: UInt64) -> Bool {
        ids[hash]?.contains { $0.source == source && $0.id == id } ?? false
    }

    /// Admits a commit and writes it, or says why it is void; a void commit leaves nothing behind.
    ///
    /// Throws `LogError.store` when the store fails: the transaction must then be aborted.
    mutating func apply(_ commit: Commit, in transaction: inout WriteTransaction) throws(LogError) -> Result<[[Admitted]], VoidReason> {
        do throws(LogError) {
            if let reason = try voidReason(commit) { return .failure(reason) }
        } catch {
            if case .damaged(let position, let what) = error { return .failure(.damaged(position, what)) }
            throw error
        }
        let recordedAt = max(commit.clock, head.recordedAt)
        let first = head.position.next
        let several = commit.factCount > 1
        var result: [[Admitted]] = []
        for section in commit.sections {
            var stream = try streamHead(section.stream) ?? newStream(section.stream)
            streams[section.stream] = stream
            if let keys = section.keyRecord { try put(Key(stream.number.rawValue), keys, in: store.caseKeys, &transaction) }
            var admitted: [Admitted] = []
            for fact in section.facts {
                let head = EntryHead(
                    position: self.head.position.next, revision: stream.revision + 1, previousLeaf: stream.lastLeaf, recordedAt: recordedAt,
                    commit: several ? first : nil)
                let one = try write(fact, head, stream.number, isFirst: head.position == first, name: section.stream, in: &transaction)
                stream.revision = head.revision
                stream.lastPosition = head.position
                stream.lastLeaf = one.leafHash
                streams[section.stream] = stream
                admitted.append(one)
            }
            result.append(admitted)
        }
        return .success(result)
    }

    private mutating func voidReason(_ commit: Commit) throws(LogError) -> VoidReason? {
        guard 1...Self.maxFacts ~= commit.factCount else { return .tooLarge("a commit has 1 to \(Self.maxFacts) entries") }
        var planned: [StreamName: Int] = [:]
        for section in commit.sections {
            // A second section on a stream expects what the first leaves.
            let stored = try streamHead(section.stream)?.revision ?? 0
            let actual = planned[section.stream] ?? Int(stored)
            if actual != section.expectedRevision { return .revision(section.stream, actual: Revision(actual)) }
            // An empty one would use up a stream number that no entry explains.
            guard !section.facts.isEmpty else { return .tooLarge("a section has at least one entry") }
            planned[section.stream] = actual + section.facts.count
            if actual + section.facts.count > Self.maxStreamEvents { return .tooLarge("a stream has at most 65,535 events") }
        }
        for check in commit.checks {
            switch check {
            case .atRevision(let name, let revision):
                if try streamHead(name)?.revision ?? 0 != revision { return .check(check) }
            case .exists(let name):
                if try streamHead(name) == nil { return .check(check) }
            }
        }
        var own: Set<String> = []
        var ownExternals: Set<UInt64> = []
        var bytes = 0
        for section in commit.sections {
            for fact in section.facts {
                let hash = idHash(source: fact.source, id: fact.id)
                guard own.insert("\(fact.source)\u{0}\(fact.id)").inserted, !isStaged(source: fact.source, id: fact.id, hash: hash),
                    try store.position(source: fact.source, id: fact.id, among: index.candidates(idHash: hash)) == nil
                else { return .knownID(source: fact.source, id: fact.id) }
                if let reference = fact.externalReference {
                    let hash = externalHash(reference)
                    if externals.contains(hash) || !ownExternals.insert(hash).inserted { return .knownExternal }
                    if try !index.candidates(external: hash).isEmpty { return .knownExternal }
                }
                if let reason = Self.excess(of: fact) { return .tooLarge(reason) }
                if JSONScanner.holdsControlCharacter(fact.body) { return .malformed }
                bytes += fact.body.count + fact.blobs.reduce(0) { $0 + $1.bytes.count }
            }
        }
        if bytes > Self.maxBytes { return .tooLarge("a commit has at most 8,388,608 bytes") }
        if names.all.count + newNames.count + 64 > NameTable.capacity { return .tooManyNames }
        return nil
    }

    /// The limit of the format that a fact breaks: unchecked, the store would refuse it in the middle of a batch, or keep what no reader takes.
    private static func excess(of fact: Fact) -> String? {
        if fact.body.count > EntryHead.maxEntryBytes - 256 { return "an entry has at most 65,535 bytes" }
        if fact.words.count + (fact.externalReference == nil ? 0 : 1) > FactHeader.maxWords { return "a fact has at most 15 words" }
        if fact.flags.contains(.accessClass), fact.words.isEmpty { return "a fact that sets the access class has a word for it" }
        if fact.blobs.contains(where: { $0.bytes.count > maxBlobBytes }) { return "a sealed blob has at most 262,144 bytes" }
        if zip(fact.blobs, fact.blobs.dropFirst()).contains(where: { $0.scope.rawValue >= $1.scope.rawValue }) {
            return "a fact has one blob a scope, in the order person, text, public"
        }
        var names = [fact.source, fact.unit]
        for case .names(let low, let high) in fact.words { names += [low, high] }
        let isNamed = names.allSatisfy { name in name.map { 1...NameTable.maxBytes ~= $0.utf8.count } ?? true }
        return isNamed ? nil : "a name has 1 to \(NameTable.maxBytes) bytes"
    }

    private mutating func newStream(_ name: StreamName) -> StreamHead {
        let number: StreamNumber
        if let system = name.systemNumber {
            number = system
        } else {
            number = StreamNumber(head.lastStream.rawValue + 1)
            head.lastStream = number
        }
        return StreamHead(number: number, revision: 0, lastPosition: .start, lastLeaf: [UInt8](repeating: 0, count: 32))
    }

    private mutating func write(
        _ fact: Fact, _ entryHead: EntryHead, _ stream: StreamNumber, isFirst: Bool, name: StreamName, in transaction: inout WriteTransaction
    ) throws(LogError) -> Admitted {
        let entry = entryHead.entry(body: fact.body)
        let hash = idHash(source: fact.source, id: fact.id)
        let source = try intern(fact.source, &transaction)
        let unit = try fact.unit.map { name throws(LogError) in try intern(name, &transaction) } ?? 0
        var words: [UInt64] = []
        for word in fact.words {
            switch word {
            case .number(let value): words.append(value)
            case .names(let low, let high):
                let first = try low.map { name throws(LogError) in try intern(name, &transaction) } ?? 0
                let second = try high.map { name throws(LogError) in try intern(name, &transaction) } ?? 0
                words.append(UInt64(first) | UInt64(second) << 32)
            case .stream(let other):
                words.append(try other.map { name throws(LogError) in try streamHead(name)?.number.rawValue ?? 0 } ?? 0)
            }
        }
        let external = fact.externalReference.map(externalHash)
        var flags = fact.flags
        if let external {
            words.append(external)
            flags.insert(.externalReference)
        }
        if !fact.blobs.isEmpty { flags.insert(.sealed) }
        if isFirst { flags.insert(.firstOfCommit) }
        let header = FactHeader(
            flags: flags, type: fact.type, revision: entryHead.revision, stream: stream, occurredAt: fact.occurredAt,
            recordedAt: entryHead.recordedAt,
            idHash: hash, source: source, unit: unit, assignment: fact.assignment, wordCount: UInt8(words.count), entryByteCount: UInt32(entry.count))
        var prefix: [UInt8] = []
        prefix.reserveCapacity(FactHeader.byteCount + words.count * 8)
        header.encode(into: &prefix)
        for word in words { appendLittleEndian(word, to: &prefix) }
        do {
            try transaction.reserve(Key(entryHead.position.rawValue), byteCount: prefix.count + entry.count, in: store.entries, append: true) {
                page in
                page.append(bytesOf: prefix)
                page.append(bytesOf: entry)
            }
        } catch {
            throw .store(error)
        }
        for blob in fact.blobs {
            try put(Key(entryHead.position.rawValue, blob.scope.rawValue), blob.bytes, in: store.sealed, append: true, &transaction)
            byteCount += blob.bytes.count
        }
        let leaf = MerkleHash.leaf(entry)
        var node = DenseIndex.count(treeSize: frontier.size)
        var nodes: [[UInt8]] = []
        frontier.append(leaf: leaf) { nodes.append($0) }
        for hash in nodes {
            try put(Key(node), hash, in: store.nodes, append: true, &transaction)
            node += 1
        }
        byteCount += prefix.count + entry.count + nodes.count * 48
        head.position = entryHead.position
        head.recordedAt = entryHead.recordedAt
        ids[hash, default: []].append((fact.source, fact.id))
        if let external { externals.insert(external) }
        rows.append(
            IndexRow(
                position: entryHead.position, stream: stream, revision: entryHead.revision,
                newStream: entryHead.revision == 1 && stream.isCase ? name : nil, idHash: hash, external: external))
        return Admitted(
            position: entryHead.position, stream: stream, revision: entryHead.revision, recordedAt: entryHead.recordedAt, leafHash: leaf, entry: entry
        )
    }

    /// The number of a name, new ones appended: order of first appearance.
    private mutating func intern(_ name: String, _ transaction: inout WriteTransaction) throws(LogError) -> NameID {
        if let id = names.id(name) ?? stagedNames[name] { return id }
        let id = head.lastName + 1
        try put(Key(id), Array(name.utf8), in: store.names, append: true, &transaction)
        head.lastName = id
        stagedNames[name] = id
        newNames.append(name)
        return id
    }

    /// Writes the head; call once, before the commit.
    mutating func finish(in transaction: inout WriteTransaction) throws(LogError) {
        head.root = frontier.root
        do { try transaction.put("head", head.encoded(), in: store.meta) } catch { throw .store(error) }
    }

    private func put(_ key: Key, _ value: [UInt8], in table: Table, append: Bool = false, _ transaction: inout WriteTransaction) throws(LogError) {
        do { try transaction.put(key, value, in: table, append: append) } catch { throw .store(error) }
    }
}
