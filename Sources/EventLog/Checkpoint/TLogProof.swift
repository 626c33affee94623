internal import EventModel

/// One entry's proof as a file: entry, place, path and checkpoint, to be verified with nothing but the log's key.
///
/// Source: c2sp.org/tlog-proof (main, `@v1`). `extra` carries the entry; a reader hashes it and trusts nothing else in the file.
public struct TLogProof: Equatable, Sendable {
    static let magic = "c2sp.org/tlog-proof@v1"

    /// The entry's bytes; `nil` if the file leaves them out.
    public var entry: [UInt8]?
    /// Leaf index = position − 1.
    public var index: UInt64
    /// From the leaf's sibling upwards, 32 bytes each.
    public var path: [[UInt8]]
    /// The signed checkpoint, verbatim.
    public var note: [UInt8]

    public init(entry: [UInt8]?, index: UInt64, path: [[UInt8]], note: [UInt8]) {
        self.entry = entry
        self.index = index
        self.path = path
        self.note = note
    }

    /// The file.
    public var bytes: [UInt8] {
        var text = Self.magic + "\n"
        if let entry { text += "extra \(TextCoding.base64(entry))\n" }
        text += "index \(index)\n"
        for hash in path { text += TextCoding.base64(hash) + "\n" }
        return Array("\(text)\n".utf8) + note
    }

    /// Reads a file, strictly. Throws `NoteError`; the note inside is not read yet.
    public init(_ bytes: [UInt8]) throws(NoteError) {
        guard let blank = bytes.indices.dropLast().first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }) else {
            throw NoteError("no empty line stands before the checkpoint")
        }
        var lines = bytes[..<blank].split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }[...]
        guard lines.popFirst() == Self.magic else { throw NoteError("the first line is not \(Self.magic)") }
        entry = nil
        if let line = lines.first, line.hasPrefix("extra ") {
            guard let extra = TextCoding.bytes(base64: String(line.dropFirst(6))), !extra.isEmpty else { throw NoteError("extra is no base64") }
            entry = extra
            lines.removeFirst()
        }
        guard let line = lines.popFirst(), line.hasPrefix("index "), let index = decimal(line.dropFirst(6)) else {
            throw NoteError("the index line is missing or malformed")
        }
        guard lines.count <= 63 else { throw NoteError("the path has \(lines.count) hashes") }
        self.index = index
        path = []
        for line in lines {
            guard let hash = TextCoding.bytes(base64: line), hash.count == 32 else { throw NoteError("a hash of the path is malformed") }
            path.append(hash)
        }
        note = Array(bytes[(blank + 2)...])
    }

    /// Verifies signature and path for an entry; gives the checkpoint.
    ///
    /// Throws `NoteError` naming the first thing that is wrong.
    public func verify(entry: [UInt8], key: VerifierKey) throws(NoteError) -> Checkpoint {
        let signed = try SignedCheckpoint(note: note, key: key)
        let checkpoint = signed.checkpoint
        guard MerkleVerification.isIncluded(leaf: MerkleHash.leaf(entry), index: index, size: checkpoint.size, path: path, root: checkpoint.root)
        else { throw NoteError("the path doesn't lead from the entry to the signed root") }
        return checkpoint
    }
}
