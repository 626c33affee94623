internal import EventModel

/// 24 bytes, no padding.
struct DeadlineRow: BitwiseCopyable {
    var due: Moment
    var caseIndex: UInt32
    /// The case's next row; −1: none.
    var next: Int32
    var assignment: UInt16
    var kind: UInt8
    var state: UInt8
    var reserved: UInt32 = 0

    static let unused: UInt8 = 0
    static let running: UInt8 = 1
    /// An act stopped it, which may be sent back or voided.
    static let stopped: UInt8 = 2
    /// 暂停计时; or the case is merged and may be unmerged.
    static let paused: UInt8 = 3
    /// Overdue recorded.
    static let passed: UInt8 = 4
}

/// 8 bytes.
struct DeadlineCase: BitwiseCopyable {
    var first: Int32 = -1
    /// Number in `sources` + 1 of a case on the source clock; 0: wall clock.
    var source: UInt32 = 0
}

/// A source with cases on its own clock. 8 bytes.
struct DeadlineSource: BitwiseCopyable {
    var source: UInt32
    /// Handed to the wall clock, for good: its later cases too.
    var isLive: Bool = false
    var reserved: UInt8 = 0
    var reserved2: UInt16 = 0
}

/// A source or prefix that `clock.advanced` {live} has named. 4 bytes.
struct LiveClock: BitwiseCopyable {
    var name: UInt32
}
