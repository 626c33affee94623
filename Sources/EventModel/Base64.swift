/// Bytes as text: RFC 4648 §4 with padding, and lower-case hexadecimal. Here because this module is free of Foundation.
public enum TextCoding {
    public static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group = UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0) | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` unless the text is canonical: right padding, no stray bits, no other characters.
    public static func bytes(base64 text: String) -> [UInt8]? {
        let symbols = Array(text.utf8)
        guard symbols.count % 4 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(symbols.count / 4 * 3)
        var index = 0
        while index < symbols.count {
            let padding =
                index + 4 < symbols.count ? 0 : symbols[index + 2] == UInt8(ascii: "=") ? 2 : symbols[index + 3] == UInt8(ascii: "=") ? 1 : 0
            var group: UInt32 = 0
            for offset in 0..<4 {
                if offset >= 4 - padding {
                    guard symbols[index + offset] == UInt8(ascii: "=") else { return nil }
                    group <<= 6
                } else {
                    guard let value = alphabet.firstIndex(of: symbols[index + offset]) else { return nil }
                    group = group << 6 | UInt32(value)
                }
            }
            result.append(UInt8(group >> 16))
            if padding < 2 { result.append(UInt8(group >> 8 & 255)) } else if group >> 8 & 255 != 0 { return nil }
            if padding < 1 { result.append(UInt8(group & 255)) } else if group & 255 != 0 { return nil }
            index += 4
        }
        return result
    }

    public static func hex<Bytes: Sequence<UInt8>>(_ bytes: Bytes) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(hexDigits[Int(byte >> 4)])
            text.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let hexDigits = Array("0123456789abcdef".utf8)
}
