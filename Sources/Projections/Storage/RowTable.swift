internal import LMDB

#if _endian(big)
    #error("view rows are stored as they lie in memory, and the code reads them little-endian")
#endif

/// Rows of a fixed size, numbered from 0, in memory and in one LMDB table.
///
/// On disk a value is a block of consecutive rows (about 1 KiB) under the block's number, so that a commit writes what changed and nothing else.
/// `Row` must have no padding: its bytes go to disk as they are.
struct RowTable<Row: BitwiseCopyable> {
    let name: String
    private(set) var rows: ContiguousArray<Row> = []
    private var dirtyBlocks: [Int] = []
    private var isDirty: ContiguousArray<Bool> = []

    init(_ name: String) {
        precondition(MemoryLayout<Row>.size == MemoryLayout<Row>.stride, "rows must fill their stride")
        self.name = name
    }

    static var rowsPerBlock: Int { max(1, 1_024 / MemoryLayout<Row>.stride) }

    @inline(__always)
    var count: Int { rows.count }

    @inline(__always)
    subscript(index: Int) -> Row {
        get { rows[index] }
        _modify {
            markDirty(index)
            yield &rows[index]
        }
    }

    /// Appends a row and returns its number.
    @discardableResult
    mutating func append(_ row: Row) -> Int {
        rows.append(row)
        markDirty(rows.count - 1)
        return rows.count - 1
    }

    @inline(__always)
    private mutating func markDirty(_ index: Int) {
        let block = index / Self.rowsPerBlock
        while isDirty.count <= block { isDirty.append(false) }
        if !isDirty[block] {
            isDirty[block] = true
            dirtyBlocks.append(block)
        }
    }

    /// Reads all rows. O(rows).
    mutating func load(from store: ViewStore) throws {
        let table = try store.table(name)
        let stride = MemoryLayout<Row>.stride
        var loaded: ContiguousArray<Row> = []
        try store.environment.withRead { transaction in
            loaded.reserveCapacity(try transaction.count(of: table) * Self.rowsPerBlock)
            var cursor = try transaction.cursor(over: table)
            while try cursor.next() {
                let value = cursor.value
                guard Int(cursor.key.loadBigEndian(UInt64.self)) * Self.rowsPerBlock == loaded.count, value.byteCount % stride == 0 else {
                    throw ViewError.damaged(what: name)
                }
                for offset in Swift.stride(from: 0, to: value.byteCount, by: stride) {
                    loaded.append(value.unsafeLoadUnaligned(fromByteOffset: offset, as: Row.self))
                }
            }
        }
        rows = loaded
        isDirty = ContiguousArray(repeating: false, count: loaded.count / Self.rowsPerBlock + 1)
        dirtyBlocks = []
    }

    /// Writes the blocks changed since the last `markClean`. O(changed blocks · log rows).
    func write(to transaction: inout WriteTransaction, in table: Table) throws(LMDBError) {
        let bytes = rows.span.bytes
        let size = Self.rowsPerBlock * MemoryLayout<Row>.stride
        for block in dirtyBlocks.sorted() {
            let range = block * size..<min((block + 1) * size, bytes.byteCount)
            try transaction.put(Key(UInt64(block)), bytes.extracting(range), in: table)
        }
    }

    /// To be called once the transaction of `write` is committed.
    mutating func markClean() {
        for block in dirtyBlocks { isDirty[block] = false }
        dirtyBlocks.removeAll(keepingCapacity: true)
    }
}
