import EventModel
import Testing

@testable import Workflow

/// The checks of form: what the bytes say, whoever sends them.
@Suite struct ClaimReaderTests {
    static let least = #"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.received","data":{"channel":"mailbox","title":"t"}}"#

    private func refusal(_ json: String) -> Refusal? {
        if case .failure(let refusal) = ClaimReader.read(Array(json.utf8)) { return refusal }
        return nil
    }

    /// Rows: attributes beside the least event, or the event itself if it begins with another brace · code · pointer.
    @Test(
        "attributes",
        arguments: [
            (#"[]"#, "not-an-event", ""),
            (#"{"#, "malformed-json", ""),
            (#"{"a":1,"a":2}"#, "malformed-json", ""),
            (#"{}"#, "attribute-missing", "/specversion"),
            (#"{"specversion":"1.0"}"#, "attribute-missing", "/id"),
            (#"{"specversion":"1.0","id":"1"}"#, "attribute-missing", "/source"),
            (#"{"specversion":"1.0","id":"1","source":"/a"}"#, "attribute-missing", "/type"),
            (#"{"specversion":"0.3","id":"1","source":"/a","type":"t"}"#, "attribute-malformed", "/specversion"),
            (#"{"specversion":"1.0","id":"","source":"/a","type":"t"}"#, "attribute-malformed", "/id"),
            (#"{"specversion":"1.0","id":"a b","source":"/a","type":"t"}"#, "attribute-malformed", "/id"),
            (#"{"specversion":"1.0","id":1,"source":"/a","type":"t"}"#, "attribute-malformed", "/id"),
            (#"{"specversion":"1.0","id":"1","source":"/源","type":"t"}"#, "attribute-malformed", "/source"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":7}"#, "attribute-malformed", "/type"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","data_base64":"AA=="}"#, "not-an-event", "/data_base64"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":[]}"#, "not-an-event", "/data"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":null}"#, "not-an-event", "/data"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","datacontenttype":"text/xml"}"#, "media-type-unsupported", "/datacontenttype"),
            (
                #"{"specversion":"1.0","id":"1","source":"/a","type":"t","datacontenttype":"application/json; charset=utf-8"}"#, "type-unknown",
                "/type"
            ),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"2017-03-01"}"#, "attribute-malformed", "/time"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"2017-03-01T00:00:00.1234567Z"}"#, "attribute-malformed", "/time"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","expectedrevision":-1}"#, "attribute-malformed", "/expectedrevision"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","expectedrevision":"x"}"#, "attribute-malformed", "/expectedrevision"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","expectedrevision":"3"}"#, "type-unknown", "/type"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","actingfor":"王 小明"}"#, "attribute-malformed", "/actingfor"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","causationid":""}"#, "attribute-malformed", "/causationid"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"t","correlationid":5}"#, "attribute-malformed", "/correlationid"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.overdue","subject":"s"}"#, "engine-only", "/type"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"publicity.classified","subject":"s"}"#, "type-not-available", "/type"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.accepted"}"#, "subject-missing", "/subject"),
            (#"{"specversion":"1.0","id":"1","source":"/a","type":"clock.advanced","subject":"s"}"#, "subject-not-expected", "/subject"),
        ])
    func attributes(json: String, code: String, pointer: String) {
        let refusal = refusal(json)
        #expect(refusal?.code.rawValue == code, "\(json)")
        #expect(refusal?.pointer == pointer, "\(json)")
    }

    /// Rows: members of `data` of `appeal.received` · code · pointer.
    @Test(
        "data",
        arguments: [
            (#""channel":"m""#, "member-missing", "/data/title"),
            (#""title":"t""#, "member-missing", "/data/channel"),
            (#""channel":"m","title":"t","titel":"x""#, "unknown-member", "/data/titel"),
            (#""channel":"m","title":"t","a/b~c":"x""#, "unknown-member", "/data/a~1b~0c"),
            (#""channel":"m","title":"t","serial":"x""#, "member-not-yours", "/data/serial"),
            (#""channel":"m","title":"t","sealed":[]"#, "member-not-yours", "/data/sealed"),
            (#""channel":"m","title":"t","outOfOrder":true"#, "member-not-yours", "/data/outOfOrder"),
            (#""channel":"m","title":"t","clock":"source""#, "member-not-yours", "/data/clock"),
            (#""channel":"m","title":"t","deadlines":[]"#, "member-not-yours", "/data/deadlines"),
            (#""channel":7,"title":"t""#, "member-kind", "/data/channel"),
            (#""channel":"m","title":null"#, "member-kind", "/data/title"),
            (#""channel":"m","title":"""#, "member-malformed", "/data/title"),
            (#""channel":"a b","title":"t""#, "member-malformed", "/data/channel"),
            (#""channel":"m","title":"t","wantReply":"yes""#, "member-kind", "/data/wantReply"),
            (#""channel":"m","title":"t","publishConsent":"maybe""#, "member-malformed", "/data/publishConsent"),
            (#""channel":"m","title":"t","accused":[]"#, "member-malformed", "/data/accused"),
            (#""channel":"m","title":"t","accused":"x""#, "member-kind", "/data/accused"),
            (#""channel":"m","title":"t","accused":["x","a b"]"#, "member-malformed", "/data/accused/1"),
            (#""channel":"m","title":"t","appellant":{"nome":"x"}"#, "unknown-member", "/data/appellant/nome"),
            (#""channel":"m","title":"t","appellant":{"phones":[1]}"#, "member-kind", "/data/appellant/phones/0"),
            (#""channel":"m","title":"t","appellant":{"uscc":"91110000600037341M"}"#, "member-malformed", "/data/appellant/uscc"),
            (#""channel":"m","title":"t","external":{"platform":"rmw"}"#, "member-missing", "/data/external/id"),
            (#""channel":"m","title":"t","external":{"platform":"rmw","id":"贴 1"}"#, "member-malformed", "/data/external/id"),
            (#""channel":"m","title":"t","attachments":[{"name":"a"}]"#, "member-missing", "/data/attachments/0/href"),
            (#""channel":"m","title":"t","attachments":[{"name":"a","href":"h","size":-1}]"#, "member-malformed", "/data/attachments/0/size"),
        ])
    func data(members: String, code: String, pointer: String) {
        let refusal = refusal(#"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.received","data":{\#(members)}}"#)
        #expect(refusal?.code.rawValue == code, "\(members)")
        #expect(refusal?.pointer == pointer, "\(members)")
    }

    @Test func limits() throws {
        let long = String(repeating: "字", count: 401)
        #expect(refusal(Self.least.replacing("\"t\"", with: "\"\(long)\""))?.code == .memberTooLong)
        let many = Array(repeating: "\"u\"", count: 101).joined(separator: ",")
        #expect(refusal(Self.least.replacing("\"title\"", with: "\"accused\":[\(many)],\"title\""))?.code == .memberTooLong)
        #expect(refusal(String(repeating: " ", count: ClaimReader.maxEventBytes) + Self.least)?.code == .eventTooLarge)
        #expect(refusal(Self.least.replacing("\"1\"", with: "\"\(String(repeating: "i", count: 129))\""))?.pointer == "/id")
        #expect(refusal(Self.least.replacing("/a", with: "/" + String(repeating: "s", count: 256)))?.pointer == "/source")
        // Sealed text isn't open: long text passes, and the open limit is out of reach of a valid event but for lists.
        let text = String(repeating: "字", count: 39_000)
        #expect(refusal(Self.least.replacing("\"t\"", with: "\"t\",\"text\":\"\(text)\"")) == nil)
    }

    @Test func openMembersHaveALimitOfTheirOwn() {
        let dropped = (1...500).map { "{\"assignment\":\($0),\"reason\":\"\(String(repeating: "r", count: 60))\"}" }.joined(separator: ",")
        let json =
            #"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.closed","subject":"s","data":{"result":"solved","dropped":["# + dropped
            + "]}}"
        #expect(refusal(json)?.code == .openMembersTooLarge)
    }

    @Test func allFindingsAreTold() {
        let refusal = refusal(#"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.received","data":{"chanel":"m","nature":5,"title":"t"}}"#)
        #expect(
            refusal?.errors.map { "\($0.pointer) \($0.code.rawValue)" } == [
                "/data/chanel unknown-member", "/data/nature member-kind", "/data/channel member-missing",
            ])
    }

    @Test func attributesOfAClaim() throws {
        let json = Self.least.replacing(
            "\"data\"",
            with:
                #""time":"2017-03-01T09:00:00+08:00","expectedrevision":0,"actingfor":"p","causationid":"c","correlationid":"k","traceparent":"00-x","knativearrivaltime":"x","dataschema":"y","data""#
        )
        let claim = try ClaimReader.read(Array(json.utf8)).get()
        #expect(claim.id == "1")
        #expect(claim.source == "/a")
        #expect(claim.type == .appealReceived)
        #expect(claim.subject == nil)
        #expect(claim.time?.text == "2017-03-01T09:00:00+08:00")
        #expect(claim.expectedRevision == 0)
        #expect([claim.actingFor, claim.causationID, claim.correlationID] == ["p", "c", "k"])
        #expect(claim.ignored == ["knativearrivaltime", "dataschema"])
        // Nothing is the least data of an acceptance.
        #expect(refusal(#"{"specversion":"1.0","id":"1","source":"/a","type":"appeal.accepted","subject":"s"}"#) == nil)
    }

    @Test func detailsNameWhatIsWrong() {
        let refusal = refusal(Self.least.replacing("channel", with: "chanel"))
        #expect(refusal?.detail(.en) == "/data/chanel is not in the type's table of members.")
        #expect(refusal?.title(.zh) == "data 中有未知成员")
        let closed = Refusal(.notCountedYet, at: "/type", ["1", "510104-transport"])
        #expect(closed.number == 214)
        #expect(closed.title(.zh) == "尚无有效回复，不能办结")
        #expect(closed.detail(.zh) == "工单1（510104-transport）尚未回复。")
        #expect(closed.next(.zh) == "先提交 appeal.replied，或在 data.dropped 中说明理由。")
        #expect(Refusal(.notCountedYet, at: "/type").detail(.en) == "No counted reply yet: it can't be closed.")
    }
}
