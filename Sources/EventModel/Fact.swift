/// What a log keeps of an event beside its entry, in binary, so that numeric views never parse JSON: 56 bytes, little-endian.
///
/// Byte for byte in docs/reference/on-disk-format.md.
public struct FactHeader: Equatable, Sendable {
    public static let byteCount = 56
    public static let format: UInt8 = 1
    /// Fact words behind a header, at most.
    public static let maxWords = 15

    public var flags: FactFlags
    /// From the registry of event types: 1–63 the log's own, from 64 the workflow's. Never reused.
    public var type: UInt16
    public var revision: Revision
    public var stream: StreamNumber
    /// When it happened: the event's `time`.
    public var occurredAt: Instant
    /// When the engine had it: `recordedtime`.
    public var recordedAt: Instant
    /// The first 8 bytes, big-endian, of SHA-256(source ‖ 0 ‖ id).
    public var idHash: UInt64
    public var source: NameID
    /// The unit the entry names, else 0.
    public var unit: NameID
    /// The assignment within the case the entry is about, 0 for the case itself.
    public var assignment: UInt16
    public var wordCount: UInt8
    public var entryByteCount: UInt32

    public init(
        flags: FactFlags, type: UInt16, revision: Revision, stream: StreamNumber, occurredAt: Instant, recordedAt: Instant, idHash: UInt64,
        source: NameID, unit: NameID, assignment: UInt16, wordCount: UInt8, entryByteCount: UInt32
    ) {
        self.flags = flags
        self.type = type
        self.revision = revision
        self.stream = stream
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.idHash = idHash
        self.source = source
        self.unit = unit
        self.assignment = assignment
        self.wordCount = wordCount
        self.entryByteCount = entryByteCount
    }

    /// Bytes of the whole value in `entries`: header, words, entry.
    public var valueByteCount: Int { Self.byteCount + Int(wordCount) * 8 + Int(entryByteCount) }

    public func encode(into bytes: inout [UInt8]) {
        bytes.append(Self.format)
        bytes.append(flags.rawValue)
        appendLittleEndian(type, to: &bytes)
        appendLittleEndian(revision, to: &bytes)
        appendLittleEndian(stream.rawValue, to: &bytes)
        appendLittleEndian(occurredAt.microseconds, to: &bytes)
        appendLittleEndian(recordedAt.microseconds, to: &bytes)
        appendLittleEndian(idHash, to: &bytes)
        appendLittleEndian(source, to: &bytes)
        appendLittleEndian(unit, to: &bytes)
        appendLittleEndian(assignment, to: &bytes)
        bytes.append(wordCount)
        bytes.append(0)
        appendLittleEndian(entryByteCount, to: &bytes)
    }
}

public struct FactFlags: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Something of the event is sealed beside the log.
    public static let sealed = FactFlags(rawValue: 1)
    /// The first entry of its commit.
    public static let firstOfCommit = FactFlags(rawValue: 2)
    /// Word 0 is the case's access class from here on.
    public static let accessClass = FactFlags(rawValue: 4)
    /// The last word is the hash of an external reference (platform, external id).
    public static let externalReference = FactFlags(rawValue: 8)
}

/// One fact word as `decide` gives it: names are interned by the Applier, in the order they appear.
public enum FactWord: Equatable, Sendable {
    case number(UInt64)
    /// Two names: the first in the low, the second in the high 32 bits; `nil` is 0.
    case names(String?, String?)
    /// The number of another stream, which must exist; `nil` is 0.
    case stream(StreamName?)

    public static func instant(_ instant: Instant?) -> FactWord { .number(UInt64(bitPattern: instant?.microseconds ?? 0)) }
}

/// An event as `decide` returns it: complete but for what its place in the log decides.
public struct Fact: Equatable, Sendable {
    public var type: UInt16
    /// `sealed`, `accessClass` and `externalReference`; the Applier sets `firstOfCommit`.
    public var flags: FactFlags
    public var source: String
    public var id: String
    public var occurredAt: Instant
    public var unit: String?
    public var assignment: UInt16
    public var words: [FactWord]
    /// The entry from `"id"` to the brace that closes it, without the leading comma.
    public var body: [UInt8]
    public var blobs: [SealedBlob]
    /// Full hash input of an external reference, `platform ‖ 0 ‖ external id`, when the event carries one.
    public var externalReference: String?

    public init(
        type: UInt16, flags: FactFlags = [], source: String, id: String, occurredAt: Instant, unit: String? = nil, assignment: UInt16 = 0,
        words: [FactWord] = [], body: [UInt8], blobs: [SealedBlob] = [], externalReference: String? = nil
    ) {
        self.type = type
        self.flags = flags
        self.source = source
        self.id = id
        self.occurredAt = occurredAt
        self.unit = unit
        self.assignment = assignment
        self.words = words
        self.body = body
        self.blobs = blobs
        self.externalReference = externalReference
    }
}

/// What is sealed under one key: the scopes are erased each on its own.
public enum Scope: UInt8, CaseIterable, Sendable {
    /// Appellant and place.
    case person = 1
    /// Every other free text.
    case text = 2
    /// What was published.
    case `public` = 3

    public var name: String {
        switch self {
        case .person: "person"
        case .text: "text"
        case .public: "public"
        }
    }
    public init?(name: String) {
        guard let scope = Scope.allCases.first(where: { $0.name == name }) else { return nil }
        self = scope
    }
}

/// The fields of one scope of one event, encrypted; stored beside the entry, which carries its hash.
public struct SealedBlob: Equatable, Sendable {
    public var scope: Scope
    /// nonce 12 ‖ ciphertext ‖ tag 16
    public var bytes: [UInt8]
    public init(scope: Scope, bytes: [UInt8]) {
        self.scope = scope
        self.bytes = bytes
    }
}

/// One item of an entry's `data.sealed`.
public struct SealedReference: Equatable, Sendable {
    public var scope: Scope
    /// Counts the scope's keys of a case from 1; an erasure starts the next.
    public var generation: UInt8
    public var byteCount: Int
    /// SHA-256 of the stored blob.
    public var sha256: [UInt8]
    /// SHA-256("casekc/v1" ‖ key), at the first use of a key: AES-GCM alone doesn't commit to its key.
    public var keyCommitment: [UInt8]?

    /// `text.1`
    public var keyName: String { "\(scope.name).\(generation)" }

    public init(scope: Scope, generation: UInt8, byteCount: Int, sha256: [UInt8], keyCommitment: [UInt8]? = nil) {
        self.scope = scope
        self.generation = generation
        self.byteCount = byteCount
        self.sha256 = sha256
        self.keyCommitment = keyCommitment
    }

    /// Reads one item of `data.sealed`; `nil` if a member is missing or malformed.
    public init?(_ value: JSONValue) {
        guard let key = value["key"]?.string, let dot = key.firstIndex(of: "."), let scope = Scope(name: String(key[..<dot])),
            let generation = UInt8(key[key.index(after: dot)...]), let length = value["len"]?.integer,
            let hash = value["sha256"]?.string.flatMap(TextCoding.bytes(base64:)), hash.count == 32
        else { return nil }
        self.init(
            scope: scope, generation: generation, byteCount: length, sha256: hash,
            keyCommitment: value["kc"]?.string.flatMap(TextCoding.bytes(base64:)))
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { item in
            item.member("key", keyName)
            item.member("len", byteCount)
            item.member("sha256", TextCoding.base64(sha256))
            item.member("kc", optional: keyCommitment.map(TextCoding.base64))
        }
    }
}

@inlinable
public func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    var rest = value
    for _ in 0..<Value.bitWidth / 8 {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
    }
}
