import EventLog
import EventModel
import Workflow

/// Makes receipts from entries alone, so that the first and every later one are the same.
struct ReceiptWriter: Sendable {
    let keyring: Keyring

    /// `commit`: all entries of the commit, in order; `own`: the posted event's. `showCode`: whether the extraction code may be shown (提取码).
    func receipt(own: Entry, leafHash: [UInt8], commit: [Entry], showCode: Bool, ignored: [String]) -> PostReceipt {
        var writer = JSONWriter()
        writer.object { receipt in
            receipt.member("source", own.envelope.source)
            receipt.member("id", own.envelope.id)
            receipt.member("position", own.head.position.rawValue)
            if !own.envelope.subject.hasPrefix("@") { receipt.member("case", own.envelope.subject) }
            receipt.member("revision", Int(own.head.revision))
            receipt.member("recordedTime", RFC3339.utc(own.head.recordedAt))
            receipt.member("leafHash", TextCoding.base64(leafHash))
            extras(own, showCode: showCode, &receipt)
            let others = commit.filter { $0.head.position != own.head.position && $0.envelope.source == "/engine" }
            if !others.isEmpty {
                receipt.member(
                    "also",
                    array: { also in
                        for other in others {
                            also.object { item in
                                item.member("position", other.head.position.rawValue)
                                item.member("type", other.envelope.type)
                                if other.envelope.subject != own.envelope.subject { item.member("case", other.envelope.subject) }
                                if let assignment = other.data["assignment"]?.integer { item.member("assignment", assignment) }
                                deadlines(other, &item)
                            }
                        }
                    })
            }
            if own.data["outOfOrder"]?.boolean == true { receipt.member("flags", ["out-of-order"]) }
            if !ignored.isEmpty { receipt.member("ignored", ignored) }
        }
        return PostReceipt(position: own.head.position, members: writer.bytes)
    }

    private func extras(_ own: Entry, showCode: Bool, _ receipt: inout JSONWriter) {
        switch EventType(name: own.envelope.type) {
        case .appealReceived, .appealCodeReissued:
            if own.envelope.type == EventType.appealReceived.name { receipt.member("serial", own.envelope.subject) }
            if showCode, let epoch = own.data["code"]?["epoch"]?.integer, let round = own.data["code"]?["round"]?.integer,
                let code = keyring.extractionCode(serial: own.envelope.subject, epoch: UInt32(truncatingIfNeeded: epoch), round: round)
            {
                receipt.member("extractionCode", code)
            }
        case .appealAssigned: receipt.member("assignment", optional: own.data["assignment"]?.integer)
        default: break
        }
        deadlines(own, &receipt)
    }

    /// Each deadline of an entry with the calendar and rule that made it.
    private func deadlines(_ entry: Entry, _ writer: inout JSONWriter) {
        guard let list = entry.data["deadlines"]?.items, !list.isEmpty else { return }
        writer.member(
            "deadlines",
            array: { array in
                for deadline in list {
                    array.object { item in
                        for (name, value) in deadline.members { item.member(name, raw: value.text) }
                        if deadline["calendar"] == nil, let calendar = entry.data["calendar"]?.string { item.member("calendar", calendar) }
                        if deadline["rule"] == nil, let rule = entry.data["rule"]?.string { item.member("rule", rule) }
                    }
                }
            })
    }
}
