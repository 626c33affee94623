import Foundation

/// One line on stderr that is drawn over: done, rate, time left. Shown on a terminal only, and not before a second has passed.
struct ProgressLine {
    private let what: String
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    init(_ what: String) { self.what = what }

    var seconds: Double { Self.seconds(start.duration(to: .now)) }

    mutating func update(done: UInt64, total: UInt64?, rate: Double? = nil, secondsLeft: Double? = nil) {
        guard Terminal.error.isTerminal, seconds >= 1 else { return }
        if let lastDrawn, lastDrawn.duration(to: .now) < .milliseconds(200) { return }
        lastDrawn = .now
        let rate = rate ?? Double(done) / seconds
        var text = "\(what) \(Self.number(done))"
        if let total, total > 0 {
            let part = min(1, Double(done) / Double(total))
            let filled = Int(part * 24)
            let left = secondsLeft ?? (rate > 0 ? Double(total - min(done, total)) / rate : nil)
            text =
                "\(what) [\(String(repeating: "█", count: filled))\(String(repeating: "·", count: 24 - filled))] \(Int(part * 100)) % of \(Self.number(total))"
            if let left { text += ", \(Self.time(left)) left" }
        }
        text += ", \(Self.number(UInt64(rate.rounded())))/s"
        Output.error("\r\u{1B}[K\(text)")
    }

    /// Takes the line away.
    func end() {
        if lastDrawn != nil { Output.error("\r\u{1B}[K") }
    }

    static func number(_ value: UInt64) -> String {
        var digits = String(value)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
    static func number(_ value: Int) -> String { value < 0 ? "-" + number(value.magnitude) : number(UInt64(value)) }
    static func number(_ value: UInt) -> String { number(UInt64(value)) }

    static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60 ? "\(whole) s" : whole < 3_600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3_600) h \(whole % 3_600 / 60) min"
    }
    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
