public import EventModel

/// Languages of refusals: `Accept-Language` zh-CN (default) or en.
public enum Language: String, CaseIterable, Sendable { case zh, en }

/// An event not taken, and why: a value, never thrown. Its texts hold codes, numbers and times only, never a personal value.
public struct Refusal: Error, Sendable, Equatable {
    /// One place in the event that is wrong.
    public struct Finding: Sendable, Equatable {
        /// RFC 6901, into the event.
        public var pointer: String
        public var code: RefusalCode
        public init(pointer: String, code: RefusalCode) {
            self.pointer = pointer
            self.code = code
        }
    }

    public var code: RefusalCode
    /// RFC 6901, into the event: `/data/unit`; of an event as a whole, its most telling attribute.
    public var pointer: String
    /// What the detail names, in the order of its placeholders; fewer than those, and the detail is the title.
    public var parameters: [String]
    /// The case's revision now, of `revision-conflict`.
    public var currentRevision: Revision?
    /// The serial of the case that came first, of `serial-taken` and `external-known`.
    public var firstCase: String?
    /// All findings, the first of them this refusal's own.
    public var errors: [Finding]

    public init(
        _ code: RefusalCode, at pointer: String, _ parameters: [String] = [], currentRevision: Revision? = nil, firstCase: String? = nil,
        errors: [Finding]? = nil
    ) {
        self.code = code
        self.pointer = pointer
        self.parameters = parameters
        self.currentRevision = currentRevision
        self.firstCase = firstCase
        self.errors = errors ?? [Finding(pointer: pointer, code: code)]
    }

    public var number: Int { code.number }
    public var status: Int { code.status }
    public var isTransient: Bool { code.isTransient }

    public func title(_ language: Language) -> String { code.text.title[language] }

    /// What is wrong here, with the codes and numbers of this event.
    public func detail(_ language: Language) -> String {
        let template = code.text.detail[language]
        var text = ""
        var parts = template.split(separator: "{}", omittingEmptySubsequences: false)
        guard parts.count - 1 <= parameters.count else { return title(language) + (language == .zh ? "。" : ".") }
        text += parts.removeFirst()
        for (part, parameter) in zip(parts, parameters) { text += parameter + part }
        return text
    }

    /// The detail of one of `errors`.
    public func detail(of finding: Finding, _ language: Language) -> String {
        if finding.code == code, finding.pointer == pointer { return detail(language) }
        return Refusal(finding.code, at: finding.pointer, [finding.pointer]).detail(language)
    }

    /// What to do about it, where that can be said.
    public func next(_ language: Language) -> String? { code.text.next?[language] }
}
