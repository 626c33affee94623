import EventModel
import Workflow

/// "The mix" of docs/PERFORMANCE.md: cases of twelve events like those of the demo year, as posted. Pure: bytes follow from seed, case and step.
///
/// Twelve events with six sealed blobs: received (2), accepted, assigned, signed, contacted, noted (1), instructed (1), noted (1), contacted,
/// replied (1), closed, rated. One case in 28 is replied to late, so that the engine adds `appeal.overdue`.
struct Mix: Sendable {
    enum Step: Int, CaseIterable {
        case received, accepted, assigned, signed, contacted, noted, instructed, notedAgain, contactedAgain, replied, closed, rated

        var type: EventType {
            switch self {
            case .received: .appealReceived
            case .accepted: .appealAccepted
            case .assigned: .appealAssigned
            case .signed: .appealSigned
            case .contacted, .contactedAgain: .appealContacted
            case .noted, .notedAgain: .appealNoted
            case .instructed: .appealInstructed
            case .replied: .appealReplied
            case .closed: .appealClosed
            case .rated: .appealRated
            }
        }
        /// Minutes after the letter.
        func minutes(isLate: Bool) -> Int64 {
            switch self {
            case .received: 0
            case .accepted: 47
            case .assigned: 52
            case .signed: 170
            case .contacted: 240
            case .noted: 1_300
            case .instructed: 1_900
            case .notedAgain: 2_800
            case .contactedAgain: 2_900
            case .replied: isLate ? 24_000 : 5_600
            case .closed: isLate ? 25_000 : 6_900
            case .rated: isLate ? 26_000 : 8_400
            }
        }
    }
    static let eventsPerCase = Step.allCases.count
    /// What may post it: a peer with all grants, the importer's among them, which brings serials and times of its own.
    static let peer = Peer(
        uid: 0, role: .operator, sources: [source], grants: Set(Grant.allCases), units: ["510100"], leaders: ["mayor", "secretary"])
    static let source = "/bench/city"

    let seed: UInt64
    let cases: Int
    /// Received evenly over 2017, from 3 January to 10 December.
    private let casesPerDay: Int

    init(seed: UInt64, cases: Int) {
        self.seed = seed
        self.cases = cases
        casesPerDay = max(1, (cases + 340) / 341)
    }

    func serial(of index: Int) -> String {
        let (year, month, day) = receivedDay(index).civil
        let number = String(index % casesPerDay + 1)
        return "\(Self.districts[index % Self.districts.count])-\(year * 10_000 + month * 100 + day)-"
            + String(repeating: "0", count: 6 - number.utf8.count) + number
    }

