/// Rows by due time: buckets of an hour, so that adding and removing are O(1) and the earliest are found without a look at the rest.
struct DueIndex {
    /// Rows of a bucket, in no order.
    private var buckets: [Int64: [Int32]] = [:]
    /// Numbers of the non-empty buckets, ascending.
    private var keys: [Int64] = []
    private(set) var count = 0

    private static func bucket(_ due: Moment) -> Int64 { due / 3_600_000_000 - (due % 3_600_000_000 < 0 ? 1 : 0) }

    /// Returns the row's place in its bucket, to be given back on removal.
    mutating func add(_ row: Int32, due: Moment) -> Int32 {
        let key = Self.bucket(due)
        count += 1
        if let size = buckets[key]?.count {
            buckets[key]?.append(row)
            return Int32(size)
        }
        buckets[key] = [row]
        keys.insert(key, at: keyPlace(key))
        return 0
    }

    /// Returns the row that took the place, if one did.
    mutating func remove(due: Moment, place: Int32) -> Int32? {
        let key = Self.bucket(due)
        guard var rows = buckets.removeValue(forKey: key) else { return nil }
        count -= 1
        let last = rows.removeLast()
        if rows.isEmpty {
            keys.remove(at: keyPlace(key))
            return nil
        }
        var moved: Int32?
        if Int(place) < rows.count {
            rows[Int(place)] = last
            moved = last
        }
        buckets[key] = rows
        return moved
    }

    /// Buckets that may hold rows due at or before `end`, earliest first, until `body` returns false.
    func forEachBucket(through end: Moment, _ body: ([Int32]) -> Bool) {
        let last = Self.bucket(end)
        for key in keys {
            if key > last { return }
            if !body(buckets[key] ?? []) { return }
        }
    }

    /// Takes everything out.
    mutating func drain() -> [Int32] {
        let all = keys.flatMap { buckets[$0] ?? [] }
        self = DueIndex()
        return all
    }

    /// Index of the first key that is not less.
    private func keyPlace(_ key: Int64) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
