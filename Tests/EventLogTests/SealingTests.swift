import Crypto
import EventLog
import EventModel
import Foundation
import Testing

/// What must stay erasable: sealed under keys that are not beside the data.
@Suite struct SealingTests {
    let directory = TemporaryDirectory()

    func sealer(_ name: String = "keys", origin: String = "city.example/appeals") throws -> Sealer {
        let path = directory.path + "/" + name
        if !FileManager.default.fileExists(atPath: path) { try Keyring.create(in: path) }
        return Sealer(keyring: try Keyring(directory: path), origin: origin)
    }
    func isRefused(_ body: () throws -> Void) -> Bool {
        if case .keys = logError(body) { true } else { false }
    }

    @Test func sealedTextComesBack() throws {
        let sealer = try sealer()
        let keys = try sealer.drawKeys(source: "/s", id: "1")
        let plain = utf8(#"{"text":"我叫王小明，住东大街88号"}"#)
        for scope in Scope.allCases {
            let (reference, blob) = try sealer.seal(plain, scope: scope, keys: keys, source: "/s", id: "1", firstUse: true)
            #expect(
                blob.scope == scope && blob.bytes.count == plain.count + 28 && reference.byteCount == blob.bytes.count
                    && reference.sha256 == sha256(blob.bytes))
            #expect(reference.keyName == "\(scope.name).1" && reference.keyCommitment == keys.commitment(scope))
            #expect(try sealer.open(blob.bytes, scope: scope, generation: 1, keys: keys, source: "/s", id: "1") == plain)
            let again = try sealer.seal(plain, scope: scope, keys: keys, source: "/s", id: "1", firstUse: false)
            #expect(again.0.keyCommitment == nil && again.1.bytes != blob.bytes, "another nonce")
        }
        #expect(Set(Scope.allCases.map { keys.commitment($0) }).count == 3, "a key each")
    }