    func event(_ step: Step, of index: Int) -> [UInt8] {
        var random = SplitMix(seed &+ UInt64(index) &* 0x9E37_79B9 &+ UInt64(step.rawValue) << 48)
        let serial = serial(of: index)
        let isLate = index % 28 == 13
        let start = receivedDay(index).start(offsetSeconds: Self.offset).adding(
            seconds: 28_800 + Int64(index % casesPerDay) * 36_000 / Int64(casesPerDay))
        let time = start.adding(seconds: step.minutes(isLate: isLate) * 60)
        var json = JSONWriter(capacity: 1_024)
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", "\(serial):\(step.rawValue)")
            json.member("source", Self.source)
            json.member("type", step.type.name)
            json.member("subject", serial)
            json.member("time", RFC3339.local(time, offsetSeconds: Self.offset))
            json.member("datacontenttype", "application/json")
            if step != .received, step != .rated { json.member("actingfor", "staff-\(400 + random.below(2_000))") }
            json.member("data", object: { data in write(step, index, &data, &random) })
        }
        return json.bytes
    }

    private static let offset = 28_800
    private static let firstDay = Day("2017-01-03") ?? Day(number: 17_169)
    private func receivedDay(_ index: Int) -> Day { Self.firstDay.adding(days: index / casesPerDay) }

    private func write(_ step: Step, _ index: Int, _ data: inout JSONWriter, _ random: inout SplitMix) {
        let unit = Self.units[index % Self.units.count]
        switch step {
        case .received:
            data.member("channel", random.pick(Self.channels))
            data.member("nature", random.pick(["reflect", "help", "suggest"]))
            data.member("category", random.pick(Self.categories))
            data.member("district", Self.districts[index % Self.districts.count])
            data.member("wantReply", true)
            data.member("publishConsent", random.below(8) == 0 ? "no" : "yes")
            data.member("appellantKind", "person")
            data.member("title", Self.text(10, &random))
            data.member("text", Self.text(112, &random))
            data.member("place", Self.text(12, &random))
            data.member(
                "appellant",
                object: { appellant in
                    appellant.member("name", Self.text(3, &random))
                    appellant.member("phones", ["138\(10_000_000 + random.below(89_999_999))"])
                    appellant.member("address", Self.text(24, &random))
                })
        case .accepted: data.member("profile", "letter-5wd")
        case .assigned:
            data.member("unit", unit)
            data.member("role", "lead")
        case .signed: data.member("assignment", 1)
        case .contacted, .contactedAgain:
            data.member("assignment", 1)
            data.member("reached", step == .contactedAgain || random.below(3) > 0)
            data.member("method", "phone")
        case .noted, .notedAgain:
            data.member("assignment", 1)
            data.member(step == .noted ? "internal" : "public", Self.text(94, &random))
        case .instructed:
            data.member("leader", random.below(2) == 0 ? "mayor" : "secretary")
            data.member("kind", "comment")
            data.member("text", Self.text(90, &random))
        case .replied:
            let isSolved = random.below(100) < 84
            data.member("assignment", 1)
            data.member("kind", isSolved ? "solved" : "explained")
            data.member("truth", "true")
            data.member("internal", Self.text(46, &random))
            data.member("public", Self.text(70, &random))
        case .closed: data.member("result", random.below(100) < 84 ? "solved" : "explained")
        case .rated:
            data.member("handling", 2 + random.below(4))
            data.member("reply", 2 + random.below(4))
            data.member("solved", random.below(100) < 84 ? "yes" : "no")
            data.member("via", random.pick(["sms", "web", "app", "wechat"]))
        }
    }

    /// Chinese text of so many characters (3 bytes each).
    private static func text(_ count: Int, _ random: inout SplitMix) -> String {
        var text = ""
        text.reserveCapacity(count * 3)
        for _ in 0..<count { text.append(characters[random.below(characters.count)]) }
        return text
    }

    private static let characters = Array("您好反映的东大街公交站已派员核实情况属施工临时撤销三月十五日恢复感谢对我市工作支持请继续监督噪声扰民物业停车路灯管网改造办理结果见公开答复区交通局城管电梯安全隐患")
    private static let channels = Array(repeating: "hotline", count: 17) + ["wechat", "app", "sms"]
    private static let categories = [
        "transport.bus", "transport.parking", "housing.property", "housing.elevators", "environment.noise", "environment.air",
        "city-management.vendors",
        "city-management.lighting", "city-management.waste", "transport.shared-bikes",
    ]
    private static let districts = ["510104", "510105", "510106", "510107", "510108", "510112", "510113", "510114"]
    private static let units = [
        "510100-transport", "510100-police", "510100-housing", "510100-city-management", "510100-environment", "510100-health", "510100-education",
        "510100-water", "510104-transport", "510105-housing", "510106-city-management", "510107-transport",
    ]
}

// MARK: - Order

extension Mix {
    /// One event: a case and what happens to it.
    struct Place: Sendable {
        var index: Int
        var step: Step
    }

    /// The events of every `stride`-th case from `first`, as a city would post them: about `open` cases are under way at once, each case's events in
    /// their order.
    func interleaved(first: Int = 0, stride: Int = 1, open: Int) -> [Place] {
        let indices = Array(Swift.stride(from: first, to: cases, by: stride))
        let lag = max(1, min(open, indices.count) / Self.eventsPerCase)
        var places: [Place] = []
        places.reserveCapacity(indices.count * Self.eventsPerCase)
        for tick in 0..<indices.count + lag * (Self.eventsPerCase - 1) {
            for step in Step.allCases {
                let at = tick - step.rawValue * lag
                if indices.indices.contains(at) { places.append(Place(index: indices[at], step: step)) }
            }
        }
        return places
    }

    /// The events in rounds of one a lane, each lane's cases one after the other: for connections that wait for every answer.
    func lanes(_ count: Int) -> [Place] {
        var places: [Place] = []
        for first in stride(from: 0, to: cases - cases % count, by: count) {
            for step in Step.allCases { for lane in 0..<count { places.append(Place(index: first + lane, step: step)) } }
        }
        return places
    }

    func event(_ place: Place) -> [UInt8] { event(place.step, of: place.index) }
}

/// SplitMix64 (Steele, Lea, Flood 2014): repeatable, and good enough for words.
struct SplitMix: Sendable {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }
}
