import EventModel

/// Makes events of a file's rows. Pure: the same file and mapping give the same bytes, so a second import is answered as duplicates.
///
///     let importer = Importer(mapping: try Mapping(yaml: text))
///     var report = ImportReport()
///     for row in try importer.rows(of: CSVFile.read(path: path)) {
///         report.add(row)
///         for event in row.events { post(event.json) }
///     }
///     if let clock = report.clockEvent(for: importer.mapping) { post(clock.json) }
public struct Importer: Sendable {
    public let mapping: Mapping
    public init(mapping: Mapping) { self.mapping = mapping }

    /// The file's rows, one by one.
    ///
    /// - Throws: `CSVHeaderError` if the file is empty, or its header lacks a column of the mapping or has one twice.
    public func rows(of csv: [UInt8]) throws(CSVHeaderError) -> ImportRows {
        var reader = CSVReader(csv, delimiter: mapping.delimiter)
        guard let header = reader.next() else { throw CSVHeaderError(problem: "the file is empty") }
        if let problem = header.problem { throw CSVHeaderError(problem: "the header can't be read (\(problem.rawValue))") }
        let names = header.fields.map(Cleaning.text)
        var columns: [String: Int] = [:]
        var twice: Set<String> = []
        for (index, name) in names.enumerated() where columns.updateValue(index, forKey: name) != nil { twice.insert(name) }
        let missing = mapping.columns.filter { columns[$0] == nil }
        guard missing.isEmpty else {
            throw CSVHeaderError(
                problem:
                    "the header lacks \(missing.map { "‘\($0)’" }.joined(separator: ", ")); it has \(names.map { "‘\($0)’" }.joined(separator: ", "))"
            )
        }
        if let name = mapping.columns.first(where: twice.contains) { throw CSVHeaderError(problem: "the header has ‘\(name)’ twice") }
        return ImportRows(mapping: mapping, columns: columns, width: names.count, reader: reader)
    }
}

/// A header that doesn't fit the mapping.
public struct CSVHeaderError: Error, Equatable, Sendable, CustomStringConvertible {
    public var problem: String
    public var description: String { problem }
}

/// The rows of a file.
///
/// - Complexity: O(bytes) over all rows; ids are kept to recognise rows that come twice.
public struct ImportRows: Sequence, IteratorProtocol {
    private let mapping: Mapping
    private let columns: [String: Int]
    private let width: Int
    private var reader: CSVReader
    private var linesOfIds: [String: Int] = [:]
    private var linesOfSubjects: [String: Int] = [:]

    init(mapping: Mapping, columns: [String: Int], width: Int, reader: CSVReader) {
        self.mapping = mapping
        self.columns = columns
        self.width = width
        self.reader = reader
    }

    public mutating func next() -> ImportRow? {
        guard let record = reader.next() else { return nil }
        var row = ImportRow(lineNumber: record.line, rowId: nil, subject: nil, events: [], flags: [], refusal: nil, lastInstant: nil)
        do throws(ImportRow.RowRefusal) {
            try fill(&row, record)
        } catch {
            row.events = []
            row.lastInstant = nil
            row.refusal = error
        }
        return row
    }

    private mutating func fill(_ row: inout ImportRow, _ record: CSVReader.Record) throws(ImportRow.RowRefusal) {
        if let problem = record.problem { throw ImportRow.RowRefusal(code: problem.rawValue, column: "", detail: "the row isn't CSV in UTF-8") }
        guard record.fields.count == width else {
            throw ImportRow.RowRefusal(code: "field-count", column: "", detail: "the row has \(record.fields.count) fields, the header \(width)")
        }
        var builder = RowBuilder(mapping: mapping, columns: columns, fields: record.fields)
        let id = try builder.identifier()
        row.rowId = builder.cell(mapping.idColumn)
        let subject = try builder.subject()
        row.subject = subject
        if let line = linesOfIds[id] {
            throw ImportRow.RowRefusal(code: "repeated-id", column: mapping.idColumn, detail: "line \(line) has the same id")
        }
        if let line = linesOfSubjects[subject] {
            throw ImportRow.RowRefusal(code: "repeated-serial", column: mapping.subject.column, detail: "line \(line) has the same serial")
        }
        defer { row.flags = builder.flags }
        row.events = try builder.events(id: id, subject: subject)
        linesOfIds[id] = record.line
        linesOfSubjects[subject] = record.line
        builder.check()
        row.lastInstant = builder.lastInstant
    }
}
