public import EventModel
internal import Foundation

/// One case with its proofs, as a directory that is checked offline with nothing but the log's key (案卷证据包).
///
/// ```
/// checkpoint                  the signed head, verbatim
/// events/0001.tlog-proof …    entry, place and path of each event, in order of revision
/// manifest.json  VERIFY.md    for people; nothing is taken from them
/// ```
public enum CaseBundle {
    public struct Report: Equatable, Sendable {
        public var serial: String
        public var events: Int
        public var checkpoint: Checkpoint
        /// Entries proven to be in the log, of a format this program doesn't read.
        public var notInterpreted: Int
    }

    /// Writes a bundle into a directory that is new or empty. Entries in order of revision, paths for the size of the note's checkpoint.
    ///
    /// Throws `NoteError` if the directory holds something, or the file system's error.
    public static func write(serial: String, entries: [(position: Position, bytes: [UInt8], path: [[UInt8]])], note: [UInt8], to directory: String)
        throws
    {
        if let files = try? FileManager.default.contentsOfDirectory(atPath: directory), !files.isEmpty {
            throw NoteError("\(directory) is not empty; give a new directory")
        }
        try FileManager.default.createDirectory(atPath: "\(directory)/events", withIntermediateDirectories: true)
        func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name)")) }
        for (offset, entry) in entries.enumerated() {
            let proof = TLogProof(entry: entry.bytes, index: entry.position.rawValue - 1, path: entry.path, note: note)
            try write(proof.bytes, "events/\(name(offset + 1))")
        }
        try write(note, "checkpoint")
        var manifest = JSONWriter()
        manifest.object { object in
            object.member("format", "appeal-engine/case-bundle/1")
            object.member("case", serial)
            object.member("events", entries.count)
            object.member("positions", array: { array in for entry in entries { array.value(entry.position.rawValue) } })
        }
        try write(manifest.bytes + [0x0A], "manifest.json")
        try write(Array(instructions.utf8), "VERIFY.md")
    }

    /// Verifies a bundle: signature, then each entry's path, then that revisions and `prev` make one chain of one case.
    ///
    /// What a bundle can't show: that the case has no later events than those in it. Throws `NoteError` naming file and fault.
    public static func verify(directory: String, key: VerifierKey) throws(NoteError) -> Report {
        let note = try read("\(directory)/checkpoint")
        let signed: SignedCheckpoint
        do { signed = try SignedCheckpoint(note: note, key: key) } catch { throw NoteError("checkpoint: \(error)") }
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/events")) ?? []).sorted()
        guard !files.isEmpty else { throw NoteError("there are no files in events/") }
        var report = Report(serial: "", events: 0, checkpoint: signed.checkpoint, notInterpreted: 0)
        var previous = [UInt8](repeating: 0, count: 32)
        var last = Position.start
        for (offset, file) in files.enumerated() {
            guard file == name(offset + 1) else { throw NoteError("events/\(file) stands where \(name(offset + 1)) should") }
            do {
                let proof = try TLogProof(try read("\(directory)/events/\(file)"))
                guard proof.note == note else { throw NoteError("its checkpoint is not the bundle's") }
                guard let bytes = proof.entry else { throw NoteError("it holds no entry") }
                _ = try proof.verify(entry: bytes, key: key)
                let position = Position(proof.index + 1)
                guard position > last else { throw NoteError("its position \(position) is not behind \(last)") }
                if let entry = (try? Entry(bytes)) ?? nil {
                    if offset == 0 { report.serial = entry.envelope.subject }
                    guard entry.head.position == position else { throw NoteError("the entry says position \(entry.head.position)") }
                    guard entry.envelope.subject == report.serial else { throw NoteError("it is of the case \(entry.envelope.subject)") }
                    guard Int(entry.head.revision) == offset + 1 else { throw NoteError("it is revision \(entry.head.revision), not \(offset + 1)") }
                    guard entry.head.previousLeaf == previous else { throw NoteError("prev is not the leaf hash of the event before it") }
                } else {
                    report.notInterpreted += 1
                }
                previous = MerkleHash.leaf(bytes)
                last = position
            } catch {
                throw NoteError("events/\(file): \(error)")
            }
        }
        report.events = files.count
        return report
    }

    private static func name(_ revision: Int) -> String {
        let digits = String(revision)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".tlog-proof"
    }

    private static func read(_ path: String) throws(NoteError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw NoteError("\(path) can't be read") }
        return Array(data)
    }

    private static let instructions = """
        # How to check this bundle

        Take the log's verifier key from somewhere else than this bundle: from paper, from the city's web site, from an earlier audit.

            engine-ctl bundle verify DIR --key 'NAME+ID+KEY'

        or with other people's programs, for each file of events/ (`extra` is the entry in base64):

            pip install proofbundle==6.3.1
            python3 - events/00001.tlog-proof 'NAME+ID+KEY' <<'EOF'
            import base64, sys
            from proofbundle import tlogproof
            text = open(sys.argv[1]).read()
            entry = base64.b64decode(text.split("\\n")[1].removeprefix("extra "))
            print(tlogproof.verify_tlog_proof(text, entry, sys.argv[2])["ok"], entry.decode())
            EOF

        Then `revision` must count from 1 without gaps, and `prev` of each entry be SHA-256(0x00 ‖ entry before it) in base64.
        The bundle shows that these events are in the log as they are, and that none between them is left out; not that none came later.

        """
}
