internal import EventModel

/// A time in a row: microseconds, or `none`.
typealias Moment = Int64

extension Moment {
    static var none: Int64 { Int64.min }
}

extension FactRecord {
    @inline(__always)
    var at: Moment { header.occurredAt.microseconds }

    /// The row number of the fact's case; `nil` for a fact of a system stream.
    @inline(__always)
    var caseIndex: Int? { header.stream.isCase ? Int(header.stream.rawValue - StreamNumber.firstCase.rawValue) : nil }
}

extension StreamNumber {
    /// The case with this row number.
    init(caseIndex: Int) { self.init(UInt64(caseIndex) + Self.firstCase.rawValue) }
}

/// Bits of word M of `appeal.corrected` and `appeal.reclassified`: which members the event states.
enum StatedMember {
    static let accessClass: UInt64 = 1 << 0
    static let appellantKind: UInt64 = 1 << 1
    static let channel: UInt64 = 1 << 8
    static let mailbox: UInt64 = 1 << 9
    static let nature: UInt64 = 1 << 10
    static let category: UInt64 = 1 << 11
    static let district: UInt64 = 1 << 12
}

/// The codes of a case that can be corrected: channel, mailbox, nature, category, district, each a name id.
struct CaseCodes: BitwiseCopyable, Equatable {
    var channel: UInt32 = 0
    var mailbox: UInt32 = 0
    var nature: UInt32 = 0
    var category: UInt32 = 0
    var district: UInt32 = 0
    /// 0 core, 1 external (此外)
    var group: UInt8 = 0
    /// 0 normal, 1 whistleblower
    var accessClass: UInt8 = 0
    /// 1 person, 2 enterprise
    var appellantKind: UInt8 = 0
    var reserved: UInt8 = 0

    /// From `appeal.received`.
    init(received fact: FactRecord) {
        let words = fact.words
        channel = words.lowName(1)
        mailbox = words.highName(1)
        nature = words.lowName(2)
        category = words.highName(2)
        district = words.lowName(3)
        accessClass = words.byte(0, at: 0)
        appellantKind = words.byte(0, at: 8)
        group = words.byte(0, at: 32)
    }

    /// What `appeal.corrected` or `appeal.reclassified` states replaces what was there. The group goes with the channel.
    mutating func correct(by fact: FactRecord) {
        let words = fact.words
        let stated = words[1]
        if stated & StatedMember.channel != 0 {
            channel = words.lowName(2)
            group = words.byte(0, at: 32)
        }
        if stated & StatedMember.mailbox != 0 { mailbox = words.highName(2) }
        if stated & StatedMember.nature != 0 { nature = words.lowName(3) }
        if stated & StatedMember.category != 0 { category = words.highName(3) }
        if stated & StatedMember.district != 0 { district = words.lowName(4) }
        if stated & StatedMember.accessClass != 0 || fact.header.flags.contains(.accessClass) { accessClass = words.byte(0, at: 0) }
        if stated & StatedMember.appellantKind != 0 { appellantKind = words.byte(0, at: 8) }
    }
}
