internal import Crypto
public import EventModel

/// A case's three keys, one a scope, and their wrapped form for the `casekeys` table.
public struct CaseKeys: Sendable, Equatable {
    public static let recordByteCount = 132

    /// Generation of each scope's key: person, text, public. An erasure raises it.
    public let generations: [UInt8]
    /// epoch u32 ‖ generations ‖ 0 ‖ nonce ‖ ciphertext ‖ tag
    public let record: [UInt8]
    private let keys: [SymmetricKey]

    func key(_ scope: Scope) -> SymmetricKey { keys[Int(scope.rawValue) - 1] }
    public func generation(_ scope: Scope) -> UInt8 { generations[Int(scope.rawValue) - 1] }

    /// SHA-256("casekc/v1" ‖ key)
    public func commitment(_ scope: Scope) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("casekc/v1".utf8))
        key(scope).withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    public static func == (left: CaseKeys, right: CaseKeys) -> Bool { left.record == right.record }

    init(generations: [UInt8], keys: [SymmetricKey], record: [UInt8]) {
        self.generations = generations
        self.keys = keys
        self.record = record
    }
}

/// Seals and opens what must stay erasable. AES-256-GCM; the associated data binds a blob to its event, a key record to its case.
public struct Sealer: Sendable {
    public let keyring: Keyring
    public let origin: String

    public init(keyring: Keyring, origin: String) {
        self.keyring = keyring
        self.origin = origin
    }

    /// Draws and wraps the keys of a new case, bound to the event that opens it: its serial may not be known yet.
    public func drawKeys(source: String, id: String) throws(LogError) -> CaseKeys {
        let keys = (0..<3).map { _ in SymmetricKey(size: .bits256) }
        var plain: [UInt8] = []
        for key in keys { key.withUnsafeBytes { plain.append(contentsOf: $0) } }
        var record: [UInt8] = []
        appendLittleEndian(keyring.masterEpoch, to: &record)
        record.append(contentsOf: [1, 1, 1, 0])
        do {
            let box = try AES.GCM.seal(plain, using: keyring.master(keyring.masterEpoch)!, authenticating: wrapData(source, id, header: record))
            record.append(contentsOf: box.nonce)
            record.append(contentsOf: box.ciphertext)
            record.append(contentsOf: box.tag)
        } catch {
            throw .keys("can't wrap the keys of a case")
        }
        return CaseKeys(generations: [1, 1, 1], keys: keys, record: record)
    }

    /// Opens a record of `casekeys`; source and id are those of the case's first event.
    /// Throws `LogError.keys` if its master key is gone or the record was changed.
    public func openKeys(_ record: [UInt8], source: String, id: String) throws(LogError) -> CaseKeys {
        guard record.count == CaseKeys.recordByteCount else {
            throw .keys("a key record is \(record.count) bytes long, not \(CaseKeys.recordByteCount)")
        }
        let epoch = record[0..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let master = keyring.master(epoch) else { throw .keys("master key of epoch \(epoch) is missing; restore it from escrow") }
        do {
            let box = try AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: record[8..<20]), ciphertext: record[20..<116], tag: record[116..<132])
            let plain = Array(try AES.GCM.open(box, using: master, authenticating: wrapData(source, id, header: Array(record[0..<8]))))
            let keys = (0..<3).map { SymmetricKey(data: plain[$0 * 32..<$0 * 32 + 32]) }
            return CaseKeys(generations: Array(record[4..<7]), keys: keys, record: record)
        } catch {
            throw .keys("a key record can't be opened with master epoch \(epoch): changed, or another case's")
        }
    }

    /// Seals the fields of one scope of an event.
    public func seal(_ plain: [UInt8], scope: Scope, keys: CaseKeys, source: String, id: String, firstUse: Bool) throws(LogError) -> (
        SealedReference, SealedBlob
    ) {
        let generation = keys.generation(scope)
        do {
            let box = try AES.GCM.seal(plain, using: keys.key(scope), authenticating: sealData(source, id, "\(scope.name).\(generation)"))
            var bytes: [UInt8] = []
            bytes.reserveCapacity(28 + plain.count)
            bytes.append(contentsOf: box.nonce)
            bytes.append(contentsOf: box.ciphertext)
            bytes.append(contentsOf: box.tag)
            let reference = SealedReference(
                scope: scope, generation: generation, byteCount: bytes.count, sha256: EventLog.sha256(bytes),
                keyCommitment: firstUse ? keys.commitment(scope) : nil)
            return (reference, SealedBlob(scope: scope, bytes: bytes))
        } catch {
            throw .keys("can't seal")
        }
    }

    /// Opens a blob. Throws `LogError.keys` if the key isn't the one it was sealed under.
    public func open(_ blob: [UInt8], scope: Scope, generation: UInt8, keys: CaseKeys, source: String, id: String) throws(LogError) -> [UInt8] {
        guard blob.count >= 28 else { throw .keys("a blob is shorter than nonce and tag") }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: blob[0..<12]), ciphertext: blob[12..<blob.count - 16], tag: blob[(blob.count - 16)...])
            return Array(try AES.GCM.open(box, using: keys.key(scope), authenticating: sealData(source, id, "\(scope.name).\(generation)")))
        } catch {
            throw .keys("a blob can't be opened with its case's key")
        }
    }

    private func sealData(_ source: String, _ id: String, _ keyName: String) -> [UInt8] {
        Array("seal/v1\(origin)\u{0}\(source)\u{0}\(id)\u{0}\(keyName)".utf8)
    }
    /// `header`: epoch and generations, so that they can't be changed either.
    private func wrapData(_ source: String, _ id: String, header: [UInt8]) -> [UInt8] {
        Array("wrap/v1\(origin)\u{0}\(source)\u{0}\(id)\u{0}".utf8) + header
    }
}
