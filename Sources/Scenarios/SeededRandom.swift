/// A stream of numbers that depends on nothing but its seed. Algorithm: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededRandom {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<bound, by multiplication: the bias is below 2⁻³².
    mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0)
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True so many times in a thousand.
    mutating func chance(perMille: Int) -> Bool { below(1_000) < perMille }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// An index, in proportion to the weights.
    mutating func weighted(_ weights: [Int]) -> Int {
        var rest = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// Fisher–Yates.
    mutating func shuffle<Element>(_ list: inout [Element]) {
        var index = list.count - 1
        while index > 0 {
            list.swapAt(index, below(index + 1))
            index -= 1
        }
    }
}
