/// A signed checkpoint on its way to the writer's thread: the only one that writes to the log.
struct CheckpointJob: Sendable {
    var size: UInt64
    var note: [UInt8]
    /// Whether it also stays in `checkpoints`.
    var isKept: Bool
    /// Called once on the writer's thread, when it is durable (`nil`) or isn't.
    var done: @Sendable (LogError?) -> Void
}
