import EventModel

extension Rulebook {
    /// The service levels of a case: of the profiles whose match fits, the one that names most members; among those the deepest category.
    ///
    /// A category matches itself and what stands below it (`transport` matches `transport.bus`). Two that are equally specific are refused by
    /// `RulebookCheck`; if there are any, the first of the rulebook wins. `nil`: no profile fits, so no limit runs. O(profiles).
    public func profile(channel: String?, nature: String?, category: String?, urgency: String?, level: Int?) -> ServiceProfile? {
        var best: ServiceProfile?
        for candidate in profiles
        where candidate.match.fits(channel: channel, nature: nature, category: category, urgency: urgency, level: level) {
            if let current = best, candidate.match.specificity <= current.match.specificity { continue }
            best = candidate
        }
        return best
    }

    /// The profile of a name as a poster or a fact gives it: `letter-5wd`, or `letter-5wd@3` if that is the version adopted.
    public func profile(named name: String) -> ServiceProfile? { profiles.first { $0.id == name || $0.name == name } }

    /// `core`, or `external` for channels counted apart ("此外").
    public func channelGroup(of channel: String) -> String { externalChannels.contains(channel) ? "external" : "core" }

    /// Whether a code stands in a list.
    public func knows(_ code: String, in list: CodeList) -> Bool { codes[list]?[code] != nil }
}

extension ServiceProfile.Match {
    /// How many members it names.
    public var memberCount: Int {
        (channel == nil ? 0 : 1) + (nature == nil ? 0 : 1) + (category == nil ? 0 : 1) + (urgency == nil ? 0 : 1) + (level == nil ? 0 : 1)
    }

    /// Members first, then the depth of the category.
    var specificity: (Int, Int) { (memberCount, category.map { $0.utf8.count { $0 == UInt8(ascii: ".") } + 1 } ?? 0) }

    func fits(channel: String?, nature: String?, category: String?, urgency: String?, level: Int?) -> Bool {
        if let own = self.channel, own != channel { return false }
        if let own = self.nature, own != nature { return false }
        if let own = self.urgency, own != urgency { return false }
        if let own = self.level, own != level { return false }
        if let own = self.category, !Self.category(category, isWithin: own) { return false }
        return true
    }

    /// Whether a case may exist that both fit.
    func overlaps(_ other: Self) -> Bool {
        if let own = channel, let their = other.channel, own != their { return false }
        if let own = nature, let their = other.nature, own != their { return false }
        if let own = urgency, let their = other.urgency, own != their { return false }
        if let own = level, let their = other.level, own != their { return false }
        if let own = category, let their = other.category, !Self.category(own, isWithin: their), !Self.category(their, isWithin: own) { return false }
        return true
    }

    /// Whether all cases this one fits, the other fits too.
    func isNarrower(than other: Self) -> Bool {
        if other.channel != nil, channel == nil { return false }
        if other.nature != nil, nature == nil { return false }
        if other.urgency != nil, urgency == nil { return false }
        if other.level != nil, level == nil { return false }
        if let their = other.category, !Self.category(category, isWithin: their) { return false }
        return overlaps(other) && self != other
    }

    /// What fits both, for two that overlap: the members of either, and the deeper category.
    func both(_ other: Self) -> Self {
        var both = self
        both.channel = channel ?? other.channel
        both.nature = nature ?? other.nature
        both.urgency = urgency ?? other.urgency
        both.level = level ?? other.level
        if let their = other.category, category == nil || Self.category(their, isWithin: category ?? "") { both.category = their }
        return both
    }

    /// `transport.bus` is within `transport` and within itself; `transports` is in neither.
    static func category(_ category: String?, isWithin ancestor: String) -> Bool {
        guard let category, category.utf8.starts(with: ancestor.utf8) else { return false }
        return category.utf8.count == ancestor.utf8.count || category.utf8.dropFirst(ancestor.utf8.count).first == UInt8(ascii: ".")
    }
}
