internal import EventModel
public import Workflow

/// A refusal or failure as RFC 9457 problem details. Never holds a personal value.
public struct Problem: Sendable {
    public var code: String
    public var number: Int
    public var status: Int
    public var isTransient: Bool
    public var title: @Sendable (Language) -> String
    public var detail: @Sendable (Language) -> String
    public var next: @Sendable (Language) -> String?
    public var errors: [(pointer: String, code: String)]
    public var extra: [(name: String, value: String)] = []
    public var retryAfterSeconds: Int?
    public var currentRevision: Int?

    public init(
        code: String, number: Int, status: Int, isTransient: Bool = false, title: (zh: String, en: String), detail: (zh: String, en: String),
        next: (zh: String, en: String)? = nil, pointer: String? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.number = number
        self.status = status
        self.isTransient = isTransient
        self.title = { $0 == .zh ? title.zh : title.en }
        self.detail = { $0 == .zh ? detail.zh : detail.en }
        self.next = { language in next.map { language == .zh ? $0.zh : $0.en } }
        errors = pointer.map { [($0, code)] } ?? []
        self.retryAfterSeconds = retryAfterSeconds
    }

    public init(_ refusal: Refusal) {
        code = refusal.code.rawValue
        number = refusal.number
        status = refusal.status
        isTransient = refusal.isTransient
        title = { refusal.title($0) }
        detail = { refusal.detail($0) }
        next = { refusal.next($0) }
        errors = refusal.errors.map { ($0.pointer, $0.code.rawValue) }
        currentRevision = refusal.currentRevision.map(Int.init)
        if let first = refusal.firstCase { extra.append(("firstCase", first)) }
    }

    public init(_ reason: Unavailable) {
        switch reason {
        case .queueFull(let seconds):
            self.init(Refusal(.queueFull, at: ""))
            retryAfterSeconds = seconds
        case .outcomeUnknown:
            self.init(Refusal(.outcomeUnknown, at: ""))
            retryAfterSeconds = 5
        case .diskFull:
            self.init(Refusal(.diskFull, at: ""))
            retryAfterSeconds = 60
        case .stopping:
            self.init(Refusal(.notReady, at: ""))
            retryAfterSeconds = 5
        case .failed(let what):
            self.init(
                code: "damaged", number: 905, status: 500, title: ("内部数据异常", "Something stored is damaged"),
                detail: ("内部数据异常：\(what)", "Something stored is damaged: \(what)"),
                next: ("请管理员运行 engine-ctl log verify。", "Ask the administrator to run engine-ctl log verify."))
        }
    }

    /// `application/problem+json`, one line.
    public func json(language: Language, requestID: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { problem in
            problem.member("type", "urn:appeal-engine:problem:\(code)")
            problem.member("title", title(language))
            problem.member("status", status)
            problem.member("code", code)
            problem.member("number", number)
            problem.member("transient", isTransient)
            problem.member("detail", detail(language))
            if !errors.isEmpty {
                problem.member(
                    "errors",
                    array: { array in
                        for error in errors {
                            array.object { item in
                                item.member("pointer", error.pointer)
                                item.member("code", error.code)
                            }
                        }
                    })
            }
            problem.member("currentRevision", optional: currentRevision)
            for (name, value) in extra { problem.member(name, value) }
            problem.member("next", optional: next(language))
            problem.member("instance", optional: requestID.map { "urn:appeal-engine:request:\($0)" })
        }
        return writer.bytes
    }
}

extension Refusal {
    /// The same, seen from a batch that stands or falls together: pointers lead into the item at fault.
    func inBatch(index: Int) -> Refusal {
        var refusal = self
        refusal.pointer = "/\(index)\(pointer)"
        refusal.errors = errors.map { Finding(pointer: "/\(index)\($0.pointer)", code: $0.code) }
        return refusal
    }
}
