import Synchronization

/// What is counted since start, for `/metrics`.
final class Counters: Sendable {
    struct Values {
        var accepted = 0
        var duplicates = 0
        var refused: [String: Int] = [:]
        var unavailable = 0
        var overdue = 0
    }
    private let values = Mutex(Values())
    func count(_ change: (inout Values) -> Void) { values.withLock { change(&$0) } }
    var snapshot: Values { values.withLock { $0 } }
}
