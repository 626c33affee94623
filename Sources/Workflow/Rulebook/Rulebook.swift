public import EventModel

/// How a city works (规则手册): adopted into the log as text, read back into this value, and never needed by a replay.
public struct Rulebook: Sendable {
    /// Counts the adoptions of a log from 1. 0: none adopted yet.
    public var version: Int
    /// Code in serial numbers of cases without a district.
    public var city: String
    /// Every "day" of the log is a local day of this zone (domain rule T1).
    public var zone: Zone
    public var calendar: WorkCalendar
    public var units: UnitTree
    public var mailboxes: [String: Mailbox]
    /// Code lists with their labels, by list.
    public var codes: [CodeList: [String: Label]]
    /// Channels that are counted apart (`external`); all others are `core`.
    public var externalChannels: Set<String>
    public var profiles: [ServiceProfile]
    /// Ratings count up to this many days after closing.
    public var ratingWindowDays: Int
    public var publicity: PublicityPolicy
    /// Decimals by definition id (`overdue@1`); absent: 2.
    public var decimals: [String: Int]

    public init(
        version: Int, city: String, zone: Zone, calendar: WorkCalendar, units: UnitTree, mailboxes: [String: Mailbox] = [:],
        codes: [CodeList: [String: Label]] = [:], externalChannels: Set<String> = [], profiles: [ServiceProfile] = [], ratingWindowDays: Int = 30,
        publicity: PublicityPolicy = PublicityPolicy(), decimals: [String: Int] = [:]
    ) {
        self.version = version
        self.city = city
        self.zone = zone
        self.calendar = calendar
        self.units = units
        self.mailboxes = mailboxes
        self.codes = codes
        self.externalChannels = externalChannels
        self.profiles = profiles
        self.ratingWindowDays = ratingWindowDays
        self.publicity = publicity
        self.decimals = decimals
    }
}

/// The code lists a rulebook fills; posted codes outside them are refused (`unknown-code`).
public enum CodeList: String, CaseIterable, Sendable {
    case channel, legacyLine, nature, category, district, urgency
    case declineReason, returnReason, pauseReason, urgeReason, unsolvedReason, unsatisfiedReason, reopenReason, terminationReason, withdrawalReason
}

public struct Label: Equatable, Sendable {
    public var zh: String
    public var en: String
    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

public struct Mailbox: Equatable, Sendable {
    public var id: String
    public var label: Label
    /// The unit whose leader owns the mailbox.
    public var unit: String
    public var leader: String?
    /// 1 city, 2 county, 3 township
    public var level: Int
    public init(id: String, label: Label, unit: String, leader: String? = nil, level: Int) {
        self.id = id
        self.label = label
        self.unit = unit
        self.leader = leader
        self.level = level
    }
}

/// The organisation: units on up to four levels (市县乡村), each below one parent.
public struct UnitTree: Sendable {
    public struct Unit: Equatable, Sendable {
        public var id: String
        public var label: Label
        public var parent: String?
        /// 1 city, 2 county, 3 township, 4 village
        public var level: Int
        public var district: String?
        public init(id: String, label: Label, parent: String?, level: Int, district: String? = nil) {
            self.id = id
            self.label = label
            self.parent = parent
            self.level = level
            self.district = district
        }
    }
    public private(set) var units: [String: Unit]
    private var children: [String: [String]] = [:]

    public init(_ list: [Unit]) {
        units = Dictionary(list.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for unit in list { if let parent = unit.parent { children[parent, default: []].append(unit.id) } }
    }

    public subscript(id: String) -> Unit? { units[id] }

    /// Whether `id` is `ancestor` or stands below it. O(depth).
    public func isWithin(_ id: String, _ ancestor: String) -> Bool {
        var current: String? = id
        var steps = 0
        while let unit = current, steps < 16 {
            if unit == ancestor { return true }
            current = units[unit]?.parent
            steps += 1
        }
        return false
    }

    /// The direct children, in the order of the rulebook.
    public func children(of id: String) -> [String] { children[id] ?? [] }
}

/// A limit's length: `5wd`, `2h`, `30min`, `60d`.
public struct Within: Equatable, Sendable, CustomStringConvertible {
    public enum Unit: UInt8, Sendable, CaseIterable { case minutes = 1, hours, workingDays, days }
    public var amount: Int
    public var unit: Unit

    public init(amount: Int, unit: Unit) {
        self.amount = amount
        self.unit = unit
    }

    /// Reads `<1…9999><min|h|wd|d>`; anything else is `nil`.
    public init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...4).contains(digits.count), let amount = Int(digits), amount >= 1 else { return nil }
        switch text.dropFirst(digits.count) {
        case "min": unit = .minutes
        case "h": unit = .hours
        case "wd": unit = .workingDays
        case "d": unit = .days
        default: return nil
        }
        self.amount = amount
    }

    public var description: String {
        switch unit {
        case .minutes: "\(amount)min"
        case .hours: "\(amount)h"
        case .workingDays: "\(amount)wd"
        case .days: "\(amount)d"
        }
    }
}

/// Service levels of one kind of case (时限规则): which limits run, and how it is reviewed and closed.
public struct ServiceProfile: Equatable, Sendable {
    /// What a case must have to fall under the profile; the most members given wins, ties are refused by `rulebook check`.
    public struct Match: Equatable, Sendable {
        public var channel: String?
        public var nature: String?
        public var category: String?
        public var urgency: String?
        /// Level of the unit or mailbox, 1…4.
        public var level: Int?
        public init(channel: String? = nil, nature: String? = nil, category: String? = nil, urgency: String? = nil, level: Int? = nil) {
            self.channel = channel
            self.nature = nature
            self.category = category
            self.urgency = urgency
            self.level = level
        }
    }
    public enum ReplyReview: String, Sendable { case none, dispatch }
    public enum Closing: Equatable, Sendable { case manual, onApproval, afterWorkingDays(Int) }

    public var id: String
    public var version: Int
    public var match: Match
    public var limits: [ServiceLimit]
    public var replyReview: ReplyReview
    public var closing: Closing

    /// `letter-5wd@3`
    public var name: String { "\(id)@\(version)" }

    public init(
        id: String, version: Int, match: Match = Match(), limits: [ServiceLimit], replyReview: ReplyReview = .none, closing: Closing = .manual
    ) {
        self.id = id
        self.version = version
        self.match = match
        self.limits = limits
        self.replyReview = replyReview
        self.closing = closing
    }
}

public struct ServiceLimit: Equatable, Sendable {
    public enum Roll: String, Sendable { case none, nextWorkingDay = "next-wd" }
    public enum Start: String, Sendable { case received, accepted, assigned, signed, closed }

    public var kind: DeadlineKind
    public var within: Within
    public var roll: Roll
    public var maxExtension: Within?
    public var from: Start

    public init(kind: DeadlineKind, within: Within, roll: Roll = .nextWorkingDay, maxExtension: Within? = nil, from: Start) {
        self.kind = kind
        self.within = within
        self.roll = roll
        self.maxExtension = maxExtension
        self.from = from
    }
}

/// What reaches the public feed (三公开) without a reviewer.
public struct PublicityPolicy: Equatable, Sendable {
    public enum Mode: String, Sendable {
        /// Nothing before a reviewer approves it.
        case review
        /// Stage, codes and dates at once; free text never without a reviewer.
        case facts
    }
    public var mode: Mode
    public init(mode: Mode = .review) { self.mode = mode }
}
