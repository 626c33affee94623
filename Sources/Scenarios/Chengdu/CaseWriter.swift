import EventModel
import Workflow

/// Writes a case's events as CloudEvents. Pure: names and words follow from the plan.
struct CaseWriter: Sendable {
    let units: [String]
    let mailboxes: Set<String>
    let zone: Zone

    /// `510104-20170301-000123`
    func serial(of plan: CasePlan) -> String {
        let (year, month, day) = zone.day(of: plan.received).civil
        let number = String(plan.serialNumber)
        return "\(Places.districts[Int(plan.district)].code)-\(year * 10_000 + month * 100 + day)-"
            + String(repeating: "0", count: max(0, 6 - number.count)) + number
    }

    func event(_ index: Int, of plan: CasePlan) -> PostedEvent {
        let (step, time) = plan.steps[index]
        let serial = serial(of: plan)
        var random = SeededRandom(seed: plan.words &+ UInt64(step.rawValue) &* 0x9E37)
        var json = JSONWriter()
        json.object { json in
            envelope(&json, id: "\(serial):\(step.name)", type: "appeal.\(step.name)", subject: serial, time: time)
            json.member("actingfor", optional: office(step, plan))
            json.name("data")
            json.object { data in write(step, plan, &data, &random) }
        }
        return PostedEvent(time: time, source: ChengduYears.source, subject: serial, json: json.bytes)
    }

    func clockAdvanced(to now: Instant) -> PostedEvent {
        var json = JSONWriter()
        json.object { json in
            envelope(&json, id: "clock:\(zone.day(of: now))", type: EventType.clockAdvanced.name, subject: nil, time: now)
            json.name("data")
            json.object { data in
                data.member("source", ChengduYears.source)
                data.member("now", zone.text(now))
            }
        }
        return PostedEvent(time: now, source: ChengduYears.source, subject: nil, json: json.bytes)
    }

    private func envelope(_ json: inout JSONWriter, id: String, type: String, subject: String?, time: Instant) {
        json.member("specversion", "1.0")
        json.member("id", id)
        json.member("source", ChengduYears.source)
        json.member("type", type)
        json.member("subject", optional: subject)
        json.member("time", zone.text(time))
        json.member("datacontenttype", "application/json")
    }

    /// Who acted, as an opaque id.
    private func office(_ step: CasePlan.Step, _ plan: CasePlan) -> String? {
        switch step {
        case .received, .accepted, .answeredDirectly, .assigned, .closed: "staff-\(400 + plan.words % 60)"
        case .signed, .contacted, .replied: "staff-\(2_000 + Int(plan.unit))"
        case .instructed, .rated: nil
        }
    }

    private func write(_ step: CasePlan.Step, _ plan: CasePlan, _ data: inout JSONWriter, _ random: inout SeededRandom) {
        switch step {
        case .received: writeReceived(plan, &data, &random)
        case .accepted: data.member("profile", "letter-5wd")
        case .answeredDirectly:
            data.member("kind", random.chance(perMille: 600) ? "explained" : "solved")
            data.member("public", CaseWords(plan).reply)
        case .assigned:
            data.member("unit", units[Int(plan.unit)])
            data.member("role", "lead")
        case .signed: data.member("assignment", 1)
        case .contacted:
            data.member("assignment", 1)
            data.member("reached", random.chance(perMille: 930))
            data.member("method", "phone")
        case .instructed: writeInstructed(plan, &data, &random)
        case .replied: writeReplied(plan, &data, &random)
        case .closed: data.member("result", result(of: plan))
        case .rated: writeRated(plan, &data, &random)
        }
    }

    private func result(of plan: CasePlan) -> String {
        plan.isSolved ? (plan.words % 10 < 2 ? "explained" : "solved") : (plan.words % 10 < 5 ? "partly" : "unsolved")
    }

    private func writeReceived(_ plan: CasePlan, _ data: inout JSONWriter, _ random: inout SeededRandom) {
        let channel = Channels.codes[Int(plan.channel)]
        let topic = Topic.all[Int(plan.topic)]
        let isEnterprise = channel == "enterprise-mailbox"
        let isAnonymous = plan.kind != .external && !isEnterprise && random.chance(perMille: 30)
        let words = CaseWords(plan)
        data.member("channel", channel)
        if channel == "mailbox" { data.member("mailbox", optional: mailbox(of: plan)) }
        if channel == "hotline", let line = topic.legacyLine, random.chance(perMille: 150) { data.member("legacyLine", line) }
        data.member("nature", nature(of: topic, &random))
        data.member("category", topic.category)
        data.member("district", Places.districts[Int(plan.district)].code)
        data.member("wantReply", true)
        if isAnonymous { data.member("anonymous", true) }
        data.member("publishConsent", random.chance(perMille: 880) ? "yes" : "no")
        data.member("appellantKind", isEnterprise ? "enterprise" : "person")
        data.member("title", words.title)
        let name = isEnterprise ? People.enterprise(&random) : People.name(&random)
        let phone = People.phone(&random)
        data.member("text", isAnonymous || plan.kind == .external ? words.text : "\(words.text)\(isEnterprise ? "联系单位" : "我叫")\(name)，电话\(phone)。")
        if plan.kind == .external {
            data.name("external")
            data.object { external in
                external.member("platform", channel)
                external.member("id", "\(channel)-\(serial(of: plan))")
                external.member("url", "https://forum.example/\(channel)/\(serial(of: plan))")
            }
        } else if !isAnonymous {
            data.name("appellant")
            data.object { appellant in
                appellant.member("name", name)
                appellant.member("phones", [phone])
            }
        }
    }

