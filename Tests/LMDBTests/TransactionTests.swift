import LMDB
import Testing

/// One operation of a write transaction, as a row of a table.
enum Operation: Sendable {
    case put(String, String)
    case append(String, String)
    case insert(String, String)
    case reserve(String, String)
    case delete(String)
    case clear
}

struct OperationRow: Sendable, CustomTestStringConvertible {
    let name: String
    let operations: [Operation]
    /// The answers: a Boolean, or the error.
    let answers: [Result<Bool, LMDBError>]
    let contents: [String]

    var testDescription: String { name }
}

@Suite struct TransactionTests {
    static let rows = [
        OperationRow(name: "nothing", operations: [], answers: [], contents: []),
        OperationRow(name: "put", operations: [.put("a", "1")], answers: [.success(true)], contents: ["a=1"]),
        OperationRow(
            name: "put replaces", operations: [.put("a", "1"), .put("a", "2")], answers: [.success(true), .success(true)], contents: ["a=2"]),
        OperationRow(
            name: "keys are sorted by their bytes", operations: [.put("b", "1"), .put("a", "2"), .put("aa", "3")],
            answers: [.success(true), .success(true), .success(true)], contents: ["a=2", "aa=3", "b=1"]),
        OperationRow(name: "an empty value", operations: [.put("a", "")], answers: [.success(true)], contents: ["a="]),
        OperationRow(name: "an empty key is refused", operations: [.put("", "1")], answers: [.failure(.badValueSize)], contents: []),
        OperationRow(
            name: "insert keeps what is there", operations: [.insert("a", "1"), .insert("a", "2")], answers: [.success(true), .success(false)],
            contents: ["a=1"]),
        OperationRow(name: "reserve", operations: [.reserve("a", "1234")], answers: [.success(true)], contents: ["a=1234"]),
        OperationRow(name: "reserve nothing", operations: [.reserve("a", "")], answers: [.success(true)], contents: ["a="]),
        OperationRow(
            name: "reserve replaces", operations: [.put("a", "1"), .reserve("a", "234")], answers: [.success(true), .success(true)],
            contents: ["a=234"]),
        OperationRow(
            name: "delete", operations: [.put("a", "1"), .delete("a"), .delete("a")], answers: [.success(true), .success(true), .success(false)],
            contents: []),
        OperationRow(name: "an empty key is not there to delete", operations: [.delete("")], answers: [.failure(.badValueSize)], contents: []),
        OperationRow(
            name: "clear", operations: [.put("a", "1"), .clear, .put("b", "2")], answers: [.success(true), .success(true), .success(true)],
            contents: ["b=2"]),
        OperationRow(
            name: "append in order", operations: [.append("a", "1"), .append("b", "2")], answers: [.success(true), .success(true)],
            contents: ["a=1", "b=2"]),
        OperationRow(
            name: "append out of order is refused, and does no harm", operations: [.append("b", "1"), .append("a", "2"), .append("c", "3")],
            answers: [.success(true), .failure(.keyExists), .success(true)], contents: ["b=1", "c=3"]),
        OperationRow(
            name: "append of the last key is refused", operations: [.append("b", "1"), .append("b", "2")],
            answers: [.success(true), .failure(.keyExists)], contents: ["b=1"]),
    ]

    @Test(arguments: rows) func operations(_ row: OperationRow) throws {
        let fixture = try Fixture()
        let table = fixture.table
        var answers: [Result<Bool, LMDBError>] = []
        try fixture.environment.withWrite { transaction throws in
            for operation in row.operations {
                do throws(LMDBError) {
                    answers.append(.success(try Self.run(operation, &transaction, table)))
                } catch { answers.append(.failure(error)) }
            }
            #expect(try transaction.count(of: table) == row.contents.count)
        }
        #expect(answers == row.answers)
        #expect(try fixture.contents().map { String(decoding: $0[0], as: UTF8.self) + "=" + String(decoding: $0[1], as: UTF8.self) } == row.contents)
    }

    private static func run(_ operation: Operation, _ transaction: inout WriteTransaction, _ table: Table) throws(LMDBError) -> Bool {
        switch operation {
        case .put(let key, let value): try transaction.put(key, value, in: table)
        case .append(let key, let value): try transaction.put(key, value, in: table, append: true)
        case .insert(let key, let value): return try transaction.insert(key, value, in: table)
        case .reserve(let key, let value):
            try transaction.reserve(key, byteCount: value.utf8.count, in: table) { $0.append(bytesOf: value) }
        case .delete(let key): return try transaction.delete(key, in: table)
        case .clear: try transaction.clear(table)
        }
        return true
    }

