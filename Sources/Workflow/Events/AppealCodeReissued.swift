public import EventModel

/// 补发提取码: the appellant has lost the code and was identified in another way.
public struct AppealCodeReissued: EventPayload {
    public var verifiedBy: String
    /// Decided: what the new code is derived from.
    public var code: ExtractionCode?

    public static let schema = EventSchema(
        .appealCodeReissued, .case, grants: [.intake],
        [
            .least("verifiedBy", .code),
            .decided("code", .object([.decided("epoch", .integer(0...4_294_967_295)), .decided("round", .integer(1...4_294_967_295))])),
        ])

    public init?(_ data: JSONValue) {
        guard let verifiedBy = data["verifiedBy"]?.string else { return nil }
        self.verifiedBy = verifiedBy
        code = data["code"].flatMap { ExtractionCode($0) }
    }

    public func writeMembers(to data: inout JSONWriter) {
        data.member("verifiedBy", verifiedBy)
        if let code {
            data.member(
                "code",
                object: { item in
                    item.member("epoch", UInt64(code.epoch))
                    item.member("round", UInt64(code.round))
                })
        }
    }

    public var words: [FactWord] { [.number(UInt64(code?.epoch ?? 0) | UInt64(code?.round ?? 0) << 32), .names(verifiedBy, nil)] }

    public func apply(to state: inout CaseState, _ event: EventStamp) { if let code { state.code = code } }
}
