/// Channel codes of the example rulebook, and how letters spread over them.
enum Channels {
    static let codes = ["hotline", "mailbox", "enterprise-mailbox", "weibo", "wechat", "sms", "app", "web", "people-daily", "mala", "scol"]

    static func index(of code: String) -> UInt8 { UInt8(codes.firstIndex(of: code) ?? 0) }

    /// Seven letters in ten come to a leader's mailbox; the remainder of each share also goes there.
    static func letters(_ total: Int) -> [(channel: String, count: Int)] {
        let others = [("enterprise-mailbox", 60), ("wechat", 90), ("weibo", 40), ("sms", 30), ("app", 50), ("web", 30)]
            .map { (channel: $0.0, count: total * $0.1 / 1_000) }
        return others + [(channel: "mailbox", count: total - others.reduce(0) { $0 + $1.count })]
    }
}