    @Test func whatIsBoundIsChecked() throws {
        let sealer = try sealer()
        let keys = try sealer.drawKeys(source: "/s", id: "1")
        let blob = try sealer.seal(utf8("text"), scope: .text, keys: keys, source: "/s", id: "1", firstUse: true).1.bytes
        #expect(isRefused { _ = try sealer.open(blob, scope: .person, generation: 1, keys: keys, source: "/s", id: "1") }, "scope")
        #expect(isRefused { _ = try sealer.open(blob, scope: .text, generation: 2, keys: keys, source: "/s", id: "1") }, "generation")
        #expect(isRefused { _ = try sealer.open(blob, scope: .text, generation: 1, keys: keys, source: "/t", id: "1") }, "source")
        #expect(isRefused { _ = try sealer.open(blob, scope: .text, generation: 1, keys: keys, source: "/s", id: "2") }, "id")
        let others = try sealer.drawKeys(source: "/s", id: "1")
        #expect(isRefused { _ = try sealer.open(blob, scope: .text, generation: 1, keys: others, source: "/s", id: "1") }, "another draw")
        let elsewhere = Sealer(keyring: sealer.keyring, origin: "city.example/other")
        #expect(isRefused { _ = try elsewhere.open(blob, scope: .text, generation: 1, keys: keys, source: "/s", id: "1") }, "origin")
        for place in blob.indices {
            var changed = blob
            changed[place] ^= 1
            #expect(isRefused { _ = try sealer.open(changed, scope: .text, generation: 1, keys: keys, source: "/s", id: "1") }, "byte \(place)")
        }
        for count in [0, 27, 28, blob.count - 1] {
            #expect(
                isRefused { _ = try sealer.open(Array(blob[..<count]), scope: .text, generation: 1, keys: keys, source: "/s", id: "1") },
                "\(count) bytes")
        }
    }

    @Test func keyRecordsBelongToTheirCaseAndMaster() throws {
        let sealer = try sealer()
        let keys = try sealer.drawKeys(source: "/s", id: "1")
        #expect(keys.record.count == CaseKeys.recordByteCount && Array(keys.record[..<8]) == [1, 0, 0, 0, 1, 1, 1, 0])
        let opened = try sealer.openKeys(keys.record, source: "/s", id: "1")
        #expect(opened == keys && Scope.allCases.allSatisfy { opened.commitment($0) == keys.commitment($0) && opened.generation($0) == 1 })
        #expect(isRefused { _ = try sealer.openKeys(keys.record, source: "/s", id: "2") }, "another case")
        #expect(isRefused { _ = try sealer.openKeys(keys.record, source: "/t", id: "1") }, "another source")
        #expect(isRefused { _ = try self.sealer("other-keys").openKeys(keys.record, source: "/s", id: "1") }, "another master key")
        #expect(isRefused { _ = try self.sealer(origin: "elsewhere").openKeys(keys.record, source: "/s", id: "1") }, "another log")
        #expect(isRefused { _ = try sealer.openKeys(Array(keys.record.dropLast()), source: "/s", id: "1") })
        #expect(isRefused { _ = try sealer.openKeys(keys.record + [0], source: "/s", id: "1") })
        // Epoch and generations are bound too.
        for place in 0..<132 {
            var changed = keys.record
            changed[place] ^= 1
            #expect(isRefused { _ = try sealer.openKeys(changed, source: "/s", id: "1") }, "byte \(place)")
        }
    }

    /// The test's own AES-GCM, by the format's words: nonce, tag and associated data stand where it says.
    @Test func blobsAreThoseOfTheFormat() throws {
        let path = directory.path + "/keys"
        let sealer = try sealer()
        let record = try sealer.drawKeys(source: "/s", id: "1").record
        let master = SymmetricKey(data: try Data(contentsOf: URL(fileURLWithPath: path + "/master-1.key")))
        let wrapped = try AES.GCM.SealedBox(combined: record[8...])
        let plain = try AES.GCM.open(wrapped, using: master, authenticating: utf8("wrap/v1city.example/appeals\u{0}/s\u{0}1\u{0}") + record[..<8])
        #expect(plain.count == 96)
        let keys = try sealer.openKeys(record, source: "/s", id: "1")
        let textKey = SymmetricKey(data: plain[32..<64])
        #expect(keys.commitment(.text) == sha256(utf8("casekc/v1") + Array(plain[32..<64])))
        let blob = try sealer.seal(utf8("text"), scope: .text, keys: keys, source: "/s", id: "1", firstUse: true).1.bytes
        let opened = try AES.GCM.open(
            AES.GCM.SealedBox(combined: blob), using: textKey, authenticating: utf8("seal/v1city.example/appeals\u{0}/s\u{0}1\u{0}text.1"))
        #expect(Array(opened) == utf8("text"))
    }

    @Test func sealedFactsGoThroughTheLog() throws {
        let sealer = try sealer()
        let fixture = try LogFixture()
        let keys = try sealer.drawKeys(source: "/s", id: "1")
        let (_, blob) = try sealer.seal(utf8("secret words"), scope: .text, keys: keys, source: "/city/dispatch", id: "a-1", firstUse: true)
        let section = Commit.Section(
            stream: StreamName("A-1"), expectedRevision: 0, facts: [fact("a-1", on: "A-1", blobs: [blob])], keyRecord: keys.record)
        #expect(fixture.append([section]).isDurable)
        let reader = fixture.log.reader
        let stored = try sealer.openKeys(try #require(try reader.keyRecord(of: .firstCase)), source: "/s", id: "1")
        let bytes = try #require(try reader.blob(at: Position(2), scope: .text))
        #expect(try sealer.open(bytes, scope: .text, generation: 1, keys: stored, source: "/city/dispatch", id: "a-1") == utf8("secret words"))
        #expect(try fixture.closeAndVerify().finding == nil)
        // A copy of the data opens nothing.
        let keyBytes = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/keys/master-1.key"))
        for name in ["log", "index"] {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(fixture.directory.path)/\(name)/data.mdb"))
            #expect(data.range(of: Data("secret words".utf8)) == nil && data.range(of: keyBytes) == nil)
        }
    }

    @Test func keysAreNeverOverwrittenNorOpenToAll() throws {
        let path = directory.path + "/keys"
        _ = try sealer()
        let before = try Data(contentsOf: URL(fileURLWithPath: path + "/master-1.key"))
        #expect(isRefused { try Keyring.create(in: path) })
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/master-1.key")) == before)
        for name in ["master-1.key", "lookup-1.key", "signing.seed"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
            #expect(mode == 0o400)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path + "/lookup-1.key")
        #expect(isRefused { _ = try Keyring(directory: path) })
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + "/lookup-1.key")
        try Data(count: 31).write(to: URL(fileURLWithPath: path + "/lookup-1.key"))
        #expect(isRefused { _ = try Keyring(directory: path) })
        #expect(isRefused { _ = try Keyring(directory: directory.path + "/nowhere") })
    }

    /// 5 bits a symbol from the front of an HMAC, computed here anew.
    @Test func codesAndPublicIDsFollowFromTheLookupKey() throws {
        let path = directory.path + "/keys"
        let keyring = try sealer().keyring
        let key = SymmetricKey(data: try Data(contentsOf: URL(fileURLWithPath: path + "/lookup-1.key")))
        func expected(_ text: String, _ count: Int, _ alphabet: String) -> String {
            let bits = HMAC<SHA256>.authenticationCode(for: utf8(text), using: key).flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
            return String((0..<count).map { symbol in Array(alphabet)[bits[symbol * 5..<symbol * 5 + 5].reduce(0) { $0 << 1 | Int($1) }] })
        }
        let symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        for serial in ["510104-20170301-000123", "510104-20170301-000124"] {
            #expect(keyring.extractionCode(serial: serial, epoch: 1, round: 1) == expected("extraction/v1\(serial)1", 8, symbols))
            #expect(keyring.publicID(serial: serial) == expected("public\(serial)", 10, symbols.lowercased()))
        }
        #expect(keyring.extractionCode(serial: "A", epoch: 2, round: 1) == nil)
        #expect(keyring.masterEpoch == 1 && keyring.lookupEpoch == 1)
    }

    @Test func theVerifierKeyIsASignedNotes() throws {
        let keyring = try sealer().keyring
        let seed = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/keys/signing.seed"))
        let key = [1] + Array(try Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation)
        let id = TextCoding.hex(sha256(utf8("city.example/appeals\n") + key).prefix(4))
        #expect(keyring.verifierKey(origin: "city.example/appeals") == "city.example/appeals+\(id)+\(TextCoding.base64(key))")
    }

    /// A new epoch wraps new cases; records of the old one still open while its key is there.
    @Test func masterEpochs() throws {
        let path = directory.path + "/keys"
        let old = try sealer().drawKeys(source: "/s", id: "1")
        try Data(repeating: 7, count: 32).write(to: URL(fileURLWithPath: path + "/master-2.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path + "/master-2.key")
        let rotated = try sealer()
        #expect(rotated.keyring.masterEpoch == 2)
        #expect(try rotated.drawKeys(source: "/s", id: "2").record[0] == 2)
        #expect(try rotated.openKeys(old.record, source: "/s", id: "1") == old)
        try FileManager.default.removeItem(atPath: path + "/master-1.key")
        #expect(isRefused { _ = try self.sealer().openKeys(old.record, source: "/s", id: "1") }, "gone with its master key")
    }
}
