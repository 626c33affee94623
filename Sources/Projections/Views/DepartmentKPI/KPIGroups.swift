internal import EventModel
internal import Workflow

/// Values of up to three slices, 21 bits each: name ids and nodes stay below 2^21 (names ≤ 2^20).
struct GroupKey: Hashable {
    private(set) var bits: UInt64 = 0

    @inline(__always)
    mutating func set(_ place: Int, _ value: UInt32) {
        let shift = UInt64(place) * 21
        bits = bits & ~(0x1F_FFFF << shift) | UInt64(value) << shift
    }
    func value(_ place: Int) -> UInt32 { UInt32(truncatingIfNeeded: bits >> (UInt64(place) * 21)) & 0x1F_FFFF }
}

/// Numbers the groups in order of appearance: open addressing, a power of two of slots, at most half of them in use.
struct GroupTable {
    private(set) var keys: [GroupKey] = []
    private var slots: [Int32] = Array(repeating: -1, count: 64)
    private var last = (key: GroupKey(), index: -1)

    /// The group's number, and whether it is new. Amortized O(1).
    @inline(__always)
    mutating func index(of key: GroupKey) -> (Int, Bool) {
        if last.index >= 0, last.key == key { return (last.index, false) }
        var slot = Self.hash(key) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if keys[index] == key {
                last = (key, index)
                return (index, false)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        keys.append(key)
        slots[slot] = Int32(keys.count - 1)
        if keys.count * 2 > slots.count { grow() }
        return (keys.count - 1, true)
    }

    private static func hash(_ key: GroupKey) -> Int { Int(truncatingIfNeeded: (key.bits &* 0x9E37_79B9_7F4A_7C15) >> 32) }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (index, key) in keys.enumerated() {
            var slot = Self.hash(key) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(index)
        }
    }
}

/// The unit tree as numbered nodes: for each unit name its own node and those above it, looked up once a question.
///
/// Node 0 stands for "no unit". A unit the tree doesn't know is a node without any above it.
struct UnitNodes {
    private let tree: UnitTree
    private let names: (NameID) -> String?
    private let filter: String?
    private var ids: [String] = [""]
    private var numbers: [String: Int] = ["": 0]
    /// The chains of all units one after the other: nodes from the unit upwards, within the filter.
    private var nodes: ContiguousArray<UInt32> = []
    /// By name id: the unit's chain in `nodes`; −1: not looked up yet.
    private var chainStarts: ContiguousArray<Int32> = []
    private var chainCounts: ContiguousArray<Int32> = []
    /// By name id: whether the unit is the filter's or below.
    private var inScope: ContiguousArray<Bool> = []

    init(tree: UnitTree, names: @escaping (NameID) -> String?, filter: String?) {
        self.tree = tree
        self.names = names
        self.filter = filter
        if let filter { _ = number(filter) }
    }

    func name(_ node: Int) -> String { ids[node] }
    var filterNode: Int? { filter.flatMap { numbers[$0] } }

    /// Whether something of a unit counts in the question as a whole: in its filter, or, without one, in the whole city, which holds every parent.
    @inline(__always)
    mutating func isInScope(unit: UInt32, parent: UInt32) -> Bool {
        guard let filter else { return parent == 0 }
        guard contains(unit) else { return false }
        return parent == 0 || !contains(parent) || names(unit) == filter
    }

    private mutating func contains(_ unit: UInt32) -> Bool {
        _ = chain(unit)
        return inScope[Int(unit)]
    }

    /// The places of a unit's nodes, its own first; to be read with `node(at:)`. O(1) after the first time.
    @inline(__always)
    mutating func chain(_ unit: UInt32) -> Range<Int> {
        if Int(unit) >= chainStarts.count || chainStarts[Int(unit)] < 0 { lookUp(unit) }
        let start = Int(chainStarts[Int(unit)])
        return start..<start + Int(chainCounts[Int(unit)])
    }

    @inline(__always)
    func node(at place: Int) -> UInt32 { nodes[place] }

    /// Whether a node is the unit's own or above it. O(depth).
    mutating func holds(_ node: UInt32, _ unit: UInt32) -> Bool {
        for place in chain(unit) where nodes[place] == node { return true }
        return false
    }

    private mutating func lookUp(_ unit: UInt32) {
        while chainStarts.count <= Int(unit) {
            chainStarts.append(-1)
            chainCounts.append(0)
            inScope.append(false)
        }
        var chain: [UInt32] = []
        var isInside = filter == nil
        var current: String? = names(unit) ?? ""
        while let id = current, chain.count < 16 {
            chain.append(UInt32(number(id)))
            if id == filter {
                isInside = true
                break
            }
            current = tree[id]?.parent
        }
        if !isInside { chain = [] }
        chainStarts[Int(unit)] = Int32(nodes.count)
        chainCounts[Int(unit)] = Int32(chain.count)
        nodes += chain
        inScope[Int(unit)] = isInside
    }

    private mutating func number(_ id: String) -> Int {
        if let known = numbers[id] { return known }
        ids.append(id)
        numbers[id] = ids.count - 1
        return ids.count - 1
    }
}
