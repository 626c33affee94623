import EngineClient
import EventModel
import Testing

/// Events as tests post them.
enum Events {
    static let source = "/example/tests"

    static func event(_ type: String, id: String, subject: String? = nil, extra: String = "", data: String = "{}") -> [UInt8] {
        let subject = subject.map { "\"subject\":\"\($0)\"," } ?? ""
        return Array(
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"type\":\"\(type)\",\(subject)\(extra)\"data\":\(data)}".utf8)
    }

    static func received(id: String, title: String = "路灯不亮") -> [UInt8] {
        event("appeal.received", id: id, data: "{\"channel\":\"mailbox\",\"title\":\"\(title)\"}")
    }
}

extension EngineClient {
    /// The answer to any post, refused or not.
    func raw(_ body: [UInt8]) async throws -> EngineReply {
        try await send(method: "POST", path: "/v1/events", headers: [("Content-Type", "application/cloudevents+json")], body: body)
    }
}
