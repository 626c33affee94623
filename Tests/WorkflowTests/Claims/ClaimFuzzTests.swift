import EventModel
import Testing

@testable import Workflow

/// Random posts never crash the reader, the decider or the derivation; what is admitted folds and derives as always (`World` checks it).
@Suite struct ClaimFuzzTests {
    /// SplitMix64: small, and the same everywhere.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    static func value(of kind: MemberKind, _ random: inout Random) -> String {
        // One in sixteen is of another kind.
        if Int.random(in: 0..<16, using: &random) == 0 {
            return ["null", "true", "-1", "\"\"", "[]", "{}", "\"a b\""].randomElement(using: &random)!
        }
        switch kind {
        case .code: return "\"x\""
        case .list(let list): return "\"\(TestRulebook.codes[list]?.keys.sorted().randomElement(using: &random) ?? "none")\""
        case .unit: return "\"\(TestRulebook.units.randomElement(using: &random)!.id)\""
        case .mailbox: return "\"mayor\""
        case .leader: return ["\"mayor\"", "\"510104-head\""].randomElement(using: &random)!
        case .profile: return "\"\(TestRulebook.profiles.randomElement(using: &random)!.id)\""
        case .choice(let words): return "\"\(words.randomElement(using: &random)!)\""
        case .boolean: return ["true", "false"].randomElement(using: &random)!
        case .integer(let range): return String([range.lowerBound, 1, 2, range.upperBound].randomElement(using: &random)!)
        case .day: return ["\"2017-03-01\"", "\"2017-12-31\"", "\"2018-01-01\""].randomElement(using: &random)!
        case .time: return ["\"2017-03-01T00:00:00+08:00\"", "\"2017-12-31T23:59:59.999999-05:00\""].randomElement(using: &random)!
        case .within: return ["\"1wd\"", "\"9999wd\"", "\"5min\"", "\"30d\""].randomElement(using: &random)!
        case .serial: return ["\"$1\"", "\"$2\"", "\"none\""].randomElement(using: &random)!
        case .printable: return "\"p-\(Int.random(in: 0..<5, using: &random))\""
        case .text: return ["\"字\"", "\"a\\nb\"", "\"\\u00e9\""].randomElement(using: &random)!
        case .uscc: return "\"91110000600037341L\""
        case .array(let item, let count):
            let length = Int.random(in: 0...min(3, count.upperBound), using: &random)
            return "[" + (0..<length).map { _ in value(of: item, &random) }.joined(separator: ",") + "]"
        case .object(let members): return object(members, &random)
        case .corrections:
            let member = Correction.members.randomElement(using: &random)!
            return "[{\"member\":\"\(member.name)\",\"value\":\(value(of: member.kind, &random))}]"
        }
    }

    static func object(_ members: [SchemaMember], _ random: inout Random) -> String {
        let chosen = members.filter { member in
            if member.mark == .decided { return Int.random(in: 0..<64, using: &random) == 0 }
            return member.isRequired ? Int.random(in: 0..<20, using: &random) > 0 : Int.random(in: 0..<3, using: &random) == 0
        }
        return "{" + chosen.map { "\"\($0.name)\":\(value(of: $0.kind, &random))" }.joined(separator: ",") + "}"
    }

    @Test(arguments: [UInt64(1), 20_170_301, UInt64.random(in: .min ... .max)])
    func randomClaims(seed: UInt64) throws {
        print("ClaimFuzzTests seed \(seed)")
        var random = Random(state: seed)
        let world = World()
        let schemas = EventRegistry.schemas.filter { $0.isPosted }
        let peers = TestPeers.byName.keys.sorted()
        var admitted = 0
        var now = try Script.instant("03-01T09:00")
        for number in 0..<3_000 {
            now = now.adding(seconds: Int64([0, 1, 60, 3_600, 90_000].randomElement(using: &random)!))
            if now > (try Script.instant("12-20T00:00")) { now = try Script.instant("03-01T09:00") }
            let schema = number < 20 ? AppealReceived.schema : schemas.randomElement(using: &random)!
            // Mostly the front end that may post nearly everything.
            let name = Bool.random(using: &random) ? "town" : peers.randomElement(using: &random)!
            let peer = try #require(TestPeers.byName[name])
            var json =
                "{\"specversion\":\"1.0\",\"id\":\"\(number)\",\"source\":\"\(name == "importer" ? "/import/a" : "/\(name)")\",\"type\":\"\(schema.type.name)\""
            if schema.level != .system, schema.type != .appealReceived, let serial = world.serials.suffix(4).randomElement(using: &random) {
                json += ",\"subject\":\"\(serial)\""
            }
            let time = now.adding(seconds: Int64([0, 0, 0, -3_600, 200].randomElement(using: &random)!))
            json += ",\"time\":\"\(Zone.shanghai.text(time))\",\"data\":\(Self.object(schema.members, &random))}"
            for (index, serial) in world.serials.suffix(2).enumerated() { json = json.replacing("$\(index + 1)", with: serial) }
            guard case .success(let claim) = ClaimReader.read(Array(json.utf8)) else { continue }
            if case .admitted = try world.post(claim, by: peer, now: now) {
                admitted += 1
                let entry = try #require(world.entries.last { $0.envelope.id == "\(number)" })
                #expect(claim.isSameContent(as: entry, opened: world.opened[entry.head.position] ?? [:]), "seed \(seed), \(json)")
            }
        }
        #expect(admitted > 30, "seed \(seed): \(admitted)")
    }

    @Test(arguments: [UInt64(7), UInt64.random(in: .min ... .max)])
    func randomBytes(seed: UInt64) {
        print("ClaimFuzzTests seed \(seed)")
        var random = Random(state: seed)
        let originals = ExampleCaseTests.posted.map { Array($0.json.utf8) }
        for _ in 0..<3_000 {
            var bytes = originals.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0..<40, using: &random)))
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            if case .success(let claim) = ClaimReader.read(bytes) { _ = claim.sealedParts() }
        }
    }
}
