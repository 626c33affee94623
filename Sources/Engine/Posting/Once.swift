import Synchronization

/// Calls back once: a submission that has answered may still be told that its batch failed.
final class Once<Value: Sendable>: Sendable {
    private let body: Mutex<(@Sendable (Value) -> Void)?>
    init(_ body: @escaping @Sendable (Value) -> Void) { self.body = Mutex(body) }
    func callAsFunction(_ value: Value) {
        let body = self.body.withLock { body in
            defer { body = nil }
            return body
        }
        body?(value)
    }
}
