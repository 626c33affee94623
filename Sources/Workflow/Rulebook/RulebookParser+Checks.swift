import EventModel

extension RulebookParser {
    /// Holds the sections against one another, then builds the value. Its result counts only if no finding is an error.
    mutating func rulebook(version: Int, fileNames: [String]) -> Rulebook? {
        checkIncludes(fileNames)
        let units = resolvedUnits()
        let tree = UnitTree(units)
        let mailboxes = resolvedMailboxes(tree)
        checkCodes()
        checkMatches()
        checkAmbiguity()
        checkCalendar()
        for key in missingSections() {
            yaml.note(.missingKey, part: "", line: 0, "No file of the rulebook has “\(key)”; add it.")
        }
        guard let city, let zone = zone?.value else { return nil }
        return Rulebook(
            version: version, city: city.value, zone: zone, calendar: WorkCalendar(id: calendarID?.value ?? "none", years: years.mapValues(\.value)),
            units: tree, mailboxes: Dictionary(mailboxes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
            codes: codes.mapValues { $0.mapValues(\.value) }, externalChannels: externalChannels, profiles: profiles.map(\.value),
            ratingWindowDays: ratingWindowDays?.value ?? 30, publicity: publicity?.value ?? PublicityPolicy(), decimals: decimals.mapValues(\.value))
    }

    private func missingSections() -> [String] {
        var missing = ["city", "timeZone", "units", "codes"].filter { !seen.contains($0) }
        if seen.contains("codes"), codes[.channel] == nil { missing.append("codes.channel") }
        return missing
    }

    /// Everything included has to be adopted with the rest.
    private mutating func checkIncludes(_ fileNames: [String]) {
        for include in includes {
            let name = include.value.split(separator: "/").last.map(String.init) ?? include.value
            if !fileNames.contains(name) {
                yaml.note(.missingInclude, include.place, "“\(include.value)” isn't among the files; add \(name) or take the line out.")
            }
        }
    }

    /// Levels and districts not given are the parent's; a root without level is a city (1).
    private mutating func resolvedUnits() -> [UnitTree.Unit] {
        let drafts = Dictionary(units.map { ($0.value.id, $0) }, uniquingKeysWith: { first, _ in first })
        var inCycle: Set<String> = []
        var resolved: [UnitTree.Unit] = []
        for unit in units {
            let draft = unit.value
            if let parent = draft.parent, drafts[parent] == nil {
                yaml.note(.unknownParent, unit.place, "Unit “\(draft.id)” is below “\(parent)”, which isn't a unit; add it or correct the parent.")
            }
            var chain = [draft.id]
            var current = draft
            while let parent = current.parent.flatMap({ drafts[$0]?.value }) {
                if let start = chain.firstIndex(of: parent.id) {
                    let cycle = chain[start...]
                    if cycle.allSatisfy({ inCycle.insert($0).inserted }) {
                        let path = (cycle + [parent.id]).joined(separator: " → ")
                        yaml.note(
                            .unitCycle, drafts[parent.id]?.place ?? unit.place,
                            "Units stand below themselves: \(path). Give one of them another parent.")
                    }
                    break
                }
                chain.append(parent.id)
                current = parent
            }
            if chain.count > Self.maxDepth {
                yaml.note(
                    .badValue, unit.place, "Unit “\(draft.id)” has \(chain.count - 1) units above it; at most \(Self.maxDepth - 1) are possible.")
            }
            let level = chain.lazy.compactMap { drafts[$0]?.value.level }.first ?? 1
            let district = chain.lazy.compactMap { drafts[$0]?.value.district }.first
            if let above = chain.dropFirst().lazy.compactMap({ drafts[$0]?.value.level }).first, above > level {
                yaml.note(.badValue, unit.place, "Unit “\(draft.id)” of level \(level) is below one of level \(above); correct one of the levels.")
            }
            resolved.append(UnitTree.Unit(id: draft.id, label: draft.label, parent: draft.parent, level: level, district: district))
        }
        return resolved
    }

    /// Units in a chain from root to leaf, at most; `UnitTree.isWithin` looks no further than 16.
    static let maxDepth = 8

    private mutating func resolvedMailboxes(_ tree: UnitTree) -> [Mailbox] {
        mailboxes.map { mailbox in
            let draft = mailbox.value
            let unit = tree[draft.unit]
            if unit == nil {
                yaml.note(
                    .unknownUnit, mailbox.place, "Mailbox “\(draft.id)” is of “\(draft.unit)”, which isn't a unit; add it or correct the mailbox.")
            }
            return Mailbox(id: draft.id, label: draft.label, unit: draft.unit, leader: draft.leader, level: draft.level ?? unit?.level ?? 1)
        }
    }

    private mutating func checkCodes() {
        if let districts = codes[.district] {
            for unit in units {
                guard let district = unit.value.district, districts[district] == nil else { continue }
                yaml.note(.unknownCode, unit.place, "“\(district)” isn't in codes.district; add it or correct unit “\(unit.value.id)”.")
            }
        }
        for (category, label) in codes[.category] ?? [:] {
            guard let dot = category.lastIndex(of: "."), codes[.category]?[String(category[..<dot])] == nil else { continue }
            yaml.note(.unknownParent, label.place, "“\(category)” stands below “\(category[..<dot])”, which isn't in codes.category; add that too.")
        }
    }

    private mutating func checkMatches() {
        for profile in profiles {
            let match = profile.value.match
            let members: [(CodeList, String?)] = [
                (.channel, match.channel), (.nature, match.nature), (.category, match.category), (.urgency, match.urgency),
            ]
            for case (let list, let code?) in members where codes[list]?[code] == nil {
                yaml.note(
                    .unknownCode, profile.place,
                    "Profile “\(profile.value.id)” matches \(list.rawValue) “\(code)”, which isn't in codes.\(list.rawValue); add it or correct the match."
                )
            }
        }
    }

    /// Pairs that can fit one case, name equally many members, and of which neither is the narrower; unless a third that names more fits
    /// wherever both do, and so wins.
    private mutating func checkAmbiguity() {
        for (index, profile) in profiles.enumerated() {
            for other in profiles[..<index] {
                let (own, their) = (profile.value.match, other.value.match)
                guard own.memberCount == their.memberCount, own.overlaps(their), !own.isNarrower(than: their), !their.isNarrower(than: own) else {
                    continue
                }
                let both = own.both(their)
                let decided = profiles.contains { third in
                    let match = third.value.match
                    return match.memberCount > own.memberCount && (match == both || both.isNarrower(than: match))
                }
                if decided { continue }
                yaml.note(
                    .ambiguousMatch, profile.place,
                    "Profiles “\(other.value.id)” and “\(profile.value.id)” can fit the same case and neither is more specific; name one more member in one of them, or add a profile for what both fit."
                )
            }
        }
    }

    private mutating func checkCalendar() {
        let numbers = years.keys.sorted()
        if let first = numbers.first, let last = numbers.last {
            let missing = (first...last).filter { years[$0] == nil }.map(String.init)
            if !missing.isEmpty, let place = years[last]?.place {
                yaml.note(
                    .calendarGap, place, severity: .warning,
                    "Between \(first) and \(last) there is nothing for \(missing.joined(separator: ", ")): limits that reach there are refused. Add the years."
                )
            }
            return
        }
        for profile in profiles {
            let needs = profile.value.limits.contains { limit in
                limit.within.unit == .workingDays || (limit.within.unit == .days && limit.roll == .nextWorkingDay)
                    || limit.maxExtension?.unit == .workingDays
            }
            var closes = false
            if case .afterWorkingDays = profile.value.closing { closes = true }
            guard needs || closes else { continue }
            yaml.note(
                .missingCalendar, profile.place,
                "Profile “\(profile.value.id)” counts working days, but no file has a calendar with years; add one, or use d with roll: none.")
        }
        yaml.note(
            .missingCalendar, part: "", line: 0, severity: .warning,
            "There is no calendar with years, so nothing can be counted in working days; add one.")
    }
}