    private func mailbox(of plan: CasePlan) -> String? {
        ["mayor", "secretary"].first { plan.words % 20 == ($0 == "mayor" ? 0 : 1) && mailboxes.contains($0) }
            ?? ["\(units[Int(plan.unit)])-head", "mayor"].first { mailboxes.contains($0) }
    }

    private func nature(of topic: Topic, _ random: inout SeededRandom) -> String {
        if topic.title.hasPrefix("咨询") { return "consult" }
        if topic.title.hasPrefix("举报") { return "complain" }
        if topic.title.hasPrefix("表扬") { return "praise" }
        if topic.title.contains("建议") { return "suggest" }
        return ["reflect", "help", "consult"][random.weighted([78, 8, 14])]
    }

    /// A comment, or the case handed to the unit that already has it: neither makes an assignment.
    private func writeInstructed(_ plan: CasePlan, _ data: inout JSONWriter, _ random: inout SeededRandom) {
        let isForward = random.chance(perMille: 300)
        let isMayor = random.chance(perMille: 600)
        data.member("leader", isMayor ? "mayor" : "secretary")
        data.member("post", isMayor ? "市长" : "市委书记")
        data.member("kind", isForward ? "forward" : "comment")
        data.member("text", random.pick(["请实地查看，依法依规办理并回复。", "民生无小事，请抓紧解决。", "请举一反三，排查同类问题。"]))
        if isForward { data.member("toUnits", [units[Int(plan.unit)]]) }
    }

    private func writeReplied(_ plan: CasePlan, _ data: inout JSONWriter, _ random: inout SeededRandom) {
        let kind = plan.isSolved ? ["solved", "explained"][random.weighted([85, 15])] : ["explained", "rejected"][random.weighted([8, 2])]
        data.member("assignment", 1)
        data.member("kind", kind)
        data.member("truth", ["true", "partly", "false"][random.weighted([80, 15, 5])])
        data.member("internal", "已派员核实，情况与来件\(random.chance(perMille: 850) ? "相符" : "部分相符")，处理结果见公开答复。")
        data.member("public", CaseWords(plan).reply)
        if kind != "solved", !plan.isSolved {
            data.member("unsolvedReason", random.pick(["policy", "funds", "planning", "third-party", "history"]))
        }
    }

    private func writeRated(_ plan: CasePlan, _ data: inout JSONWriter, _ random: inout SeededRandom) {
        data.member("handling", Int(plan.score))
        if random.chance(perMille: 700) { data.member("reply", replyScore(plan, &random)) }
        data.member("solved", plan.isSolved ? "yes" : "no")
        if plan.score <= 2 {
            // The shares of November 2017 (domain.md §4.2).
            data.member("reason", ["policy", "repeat", "process", "overlap", "other"][random.weighted([205, 205, 164, 68, 358])])
        }
        data.member("via", ["sms", "phone", "web", "app", "wechat"][random.weighted([45, 25, 10, 8, 12])])
    }

    private func replyScore(_ plan: CasePlan, _ random: inout SeededRandom) -> Int { min(5, Int(plan.score) + random.below(2)) }
}

/// A case's sentences, the same for all of its events.
struct CaseWords {
    let title: String
    let text: String
    let reply: String

    init(_ plan: CasePlan) {
        var random = SeededRandom(seed: plan.words)
        let topic = Topic.all[Int(plan.topic)]
        let district = Places.districts[Int(plan.district)]
        let road = random.pick(district.roads)
        let number = String(random.within(1...320))
        func fill(_ template: String) -> String {
            var filled = ""
            var rest = Substring(template)
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                filled += rest[..<open]
                switch rest[rest.index(after: open)..<close] {
                case "区": filled += district.name
                case "路": filled += road
                default: filled += number
                }
                rest = rest[rest.index(after: close)...]
            }
            return filled + rest
        }
        title = fill(topic.title)
        text = fill(topic.text)
        reply = "您好，您反映的“\(title)”收悉。\(fill(topic.reply))"
    }
}
