import EngineClient
import EventModel
import Foundation

/// Posts many events in order, and goes on after a break: what has no answer is posted again, which the engine answers as duplicates.
struct Poster {
    /// Events of one request.
    static let batch = 1_000
    private static let attempts = 5

    let client: EngineClient
    private(set) var counts = Receipts.Counts()
    /// Position of the last receipt.
    private(set) var position = Position.start

    init(client: EngineClient) { self.client = client }

    /// `answered` is told each answer: refusals with their problem.
    mutating func post(_ events: [[UInt8]], answered: (ProblemDetails?, _ isDuplicate: Bool) -> Void) async throws {
        var next = 0
        var failures = 0
        while next < events.count {
            var isWhole = false
            var lastReceipt: [UInt8]?
            do {
                for try await answer in client.postLines(Array(events[next...])) {
                    switch answer {
                    case .stored(let isDuplicate, let receipt):
                        counts.stored(isDuplicate)
                        lastReceipt = receipt
                        answered(nil, isDuplicate)
                        next += 1
                    case .refused(let problem, _):
                        counts.add(problem)
                        answered(problem, false)
                        next += 1
                    case .summary: isWhole = true
                    }
                }
            } catch let error as ClientError where error.isTransient && failures < Self.attempts {
                isWhole = false
            }
            if let lastReceipt, let number = (try? JSONDocument(lastReceipt))?.root["position"]?.integer {
                position = max(position, Position(UInt64(number)))
            }
            if isWhole { return }
            failures += 1
            guard failures <= Self.attempts else {
                throw Failure(
                    Outcome.again, "The stream was cut \(failures) times.",
                    next: "look at the daemon (engine-ctl status), then run the same command again: it goes on")
            }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
