internal import Crypto
import EventModel
internal import Foundation

/// The keys that never lie beside the data: a copy of DATA opens nothing.
///
/// KEYS holds one file of 32 random bytes each, mode 0400: `master-<epoch>.key` wraps the keys of cases, `lookup-<epoch>.key` derives
/// extraction codes and public ids, `signing.seed` is the log's Ed25519 seed.
public struct Keyring: Sendable {
    private let masters: [UInt32: SymmetricKey]
    private let lookups: [UInt32: SymmetricKey]
    private let signing: Curve25519.Signing.PrivateKey

    /// The epoch new cases are wrapped under.
    public let masterEpoch: UInt32
    public let lookupEpoch: UInt32

    /// Draws the first keys into a directory that has none. Throws `LogError.keys`.
    public static func create(in directory: String) throws(LogError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in ["master-1.key", "lookup-1.key", "signing.seed"] {
                let path = "\(directory)/\(name)"
                guard !FileManager.default.fileExists(atPath: path) else {
                    throw LogError.keys("\(path) is there already; keys are never overwritten")
                }
                let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
                guard FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o400]) else {
                    throw LogError.keys("can't write \(path)")
                }
                let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                try file.synchronize()
                try file.close()
            }
            try flushDirectory(directory)
        } catch let error as LogError {
            throw error
        } catch {
            throw .keys("can't create \(directory): \(error.localizedDescription)")
        }
    }

    /// Reads all epochs. Throws `LogError.keys` naming the file that is missing, malformed or readable by others.
    public init(directory: String) throws(LogError) {
        do {
            var masters: [UInt32: SymmetricKey] = [:]
            var lookups: [UInt32: SymmetricKey] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                if let epoch = Self.epoch(name, "master-") { masters[epoch] = SymmetricKey(data: try Self.read("\(directory)/\(name)")) }
                if let epoch = Self.epoch(name, "lookup-") { lookups[epoch] = SymmetricKey(data: try Self.read("\(directory)/\(name)")) }
            }
            guard let master = masters.keys.max(), let lookup = lookups.keys.max() else {
                throw LogError.keys(
                    "\(directory) holds no master-<epoch>.key or lookup-<epoch>.key; engine-ctl init makes them, or restore them from escrow")
            }
            self.masters = masters
            self.lookups = lookups
            masterEpoch = master
            lookupEpoch = lookup
            signing = try Curve25519.Signing.PrivateKey(rawRepresentation: try Self.read("\(directory)/signing.seed"))
        } catch let error as LogError {
            throw error
        } catch {
            throw .keys("can't read \(directory): \(error.localizedDescription)")
        }
    }

    /// The key that checks the log's signatures, as C2SP signed-note writes it: `<origin>+<key id>+<base64(0x01 ‖ public key)>`, where the
    /// id is the first 4 bytes of SHA-256(origin ‖ LF ‖ 0x01 ‖ public key) in hex.
    public func verifierKey(origin: String) -> String {
        let key = [1] + Array(signing.publicKey.rawRepresentation)
        let id = SHA256.hash(data: Array("\(origin)\n".utf8) + key).prefix(4)
        return "\(origin)+\(TextCoding.hex(id))+\(TextCoding.base64(key))"
    }

    /// The note that signs a checkpoint, in the name of its origin. Whoever calls has made sure that it extends the last one signed.
    func sign(_ checkpoint: Checkpoint) throws(LogError) -> SignedCheckpoint {
        let key = [1] + Array(signing.publicKey.rawRepresentation)
        guard let signature = try? signing.signature(for: Array(checkpoint.text.utf8)) else { throw .keys("the signing key doesn't sign") }
        let note = SignedNote.bytes(
            text: checkpoint.text, name: checkpoint.origin, keyID: VerifierKey.id(name: checkpoint.origin, key: key), signature: Array(signature))
        do throws(NoteError) {
            return try SignedCheckpoint(note: note, key: VerifierKey(verifierKey(origin: checkpoint.origin)))
        } catch {
            throw .keys("the signing key makes notes that don't verify: \(error)")
        }
    }

    /// The citizen's code for a case (提取码): 8 symbols of unambiguous base 32 from HMAC-SHA-256(look-up key, "extraction/v1" ‖ serial ‖ round).
    ///
    /// Never stored: the entry holds epoch and round only, so that nothing on disk can be guessed offline. `nil` if the epoch's key is gone.
    public func extractionCode(serial: String, epoch: UInt32, round: Int) -> String? {
        lookups[epoch].map { Self.symbols(hmac($0, "extraction/v1\(serial)\(round)"), count: 8, Self.codeAlphabet) }
    }

    /// The name of a case in public: 10 symbols of base 32 from HMAC-SHA-256(look-up key of the first epoch, "public" ‖ serial).
    public func publicID(serial: String) -> String {
        let first = lookups[lookups.keys.min() ?? lookupEpoch]!
        return Self.symbols(hmac(first, "public\(serial)"), count: 10, Self.idAlphabet)
    }

    func master(_ epoch: UInt32) -> SymmetricKey? { masters[epoch] }

    private func hmac(_ key: SymmetricKey, _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// Takes 5 bits a symbol from the front.
    private static func symbols(_ bytes: [UInt8], count: Int, _ alphabet: [Character]) -> String {
        var text = ""
        var buffer: UInt32 = 0
        var bits = 0
        var index = 0
        while text.count < count {
            if bits < 5 {
                buffer = buffer << 8 | UInt32(bytes[index])
                index += 1
                bits += 8
            }
            text.append(alphabet[Int(buffer >> UInt32(bits - 5) & 31)])
            bits -= 5
        }
        return text
    }

    /// Crockford's base 32: no I, L, O, U.
    private static let codeAlphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let idAlphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// The names of new files are on disk only after this: a log without its keys is lost.
    private static func flushDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LogError.keys("can't open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LogError.keys("can't flush \(path)") }
    }

    private static func epoch(_ name: String, _ prefix: String) -> UInt32? {
        guard name.hasPrefix(prefix), name.hasSuffix(".key") else { return nil }
        return UInt32(name.dropFirst(prefix.count).dropLast(4))
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
        guard mode & 0o007 == 0 else { throw LogError.keys("\(path) is open to every user; chmod 0400") }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard data.count == 32 else { throw LogError.keys("\(path) is \(data.count) bytes long, not 32") }
        return Array(data)
    }
}
