import EventModel
import Testing

@testable import Workflow

/// Runs decision tables written as text, one step a line:
///
///     <peer> <MM-DDThh:mm[:ss]> <type> [member=value …] [-> expectation]
///
/// Years are 2017, the zone is +08:00, the engine's clock stands at the step's time unless `@now=` says otherwise, and `@time=none` posts no time.
/// `@case=2` posts to the second case received (default: the last), `@rev=3` expects a revision, `@subject=` brings an own one; `$1` in a value is
/// the serial
/// of the first case. Values are JSON where they parse as it, else strings. Types stand without `appeal.`.
///
/// Expected are the facts in order, `overdue{kind=reply} replied{approved=true}`, or `!refusal-code [/pointer]`. Without expectation a step must be
/// admitted. `tick <time>` records what is overdue, `autoclose <time>` closes by the profile.
struct Script {
    let world: World
    var count = 0
    /// Members whose digits are a number; all others are codes.
    static let numbers: Set<String> = [
        "assignment", "handling", "reply", "round", "parent", "replaces", "similarity", "level", "attempt", "revision",
    ]

    init(_ world: World = World()) { self.world = world }

    static func instant(_ text: String) throws -> Instant {
        let full = text.count == 11 ? "2017-\(text):00+08:00" : text.count == 14 ? "2017-\(text)+08:00" : text
        return try #require(RFC3339.parse(full)?.instant, "time \(text)")
    }

    static func run(_ text: String, _ world: World = World()) throws {
        var script = Script(world)
        for line in text.split(separator: "\n") where !line.allSatisfy({ $0 == " " }) { try script.step(String(line)) }
    }

    mutating func step(_ line: String) throws {
        let halves = line.split(separator: "->", maxSplits: 1).map(String.init)
        let words = halves[0].split(separator: " ").map(String.init)
        let expected = halves.count > 1 ? halves[1].split(separator: " ").map(String.init) : nil
        let before = world.entries.count
        var refusal: Refusal?
        switch words[0] {
        case "tick":
            let now = try Self.instant(words[1])
            for serial in world.serials {
                let context = world.context(now: now, peer: .engine(uid: 990))
                guard let state = world.cases[serial], let clock = context.clock(of: state) else { continue }
                if let plan = overduePlan(for: state, asOf: clock, in: context) { try world.commit(plan, at: now) }
            }
        case "autoclose":
            let now = try Self.instant(words[1])
            for serial in world.serials {
                if let plan = decideAutomaticClosing(case: serial, in: world.context(now: now, peer: .engine(uid: 990))) {
                    try world.commit(plan, at: now)
                }
            }
        default: refusal = try post(words, line)
        }
        let made = world.entries[before...]
        guard let expected else {
            if let refusal { Issue.record("\(line): refused \(refusal.code.rawValue) \(refusal.pointer) \(refusal.detail(.en))") }
            return
        }
        if expected.first?.first == "!" {
            let code = expected[0].dropFirst()
            #expect(
                refusal?.code.rawValue == String(code),
                "\(line): got \(refusal.map { $0.pointer } ?? made.map { $0.envelope.type }.joined(separator: " "))")
            if expected.count > 1 { #expect(refusal?.pointer == expected[1], "\(line)") }
            #expect(made.isEmpty)
            return
        }
        if let refusal { Issue.record("\(line): refused \(refusal.code.rawValue) \(refusal.pointer)") }
        let wanted = expected.filter { $0 != "nothing" }
        #expect(
            made.map { short($0.envelope.type) } == wanted.map { String($0.prefix { $0 != "{" }) }, "\(line)")
        for (entry, want) in zip(made, wanted) { try check(entry, want, line) }
    }

    /// The claim of a step, as JSON.
    mutating func event(_ words: [String]) throws -> (json: String, now: Instant) {
        count += 1
        let peer = words[0]
        var now = try Self.instant(words[1])
        var time: String? = "2017-" + words[1] + (words[1].count == 11 ? ":00" : "") + "+08:00"
        let type = words[2].contains(".") ? words[2] : "appeal.\(words[2])"
        var subject: String? = type == "appeal.received" || type == "clock.advanced" ? nil : world.serials.last
        var writer = JSONWriter()
        var members = JSONWriter()
        members.beginObject()
        var attributes = ""
        var source = "/\(peer)"
        if peer == "importer" { source = "/import/a" }
        for word in words.dropFirst(3) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = replaced(parts[1])
            switch parts[0] {
            case "@now": now = try Self.instant(value)
            case "@time": time = value == "none" ? nil : value
            case "@case": subject = Int(value)! <= world.serials.count ? world.serials[Int(value)! - 1] : "none"
            case "@subject": subject = value == "none" ? nil : value
            case "@rev": attributes += ",\"expectedrevision\":\(value)"
            case "@source": source = value
            default:
                members.name(parts[0])
                let isNumber = value.allSatisfy { $0.isNumber } && !Self.numbers.contains(parts[0])
                if !isNumber, let document = try? JSONDocument(value) { members.raw(document.root.text) } else { members.value(value) }
            }
        }
        members.endObject()
        writer.object { root in
            root.member("specversion", "1.0")
            root.member("id", "t-\(count)")
            root.member("source", source)
            root.member("type", type)
            root.member("subject", optional: subject)
            root.member("time", optional: time)
            root.member("data", raw: members.bytes)
        }
        return (String(writer.text.dropLast()) + attributes + "}", now)
    }

    private mutating func post(_ words: [String], _ line: String) throws -> Refusal? {
        let (json, now) = try event(words)
        switch ClaimReader.read(Array(json.utf8)) {
        case .failure(let refusal): return refusal
        case .success(let claim):
            let before = world.entries.count
            switch try world.post(claim, by: TestPeers.byName[words[0]]!, now: now) {
            case .refused(let refusal): return refusal
            case .admitted(let plan):
                // The same post again is a duplicate of what it made.
                let index = before + plan.sections[..<plan.primary.section].reduce(0) { $0 + $1.facts.count } + plan.primary.fact
                let entry = world.entries[index]
                let opened = world.opened[entry.head.position] ?? [:]
                #expect(claim.isSameContent(as: entry, opened: opened), "\(line) is not the content of its own entry")
                return nil
            }
        }
    }

    private func replaced(_ value: String) -> String {
        var value = value
        for (index, serial) in world.serials.enumerated().reversed() { value = value.replacing("$\(index + 1)", with: serial) }
        return value
    }

    private func short(_ type: String) -> String { type.hasPrefix("appeal.") ? String(type.dropFirst(7)) : type }

    private func check(_ entry: Entry, _ want: String, _ line: String) throws {
        guard let open = want.firstIndex(of: "{") else { return }
        for pair in want[want.index(after: open)...].dropLast().split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            var value: JSONValue? = entry.data
            for step in parts[0].split(separator: "/") {
                value =
                    Int(step).flatMap { index in value.flatMap { $0.items.indices.contains(index) ? $0.items[index] : nil } } ?? value?[String(step)]
            }
            let text = value.map { String(decoding: $0.text, as: UTF8.self) } ?? "none"
            let wanted = replaced(parts[1])
            #expect(text == wanted || text == "\"\(wanted)\"", "\(line): \(parts[0]) of \(entry.envelope.type) in \(entry.document.root.text.count)")
        }
    }
}
