import Engine
import EventModel
import Foundation
import Testing
import Workflow

/// The case of docs/reference/events.md from its first post to the rating, as posted, as stored, as read back.
@Suite struct EventsExampleTests {
    static let serial = "510104-20170301-000001"
    static let posts: [(name: String, json: String)] = [
        (
            "received",
            """
            {"specversion":"1.0","id":"m-20170301-0007","source":"/chengdu/mayor-mailbox","type":"appeal.received","time":"2017-03-01T09:12:40+08:00","datacontenttype":"application/json",
             "data":{"channel":"mailbox","mailbox":"510104-head","nature":"help","category":"transport.bus","district":"510104","wantReply":true,"confidential":false,"publishConsent":"yes","appellantKind":"person",
              "title":"请恢复东大街口公交站","text":"我叫王小明，住东大街88号3栋。上月起公交站撤了，老人要多走一公里，请恢复。电话13800138000。","place":"东大街与红星路口",
              "appellant":{"name":"王小明","phones":["13800138000"],"address":"东大街88号3栋2单元501"},
              "attachments":[{"name":"站牌.jpg","mediaType":"image/jpeg","size":183021,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","href":"https://files.example/a/771"}]}}
            """
        ),
        ("accepted", event("9f1c0f3e-12", "appeal.accepted", on: serial, at: "2017-03-01T10:00:00+08:00", #"{"profile":"letter-5wd"}"#)),
        (
            "assigned",
            event("9f1c0f3e-13", "appeal.assigned", on: serial, at: "2017-03-01T10:05:00+08:00", #"{"unit":"510104-transport","role":"lead"}"#)
        ),
        (
            "instructed",
            event(
                "a-77", "appeal.instructed", on: serial, at: "2017-03-01T15:30:00+08:00", source: "/chengdu/leader-edition",
                #"{"leader":"510104-head","post":"区长","kind":"forward","text":"请交通局实地查看后回复。","toUnits":["510104-transport"]}"#)
        ),
        (
            "replied",
            event(
                "b-5", "appeal.replied", on: serial, at: "2017-03-09T16:20:00+08:00", source: "/jinjiang/transport",
                #"{"assignment":1,"kind":"solved","truth":"true","internal":"已与公交集团协调，施工占道3月14日结束。","public":"您好，东大街口站因施工临时撤销，3月15日恢复。","policyRefs":[]}"#
            )
        ),
        ("closed", event("9f1c0f3e-20", "appeal.closed", on: serial, at: "2017-03-10T09:00:00+08:00", #"{"result":"solved"}"#)),
        (
            "rated",
            event(
                "sms-81", "appeal.rated", on: serial, at: "2017-03-11T20:11:00+08:00", source: "/chengdu/sms",
                #"{"handling":2,"reply":4,"solved":"yes","reason":"slow","via":"sms"}"#)
        ),
    ]

    @Test func theCaseFromItsFirstPostToTheRating() async throws {
        let city = try await TestCity()
        for (name, json) in Self.posts {
            let result = await city.post(json)
            #expect(result.code == "accepted", "\(name): \(result.text)")
        }
        let received = await city.post(Self.posts[0].json)
        #expect(received.code == "duplicate")
        #expect(received.document?["serial"]?.string == Self.serial)
        #expect(received.document?["extractionCode"]?.string?.count == 8)

        let lines = try await city.engine.caseEvents(Self.serial, by: TestCity.front)
        let entries = try lines.map { try #require(try Entry($0.bytes)) }
        #expect(
            entries.map(\.envelope.type) == [
                "appeal.received", "appeal.accepted", "appeal.assigned", "appeal.instructed", "appeal.overdue", "appeal.replied", "appeal.closed",
                "appeal.rated",
            ])

        // The stored entry of event 3, but for position, recordedtime and prev.
        let body = String(decoding: entries[2].document.bytes, as: UTF8.self)
        let from = try #require(body.range(of: #""id":"#))
        #expect(
            body[from.lowerBound...]
                == #""id":"9f1c0f3e-13","source":"/chengdu/dispatch","type":"appeal.assigned","subject":"510104-20170301-000001","time":"2017-03-01T10:05:00+08:00","actor":"operator/2001","data":{"unit":"510104-transport","role":"lead","assignment":1,"round":1,"deadlines":[{"kind":"reply","within":"5wd","from":"assigned","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00"}],"calendar":"cn-2017@1","rule":"letter-5wd@3"}}"#
        )

        // The overdue fact came first in the reply's commit (T7).
        let overdue = entries[4]
        #expect(overdue.head.revision == 5)
        #expect(overdue.envelope.source == "/engine")
        #expect(overdue.envelope.time == "2017-03-09T00:00:00+08:00")
        #expect(overdue.head.commit == overdue.head.position && entries[5].head.commit == overdue.head.position)
        #expect(
            String(decoding: overdue.data.text, as: UTF8.self)
                == #"{"assignment":1,"kind":"reply","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","calendar":"cn-2017@1"}"#)

        let state = try JSONDocument(try await city.engine.caseDocument(Self.serial, by: TestCity.front).bytes).root
        let expected = try JSONDocument(
            """
            {"status":"closed","result":"solved","round":1,"revision":8,"profile":"letter-5wd@3","appellantKind":"person",
             "channel":"mailbox","group":"core","mailbox":"510104-head","nature":"help","category":"transport.bus","district":"510104","accessClass":"normal",
             "receivedAt":"2017-03-01T09:12:40+08:00","acceptedAt":"2017-03-01T10:00:00+08:00","closedAt":"2017-03-10T09:00:00+08:00",
             "assignments":[{"assignment":1,"round":1,"unit":"510104-transport","role":"lead","status":"done","assignedAt":"2017-03-01T10:05:00+08:00","repliedAt":"2017-03-09T16:20:00+08:00","replyKind":"solved","workingDays":6,
               "deadlines":[{"kind":"reply","within":"5wd","dueDay":"2017-03-08","due":"2017-03-09T00:00:00+08:00","state":"late"}]}],
             "instructions":[{"leader":"510104-head","post":"区长","kind":"forward","at":"2017-03-01T15:30:00+08:00","toUnits":["510104-transport"]}],
             "ratings":[{"round":1,"handling":2,"reply":4,"solved":"yes","reason":"slow","via":"sms","at":"2017-03-11T20:11:00+08:00"}],
             "links":[],"children":[],"erased":false}
            """
        ).root
        for (name, value) in expected.members {
            #expect(
                state[name].map { $0.isEqual(to: value) } ?? false,
                "\(name): \(state[name].map { String(decoding: $0.text, as: UTF8.self) } ?? "absent")")
        }
        #expect(state["personal"]?["title"]?.string == "请恢复东大街口公交站")
        #expect(state["personal"]?["appellant"]?["name"]?.string == "王小明")
        await city.close()
    }

    @Test func assigningAcceptsFirst() async throws {
        let city = try await TestCity()
        _ = await city.post(Self.posts[0].json)
        let assigned = await city.post(Self.posts[2].json)
        #expect(assigned.code == "accepted")
        #expect(assigned.document?["also"]?.items.first?["type"]?.string == "appeal.accepted")
        #expect(assigned.document?["assignment"]?.integer == 1)
        #expect(assigned.document?["deadlines"]?.items.first?["due"]?.string == "2017-03-09T00:00:00+08:00")
        #expect(assigned.document?["deadlines"]?.items.first?["rule"]?.string == "letter-5wd@3")
        await city.close()
    }

    @Test func anotherTitleUnderTheSameIDIsAConflict() async throws {
        let city = try await TestCity()
        _ = await city.post(Self.posts[0].json)
        let other = await city.post(Self.posts[0].json.replacing("请恢复东大街口公交站", with: "请恢复"))
        #expect(other.code == "id-conflict")
        await city.close()
    }
}
