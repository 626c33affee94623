/// How many working days each reply takes: so many in time (1…5), so many late (6 and more), together exactly so many days.
enum WorkingDayShares {
    /// Reply limit of the profile `letter-5wd`.
    static let limit = 5
    /// The longest reply, in working days; leaves room inside a year.
    static let longest = 120

    /// The late ones first.
    ///
    /// In-time replies mostly use the limit up, as they do in life; the late ones are drawn long-tailed and then moved by single days until the
    /// sum fits. Complexity: O(replies + distance of the first draw from the sum).
    static func draw(late: Int, inTime: Int, total: Int, _ random: inout SeededRandom) -> [Int] {
        precondition(total >= late * (limit + 1) + inTime && total <= late * longest + inTime * limit, "no shares have that sum")
        var shares: [Int] = []
        shares.reserveCapacity(late + inTime)
        for _ in 0..<late { shares.append(limit + 1 + min(random.below(24), random.below(40)) + random.below(6)) }
        for _ in 0..<inTime { shares.append(1 + random.weighted([20, 30, 60, 110, 780])) }
        var sum = shares.reduce(0, +)
        while sum != total {
            // One day more or less at a random place, the late ones four times as often.
            let index = late > 0 && (inTime == 0 || random.below(5) < 4) ? random.below(late) : late + random.below(inTime)
            let range = index < late ? limit + 1...longest : 1...limit
            let moved = shares[index] + (sum < total ? 1 : -1)
            guard range.contains(moved) else { continue }
            sum += moved - shares[index]
            shares[index] = moved
        }
        return shares
    }
}
