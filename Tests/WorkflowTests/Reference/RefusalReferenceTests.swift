import Testing

@testable import Workflow

@Suite struct RefusalReferenceTests {
    @Test func pageListsTheEnumInItsOrder() throws { try ReferenceFile.expect("refusals.md", is: Self.page()) }

    @Test func numbersRiseInTheOrderOfTheChecks() {
        let numbers = RefusalCode.allCases.map { $0.number }
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func everyCodeHasItsWords() {
        for code in RefusalCode.allCases {
            #expect(RefusalCode.texts[code] != nil, "\(code.rawValue)")
            let text = code.text
            // Both languages name the same number of things.
            #expect(
                text.detail.zh.split(separator: "{}", omittingEmptySubsequences: false).count
                    == text.detail.en.split(separator: "{}", omittingEmptySubsequences: false).count, "\(code.rawValue)")
            #expect(!text.title.zh.hasSuffix("。") && !text.title.en.hasSuffix("."), "\(code.rawValue)")
        }
    }

    /// Engine answers these itself; every other code is reached by a row of the tables or a test of the reader.
    private static let engines: Set<RefusalCode> = [.idConflict, .batchPartlyKnown, .rateLimited, .queueFull, .notReady, .outcomeUnknown, .diskFull]
    /// Limits too large for a test.
    private static let notYet: Set<RefusalCode> = [.tooManyAssignments]

    @Test func everyRefusalIsReached() throws {
        var text = ""
        for name in [
            "ReceivingTable", "HandlingTable", "EndingTable", "ClockTable", "VisibilityTable", "LaterLifeTable", "RulingTable", "CorrectionTable",
        ] {
            text += try ReferenceFile.source("Decide/\(name).swift")
        }
        let reader = try ReferenceFile.source("Claims/ClaimReaderTests.swift")
        for code in RefusalCode.allCases where !Self.engines.contains(code) && !Self.notYet.contains(code) {
            let isReached = text.contains("-> !\(code.rawValue)") || reader.contains("\"\(code.rawValue)\"") || reader.contains("== .\(code)")
            #expect(isReached, "no test reaches \(code.rawValue)")
        }
    }

    static func page() -> String {
        var page = """
            # Refusals (拒绝)

            Why the engine doesn't take an event, in the order in which it looks: the first that holds answers. Generated from `RefusalCode`; a test holds this page
            against it (`APPEAL_RECORD=1` writes it anew). The problem's `type` is `urn:appeal-engine:problem:<code>`. *Transient*: the same post, unchanged, may be
            taken later. `{}` stands for a code, a number or a time of the event at hand; if nothing is to be named, the detail is the title.
            100s form · 150s source, known id, grant · 160s time · 170s case · 180s access class · 190s revision · 200s state · 300s rule · 900s the engine's own state.

            | No. | Code | Status | Transient | 中文 | English | Next |
            |---|---|---|---|---|---|---|

            """
        for code in RefusalCode.allCases {
            let text = code.text
            let next = text.next.map { $0.zh == $0.en ? "`\($0.en)`" : "\($0.zh)<br>\($0.en)" } ?? "–"
            page += "| \(code.number) | `\(code.rawValue)` | \(code.status) | \(code.isTransient ? "yes" : "no") "
            page += "| **\(text.title.zh)**<br>\(text.detail.zh) | **\(text.title.en)**<br>\(text.detail.en) | \(next) |\n"
        }
        return page
    }
}
