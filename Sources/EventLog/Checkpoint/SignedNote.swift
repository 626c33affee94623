internal import Crypto
internal import EventModel
internal import Foundation

/// Why a note, key or proof is not taken.
public struct NoteError: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}

/// A text and the lines that sign it: `— name base64(key id ‖ signature)`.
///
/// Source: c2sp.org/signed-note v1.0.0.
public struct SignedNote: Equatable, Sendable {
    public struct Signature: Equatable, Sendable {
        public var name: String
        /// First 4 bytes of SHA-256(name ‖ LF ‖ type ‖ public key).
        public var keyID: [UInt8]
        public var bytes: [UInt8]
    }
    /// A log, and as many witnesses as anyone has; a note with more lines is not read.
    static let maxSignatures = 64
    static let maxBytes = 65_536

    /// What is signed, with its last line feed.
    public let text: String
    public let signatures: [Signature]

    /// Reads a note, strictly: UTF-8 without control characters, canonical base64, line feed at the end.
    ///
    /// Throws `NoteError`.
    public init(_ bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.maxBytes else { throw NoteError("it is larger than \(Self.maxBytes) bytes") }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw NoteError("it is not UTF-8") }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }) else { throw NoteError("it holds a control character") }
        guard bytes.last == 0x0A else { throw NoteError("it doesn't end with a line feed") }
        let blank = bytes.indices.dropLast().last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
        guard let blank, blank > 0 else { throw NoteError("it has no empty line before the signatures") }
        text = String(decoding: bytes[...blank], as: UTF8.self)
        let lines = bytes[(blank + 2)...].dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
        guard blank + 2 < bytes.count, lines.count <= Self.maxSignatures else { throw NoteError("it has no signature, or too many") }
        var signatures: [Signature] = []
        for line in lines { signatures.append(try Self.signature(String(decoding: line, as: UTF8.self))) }
        self.signatures = signatures
    }

    private static func signature(_ line: String) throws(NoteError) -> Signature {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\u{2014}", VerifierKey.isName(parts[1]), let blob = TextCoding.bytes(base64: String(parts[2])),
            blob.count > 4
        else { throw NoteError("a signature line is malformed") }
        return Signature(name: String(parts[1]), keyID: Array(blob.prefix(4)), bytes: Array(blob.dropFirst(4)))
    }

    /// Verifies the signature of the key; those of other keys are passed over.
    ///
    /// Throws `NoteError` if the key has not signed, or if what stands under its name and id is wrong, or stands there twice.
    public func verify(_ key: VerifierKey) throws(NoteError) {
        let own = signatures.filter { $0.name.utf8.elementsEqual(key.name.utf8) && $0.keyID == key.id }
        guard !own.isEmpty else { throw NoteError("it is not signed by \(key.name) with key \(TextCoding.hex(key.id))") }
        guard own.count == 1 else { throw NoteError("two lines are signed by \(key.name)") }
        guard key.isValid(own[0].bytes, over: text) else { throw NoteError("a signature of \(key.name) is wrong") }
    }

    /// A note with one signature.
    static func bytes(text: String, name: String, keyID: [UInt8], signature: [UInt8]) -> [UInt8] {
        Array("\(text)\n\u{2014} \(name) \(TextCoding.base64(keyID + signature))\n".utf8)
    }
}

/// An Ed25519 key that checks notes, as C2SP signed-note writes it: `name+hex(id)+base64(0x01 ‖ public key)`. Given to an auditor beforehand.
public struct VerifierKey: Equatable, Sendable {
    public let name: String
    /// 4 bytes.
    public let id: [UInt8]
    /// 32 bytes.
    public let publicKey: [UInt8]

    /// Reads a key. Throws `NoteError` for another type, an id that isn't the key's, and keys of small order, which sign anything.
    public init(_ text: String) throws(NoteError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isName(parts[0]), let key = TextCoding.bytes(base64: String(parts[2])), key.count == 33 else {
            throw NoteError("a verifier key is NAME+ID+KEY, the last in base64")
        }
        guard key[0] == 1 else { throw NoteError("the key is of type \(key[0]), not 1 (Ed25519)") }
        let id = Self.id(name: String(parts[0]), key: key)
        guard parts[1] == TextCoding.hex(id) else { throw NoteError("the id \(parts[1]) is not that of the key") }
        guard !Self.isSmallOrder(Array(key.dropFirst())) else { throw NoteError("the key is of small order") }
        name = String(parts[0])
        self.id = id
        publicKey = Array(key.dropFirst())
    }

    /// First 4 bytes of SHA-256(name ‖ LF ‖ type and public key).
    static func id(name: String, key: [UInt8]) -> [UInt8] { Array(sha256(Array("\(name)\n".utf8) + key).prefix(4)) }

    /// Non-empty, no white space, no plus.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace }
    }

    func isValid(_ signature: [UInt8], over text: String) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: Array(text.utf8))
    }

    /// The points of order 1, 2, 4 and 8, in every encoding, the sign bit left out (as libsodium's list).
    private static func isSmallOrder(_ key: [UInt8]) -> Bool {
        var key = key
        key[31] &= 0x7F
        let low = { (first: UInt8) in [first] + [UInt8](repeating: 0, count: 31) }
        let high = { (first: UInt8) in [first] + [UInt8](repeating: 0xFF, count: 30) + [0x7F] }
        if [low(0), low(1), high(0xEC), high(0xED), high(0xEE)].contains(key) { return true }
        return [
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ].contains(TextCoding.hex(key))
    }
}
