import EventModel
import Foundation
import LMDB
import Testing

@testable import EventLog

/// Notes and checkpoints as C2SP writes them.
@Suite struct CheckpointTests {
    /// The example of c2sp.org/signed-note.
    static let specKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let specNote =
        "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"

    @Test func theExampleOfTheSpecificationVerifies() throws {
        let key = try VerifierKey(Self.specKey)
        #expect(key.name == "example.com/foo" && TextCoding.hex(key.id) == "530d903a" && key.publicKey.count == 32)
        let note = try SignedNote(utf8(Self.specNote))
        #expect(note.text == "This is an example message.\n" && note.signatures.count == 1)
        try note.verify(key)
        // Keys of Go's sumdb/note and of transparency-dev/formats; the last has a plus in its base64.
        for text in [
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
            "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        ] {
            _ = try VerifierKey(text)
        }
    }

    @Test func signaturesOfOthersAreIgnoredAndABadOneOfTheKeyRejects() throws {
        let key = try VerifierKey(Self.specKey)
        let own = "\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
        let stranger = "\u{2014} witness.example/w1 \(TextCoding.base64([1, 2, 3, 4] + [UInt8](repeating: 7, count: 72)))\n"
        let sameName = "\u{2014} example.com/foo \(TextCoding.base64([1, 2, 3, 4, 5]))\n"
        let bad = "\u{2014} example.com/foo \(TextCoding.base64(key.id + [UInt8](repeating: 0, count: 64)))\n"
        func verify(_ lines: String) throws { try SignedNote(utf8("This is an example message.\n\n" + lines)).verify(key) }
        try verify(stranger + own)
        try verify(own + String(repeating: stranger, count: 15))
        try verify(sameName + own)
        for lines in [own + bad, bad + own, bad, own + own, stranger, sameName] {
            #expect(throws: NoteError.self, "\(lines)") { try verify(lines) }
        }
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n\n", specNote.replacing("\n", with: "\r\n"), String(specNote.dropLast()), specNote + "\n",
        specNote.replacing("\u{2014} ", with: "- "), specNote.replacing("aQM=", with: "aQM"), specNote.replacing("aQM=", with: "aQN="),
        specNote.replacing("foo Uw", with: "foo  Uw"), specNote.replacing("foo Uw", with: "fo+o Uw"),
        specNote.replacing("an example", with: "an\texample"),
        "text\n\n\u{2014} a AAAAAA==\n", "text\n\n\u{2014} a\u{00A0}b AAAAAAA=\n", "text\n\n\u{2014}  AAAAAAA=\n",
        "text\n\n" + String(repeating: "\u{2014} a AAAAAAA=\n", count: 65),
    ])
    func malformedNotesAreRefused(_ text: String) {
        #expect(throws: NoteError.self) { try SignedNote(utf8(text)).verify(VerifierKey(Self.specKey)) }
    }

    @Test(arguments: [
        "", "a+b", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
    ])
    func badKeysAreRefused(_ text: String) { #expect(throws: NoteError.self) { try VerifierKey(text) } }

    @Test func keysOfSmallOrderAreRefused() {
        for first in [0, 1, 0xEC, 0xED, 0xEE] as [UInt8] {
            for sign in [0, 0x80] as [UInt8] {
                var key = [first] + [UInt8](repeating: first < 2 ? 0 : 0xFF, count: 30) + [first < 2 ? 0 : 0x7F]
                key[31] |= sign
                let text = "a+\(TextCoding.hex(VerifierKey.id(name: "a", key: [1] + key)))+\(TextCoding.base64([1] + key))"
                let error = #expect(throws: NoteError.self) { try VerifierKey(text) }
                #expect(error?.description == "the key is of small order")
            }
        }
    }

    @Test func checkpointsHaveThreeLines() {
        let root = TextCoding.base64(MerkleHash.leaf([1]))
        let text = "city.example/appeals\n42\n\(root)\n"
        #expect(Checkpoint(text: text)?.text == text)
        #expect(Checkpoint(text: "a\n0\n\(TextCoding.base64(MerkleHash.emptyRoot))\n")?.size == 0)
        for bad in [
            "", "a\n1\n", "a\n1\n\(root)", "a\n1\n\(root)\nextension\n", "\n1\n\(root)\n", "a\n01\n\(root)\n", "a\n+1\n\(root)\n", "a\n-1\n\(root)\n",
            "a\n１\n\(root)\n", "a\n\n\(root)\n", "a\n18446744073709551616\n\(root)\n", "a\n9007199254740993\n\(root)\n", "a\n0\n\(root)\n",
            "a\n1\n\(root.dropLast())\n", "a\n1\n\(TextCoding.base64([1, 2, 3]))\n", "a\n1 \n\(root)\n",
        ] {
            #expect(Checkpoint(text: bad) == nil, "\(bad)")
        }
    }

    @Test func proofFilesAreReadBack() throws {
        let note = utf8(Self.specNote)
        let proof = TLogProof(entry: utf8("an entry"), index: 7, path: [MerkleHash.leaf([1]), MerkleHash.leaf([2])], note: note)
        #expect(try TLogProof(proof.bytes) == proof)
        let bare = TLogProof(entry: nil, index: 0, path: [], note: note)
        #expect(try TLogProof(bare.bytes) == bare)
        let text = String(decoding: proof.bytes, as: UTF8.self)
        for bad in [
            "", text.replacing("@v1", with: "@v2"), text.replacing("index 7", with: "index 07"), text.replacing("index 7\n", with: ""),
            text.replacing("extra ", with: "extra  "), text.replacing("\n\n", with: "\n"), text.replacing("index 7", with: "index 7\nAAAA"),
        ] {
            #expect(throws: NoteError.self, "\(bad)") { try TLogProof(utf8(bad)) }
        }
    }

    /// The verifier in Sources against the naive tree, sizes 0…70, and each with something changed.
    @Test func proofsVerifyAndMutationsDoNot() throws {
        var generator = SeededGenerator(seed: 9_163)
        let tree = MerkleTests.tree
        for size in 1...70 {
            let root = tree.naive.root(0, size)
            for index in 0..<size {
                let path = tree.naive.path(index, 0, size)
                let leaf = tree.leaves[index]
                #expect(MerkleVerification.isIncluded(leaf: leaf, index: UInt64(index), size: UInt64(size), path: path, root: root))
                let changed = MerkleTests.mutations(path, &generator).randomElement(using: &generator)!
                #expect(!MerkleVerification.isIncluded(leaf: leaf, index: UInt64(index), size: UInt64(size), path: changed, root: root))
                #expect(!MerkleVerification.isIncluded(leaf: leaf, index: UInt64(size), size: UInt64(size), path: path, root: root))
            }
            for old in 0...size {
                let proof = old == 0 || old == size ? [] : tree.naive.subproof(old, 0, size, true)
                func isConsistent(_ proof: [[UInt8]], _ oldRoot: [UInt8]) -> Bool {
                    MerkleVerification.isConsistent(old: UInt64(old), new: UInt64(size), proof: proof, oldRoot: oldRoot, newRoot: root)
                }
                let oldRoot = tree.naive.root(0, old)
                #expect(isConsistent(proof, oldRoot), "\(old) to \(size)")
                #expect(!isConsistent(MerkleTests.mutations(proof, &generator).randomElement(using: &generator)!, oldRoot), "\(old) to \(size)")
                #expect(!isConsistent(proof, MerkleHash.leaf([9])))
            }
        }
    }
}
