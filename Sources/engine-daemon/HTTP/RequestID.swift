import Glibc
import Synchronization

/// The name of one request in answers and logs: a ULID, 48 bits of milliseconds and 80 of randomness in Crockford's base 32.
enum RequestID {
    static func next() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000
        var symbols: [UInt8] = []
        symbols.reserveCapacity(26)
        for shift in stride(from: 45, through: 0, by: -5) { symbols.append(alphabet[Int(milliseconds >> UInt64(shift) & 31)]) }
        var random = SystemRandomNumberGenerator()
        for word in [random.next(), random.next()] {
            for shift in stride(from: 0, to: 40, by: 5) { symbols.append(alphabet[Int(word >> UInt64(shift) & 31)]) }
        }
        return String(decoding: symbols, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
