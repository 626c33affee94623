public import EventModel
internal import Projections
internal import Workflow

/// A JSON document and the log position it reflects.
public struct Answer: Sendable {
    public var bytes: [UInt8]
    public var position: Position
    public init(bytes: [UInt8], position: Position) {
        self.bytes = bytes
        self.position = position
    }
}

/// Why a query has no answer.
public struct QueryFailure: Error, Sendable {
    public var problem: Problem
    public var status: Int { problem.status }
    public init(_ problem: Problem) { self.problem = problem }

    static func notFound(_ zh: String, _ en: String) -> QueryFailure {
        QueryFailure(Problem(code: "not-found", number: 404, status: 404, title: ("未找到", "Not found"), detail: (zh, en)))
    }
    static func badParameter(_ name: String, zh: String, en: String) -> QueryFailure {
        QueryFailure(
            Problem(
                code: "bad-parameter", number: 401, status: 400, title: ("参数错误", "Bad parameter"),
                detail: ("参数 \(name)：\(zh)", "Parameter \(name): \(en)"),
                pointer: "/\(name)"))
    }
    static func notGranted(_ zh: String, _ en: String) -> QueryFailure {
        QueryFailure(Problem(code: "not-granted", number: 402, status: 403, title: ("没有权限", "Not granted"), detail: (zh, en)))
    }
    static func query(_ error: QueryError) -> QueryFailure {
        switch error {
        case .badParameter(let name, let what): badParameter(name, zh: "可用：\(what)", en: what)
        case .foreignCursor: badParameter("cursor", zh: "不是这个查询的游标；去掉它从头查。", en: "of another query; leave it out to start from the beginning.")
        case .badLimit: badParameter("limit", zh: "1 到 500。", en: "1 to 500.")
        }
    }
    static func failed(_ error: any Error) -> QueryFailure { QueryFailure(Problem(.failed("\(error)"))) }
}

/// One entry, verbatim, so that its leaf hash can be checked.
public struct EventLine: Sendable {
    public var position: Position
    public var type: String
    /// Without line feed.
    public var bytes: [UInt8]
}

public struct EventPage: Sendable {
    public var lines: [EventLine]
    /// How far has been looked: what lies between is not for this caller or doesn't pass the filter.
    public var lookedThrough: Position
    public var head: Position
}

public struct EventFilter: Sendable {
    public var types: [String]
    public var unit: String?
    public var `case`: String?
    public init(types: [String] = [], unit: String? = nil, case: String? = nil) {
        self.types = types
        self.unit = unit
        self.case = `case`
    }
}
