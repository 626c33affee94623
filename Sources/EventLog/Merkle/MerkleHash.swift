internal import Crypto

/// The two hashes of RFC 6962 §2.1, with SHA-256.
public enum MerkleHash {
    /// SHA-256("")
    public static let emptyRoot = Array(SHA256.hash(data: [UInt8]()))

    /// SHA-256(0x00 ‖ entry)
    public static func leaf(_ entry: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: leafPrefix)
        hash.update(data: entry)
        return Array(hash.finalize())
    }

    /// SHA-256(0x01 ‖ left ‖ right)
    public static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: nodePrefix)
        hash.update(data: left)
        hash.update(data: right)
        return Array(hash.finalize())
    }

    private static let leafPrefix: [UInt8] = [0]
    private static let nodePrefix: [UInt8] = [1]
}

/// SHA-256 of some bytes.
public func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

/// What the fact header keeps of an event's identity: the first 8 bytes of SHA-256(source ‖ 0 ‖ id) as a big-endian number.
///
/// Finds candidates only: source and id are always compared in full.
public func idHash(source: String, id: String) -> UInt64 { pairHash(source, id) }

/// First 8 bytes, big-endian, of SHA-256(first ‖ 0 ‖ second).
func pairHash(_ first: String, _ second: String) -> UInt64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(first.utf8.count + second.utf8.count + 1)
    bytes.append(contentsOf: first.utf8)
    bytes.append(0)
    bytes.append(contentsOf: second.utf8)
    return leadingWord(SHA256.hash(data: bytes))
}

/// First 8 bytes, big-endian, of the SHA-256 of an external reference as `Fact` carries it (platform ‖ 0 ‖ external id).
public func externalHash(_ reference: String) -> UInt64 { leadingWord(SHA256.hash(data: Array(reference.utf8))) }

private func leadingWord(_ digest: SHA256.Digest) -> UInt64 {
    var value: UInt64 = 0
    for byte in digest.prefix(8) { value = value << 8 | UInt64(byte) }
    return value
}
