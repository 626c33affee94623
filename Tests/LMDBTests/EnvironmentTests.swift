import Foundation
import LMDB
import Testing

@Suite struct EnvironmentTests {
    // MARK: Opening

    @Test func createsDirectoriesForTheOwnerOnly() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/views/cases/1-a/"
        let environment = try Environment(at: path, mapSizeBytes: 1 << 20)
        #expect(environment.path == path)
        for (file, mode) in [("views", 0o700), ("views/cases/1-a", 0o700), ("views/cases/1-a/data.mdb", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + file)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(file)")
        }
    }

    @Test func contentsSurviveClosing() throws {
        let fixture = try Fixture()
        try fixture.environment.withWrite { try $0.put("a", "1", in: fixture.table) }
        fixture.environment.close()
        let again = try Environment(EnvironmentOptions(path: fixture.path, mapSizeBytes: 64 << 20))
        let table = try #require(try again.existingTable("table"))
        #expect(try again.withRead { try $0.bytes(for: "a", in: table) } == utf8("1"))
    }

    @Test func aSecondOpeningIsRefusedUntilTheFirstIsClosed() throws {
        let fixture = try Fixture()
        let spelledOtherwise = fixture.directory.path + "/../" + fixture.directory.path.split(separator: "/").last! + "/env"
        #expect(throws: LMDBError.alreadyOpen) { _ = try Environment(at: spelledOtherwise, mapSizeBytes: 1 << 20) }
        fixture.environment.close()
        _ = try Environment(at: spelledOtherwise, mapSizeBytes: 1 << 20)
    }

    @Test func readOnly() throws {
        let fixture = try Fixture()
        try fixture.environment.withWrite { try $0.put("a", "1", in: fixture.table) }
        fixture.environment.close()
        let reader = try Environment(at: fixture.path, mapSizeBytes: 64 << 20, readOnly: true)
        let table = try reader.table("table")
        #expect(try reader.withRead { try $0.bytes(for: "a", in: table) } == utf8("1"))
        #expect(throws: LMDBError.accessDenied) { try reader.withWrite { _ in } }
        #expect(throws: LMDBError.accessDenied) { _ = try reader.table("new") }
        #expect(throws: LMDBError.noSuchFile) {
            _ = try Environment(at: fixture.directory.path + "/none", mapSizeBytes: 1 << 20, readOnly: true)
        }
    }

    @Test(arguments: ["file", "garbage", "directory", "empty name"])
    func whatIsNotAnEnvironmentIsRefused(_ kind: String) throws {
        let directory = TemporaryDirectory()
        let path = kind == "empty name" ? "" : directory.path + "/env"
        switch kind {
        case "file": try Data([1, 2, 3]).write(to: URL(filePath: path))
        case "garbage":
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(repeating: 0xA5, count: 8192).write(to: URL(filePath: path + "/data.mdb"))
        case "directory": try FileManager.default.createDirectory(atPath: path + "/data.mdb", withIntermediateDirectories: true)
        default: break
        }
        #expect(throws: LMDBError.self) { _ = try Environment(at: path, mapSizeBytes: 1 << 20) }
        // The refusal leaves nothing behind in this process: a good one opens in the same place.
        if kind == "garbage" {
            try FileManager.default.removeItem(atPath: path + "/data.mdb")
            _ = try Environment(at: path, mapSizeBytes: 1 << 20)
        }
    }

    @Test(arguments: [1, 4096, 100_000])
    func aTruncatedFileIsRefused(_ missingBytes: Int) throws {
        let fixture = try Fixture()
        for number in 1...50 as ClosedRange<UInt64> {
            try fixture.environment.withWrite { try $0.put(Key(number), [UInt8](repeating: 1, count: 8000), in: fixture.table) }
        }
        let size = fixture.environment.info.fileBytes
        #expect(size == (fixture.environment.info.lastPage + 1) * fixture.environment.info.pageSize)
        fixture.environment.close()
        let file = try FileHandle(forUpdating: URL(filePath: fixture.path + "/data.mdb"))
        try file.truncate(atOffset: UInt64(size - missingBytes))
        try file.close()
        #expect(throws: LMDBError.truncated) { _ = try Environment(at: fixture.path, mapSizeBytes: 64 << 20) }
        #expect(throws: LMDBError.truncated) { _ = try Environment(at: fixture.path, mapSizeBytes: 64 << 20, readOnly: true) }
    }

    // MARK: Closing

    @Test func aClosedEnvironmentRefuses() throws {
        let fixture = try Fixture()
        let environment = fixture.environment
        environment.close()
        environment.close()
        #expect(throws: LMDBError.closed) { try environment.withRead { _ in } }
        #expect(throws: LMDBError.closed) { try environment.withWrite { _ in } }
        #expect(throws: LMDBError.closed) { _ = try environment.table("new") }
        #expect(throws: LMDBError.closed) { _ = try environment.checkStaleReaders() }
        #expect(throws: LMDBError.closed) { try environment.compactCopy(to: fixture.directory.path + "/copy") }
        #expect(environment.info.pageSize == 0)
    }

    @Test func closingUnderATransactionTraps() async {
        await #expect(processExitsWith: trap) {
            try Self.closeWhileReading()
        }
        await #expect(processExitsWith: trap) {
            try Self.closeWhileWriting()
        }
    }

    private static func closeWhileReading() throws {
        let fixture = try Fixture()
        let transaction = try fixture.environment.beginRead()
        fixture.environment.close()
        transaction.end()
    }

    private static func closeWhileWriting() throws {
        let fixture = try Fixture()
        let transaction = try fixture.environment.beginWrite()
        fixture.environment.close()
        transaction.abort()
    }

    @Test func aTransactionKeepsItsEnvironment() throws {
        let directory = TemporaryDirectory()
        var environment: Environment? = try Environment(at: directory.path, mapSizeBytes: 1 << 20)
        let table = try environment!.table("table")
        weak let reference = environment
        var transaction = try environment!.beginWrite()
        environment = nil
        #expect(reference != nil)
        try transaction.put("a", "1", in: table)
        try transaction.commit()
        #expect(reference == nil)
    }

    // MARK: Tables

    @Test func tables() throws {
        let fixture = try Fixture(maxTables: 2)
        #expect(try fixture.environment.existingTable("none") == nil)
        #expect(throws: LMDBError.notFound) { _ = try fixture.environment.table("none", create: false) }
        #expect(try fixture.environment.table("table") == fixture.table)
        #expect(try fixture.environment.existingTable("table") == fixture.table)
        let two = try fixture.environment.table("two")
        #expect(two != fixture.table)
        #expect(throws: LMDBError.tablesFull) { _ = try fixture.environment.table("three") }
        #expect(throws: LMDBError.badValueSize) { _ = try fixture.environment.table("") }
        #expect(throws: LMDBError.badValueSize) { _ = try fixture.environment.table("a\0b") }
        #expect(throws: LMDBError.badValueSize) { _ = try fixture.environment.table(String(repeating: "a", count: 512)) }
    }

    @Test func openingATableInsideAWriteTransactionDoesNotWait() throws {
        let fixture = try Fixture()
        try fixture.environment.withWrite { transaction throws in
            #expect(try fixture.environment.table("table") == fixture.table)
            #expect(try fixture.environment.existingTable("other") == nil)
        }
    }

    // MARK: Limits

    @Test func aFullMapIsAnErrorThatPasses() throws {
        let fixture = try Fixture(mapSizeBytes: 256 << 10)
        let table = fixture.table
        let value = [UInt8](repeating: 1, count: 1000)
        try fixture.environment.withWrite { try $0.put(Key(0 as UInt64), value, in: table) }

        var transaction = try fixture.environment.beginWrite()
        var error: LMDBError?
        var number: UInt64 = 1
        while error == nil {
            do { try transaction.put(Key(number), value, in: table, append: true) } catch let thrown { error = thrown }
            number += 1
        }
        #expect(error == .mapFull)
        error = nil
        do { _ = try transaction.bytes(for: Key(0 as UInt64), in: table) } catch let thrown { error = thrown }
        #expect(error == .badTransaction)
        error = nil
        do { try transaction.commit() } catch let thrown { error = thrown }
        #expect(error == .badTransaction)

        #expect(try fixture.contents().count == 1)
        try fixture.environment.withWrite { try $0.put(Key(1 as UInt64), value, in: table) }
        #expect(lmdbError { try Self.fill(fixture.environment, table) } == .mapFull)
        fixture.environment.close()

        let larger = try Environment(at: fixture.path, mapSizeBytes: 4 << 20)
        let again = try larger.table("table")
        try Self.fill(larger, again)
        #expect(try larger.withRead { try $0.count(of: again) } == 502)
        #expect(larger.info.mapSizeBytes == 4 << 20)
    }

    private static func fill(_ environment: Environment, _ table: Table) throws {
        try environment.withWrite { transaction throws in
            for number in 2..<502 as Range<UInt64> { try transaction.put(Key(number), [UInt8](repeating: 1, count: 1000), in: table) }
        }
    }

    @Test func readersAreLimited() throws {
        let fixture = try Fixture(maxReaders: 2)
        let one = try fixture.environment.beginRead()
        let two = try fixture.environment.beginRead()
        #expect(fixture.environment.info.readersInUse == 2)
        #expect(throws: LMDBError.readersFull) { try fixture.environment.withRead { _ in } }
        one.end()
        try fixture.environment.withRead { _ throws in #expect(fixture.environment.info.readersInUse == 2) }
        two.end()
        #expect(fixture.environment.info.readersInUse == 0)
        #expect(fixture.environment.info.maxReaders == 2)
        #expect(fixture.environment.info.readerSlotsUsed == 2)
    }

    @Test func moreReadersThanThePoolKeeps() throws {
        let fixture = try Fixture()
        func nest(_ depth: Int) throws -> Int {
            try fixture.environment.withRead { transaction throws in
                depth == 0 ? try transaction.count(of: fixture.table) : try nest(depth - 1)
            }
        }
        for _ in 0..<3 { #expect(try nest(99) == 0) }
        #expect(fixture.environment.info.readersInUse == 0)
        #expect(fixture.environment.info.readerSlotsUsed <= 100)
    }

    @Test func aPooledReaderHoldsNoSnapshot() throws {
        let fixture = try Fixture()
        for _ in 0..<3 { try fixture.environment.withRead { _ in } }
        for round in 0..<200 as Range<UInt64> {
            try fixture.environment.withWrite { try $0.put("key", [UInt8](repeating: UInt8(round), count: 4000), in: fixture.table) }
        }
        #expect(fixture.environment.info.lastPage < 30)
    }

    // MARK: Threads

    @Test func manyReadersAndWritersOnManyThreads() async throws {
        let fixture = try Fixture()
        let environment = fixture.environment
        let table = fixture.table
        let name = "made by many"
        try await withThrowingTaskGroup { group in
            for worker in 0..<8 as Range<UInt64> {
                group.addTask {
                    let other = try environment.table(name)
                    for round in 0..<25 as Range<UInt64> {
                        try environment.withWrite { transaction throws in
                            try transaction.put(Key(worker, round), "a", in: table)
                            try transaction.put(Key(worker, round), "b", in: other)
                        }
                        try environment.withRead { transaction throws in
                            #expect(try transaction.count(of: table) == transaction.count(of: other))
                            #expect(try transaction.contains(Key(worker, round), in: table))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try environment.withRead { try $0.count(of: table) } == 200)
        environment.close()
    }

    // MARK: Upkeep

    @Test func information() throws {
        let fixture = try Fixture(mapSizeBytes: 8 << 20)
        let before = fixture.environment.info
        try fixture.environment.withWrite { try $0.put("a", [UInt8](repeating: 1, count: 20_000), in: fixture.table) }
        let after = fixture.environment.info
        #expect(after.mapSizeBytes == 8 << 20)
        #expect(after.lastTransactionID == before.lastTransactionID + 1)
        #expect(after.lastPage > before.lastPage)
        #expect(after.fileBytes == (after.lastPage + 1) * after.pageSize)
        #expect(libraryVersion.hasPrefix("LMDB 0.9."))
    }

    @Test func aCompactCopyHasTheSameRows() throws {
        let fixture = try Fixture()
        for number in 0..<100 as Range<UInt64> {
            try fixture.environment.withWrite { try $0.put(Key(number), [UInt8](repeating: 1, count: 5000), in: fixture.table) }
        }
        try fixture.environment.withWrite { transaction throws in
            for number in 0..<90 as Range<UInt64> { try transaction.delete(Key(number), in: fixture.table) }
        }
        let path = fixture.directory.path + "/copies/one"
        try fixture.environment.compactCopy(to: path)
        #expect(throws: LMDBError(code: 17)) { try fixture.environment.compactCopy(to: path) }
        let copy = try Environment(at: path, mapSizeBytes: 64 << 20, readOnly: true)
        let table = try copy.table("table")
        #expect(try copy.withRead { try $0.count(of: table) } == 10)
        #expect(try copy.withRead { try $0.bytes(for: Key(95 as UInt64), in: table)?.count } == 5000)
        #expect(copy.info.fileBytes < fixture.environment.info.fileBytes / 4)
    }

    @Test func slotsOfDeadReadersAreFreed() async throws {
        let fixture = try Fixture()
        try fixture.environment.withWrite { try $0.put("a", "1", in: fixture.table) }
        let path = fixture.path
        #expect(try fixture.environment.checkStaleReaders() == 0)
        await #expect(processExitsWith: trap) { [path = path as String] in
            let environment = try Environment(at: path, mapSizeBytes: 64 << 20)
            try environment.withRead { transaction throws in
                print(transaction.snapshotID)
                fatalError("dies with a snapshot open")
            }
        }
        #expect(try fixture.environment.checkStaleReaders() == 1)
        #expect(try fixture.environment.checkStaleReaders() == 0)
    }
}
