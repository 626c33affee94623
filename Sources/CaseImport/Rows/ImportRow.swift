public import EventModel

/// One row of a file: the events it makes, what is odd about it, or why it makes none.
public struct ImportRow: Sendable, Equatable {
    /// The line of the file on which the row begins; the header is line 1.
    public var lineNumber: Int
    /// Of the column `row.id`.
    public var rowId: String?
    /// Serial of the case.
    public var subject: String?
    /// In the order in which to post them: `appeal.received` first, then as a case's life goes, even where the file's times say otherwise.
    public var events: [PostedEvent]
    public var flags: [Flag]
    /// The row makes no events.
    public var refusal: RowRefusal?
    /// The latest time of the row.
    public var lastInstant: Instant?

    /// Something to look at that doesn't stop the row.
    public struct Flag: Sendable, Equatable {
        /// `replied-before-received`, `missing-due`, `unmapped-value`, …: docs/reference/import.md
        public var code: String
        /// The column or columns it is about.
        public var column: String
        public init(code: String, column: String) {
            self.code = code
            self.column = column
        }
    }

    /// Why a row makes no events. Never holds a value of the file.
    public struct RowRefusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// `unreadable-time`, `missing-value`, …: docs/reference/import.md
        public var code: String
        /// The column it is about; empty if it is about the whole row.
        public var column: String
        public var detail: String
        public var description: String { "\(code)\(column.isEmpty ? "" : " (\(column))"): \(detail)" }
        public init(code: String, column: String, detail: String) {
            self.code = code
            self.column = column
            self.detail = detail
        }
    }
}
