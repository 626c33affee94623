import EventModel

extension RulebookParser {
    /// `letter-5wd: {version, match: {channel, …}, limits: {reply: {within, from, roll, maxExtension}}, replyReview, closing}`
    mutating func readProfile(_ id: String, _ value: RulebookNode) {
        guard yaml.isCode(id, value, what: "the id of a profile", limit: 48), noteProfile(id, value) else { return }
        let fields = yaml.fields(value, what: "a profile", keys: ["version", "match", "limits", "replyReview", "closing"])
        guard let node = required("version", in: fields, of: "profile “\(id)”", at: value),
            let version = yaml.integer(node, what: "the version of profile “\(id)”", in: 1...9_999)
        else { return }
        var profile = ServiceProfile(id: id, version: version, limits: [])
        if let match = fields["match"] { profile.match = readMatch(match) }
        if let limits = fields["limits"] {
            for (kind, limit) in yaml.members(limits, what: "limits") {
                if let limit = readLimit(kind, limit) { profile.limits.append(limit) }
            }
        }
        if let review = fields["replyReview"], let text = yaml.choice(review, what: "replyReview", of: ["none", "dispatch"]) {
            profile.replyReview = ServiceProfile.ReplyReview(rawValue: text) ?? .none
        }
        if let closing = fields["closing"] { profile.closing = readClosing(closing) }
        profiles.append(Placed(value: profile, place: value))
    }

    private mutating func readMatch(_ value: RulebookNode) -> ServiceProfile.Match {
        let fields = yaml.fields(value, what: "match", keys: ["channel", "nature", "category", "urgency", "level"])
        var match = ServiceProfile.Match()
        if let node = fields["channel"] { match.channel = yaml.code(node, what: "channel") }
        if let node = fields["nature"] { match.nature = yaml.code(node, what: "nature") }
        if let node = fields["category"] { match.category = yaml.code(node, what: "category") }
        if let node = fields["urgency"] { match.urgency = yaml.code(node, what: "urgency") }
        if let node = fields["level"] { match.level = yaml.integer(node, what: "level", in: 1...4) }
        return match
    }

    private mutating func readLimit(_ name: String, _ value: RulebookNode) -> ServiceLimit? {
        guard let kind = DeadlineKind(name: name) else {
            yaml.unknownKey(name, value, what: "limits", keys: DeadlineKind.allCases.map(\.name))
            return nil
        }
        let fields = yaml.fields(value, what: "a limit", keys: ["within", "from", "roll", "maxExtension"])
        guard let withinNode = required("within", in: fields, of: "The \(name) limit", at: value),
            let within = yaml.within(withinNode, what: "within"),
            let fromNode = required("from", in: fields, of: "The \(name) limit", at: value),
            let fromText = yaml.choice(fromNode, what: "from", of: ["received", "accepted", "assigned", "signed", "closed"]),
            let from = ServiceLimit.Start(rawValue: fromText)
        else { return nil }
        if !kind.starts.contains(from) {
            let starts = kind.starts.map(\.rawValue).joined(separator: ", ")
            yaml.note(.badStart, fromNode, "A \(name) limit can't run from \(fromText); it runs from \(starts).")
        }
        var limit = ServiceLimit(kind: kind, within: within, from: from)
        if let roll = fields["roll"], let text = yaml.choice(roll, what: "roll", of: ["none", "next-wd"]) {
            limit.roll = ServiceLimit.Roll(rawValue: text) ?? .nextWorkingDay
        }
        if let extension_ = fields["maxExtension"] {
            limit.maxExtension = yaml.within(extension_, what: "maxExtension")
            if kind != .reply && kind != .close && kind != .instruction {
                yaml.note(.badValue, extension_, severity: .warning, "A \(name) limit is never extended, so maxExtension has no effect; remove it.")
            }
        }
        return limit
    }

    /// `manual`, `on-approval`, or `after 5wd`.
    private mutating func readClosing(_ value: RulebookNode) -> ServiceProfile.Closing {
        guard let text = yaml.text(value, what: "closing") else { return .manual }
        switch text {
        case "manual": return .manual
        case "on-approval": return .onApproval
        default:
            if text.hasPrefix("after "), let within = Within(String(text.dropFirst(6))), within.unit == .workingDays {
                return .afterWorkingDays(within.amount)
            }
            yaml.note(.badValue, value, "“\(text)” can't be closing; write manual, on-approval, or after and working days, such as after 5wd.")
            return .manual
        }
    }
}

extension DeadlineKind {
    /// From what a limit of this kind can run (domain rule T4): limits of the case from what happens to the case, those of an assignment from
    /// that or from the assignment's own steps.
    var starts: [ServiceLimit.Start] {
        switch self {
        case .accept: [.received]
        case .dispatch: [.received, .accepted]
        case .close: [.received, .accepted]
        case .callback: [.closed]
        case .sign, .return, .instruction: [.assigned]
        case .contact, .reply: [.received, .accepted, .assigned, .signed]
        }
    }
}
