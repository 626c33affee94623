/// Which unit a case goes to: the district's department, now and then the city's or the district's government, a unit by lot if there is none of
/// these.
struct UnitChooser {
    private let indexes: [String: Int]
    private let count: Int

    init(units: [String]) {
        indexes = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, $0) })
        count = units.count
    }

    /// Index into the units.
    func unit(district: String, department: String, _ random: inout SeededRandom) -> Int {
        var wanted = ["\(district)-\(department)", "510100-\(department)", district]
        switch random.below(100) {
        case ..<15: wanted.swapAt(0, 1)
        case ..<22: wanted.swapAt(0, 2)
        default: break
        }
        for id in wanted { if let index = indexes[id] { return index } }
        return random.below(count)
    }
}
