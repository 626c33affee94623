import Foundation
import LMDB
import Testing

/// A directory of a test's own, removed when the value goes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "lmdb-tests-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// An environment in a directory of its own, with one table; every part can be set by a test that cares.
struct Fixture {
    let directory = TemporaryDirectory()
    let environment: Environment
    let table: Table

    var path: String { directory.path + "/env" }

    init(mapSizeBytes: Int = 64 << 20, maxReaders: UInt32 = 512, maxTables: UInt32 = 16) throws {
        environment = try Environment(
            at: directory.path + "/env", mapSizeBytes: mapSizeBytes, maxReaders: maxReaders, maxTables: maxTables)
        table = try environment.table("table")
    }

    /// What the table holds, in order.
    func contents() throws -> [[[UInt8]]] {
        try environment.withRead { transaction throws in
            var rows: [[[UInt8]]] = []
            var cursor = try transaction.cursor(over: table)
            while try cursor.next() { rows.append([cursor.key.bytes(), cursor.value.bytes()]) }
            return rows
        }
    }
}

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

/// The UTF-8 bytes of a text.
func utf8(_ text: String) -> [UInt8] { [UInt8](text.utf8) }

/// The error a call throws; the test fails if it throws none.
func lmdbError(_ body: () throws -> Void) -> LMDBError? {
    do {
        try body()
        return nil
    } catch { return error as? LMDBError }
}

/// How a process ends that a `precondition` or `fatalError` stops; a thrown error would end it otherwise.
#if arch(x86_64)
    let trap = ExitTest.Condition.signal(SIGILL)
#else
    let trap = ExitTest.Condition.signal(SIGTRAP)
#endif
