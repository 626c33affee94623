import EventModel
import Workflow

/// A small city for tests: everything a test doesn't set has a plain value.
enum TestRulebook {
    static func make(profiles: [ServiceProfile] = profiles, zone: Zone = .shanghai) -> Rulebook {
        Rulebook(
            version: 1, city: "5101", zone: zone, calendar: calendar, units: UnitTree(units), mailboxes: mailboxes, codes: codes,
            externalChannels: ["forum"], profiles: profiles)
    }

    /// 2017 only: 2018 is the year without a notice.
    static let calendar = WorkCalendar(
        id: "cn",
        years: [
            2017: WorkCalendar.Year(
                revision: 1,
                weekdaysOff: days([
                    "01-02", "01-27", "01-30", "01-31", "02-01", "02-02", "04-03", "04-04", "05-01", "05-29", "05-30", "10-02", "10-03", "10-04",
                    "10-05", "10-06",
                ]),
                weekendsWorked: days(["01-22", "02-04", "04-01", "05-27", "09-30"]))
        ])

    static func days(_ texts: [String]) -> Set<Day> { Set(texts.map { Day("2017-\($0)")! }) }

    static let units = [
        UnitTree.Unit(id: "city", label: label, parent: nil, level: 1),
        UnitTree.Unit(id: "510104", label: label, parent: "city", level: 2, district: "510104"),
        UnitTree.Unit(id: "510104-transport", label: label, parent: "510104", level: 3, district: "510104"),
        UnitTree.Unit(id: "510104-transport-bus", label: label, parent: "510104-transport", level: 4, district: "510104"),
        UnitTree.Unit(id: "510104-water", label: label, parent: "510104", level: 3, district: "510104"),
        UnitTree.Unit(id: "510104-police", label: label, parent: "510104", level: 3, district: "510104"),
    ]

    static let mailboxes = [
        "510104-head": Mailbox(id: "510104-head", label: label, unit: "510104", leader: "510104-head", level: 2),
        "mayor": Mailbox(id: "mayor", label: label, unit: "city", leader: "mayor", level: 1),
    ]

    static let codes: [CodeList: [String: Label]] = [
        .channel: list("mailbox", "hotline", "app", "sms", "forum", "plain"), .nature: list("help", "complaint"),
        .category: list("transport", "transport.bus"), .district: list("510104", "510105"), .urgency: list("normal", "high"),
        .pauseReason: list("weather"), .urgeReason: list("due-soon"), .reopenReason: list("unsolved"), .terminationReason: list("no-contact"),
        .withdrawalReason: list("settled"),
        .declineReason: list("beyond-duty"), .returnReason: list("not-ours"), .unsolvedReason: list("policy"), .unsatisfiedReason: list("slow"),
    ]

    static let profiles = [
        ServiceProfile(
            id: "letter-5wd", version: 3, match: .init(channel: "mailbox"),
            limits: [ServiceLimit(kind: .reply, within: Within("5wd")!, roll: .nextWorkingDay, maxExtension: Within("5wd")!, from: .assigned)]),
        // Every kind and every start.
        ServiceProfile(
            id: "full", version: 1, match: .init(channel: "hotline"),
            limits: [
                ServiceLimit(kind: .accept, within: Within("30min")!, from: .received),
                ServiceLimit(kind: .dispatch, within: Within("2h")!, from: .received),
                ServiceLimit(kind: .sign, within: Within("1wd")!, from: .assigned),
                ServiceLimit(kind: .contact, within: Within("24h")!, from: .assigned),
                ServiceLimit(kind: .return, within: Within("2wd")!, from: .assigned),
                ServiceLimit(kind: .reply, within: Within("3wd")!, from: .signed),
                ServiceLimit(kind: .close, within: Within("10d")!, roll: .nextWorkingDay, from: .accepted),
                ServiceLimit(kind: .callback, within: Within("2wd")!, from: .closed),
            ], replyReview: .dispatch),
        ServiceProfile(
            id: "auto", version: 1, match: .init(channel: "app"),
            limits: [ServiceLimit(kind: .reply, within: Within("5d")!, roll: .none, from: .accepted)],
            closing: .onApproval),
        ServiceProfile(id: "wait", version: 1, match: .init(channel: "sms"), limits: [], closing: .afterWorkingDays(2)),
    ]

    private static let label = Label(zh: "名", en: "name")
    private static func list(_ codes: String...) -> [String: Label] { Dictionary(uniqueKeysWithValues: codes.map { ($0, label) }) }
}

/// Peers of the small city, by the name the scripts use.
enum TestPeers {
    static let byName: [String: Peer] = [
        "intake": Peer(uid: 1010, role: .integrator, sources: ["/intake"], grants: [.intake]),
        "mailroom": Peer(uid: 1011, role: .integrator, sources: ["/mailroom"], grants: [.intake], mailboxes: ["mayor"]),
        "citizen": Peer(uid: 1012, role: .integrator, sources: ["/citizen"], grants: [.citizen]),
        "dispatch": Peer(uid: 2001, role: .operator, sources: ["/dispatch"], grants: [.dispatch]),
        "transport": Peer(uid: 3001, role: .integrator, sources: ["/transport"], grants: [.unit], units: ["510104-transport"]),
        "water": Peer(uid: 3002, role: .integrator, sources: ["/water"], grants: [.unit], units: ["510104-water"]),
        "bus": Peer(uid: 3003, role: .integrator, sources: ["/bus"], grants: [.unit], units: ["510104-transport-bus"]),
        "district": Peer(uid: 3004, role: .integrator, sources: ["/district"], grants: [.unit], units: ["510104"]),
        "supervisor": Peer(uid: 4101, role: .integrator, sources: ["/supervisor"], grants: [.supervise]),
        "callback": Peer(uid: 4102, role: .integrator, sources: ["/callback"], grants: [.callback]),
        "leader": Peer(uid: 4001, role: .integrator, sources: ["/leader"], grants: [.leader], leaders: ["510104-head"]),
        "leaders": Peer(uid: 4002, role: .integrator, sources: ["/leaders"], grants: [.leader], leaders: ["510104-head", "mayor"]),
        "importer": Peer(
            uid: 5001, role: .integrator, sources: ["/import/"], grants: [.intake, .dispatch, .unit, .citizen, .leader, .backfill],
            units: ["510104-transport", "510104-water"], leaders: ["510104-head"]),
        // The only front end of a small town.
        "town": Peer(
            uid: 6001, role: .integrator, sources: ["/town"], grants: [.intake, .dispatch, .unit, .citizen, .leader], units: ["city"],
            leaders: ["510104-head", "mayor"]),
        "auditor": Peer(uid: 7001, role: .auditor, sources: ["/auditor"]),
    ]
}
