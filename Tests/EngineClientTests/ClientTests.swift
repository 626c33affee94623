import EngineClient
import EventModel
import Testing

@Suite struct ClientTests {
    @Test func aMissingSocketSaysWhatToStart() async {
        let error = await #expect(throws: ClientError.self) { try await EngineClient(socketPath: "/tmp/there-is-none.sock").get("/v1/status") }
        #expect(error?.code == .notRunning)
        #expect(error?.isTransient == true)
        #expect(error?.next?.contains("engine-daemon") == true)
    }

    @Test func aFileIsNoSocket() async {
        let error = await #expect(throws: ClientError.self) { try await EngineClient(socketPath: "/etc/hostname").get("/v1/status") }
        #expect(error?.code == .badSocketPath)
    }

    @Test func aLongPathIsNoSocket() async {
        let path = "/" + String(repeating: "s", count: 107)
        let error = await #expect(throws: ClientError.self) { try await EngineClient(socketPath: path).get("/v1/status") }
        #expect(error?.code == .badSocketPath)
    }

    @Test func streamsFailTheSameWay() async {
        let error = await #expect(throws: ClientError.self) {
            for try await _ in EngineClient(socketPath: "/tmp/there-is-none.sock").events(follow: true) {}
        }
        #expect(error?.code == .notRunning)
    }

    @Test func answersOfAStream() throws {
        if case .stored(let isDuplicate, _)? = PostAnswer(Array(#"{"outcome":"duplicate","position":3}"#.utf8)) {
            #expect(isDuplicate)
        } else {
            Issue.record("no receipt")
        }
        if case .summary(let summary)? = PostAnswer(Array(#"{"summary":{"accepted":1,"duplicate":2,"refused":3,"unknown":4}}"#.utf8)) {
            #expect(summary.accepted == 1 && summary.unknown == 4)
        } else {
            Issue.record("no summary")
        }
        let problem = Array(
            #"{"type":"urn:appeal-engine:problem:id-conflict","title":"t","status":409,"code":"id-conflict","number":151,"transient":false,"detail":"d","errors":[{"pointer":"/id","code":"id-conflict"}],"instance":"urn:appeal-engine:request:01ABC"}"#
                .utf8)
        if case .refused(let details, _)? = PostAnswer(problem) {
            #expect(details.status == 409 && details.places.first?.pointer == "/id" && details.requestID == "01ABC")
        } else {
            Issue.record("no problem")
        }
        #expect(PostAnswer(Array("[]".utf8)) == nil)
    }
}
