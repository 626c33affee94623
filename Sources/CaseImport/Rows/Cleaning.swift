/// What is done to every cell, and to values that become codes.
enum Cleaning {
    /// Carriage returns and control characters other than line feed and tab are dropped, white space at both ends is cut off.
    static func text(_ cell: String) -> String {
        let isPlain = cell.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if isPlain { return cell }
        var scalars = String.UnicodeScalarView()
        for scalar in cell.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: scalars.append(scalar)
            case 0x00...0x1F, 0x7F...0x9F, 0xFEFF: continue
            default: scalars.append(scalar)
            }
        }
        var slice = Substring(String(scalars))
        while let first = slice.unicodeScalars.first, first.properties.isWhitespace { slice.unicodeScalars.removeFirst() }
        while let last = slice.unicodeScalars.last, last.properties.isWhitespace { slice.unicodeScalars.removeLast() }
        return String(slice)
    }

    /// Lower case, every run of anything but a–z and 0–9 one hyphen, none at the ends: `Recreation & Parks` is `recreation-parks`.
    static func slug(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.lowercased().utf8 {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: bytes.append(byte)
            default: if let last = bytes.last, last != 0x2D { bytes.append(0x2D) }
            }
        }
        if bytes.last == 0x2D { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The characters a serial may have; every run of others becomes one hyphen.
    static func serial(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isSerial(byte) { bytes.append(byte) } else if bytes.last != 0x2D { bytes.append(0x2D) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same characters as they are and all other bytes as `%XX`: two ids never become one.
    static func identifier(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if isSerial(byte) { bytes.append(byte) } else { bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// At most so many bytes of UTF-8, cut between scalars.
    static func cut(_ text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var index = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
        while index.samePosition(in: text.unicodeScalars) == nil { index = text.utf8.index(before: index) }
        return String(text.unicodeScalars[..<index])
    }

    private static func isSerial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
