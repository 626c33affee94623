import EventModel
import Workflow

@testable import Projections

/// Histories that the workflow would admit, in order of time, with all kinds of ends; the same for the same seed.
struct RandomHistory {
    static let units = ["510104-transport", "510104-housing", "510104-transport-buses", "510104", "510105-housing", "510100"]
    static let channels = ["phone", "mailbox", "people-cn"]
    static let districts = ["510104", "510105"]

    private enum Stand { case received, accepted, inHand, replied, over, closed, merged }
    private struct Live {
        var number: UInt16
        var unit: String
        var isLead: Bool
        var hasReply = false
        var isApproved = false
        var replyRevision: UInt32 = 0
        var isReturning = false
        var due: Instant
    }
    private struct Case {
        var stand = Stand.received
        var round: UInt16 = 1
        var nextNumber: UInt16 = 1
        var live: [Live] = []
        var hasDirectAnswer = false
        var isAccepted = false
        var parent: Int?
        var ratings: [UInt32] = []
        var instructions: [UInt32] = []
        var links: [UInt32] = []
    }

    private var random: SeededGenerator
    private var cases: [Case] = []
    private var now: Instant
    let history = History()

    static func make(seed: UInt64, events: Int) -> History {
        var maker = RandomHistory(seed: seed)
        while maker.history.events.count < events { maker.step() }
        return maker.history
    }

    private init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        now = local("2017-01-02T08:00:00")
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func add(_ index: Int, _ act: Act) -> UInt32 {
        history.add(
            index, now, act, source: "/source-\(index % 3)",
            recordedAt: chance(10) ? now.adding(seconds: Int64.random(in: 0...7_300, using: &random)) : nil)
    }

    private mutating func step() {
        // Mostly hours, sometimes on a boundary of days.
        now = now.adding(seconds: Int64.random(in: 1...14_000, using: &random))
        if chance(5) { now = Rulebook.test.zone.start(of: Rulebook.test.zone.day(of: now).adding(days: 1)) }
        if cases.isEmpty || chance(14) {
            var intake = Intake()
            let channel = Int.random(in: 0..<3, using: &random)
            intake.channel = Self.channels[channel]
            intake.isExternal = channel == 2
            intake.district = Self.districts.randomElement(using: &random)!
            history.receive(now, intake, source: "/source-\(cases.count % 3)")
            cases.append(Case())
            return
        }
        let index = chance(70) ? max(0, cases.count - Int.random(in: 1...25, using: &random)) : Int.random(in: 0..<cases.count, using: &random)
        act(on: index)
    }

    private mutating func act(on index: Int) {
        if chance(6) {
            cases[index].instructions.append(
                add(index, .instructed(leader: "leader-1", unit: chance(50) ? Self.units.randomElement(using: &random) : nil)))
            return
        }
        if chance(3) {
            cases[index].links.append(add(index, .linkedRepeat))
            return
        }
        if chance(3), voidSomething(index) { return }
        if chance(2) {
            _ = add(index, .reclassified(district: Self.districts.randomElement(using: &random), accessClass: nil))
            return
        }
        switch cases[index].stand {
        case .received: intake(index)
        case .accepted: accepted(index)
        case .inHand, .replied: inHand(index)
        case .closed: afterwards(index)
        case .merged:
            // The parent's end comes by itself; here it is split off.
            if chance(20) {
                _ = add(index, .unmerged)
                cases[index].stand = .accepted
                cases[index].parent = nil
            }
        case .over: return
        }
    }

    private mutating func intake(_ index: Int) {
        if chance(10) {
            _ = add(index, .declined)
            cases[index].stand = .over
            return
        }
        if chance(5) { return merge(index) }
        _ = add(index, .accepted)
        cases[index].isAccepted = true
        cases[index].stand = .accepted
        if chance(20) { answer(index) }
    }

    private mutating func answer(_ index: Int) {
        _ = add(
            index,
            .answered(unit: chance(80) ? Self.units.randomElement(using: &random) : nil, kind: [0, 1, 3].randomElement(using: &random)!, leader: nil))
        cases[index].hasDirectAnswer = true
        cases[index].stand = .replied
    }

    private mutating func accepted(_ index: Int) {
        // A case that was merged before it was accepted stays uncounted; the workflow would accept it on assignment.
        if chance(6) { return end(index) }
        if chance(8), cases[index].isAccepted { return answer(index) }
        assign(index, isLead: true)
    }

    private mutating func assign(_ index: Int, isLead: Bool, parent: UInt16 = 0, replaces: UInt16 = 0, unit: String? = nil) {
        let number = cases[index].nextNumber
        cases[index].nextNumber += 1
        let unit = unit ?? Self.units.randomElement(using: &random)!
        let day = Rulebook.test.zone.day(of: now).adding(days: Int.random(in: 0...9, using: &random))
        let due = Rulebook.test.zone.start(of: day.adding(days: 1))
        _ = add(
            index,
            .assigned(
                Ticket(
                    number: number, unit: unit, isLead: isLead, round: cases[index].round, parent: parent, replaces: replaces,
                    due: chance(95) ? due : nil)))
        cases[index].live.append(Live(number: number, unit: unit, isLead: isLead, due: due))
        cases[index].stand = .inHand
    }

