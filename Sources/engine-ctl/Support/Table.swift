/// Rows in aligned columns.
struct Table {
    enum Alignment { case left, right }
    struct Column {
        var title: String
        var alignment: Alignment
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// A title that begins with `>` is of a right-aligned column.
    init(_ titles: String...) { self.init(titles) }
    init(_ titles: [String]) {
        columns = titles.map { $0.hasPrefix(">") ? Column(title: String($0.dropFirst()), alignment: .right) : Column(title: $0, alignment: .left) }
    }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: String...) { add(cells) }
    mutating func add(_ cells: [String]) { rows.append(cells.map(Terminal.plain)) }

    func print() {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { column < $0.count ? Terminal.width($0[column]) : 0 }.max() ?? 0 }
        for (index, row) in all.enumerated() where index > 0 || columns.contains(where: { !$0.title.isEmpty }) {
            var line = ""
            for (column, width) in widths.enumerated() {
                let cell = column < row.count ? row[column] : ""
                let gap = String(repeating: " ", count: width - Terminal.width(cell))
                let isLast = column == widths.count - 1
                line += columns[column].alignment == .right ? gap + cell : isLast ? cell : cell + gap
                if !isLast { line += "  " }
            }
            Output.text(index == 0 ? Terminal.output.bold(line) : line)
        }
    }
}