    @Test func everyKindOfKeyAndValueFindsTheSameRow() throws {
        let fixture = try Fixture()
        let table = fixture.table
        let key = Key(0x6162_6364 as UInt32)
        let all = utf8("xabcdx")
        try fixture.environment.withWrite { transaction throws in
            try transaction.put("abcd", "1", in: table)
            #expect(try transaction.bytes(for: utf8("abcd"), in: table) == utf8("1"))
            try transaction.put(key, [50], in: table)
            #expect(try transaction.bytes(for: all[1..<5], in: table) == utf8("2"))
            try transaction.put(utf8("abcd"), all[1...2], in: table)
            #expect(try transaction.bytes(for: key, in: table) == utf8("ab"))
            try transaction.put(all.span.bytes.extracting(1..<5), all.span.bytes, in: table)
            #expect(try transaction.bytes(for: "abcd", in: table) == all)
            #expect(try transaction.count(of: table) == 1)
            #expect(try transaction.contains(key, in: table))
            #expect(try !transaction.contains("abc", in: table))
        }
    }

    @Test func aReaderSeesItsSnapshotAndTheWriterItsOwnWrites() throws {
        let fixture = try Fixture()
        let table = fixture.table
        try fixture.environment.withWrite { try $0.put("a", "old", in: table) }
        let reader = try fixture.environment.beginRead()
        var writer = try fixture.environment.beginWrite()
        try writer.put("a", "new", in: table)
        #expect(try writer.bytes(for: "a", in: table) == utf8("new"))
        let id = writer.transactionID
        try writer.commit()
        #expect(try reader.bytes(for: "a", in: table) == utf8("old"))
        #expect(reader.snapshotID == id - 1)
        reader.end()
        try fixture.environment.withRead { transaction throws in
            #expect(try transaction.value(for: "a", in: table)?.string() == "new")
            #expect(transaction.snapshotID == id)
        }
    }

