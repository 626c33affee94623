import EventModel
import Testing

@testable import Workflow

/// The case of docs' events by example, from its first post to the state after its eighth event.
@Suite struct ExampleCaseTests {
    static let posted: [(peer: String, json: String)] = [
        (
            "mailbox",
            #"""
            {"specversion":"1.0","id":"m-20170301-0007","source":"/chengdu/mayor-mailbox","type":"appeal.received","time":"2017-03-01T09:12:40+08:00","datacontenttype":"application/json",
             "data":{"channel":"mailbox","mailbox":"510104-head","nature":"help","category":"transport.bus","district":"510104","wantReply":true,"confidential":false,"publishConsent":"yes","appellantKind":"person",
              "title":"请恢复东大街口公交站","text":"我叫王小明，住东大街88号3栋。上月起公交站撤了，老人要多走一公里，请恢复。电话13800138000。","place":"东大街与红星路口",
              "appellant":{"name":"王小明","phones":["13800138000"],"address":"东大街88号3栋2单元501"},
              "attachments":[{"name":"站牌.jpg","mediaType":"image/jpeg","size":183021,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","href":"https://files.example/a/771"}]}}
            """#
        ),
        (
            "dispatch",
            #"{"specversion":"1.0","id":"9f1c0f3e-12","source":"/chengdu/dispatch","type":"appeal.accepted","subject":"510104-20170301-000123","time":"2017-03-01T10:00:00+08:00","datacontenttype":"application/json","actingfor":"staff-0417","data":{"profile":"letter-5wd"}}"#
        ),
        (
            "dispatch",
            #"{"specversion":"1.0","id":"9f1c0f3e-13","source":"/chengdu/dispatch","type":"appeal.assigned","subject":"510104-20170301-000123","time":"2017-03-01T10:05:00+08:00","datacontenttype":"application/json","expectedrevision":2,"actingfor":"staff-0417","data":{"unit":"510104-transport","role":"lead"}}"#
        ),
        (
            "leaders",
            #"{"specversion":"1.0","id":"a-77","source":"/chengdu/leader-edition","type":"appeal.instructed","subject":"510104-20170301-000123","time":"2017-03-01T15:30:00+08:00","datacontenttype":"application/json","data":{"leader":"510104-head","post":"区长","kind":"forward","text":"请交通局实地查看后回复。","toUnits":["510104-transport"]}}"#
        ),
        (
            "unit",
            #"{"specversion":"1.0","id":"b-5","source":"/jinjiang/transport","type":"appeal.replied","subject":"510104-20170301-000123","time":"2017-03-09T16:20:00+08:00","datacontenttype":"application/json","actingfor":"staff-2208","data":{"assignment":1,"kind":"solved","truth":"true","internal":"已与公交集团协调，施工占道3月14日结束。","public":"您好，东大街口站因施工临时撤销，3月15日恢复。","policyRefs":[]}}"#
        ),
        (
            "dispatch",
            #"{"specversion":"1.0","id":"9f1c0f3e-20","source":"/chengdu/dispatch","type":"appeal.closed","subject":"510104-20170301-000123","time":"2017-03-10T09:00:00+08:00","datacontenttype":"application/json","data":{"result":"solved"}}"#
        ),
        (
            "sms",
            #"{"specversion":"1.0","id":"sms-81","source":"/chengdu/sms","type":"appeal.rated","subject":"510104-20170301-000123","time":"2017-03-11T20:11:00+08:00","datacontenttype":"application/json","data":{"handling":2,"reply":4,"solved":"yes","reason":"slow","via":"sms"}}"#
        ),
    ]

    static let peers = [
        "mailbox": Peer(uid: 1010, role: .integrator, sources: ["/chengdu/mayor-mailbox"], grants: [.intake, .citizen]),
        "dispatch": Peer(
            uid: 2001, role: .operator, sources: ["/chengdu/dispatch"], grants: [.dispatch, .supervise, .callback, .publicity]),
        "leaders": Peer(uid: 2003, role: .integrator, sources: ["/chengdu/leader-edition"], grants: [.leader], leaders: ["510104-head"]),
        "unit": Peer(uid: 2004, role: .integrator, sources: ["/jinjiang/"], grants: [.unit], units: ["510104-transport"]),
        "sms": Peer(uid: 1013, role: .integrator, sources: ["/chengdu/sms"], grants: [.callback]),
    ]

    /// The bodies of the entries, from `"id"` on; `data` of the sealed ones up to `sealed`.
    static let stored = [
        #""id":"m-20170301-0007","source":"/chengdu/mayor-mailbox","type":"appeal.received","subject":"510104-20170301-000123","time":"2017-03-01T09:12:40+08:00","actor":"integrator/1010","data":{"channel":"mailbox","mailbox":"510104-head","nature":"help","category":"transport.bus","district":"510104","wantReply":true,"confidential":false,"publishConsent":"yes","appellantKind":"person","attachments":1,"serial":"510104-20170301-000123","code":{"epoch":2,"round":1},"group":"core","sealed":"#,
        #""id":"9f1c0f3e-12","source":"/chengdu/dispatch","type":"appeal.accepted","subject":"510104-20170301-000123","time":"2017-03-01T10:00:00+08:00","actor":"operator/2001","actingfor":"staff-0417","data":{"profile":"letter-5wd","rule":"letter-5wd@3"}}"#,
        #""id":"9f1c0f3e-13","source":"/chengdu/dispatch","type":"appeal.assigned","subject":"510104-20170301-000123","time":"2017-03-01T10:05:00+08:00","actor":"operator/2001","actingfor":"staff-0417","data":{"unit":"510104-transport","role":"lead","assignment":1,"round":1,"deadlines":[{"kind":"reply","within":"5wd","from":"assigned","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00"}],"calendar":"cn-2017@1","rule":"letter-5wd@3"}}"#,
        #""id":"a-77","source":"/chengdu/leader-edition","type":"appeal.instructed","subject":"510104-20170301-000123","time":"2017-03-01T15:30:00+08:00","actor":"integrator/2003","data":{"leader":"510104-head","toUnits":["510104-transport"],"kind":"forward","post":"区长","sealed":"#,
        #""id":"2df5126c0f07539c927cbaa35dc9f06e4d485a31ad6e497177a48206d5098f7c","source":"/engine","type":"appeal.overdue","subject":"510104-20170301-000123","time":"2017-03-09T00:00:00+08:00","actor":"engine/990","data":{"assignment":1,"kind":"reply","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","calendar":"cn-2017@1"}}"#,
        #""id":"b-5","source":"/jinjiang/transport","type":"appeal.replied","subject":"510104-20170301-000123","time":"2017-03-09T16:20:00+08:00","actor":"integrator/2004","actingfor":"staff-2208","data":{"assignment":1,"kind":"solved","truth":"true","approved":true,"sealed":"#,
        #""id":"9f1c0f3e-20","source":"/chengdu/dispatch","type":"appeal.closed","subject":"510104-20170301-000123","time":"2017-03-10T09:00:00+08:00","actor":"operator/2001","data":{"result":"solved","by":"dispatch","lead":1}}"#,
        #""id":"sms-81","source":"/chengdu/sms","type":"appeal.rated","subject":"510104-20170301-000123","time":"2017-03-11T20:11:00+08:00","actor":"integrator/1013","data":{"handling":2,"reply":4,"solved":"yes","reason":"slow","via":"sms","round":1}}"#,
    ]

    static let state = #"""
        {"case":"510104-20170301-000123","publicId":"k7m2q9x4tb","status":"closed","result":"solved","round":1,"revision":8,"position":92307,"profile":"letter-5wd@3","appellantKind":"person",
         "channel":"mailbox","group":"core","mailbox":"510104-head","nature":"help","category":"transport.bus","district":"510104","accessClass":"normal",
         "receivedAt":"2017-03-01T09:12:40+08:00","acceptedAt":"2017-03-01T10:00:00+08:00","closedAt":"2017-03-10T09:00:00+08:00",
         "assignments":[{"assignment":1,"round":1,"unit":"510104-transport","role":"lead","status":"done","assignedAt":"2017-03-01T10:05:00+08:00","repliedAt":"2017-03-09T16:20:00+08:00","replyKind":"solved","workingDays":6,
           "deadlines":[{"kind":"reply","within":"5wd","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","state":"late"}]}],
         "instructions":[{"leader":"510104-head","post":"区长","kind":"forward","at":"2017-03-01T15:30:00+08:00","toUnits":["510104-transport"]}],
         "ratings":[{"round":1,"handling":2,"reply":4,"solved":"yes","reason":"slow","via":"sms","at":"2017-03-11T20:11:00+08:00"}],
         "publicity":{"acceptance":"in-review","handling":"in-review","result":"in-review"},"links":[],"children":[],"erased":false}
        """#

    /// The whole case in a world of its own.
    static func play() throws -> World {
        let world = World()
        world.serialsBefore["510104-20170301-"] = 122
        for (index, post) in posted.enumerated() {
            let claim = try ClaimReader.read(Array(post.json.utf8)).get()
            if index == 4 {
                // The ticker, a moment after midnight.
                let now = try #require(RFC3339.parse("2017-03-08T16:00:00.204551Z")?.instant)
                let plan = decideOverdue(
                    case: world.serials[0], assignment: 1, kind: .reply, due: now.adding(seconds: 0).wholeSecond,
                    in: world.context(now: now, peer: .engine(uid: 990)))
                try world.commit(#require(plan), at: now)
            }
            let decision = try world.post(claim, by: #require(peers[post.peer]), now: #require(claim.time?.instant))
            if case .refused(let refusal) = decision { Issue.record("\(claim.type.name) refused: \(refusal)") }
        }
        return world
    }

    @Test func entriesAreThoseOfTheExample() throws {
        let world = try Self.play()
        #expect(world.entries.count == Self.stored.count)
        for (entry, wanted) in zip(world.entries, Self.stored) {
            let text = String(decoding: entry.document.bytes, as: UTF8.self)
            let body = try #require(text.firstRange(of: ",\"id\":").map { String(text[text.index(after: $0.lowerBound)...]) })
            if wanted.hasSuffix("\"sealed\":") {
                #expect(body.hasPrefix(wanted), "\(body)")
            } else {
                #expect(body == wanted)
            }
        }
    }

    @Test func stateIsThatOfTheExample() throws {
        let world = try Self.play()
        let state = try #require(world.cases["510104-20170301-000123"])
        var writer = JSONWriter()
        CaseDocument.write(
            state, publicId: "k7m2q9x4tb", position: Position(92_307), asOf: try Script.instant("03-12T00:00"), rulebook: world.rulebook,
            into: &writer)
        let wanted = Self.state.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
        #expect(writer.text == wanted)
    }

    @Test func personAndTextAreSealedInTheOrderOfTheTable() throws {
        let claim = try ClaimReader.read(Array(Self.posted[0].json.utf8)).get()
        let parts = claim.sealedParts()
        #expect(parts.map { $0.scope } == [.person, .text])
        #expect(
            String(decoding: parts[0].json, as: UTF8.self)
                == #"{"place":"东大街与红星路口","appellant":{"name":"王小明","phones":["13800138000"],"address":"东大街88号3栋2单元501"}}"#)
        #expect(String(decoding: parts[1].json, as: UTF8.self).hasPrefix(#"{"title":"请恢复东大街口公交站","text":"我叫王小明"#))
        #expect(
            String(decoding: parts[1].json, as: UTF8.self).hasSuffix(
                #""attachments":[{"name":"站牌.jpg","mediaType":"image/jpeg","size":183021,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","href":"https://files.example/a/771"}]}"#
            ))
    }

    /// No personal value may stand in any entry.
    @Test func entriesHoldNoFreeText() throws {
        for entry in try Self.play().entries {
            let text = String(decoding: entry.document.bytes, as: UTF8.self)
            for secret in ["王小明", "13800138000", "东大街", "公交", "实地查看"] { #expect(!text.contains(secret)) }
        }
    }

    @Test func receiptOfTheAssignment() throws {
        let world = World()
        try Script.run("intake 03-01T09:00 received channel=mailbox title=t", world)
        var script = Script(world)
        let (json, now) = try script.event(["dispatch", "03-01T10:05", "assigned", "unit=510104-transport"])
        let claim = try ClaimReader.read(Array(json.utf8)).get()
        guard case .admitted(let plan) = decide(claim, in: world.context(now: now, peer: TestPeers.byName["dispatch"]!)) else {
            Issue.record("refused")
            return
        }
        var writer = JSONWriter()
        plan.receipt.writeDeadlines(to: &writer)
        #expect(
            writer.text
                == #"[{"kind":"reply","within":"5wd","from":"assigned","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","calendar":"cn-2017@1","rule":"letter-5wd@3"}]"#
        )
        #expect(plan.receipt.assignment == 1)
        #expect(plan.primary == (section: 0, fact: 1))
        #expect(plan.primaryRevision == 3)
    }
}

extension Instant {
    var wholeSecond: Instant { Instant(seconds: seconds) }
}
