/// How the open values of an event are spelled. Everything that isn't sealed is a code, a number or a time: no free text is ever in an entry.
enum Syntax {
    /// 1–64 bytes of ASCII letters, digits, `. _ - :` or CJK ideographs (`区长` is a code as good as `district-head`).
    static func isCode(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 64 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F: true
            case 0x3400...0x4DBF, 0x4E00...0x9FFF: true
            default: false
            }
        }
    }

    /// A profile of the rulebook, with or without its version: `letter-5wd`, `letter-5wd@3`.
    static func isProfile(_ text: String) -> Bool {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard isCode(String(parts[0])) else { return false }
        return parts.count == 1 || ((1...6).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) })
    }

    /// A case's serial number (受理流水号), the engine's or an importer's: `[A-Za-z0-9._-]{1,64}`.
    static func isSerial(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    /// 1 to `limit` bytes of printable ASCII without spaces.
    static func isPrintable(_ text: String, limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// 统一社会信用代码, GB 32100-2015: 18 symbols, the last a check modulo 31.
    static func isUSCC(_ text: String) -> Bool {
        let symbols = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count == 18 else { return false }
        var sum = 0
        var weight = 1
        for byte in bytes.dropLast() {
            guard let value = symbols.firstIndex(of: byte) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return bytes[17] == symbols[(31 - sum % 31) % 31]
    }
}
