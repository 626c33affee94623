internal import EventModel

/// A head of the log as C2SP tlog-checkpoint writes it: origin, size and root, a line each. Extension lines are neither written nor read.
///
/// Source: c2sp.org/tlog-checkpoint v1.0.0.
public struct Checkpoint: Equatable, Sendable {
    /// Name of the log: non-empty, without line feeds.
    public var origin: String
    /// Entries the root covers.
    public var size: UInt64
    /// Root over them (RFC 6962), 32 bytes.
    public var root: [UInt8]

    public init(origin: String, size: UInt64, root: [UInt8]) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The signed text, with its last line feed.
    public var text: String { "\(origin)\n\(size)\n\(TextCoding.base64(root))\n" }

    /// `nil` unless the text is exactly three lines, the size plain decimal and the root 32 bytes in canonical base64.
    public init?(text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty, let size = decimal(lines[1]), size <= LogHead.maxPosition.rawValue,
            let root = TextCoding.bytes(base64: lines[2]), root.count == 32
        else { return nil }
        // Size 0 has one root only.
        guard size > 0 || root == MerkleHash.emptyRoot else { return nil }
        self.init(origin: lines[0], size: size, root: root)
    }
}

/// An unsigned number in ASCII digits without sign or leading zeros; `nil` for anything else, and beyond 64 bits.
func decimal(_ text: some StringProtocol) -> UInt64? {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.allSatisfy({ 0x30...0x39 ~= $0 }), bytes.count == 1 || bytes[0] != 0x30 else { return nil }
    return UInt64(text)
}

/// A checkpoint and the note that signs it, verbatim.
public struct SignedCheckpoint: Equatable, Sendable {
    public var checkpoint: Checkpoint
    /// The note, as it was signed: what is stored, published and handed out.
    public var note: [UInt8]

    /// Verifies a note with the log's key, and that its first line is the key's name.
    ///
    /// Throws `NoteError` naming the first thing that is wrong.
    public init(note: [UInt8], key: VerifierKey) throws(NoteError) {
        let signed = try SignedNote(note)
        try signed.verify(key)
        guard let checkpoint = Checkpoint(text: signed.text) else { throw NoteError("the text is no checkpoint of three lines") }
        guard checkpoint.origin.utf8.elementsEqual(key.name.utf8) else { throw NoteError("it is of \(checkpoint.origin), not of \(key.name)") }
        self.checkpoint = checkpoint
        self.note = note
    }
}
