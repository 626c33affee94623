public import EventModel

/// 主题: what the case is about, beside its category; adds to what earlier tags say.
public struct AppealTopicTagged: EventPayload {
    public var topics: [String]

    public static let schema = EventSchema(
        .appealTopicTagged, .case, grants: [.dispatch], [.least("topics", .array(.code, count: 1...16))])

    public init?(_ data: JSONValue) { topics = data.strings("topics") }

    public func writeMembers(to data: inout JSONWriter) { data.member("topics", topics) }

    public var words: [FactWord] {
        let pairs = stride(from: 0, to: topics.count, by: 2).map { index in
            FactWord.names(topics[index], index + 1 < topics.count ? topics[index + 1] : nil)
        }
        return [.number(UInt64(topics.count))] + pairs
    }

    public func apply(to state: inout CaseState, _ event: EventStamp) {
        state.taggings.append(CaseState.Tagging(topics: topics, revision: event.revision))
    }
}
