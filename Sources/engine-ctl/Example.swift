import ArgumentParser
import EventModel
import Foundation
import Workflow

struct Example: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a valid least event of a type, to edit or to post.",
        discussion: """
            The id is new each time; give --id to post the same event again. Codes are those of packaging/rulebook/chengdu.

            Examples:
              engine-ctl example --list
              engine-ctl example appeal.received | engine-ctl post -
              engine-ctl example appeal.assigned --case 510104-20170301-000123 | engine-ctl post -
            """)

    @Argument(help: ArgumentHelp("The event's type.", valueName: "type"))
    var type: String?
    @Flag(name: .long, help: "List the types that can be posted.") var list = false
    @Option(name: .customLong("case"), help: ArgumentHelp("The case's serial.", valueName: "serial")) var serial = "510104-20170301-000001"
    @Option(name: .long, help: "The event's source.") var source = "/example/front-end"
    @Option(name: .long, help: "The event's id.") var id: String?

    func validate() throws {
        if list { return }
        guard let type else { throw ValidationError("which type? engine-ctl example --list shows them") }
        guard let known = EventType(name: type) else {
            throw ValidationError("there is no event type '\(type)'; engine-ctl example --list shows them")
        }
        guard Examples.data[known] != nil else {
            throw ValidationError(
                "'\(type)' can't be posted: the engine makes it, or this version doesn't take it yet; engine-ctl example --list shows what can")
        }
    }

    func run() throws {
        if list {
            var table = Table("type", "中文", "level", "grant")
            for type in EventType.allCases where Examples.data[type] != nil {
                let schema = EventRegistry.schema(of: type)
                table.add(type.name, type.chineseName, schema?.level.rawValue ?? "", (schema?.grants ?? []).map(\.rawValue).joined(separator: " "))
            }
            return table.print()
        }
        guard let type = type.flatMap({ EventType(name: $0) }) else { return }
        Output.line(Examples.event(type, serial: serial, source: source, id: id ?? "example-\(UInt64.random(in: 0...UInt64.max))"))
    }
}

/// The least `data` of every type that can be posted.
enum Examples {
    static let data: [EventType: String] = [
        .appealReceived: #"{"channel":"mailbox","title":"请恢复东大街口公交站"}"#,
        .appealSupplemented: #"{"text":"施工队今天又停了一天。"}"#,
        .appealCorrected: #"{"changes":[{"member":"district","value":"510104"}],"reason":"登记时选错区县"}"#,
        .appealReclassified: #"{"category":"transport.bus"}"#,
        .appealVoided: #"{"revision":3,"reason":"录错诉求"}"#,
        .appealCodeReissued: #"{"verifiedBy":"phone"}"#,
        .appealAccepted: "{}",
        .appealDeclined: #"{"reason":"other"}"#,
        .appealAnsweredDirectly: #"{"public":"您好，该站3月15日恢复。"}"#,
        .appealAssigned: #"{"unit":"510104-transport"}"#,
        .appealSigned: "{}",
        .appealContacted: #"{"reached":true}"#,
        .appealNoted: #"{"internal":"已到现场查看。"}"#,
        .appealReturnRequested: #"{"reason":"not-ours"}"#,
        .appealReturnGranted: "{}",
        .appealReturnRefused: "{}",
        .appealExtensionRequested: #"{"by":"3wd","reason":"需等待检测结果"}"#,
        .appealExtensionGranted: "{}",
        .appealExtensionRefused: "{}",
        .appealClockPaused: #"{"reason":"other"}"#,
        .appealClockResumed: "{}",
        .appealReplied: #"{"kind":"solved","public":"您好，该站3月15日恢复。"}"#,
        .appealReplyApproved: "{}",
        .appealReplySentBack: #"{"reason":"未说明恢复日期"}"#,
        .appealInstructed: #"{"leader":"mayor","text":"请交通局实地查看后回复。"}"#,
        .appealUrged: #"{"reason":"other"}"#,
        .appealSupervised: #"{"level":1}"#,
        .appealSupervisionEnded: #"{"result":"done"}"#,
        .appealClosed: #"{"result":"solved"}"#,
        .appealCalledBack: #"{"reached":true,"solved":"yes"}"#,
        .appealRated: #"{"handling":5}"#,
        .appealReopened: #"{"source":"callback","reason":"other"}"#,
        .appealWithdrawn: "{}",
        .appealTerminated: #"{"reason":"other","reviewer":"staff-0417"}"#,
        .appealArchived: "{}",
        .appealMerged: #"{"into":"510104-20170301-000002"}"#,
        .appealUnmerged: #"{"reason":"other"}"#,
        .appealLinked: #"{"to":"510104-20170301-000002","kind":"related"}"#,
        .appealTopicTagged: #"{"topics":["bus-stop"]}"#,
        .clockAdvanced: #"{"source":"/example/","live":true}"#,
    ]

    static func event(_ type: EventType, serial: String, source: String, id: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { event in
            event.member("specversion", "1.0")
            event.member("id", id)
            event.member("source", source)
            event.member("type", type.name)
            if type != .appealReceived, EventRegistry.schema(of: type)?.level != .system { event.member("subject", serial) }
            event.member("datacontenttype", "application/json")
            event.member("data", raw: (data[type] ?? "{}").utf8)
        }
        return writer.bytes
    }
}
