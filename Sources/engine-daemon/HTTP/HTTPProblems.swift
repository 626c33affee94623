import Engine

/// What the HTTP side itself refuses, before or beside the engine: numbers 400–449 of docs/reference/refusals.md.
///
/// Codes the engine has too (`event-too-large`, `media-type-unsupported`, `malformed-json`, `bad-parameter`, `not-found`) keep its numbers.
enum HTTPProblems {
    static let requestTimeout = Problem(
        code: "request-timeout", number: 408, status: 408, isTransient: true, title: ("请求超时", "Request timed out"),
        detail: ("请求头未在规定时间内发完。", "The head of the request did not arrive in time."),
        next: ("重新连接后再发。", "Connect again and send the request."))
    static let badRequest = Problem(
        code: "bad-request", number: 407, status: 400, title: ("不是合法的 HTTP 请求", "Not a valid HTTP request"),
        detail: ("无法按 HTTP/1.1 解析该请求。", "The request can't be parsed as HTTP/1.1."),
        next: ("检查请求行、头部、Content-Length 与 Transfer-Encoding。", "Check request line, header fields, Content-Length and Transfer-Encoding."))
    static let headersTooLarge = Problem(
        code: "headers-too-large", number: 411, status: 431, title: ("请求头过大", "Header fields too large"),
        detail: (
            "请求头总长不得超过 \(Limits.headerBytes) 字节，单项不得超过 \(Limits.headerFieldBytes) 字节，最多 \(Limits.headerFields) 项。",
            "Header fields may take \(Limits.headerBytes) bytes in all, \(Limits.headerFieldBytes) each, and number \(Limits.headerFields)."
        ))
    static let targetTooLong = Problem(
        code: "target-too-long", number: 414, status: 414, title: ("请求地址过长", "Request target too long"),
        detail: ("路径与查询串合计不得超过 \(Limits.targetBytes) 字节。", "Path and query may take \(Limits.targetBytes) bytes together."))
    static let notFound = Problem(
        code: "not-found", number: 404, status: 404, title: ("未找到", "Not found"), detail: ("没有这个地址。", "There is nothing at this address."),
        next: ("接口一览见 docs/reference/http.md。", "docs/reference/http.md lists the routes."))
    static let `internal` = Problem(
        code: "internal", number: 429, status: 500, title: ("内部错误", "Internal error"),
        detail: ("服务内部出错，已记入日志。", "Something failed inside; it is in the log under this request's id."),
        next: ("把 instance 中的请求编号告诉管理员。", "Give the administrator the request id in 'instance'."))
    static let truncatedBody = Problem(
        code: "body-truncated", number: 413, status: 400, title: ("请求体不完整", "Request body incomplete"),
        detail: ("收到的请求体比 Content-Length 所述的短。", "The body is shorter than Content-Length says."), next: ("原样重发。", "Send the request again."))
    static let stopping = Problem(.stopping)

