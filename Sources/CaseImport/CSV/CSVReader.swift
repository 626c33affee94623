/// Reads records as RFC 4180 writes them: quoted fields may hold delimiters, line ends and doubled quotes.
///
/// Beyond the standard: any of LF, CRLF and CR ends a line, a byte order mark is skipped, blank lines are skipped if records have more than one
/// field, and a quote inside an unquoted field is a character. Below it: text after a closing quote, an open quote at the end and bytes that
/// aren't UTF-8 make a problem of their record instead of a guess. (SwiftCSV 0.10 reads all of these files rightly, but pads and cuts ragged
/// records, takes an open quote's rest of the file as one field, fails the whole file for one bad quote, and knows no line numbers.)
struct CSVReader: Sequence, IteratorProtocol {
    struct Record: Equatable {
        /// The line of the file, from 1, on which the record begins.
        var line: Int
        var fields: [String]
        var problem: Problem?
    }

    enum Problem: String {
        case textAfterQuote = "text-after-quote"
        case openQuote = "open-quote"
        case notUTF8 = "not-utf-8"
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var index: Int
    private var line = 1
    /// Fields of the first record; blank lines are skipped where it is more than one.
    private var width = 0

    init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> Record? {
        while index < bytes.count {
            let record = readRecord()
            if record.fields == [""], record.problem == nil, width > 1 { continue }
            if width == 0 { width = record.fields.count }
            return record
        }
        return nil
    }

    private mutating func readRecord() -> Record {
        var record = Record(line: line, fields: [])
        while true {
            let field = index < bytes.count && bytes[index] == 0x22 ? readQuoted(&record.problem) : readPlain()
            if let text = String(validating: field, as: UTF8.self) {
                record.fields.append(text)
            } else {
                record.fields.append("")
                record.problem = record.problem ?? .notUTF8
            }
            guard index < bytes.count else { return record }
            if bytes[index] == delimiter {
                index += 1
                continue
            }
            endLine()
            return record
        }
    }

    /// Up to the next delimiter or line end.
    private mutating func readPlain() -> ArraySlice<UInt8> {
        let start = index
        while index < bytes.count, bytes[index] != delimiter, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
        return bytes[start..<index]
    }

    private mutating func readQuoted(_ problem: inout Problem?) -> ArraySlice<UInt8> {
        index += 1
        var field: ArraySlice<UInt8> = []
        var start = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x22 where index + 1 < bytes.count && bytes[index + 1] == 0x22:
                field += bytes[start...index]
                index += 2
                start = index
            case 0x22:
                field += bytes[start..<index]
                index += 1
                if !readPlain().isEmpty { problem = problem ?? .textAfterQuote }
                return field
            case 0x0A:
                line += 1
                index += 1
            case 0x0D:
                if index + 1 == bytes.count || bytes[index + 1] != 0x0A { line += 1 }
                index += 1
            default: index += 1
            }
        }
        problem = .openQuote
        return field + bytes[start...]
    }

    private mutating func endLine() {
        if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
        index += 1
        line += 1
    }
}