    @Test func forgettingAbortingAndThrowingLeaveNothing() throws {
        struct Refused: Error {}
        let fixture = try Fixture()
        let table = fixture.table
        do {
            var forgotten = try fixture.environment.beginWrite()
            try forgotten.put("a", "1", in: table)
        }
        var aborted = try fixture.environment.beginWrite()
        try aborted.put("b", "1", in: table)
        aborted.abort()
        #expect(throws: Refused.self) {
            try fixture.environment.withWrite { transaction throws in
                try transaction.put("c", "1", in: table)
                throw Refused()
            }
        }
        #expect(try fixture.contents().isEmpty)
    }

    @Test func tablesAreApart() throws {
        let fixture = try Fixture()
        let one = fixture.table
        let two = try fixture.environment.table("two")
        try fixture.environment.withWrite { transaction throws in
            try transaction.put("key", "one", in: one)
            try transaction.put("key", "two", in: two)
            try transaction.put("other", "two", in: two)
            try transaction.clear(one)
            try transaction.put("key", "one again", in: one)
        }
        try fixture.environment.withRead { transaction throws in
            #expect(try transaction.bytes(for: "key", in: one) == utf8("one again"))
            #expect(try transaction.bytes(for: "key", in: two) == utf8("two"))
            #expect(try transaction.count(of: one) == 1)
            #expect(try transaction.count(of: two) == 2)
        }
    }

    @Test func aTransactionOlderThanTheTableDoesNotKnowIt() throws {
        let fixture = try Fixture()
        try fixture.environment.withWrite { try $0.put("a", "1", in: fixture.table) }
        let old = try fixture.environment.beginRead()
        let two = try fixture.environment.table("two")
        var errors: [LMDBError] = []
        do { _ = try old.count(of: two) } catch { errors.append(error) }
        do { _ = try old.value(for: "a", in: two) } catch { errors.append(error) }
        do { _ = try old.cursor(over: two) } catch { errors.append(error) }
        #expect(errors == [.badTable, .badTable, .badTable])
    }

    // MARK: Sizes

    @Test(arguments: [(0, false), (1, true), (510, true), (511, true), (512, false), (4096, false)])
    func keySizes(_ byteCount: Int, isAllowed: Bool) throws {
        let fixture = try Fixture()
        let table = fixture.table
        let key = [UInt8](repeating: 7, count: byteCount)
        let expected: LMDBError? = isAllowed ? nil : .badValueSize
        try fixture.environment.withWrite { transaction throws in
            var errors: [LMDBError?] = []
            do throws(LMDBError) { try transaction.put(key, "v", in: table); errors.append(nil) } catch { errors.append(error) }
            do throws(LMDBError) { _ = try transaction.value(for: key, in: table); errors.append(nil) } catch { errors.append(error) }
            do throws(LMDBError) { try transaction.insert(key, "v", in: table); errors.append(nil) } catch { errors.append(error) }
            do throws(LMDBError) { try transaction.delete(key, in: table); errors.append(nil) } catch { errors.append(error) }
            do throws(LMDBError) {
                try transaction.reserve(key, byteCount: 0, in: table) { _ in }
                errors.append(nil)
            } catch { errors.append(error) }
            do throws(LMDBError) {
                var cursor = try transaction.cursor(over: table)
                _ = try cursor.seek(to: key)
                errors.append(nil)
            } catch { errors.append(error) }
            #expect(errors == [LMDBError?](repeating: expected, count: 6))
        }
    }

    @Test(arguments: [0, 1, 2, 2000, 2040, 4095, 4096, 4097, 65_535, 1 << 20])
    func valueSizes(_ byteCount: Int) throws {
        let fixture = try Fixture()
        let table = fixture.table
        let value = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try fixture.environment.withWrite { transaction throws in
            try transaction.put(Key(1 as UInt64), value, in: table)
            try transaction.reserve(Key(2 as UInt64), byteCount: byteCount, in: table) { $0.append(bytesOf: value) }
        }
        #expect(try fixture.contents().map { $0[1] } == [value, value])
    }

    // MARK: Reserve

    @Test func reserveWritesEveryIntegerOrder() throws {
        let fixture = try Fixture()
        let table = fixture.table
        try fixture.environment.withWrite { transaction throws in
            try transaction.reserve(Key(1 as UInt64), byteCount: 16, in: table, append: true) { output in
                output.append(1)
                output.appendBigEndian(0x0203_0405_0607_0809 as UInt64)
                output.appendLittleEndian(0x0D0C_0B0A as UInt32)
                output.append(bytesOf: [14, 15, 16])
            }
        }
        #expect(try fixture.contents() == [[[0, 0, 0, 0, 0, 0, 0, 1], [UInt8](1...16)]])
    }

    @Test func aShortReserveSpoilsTheTransaction() throws {
        let fixture = try Fixture()
        let table = fixture.table
        try fixture.environment.withWrite { try $0.put("kept", "1", in: table) }
        var transaction = try fixture.environment.beginWrite()
        var error: LMDBError?
        do { try transaction.reserve("a", byteCount: 3, in: table) { $0.append(bytesOf: [1, 2]) } } catch let thrown { error = thrown }
        #expect(error == .shortReserve)
        error = nil
        do { try transaction.commit() } catch let thrown { error = thrown }
        #expect(error == .badTransaction)
        #expect(try fixture.contents() == [[utf8("kept"), utf8("1")]])
        try fixture.environment.withWrite { try $0.put("later", "1", in: table) }
    }

    @Test func aFailedFillSpoilsTheTransaction() throws {
        struct NoText: Error, Equatable {}
        let fixture = try Fixture()
        let table = fixture.table
        var transaction = try fixture.environment.beginWrite()
        var reason = ""
        do {
            try transaction.reserve("a", byteCount: 3, in: table, throwingFill: { _ throws(NoText) in throw NoText() })
        } catch {
            switch error {
            case .fill(let inner): reason = "fill \(inner)"
            case .store(let inner): reason = "store \(inner)"
            }
        }
        #expect(reason == "fill NoText()")
        var error: LMDBError?
        do { try transaction.commit() } catch let thrown { error = thrown }
        #expect(error == .badTransaction)
        #expect(try fixture.contents().isEmpty)
    }

    @Test func writingPastTheReservedBytesTraps() async {
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            try fixture.environment.withWrite { transaction throws in
                try transaction.reserve("a", byteCount: 3, in: fixture.table) { $0.append(bytesOf: [1, 2, 3, 4]) }
            }
        }
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            try fixture.environment.withWrite { transaction throws in
                try transaction.reserve("a", byteCount: 3, in: fixture.table) { $0.appendBigEndian(1 as UInt32) }
            }
        }
    }

    // MARK: Programmer errors

    @Test func aTableOfAnotherEnvironmentTraps() async {
        await #expect(processExitsWith: trap) {
            let one = try Fixture()
            let two = try Fixture()
            try one.environment.withRead { _ = try $0.count(of: two.table) }
        }
    }

    @Test func aSecondWriteTransactionOnTheThreadTraps() async {
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            try fixture.environment.withWrite { _ in try fixture.environment.withWrite { _ in } }
        }
    }
}
