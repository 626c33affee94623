import LMDB
import Testing

struct SeekRow: Sendable {
    let target: UInt64
    let found: UInt64?
}

@Suite struct CursorTests {
    /// Even numbers 2 … 200, each with itself as value.
    private func evenNumbers() throws -> Fixture {
        let fixture = try Fixture()
        try fixture.environment.withWrite { transaction throws in
            for number in stride(from: 2, through: 200, by: 2) as StrideThrough<UInt64> {
                try transaction.reserve(Key(number), byteCount: 8, in: fixture.table, append: true) { $0.appendLittleEndian(number) }
            }
        }
        return fixture
    }

    @Test func bothWays() throws {
        let fixture = try evenNumbers()
        try fixture.environment.withRead { transaction throws in
            var cursor = try transaction.cursor(over: fixture.table)
            var numbers: [UInt64] = []
            while try cursor.next() {
                numbers.append(cursor.key.loadBigEndian(UInt64.self))
                #expect(cursor.value.loadLittleEndian(UInt64.self) == numbers.last)
            }
            #expect(numbers == [UInt64](1...100).map { $0 * 2 })
            var backwards: [UInt64] = []
            var found = try cursor.last()
            while found {
                backwards.append(cursor.key.loadBigEndian())
                found = try cursor.previous()
            }
            #expect(backwards == numbers.reversed())
            #expect(try cursor.first())
            #expect(cursor.key.loadBigEndian(UInt64.self) == 2)
        }
    }

    @Test(arguments: [
        SeekRow(target: 0, found: 2), SeekRow(target: 2, found: 2), SeekRow(target: 3, found: 4), SeekRow(target: 199, found: 200),
        SeekRow(target: 200, found: 200), SeekRow(target: 201, found: nil), SeekRow(target: .max, found: nil),
    ])
    func seek(_ row: SeekRow) throws {
        let fixture = try evenNumbers()
        let found: UInt64? = try fixture.environment.withRead { transaction throws in
            var cursor = try transaction.cursor(over: fixture.table)
            return try cursor.seek(to: Key(row.target)) ? cursor.key.loadBigEndian(UInt64.self) : nil
        }
        #expect(found == row.found)
    }

    @Test func aNewCursorStepsBackToTheGreatest() throws {
        let fixture = try evenNumbers()
        try fixture.environment.withRead { transaction throws in
            var cursor = try transaction.cursor(over: fixture.table)
            #expect(try cursor.previous())
            #expect(cursor.key.loadBigEndian(UInt64.self) == 200)
            #expect(try !cursor.next())
            #expect(try cursor.seek(to: Key(1 as UInt64)))
            #expect(try !cursor.previous())
        }
    }

    @Test func anEmptyTableHasNoPlaceToGo() throws {
        let fixture = try Fixture()
        try fixture.environment.withRead { transaction throws in
            var cursor = try transaction.cursor(over: fixture.table)
            #expect(try !cursor.next())
            #expect(try !cursor.previous())
            #expect(try !cursor.first())
            #expect(try !cursor.last())
            #expect(try !cursor.seek(to: "a"))
        }
    }

    @Test func aWriteTransactionsCursorSeesItsWrites() throws {
        let fixture = try evenNumbers()
        try fixture.environment.withWrite { transaction throws in
            try transaction.put(Key(3 as UInt64), [1], in: fixture.table)
            do {
                var cursor = try transaction.cursor(over: fixture.table)
                #expect(try cursor.seek(to: Key(3 as UInt64)))
                #expect(cursor.value.bytes() == [1])
                #expect(try cursor.next())
                #expect(cursor.key.loadBigEndian(UInt64.self) == 4)
            }
            try transaction.delete(Key(3 as UInt64), in: fixture.table)
            #expect(try transaction.count(of: fixture.table) == 100)
        }
    }

    @Test func spansOutliveTheStep() throws {
        let fixture = try evenNumbers()
        try fixture.environment.withRead { transaction throws in
            var cursor = try transaction.cursor(over: fixture.table)
            #expect(try cursor.first())
            let first = cursor.value
            #expect(try cursor.next())
            #expect(first.loadLittleEndian(UInt64.self) == 2)
            #expect(cursor.value.loadLittleEndian(UInt64.self) == 4)
        }
    }

    @Test func readingWhereThereIsNothingTraps() async {
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            try fixture.environment.withRead { transaction throws in
                let cursor = try transaction.cursor(over: fixture.table)
                _ = cursor.key.byteCount
            }
        }
        await #expect(processExitsWith: trap) {
            let fixture = try Fixture()
            try fixture.environment.withRead { transaction throws in
                var cursor = try transaction.cursor(over: fixture.table)
                _ = try cursor.last()
                _ = cursor.value.byteCount
            }
        }
    }
}
