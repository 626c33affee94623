public import EventModel

/// RFC 9457 problem details, as the engine writes them.
public struct ProblemDetails: Equatable, Sendable {
    public struct Place: Equatable, Sendable {
        /// RFC 6901, into the event.
        public var pointer: String
        public var code: String
    }

    public var status: Int
    public var code: String
    /// Stable; docs/reference/refusals.md.
    public var number: Int
    public var title: String
    public var detail: String
    /// Whether the same post later may be taken.
    public var isTransient: Bool
    public var places: [Place]
    public var next: String?
    public var currentRevision: Int?
    /// The serial of the case that came first, of `serial-taken` and `external-known`.
    public var firstCase: String?
    public var requestID: String?

    /// `nil` if it is no problem.
    public init?(_ value: JSONValue) {
        guard let status = value["status"]?.integer, let code = value["code"]?.string,
            value["type"]?.string?.hasPrefix("urn:appeal-engine:problem:") == true
        else { return nil }
        self.status = status
        self.code = code
        number = value["number"]?.integer ?? 0
        title = value["title"]?.string ?? code
        detail = value["detail"]?.string ?? ""
        isTransient = value["transient"]?.boolean ?? false
        places = (value["errors"]?.items ?? []).map { Place(pointer: $0["pointer"]?.string ?? "", code: $0["code"]?.string ?? "") }
        next = value["next"]?.string
        currentRevision = value["currentRevision"]?.integer
        firstCase = value["firstCase"]?.string
        requestID = value["instance"]?.string.map { String($0.split(separator: ":").last ?? "") }
    }
}
