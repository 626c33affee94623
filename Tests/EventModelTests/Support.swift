import EventModel
import Foundation

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The error a scan ends in; `nil` if it passes.
func scanError(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONScanError? {
    do throws(JSONScanError) {
        _ = try JSONDocument(bytes, limits: limits)
        return nil
    } catch { return error }
}

/// One canonical line of a scanned value: what the oracle prints of the same value. Members sorted by code point, strings as hex.
func canonical(_ value: JSONValue) -> String {
    switch value.kind {
    case .object:
        let members = value.members.map { (TextCoding.hex($0.name.utf8), canonical($0.value)) }.sorted { $0.0 < $1.0 }
        return "{" + members.map { "\($0.0):\($0.1)" }.joined(separator: ",") + "}"
    case .array: return "[" + value.items.map(canonical).joined(separator: ",") + "]"
    case .string: return "s" + TextCoding.hex(value.string!.utf8)
    case .integer: return "i\(value.integer!)"
    case .fraction: return "f"
    case .boolean: return value.boolean! ? "true" : "false"
    case .null: return "null"
    }
}

/// A program of Tests/Oracles, asked a line at a time. `nil` if python3 isn't there.
final class Oracle {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    static let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) }

    init?(_ script: String, file: String = #filePath) {
        guard let python = Self.python else { return nil }
        let path = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Oracles/\(script)").path
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [path]
        process.standardInput = input
        process.standardOutput = output
        do { try process.run() } catch { return nil }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The answers to some questions, in order; the questions go in from a thread of their own, so that neither pipe can fill up.
    func ask(_ lines: [String]) -> [String] {
        let writing = input.fileHandleForWriting
        let questions = Data((lines.joined(separator: "\n") + "\n").utf8)
        let thread = Thread { writing.write(questions) }
        thread.start()
        var answers: [String] = []
        while answers.count < lines.count {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            buffer.append(data)
            var start = buffer.startIndex
            while let end = buffer[start...].firstIndex(of: 0x0A) {
                answers.append(String(decoding: buffer[start..<end], as: UTF8.self))
                start = buffer.index(after: end)
            }
            buffer = Data(buffer[start...])
        }
        return answers
    }
}