    static func unknownPeer(uid: UInt32, gid: UInt32) -> Problem {
        Problem(
            code: "unknown-peer", number: 430, status: 403, title: ("未登记的客户端", "Unknown peer"),
            detail: (
                "uid \(uid)（gid \(gid) 及其附属组）不在配置文件的 peers 中。",
                "Neither uid \(uid) nor gid \(gid) nor any group of that user is in 'peers' of the daemon's configuration."
            ),
            next: (
                "请管理员在 peers 中加入 {uid: \(uid), role: …} 并重启 engine-daemon。",
                "Ask the administrator to add {uid: \(uid), role: …} to 'peers' and to restart engine-daemon."
            ))
    }
    static func tooManyConnections(perUser: Bool) -> Problem {
        Problem(
            code: "too-many-connections", number: 421, status: 503, isTransient: true, title: ("连接过多", "Too many connections"),
            detail: perUser
                ? ("该用户的连接数已达上限。", "This user holds as many connections as one user may.")
                : ("连接数已达上限。", "The daemon holds as many connections as it may."),
            next: ("复用已有连接，或稍后再试。", "Use the open connections again, or try later."), retryAfterSeconds: 1)
    }
    static func methodNotAllowed(_ allowed: String) -> Problem {
        Problem(
            code: "method-not-allowed", number: 405, status: 405, title: ("方法不允许", "Method not allowed"),
            detail: ("此地址只接受 \(allowed)。", "This address takes \(allowed) only."))
    }
    static func unknownParameter(_ name: String, known: [String]) -> Problem {
        let list = known.joined(separator: ", ")
        return Problem(
            code: "unknown-parameter", number: 406, status: 400, title: ("未知参数", "Unknown parameter"),
            detail: ("此地址没有参数 \(shown(name))。", "This address has no parameter \(shown(name))."),
            next: known.isEmpty
                ? ("去掉所有参数。", "Leave all parameters out.") : ("可用参数：\(list)。", "The parameters are: \(list)."), pointer: "/\(shown(name))")
    }
    static func badParameter(_ name: String, zh: String, en: String) -> Problem {
        Problem(
            code: "bad-parameter", number: 401, status: 400, title: ("参数错误", "Bad parameter"),
            detail: ("参数 \(name)：\(zh)", "Parameter \(name): \(en)"),
            pointer: "/\(name)")
    }
    static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(
            code: "event-too-large", number: 100, status: 413, title: ("内容过大", "Too large"),
            detail: ("请求体不得超过 \(limit) 字节。", "The body may take \(limit) bytes."),
            next: (
                "分批提交，或用 application/x-ndjson 流式提交；附件只提交 href 与 sha256。",
                "Post in parts, or stream as application/x-ndjson; of attachments post href and sha256 only."
            ))
    }
    static let lineTooLong = Problem(
        code: "event-too-large", number: 100, status: 413, title: ("内容过大", "Too large"),
        detail: (
            "一行不得超过 \(Limits.eventBytes) 字节；此流到此为止，其后的行未处理。",
            "A line may take \(Limits.eventBytes) bytes; the stream ends here, later lines were not looked at."
        ),
        next: ("改正此行，把没有回执的行重新提交。", "Correct this line and post again what has no receipt."))
    static func mediaType(_ known: [String]) -> Problem {
        let list = known.joined(separator: ", ")
        return Problem(
            code: "media-type-unsupported", number: 101, status: 415, title: ("不支持的媒体类型", "Media type not supported"),
            detail: ("Content-Type 应为 \(list) 之一，字符集为 UTF-8。", "Content-Type must be one of \(list), in UTF-8."))
    }
    static let contentEncoding = Problem(
        code: "encoding-refused", number: 416, status: 415, title: ("不接受压缩内容", "Content coding not accepted"),
        detail: ("请求体不得压缩（Content-Encoding）。", "A request body may not be compressed (Content-Encoding)."), next: ("不压缩再发。", "Send it uncompressed."))
    static func malformedJSON(_ zh: String, _ en: String, pointer: String = "") -> Problem {
        Problem(
            code: "malformed-json", number: 102, status: 400, title: ("JSON 格式错误", "Malformed JSON"), detail: (zh, en), pointer: pointer)
    }
    static func behind(_ position: UInt64) -> Problem {
        Problem(
            code: "behind", number: 420, status: 503, isTransient: true, title: ("视图尚未跟上", "Not there yet"),
            detail: (
                "\(Int(Limits.minPositionSeconds)) 秒内未达到位置 \(position)。",
                "Position \(position) was not reached within \(Int(Limits.minPositionSeconds)) s."
            ),
            next: ("稍后再试，或去掉 minPosition。", "Try again, or leave minPosition out."), retryAfterSeconds: 1)
    }
    static func rulebookInvalid(_ count: Int) -> Problem {
        Problem(
            code: "rulebook-invalid", number: 422, status: 422, title: ("规则未通过检查", "The rulebook has errors"),
            detail: ("共 \(count) 处错误，逐条见 findings；规则未采用。", "\(count) errors, each in 'findings'; nothing was adopted."),
            next: ("改正后用 engine-ctl rulebook check 复查。", "Correct them, and check with engine-ctl rulebook check."))
    }

    /// A name a client sent, fit for an answer: ASCII, short.
    private static func shown(_ name: String) -> String {
        String(decoding: name.utf8.prefix(64).map { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