    private mutating func inHand(_ index: Int) {
        if cases[index].live.isEmpty {
            // Answered directly: rated, closed or taken up after all.
            if chance(60) { return close(index) }
            return chance(50) ? rate(index) : end(index)
        }
        if cases[index].live.contains(where: { $0.isLead && $0.isApproved }), chance(45) { return close(index) }
        if chance(4) { return end(index) }
        if chance(4) { return merge(index) }
        let place = Int.random(in: 0..<cases[index].live.count, using: &random)
        let live = cases[index].live[place]
        if live.hasReply {
            if live.isApproved {
                if chance(30) { rate(index) }
            } else if chance(70) {
                _ = add(index, .approved(live.number))
                cases[index].live[place].isApproved = true
            } else {
                _ = add(index, .sentBack(live.number))
                cases[index].live[place].hasReply = false
            }
            return
        }
        work(index, place, live)
    }

    private mutating func work(_ index: Int, _ place: Int, _ live: Live) {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: _ = add(index, .signed(live.number))
        case 1 where !live.isReturning:
            _ = add(index, .returnRequested(live.number))
            cases[index].live[place].isReturning = true
        case 2 where live.isReturning, 3 where live.isReturning:
            _ = add(index, .returnGranted(live.number))
            cases[index].live.remove(at: place)
            if cases[index].live.isEmpty { cases[index].stand = .accepted }
        case 4:
            let due = Instant(microseconds: live.due.microseconds + 3 * 86_400_000_000)
            _ = add(index, .extended(live.number, due: due))
            cases[index].live[place].due = due
        case 5 where cases[index].live.count < 4: assign(index, isLead: !cases[index].live.contains { $0.isLead })
        case 6 where live.unit == "510104-transport" && cases[index].live.count < 4:
            assign(index, isLead: false, parent: live.number, unit: "510104-transport-buses")
        case 7 where cases[index].live.count < 4:
            cases[index].live.remove(at: place)
            assign(index, isLead: live.isLead, replaces: live.number)
        case 8: _ = add(index, .replied(live.number, kind: 2, approved: false))
        default:
            if live.isReturning {
                _ = add(index, .returnRefused(live.number))
                cases[index].live[place].isReturning = false
            }
            let approved = chance(50)
            let revision = add(index, .replied(live.number, kind: [1, 3, 4].randomElement(using: &random)!, approved: approved))
            cases[index].live[place].hasReply = true
            cases[index].live[place].isApproved = approved
            cases[index].live[place].replyRevision = revision
        }
    }

    private mutating func rate(_ index: Int) {
        let solved = UInt8.random(in: 0...2, using: &random)
        let handling = UInt8.random(in: 0...5, using: &random)
        let reply = UInt8.random(in: 0...5, using: &random)
        let act: Act =
            chance(30)
            ? .calledBack(solved: solved, handling: handling, reply: reply)
            : .rated(round: UInt8(cases[index].round), solved: solved, handling: handling, reply: reply)
        cases[index].ratings.append(add(index, act))
    }

    private mutating func close(_ index: Int) {
        let lead = cases[index].live.first { $0.isLead && $0.isApproved }?.number ?? 0
        guard lead != 0 || cases[index].hasDirectAnswer else { return }
        _ = add(index, .closed(lead: lead, withParent: false, deadlines: []))
        cases[index].stand = .closed
        cases[index].live = []
        for child in cases.indices where cases[child].parent == index && cases[child].stand == .merged {
            _ = add(child, .closed(lead: 0, withParent: true, deadlines: []))
            cases[child].stand = .closed
        }
    }

    private mutating func end(_ index: Int) {
        _ = add(index, chance(50) ? .withdrawn : .terminated)
        cases[index].stand = .over
        cases[index].live = []
        for child in cases.indices where cases[child].parent == index && cases[child].stand == .merged {
            _ = add(child, .unmerged)
            cases[child].stand = .accepted
            cases[child].parent = nil
        }
    }

    private mutating func merge(_ index: Int) {
        guard
            let parent = cases.indices.first(where: {
                $0 != index && (cases[$0].stand == .inHand || cases[$0].stand == .replied) && cases[$0].parent == nil
            }),
            !cases.contains(where: { $0.parent == index })
        else { return }
        _ = add(index, .merged(into: parent))
        cases[index].stand = .merged
        cases[index].parent = parent
        cases[index].live = []
    }

    private mutating func afterwards(_ index: Int) {
        if chance(70) { return rate(index) }
        if chance(50), cases[index].round < 4 {
            cases[index].round += 1
            cases[index].stand = .accepted
            cases[index].hasDirectAnswer = false
            cases[index].parent = nil
            _ = add(index, .reopened(round: cases[index].round))
        }
    }

    /// Takes back something that was entered in error.
    private mutating func voidSomething(_ index: Int) -> Bool {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            guard let revision = cases[index].ratings.popLast() else { return false }
            _ = add(index, .voided(revision: revision, type: EventType.appealRated.rawValue))
        case 1:
            guard let revision = cases[index].instructions.popLast() else { return false }
            _ = add(index, .voided(revision: revision, type: EventType.appealInstructed.rawValue))
        case 2:
            guard let revision = cases[index].links.popLast() else { return false }
            _ = add(index, .voided(revision: revision, type: EventType.appealLinked.rawValue))
        default:
            guard let place = cases[index].live.firstIndex(where: { $0.hasReply && !$0.isApproved }) else { return false }
            _ = add(index, .voided(revision: cases[index].live[place].replyRevision, type: EventType.appealReplied.rawValue))
            cases[index].live[place].hasReply = false
        }
        return true
    }
}
