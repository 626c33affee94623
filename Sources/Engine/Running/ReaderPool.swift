import Foundation
import NIOPosix

/// Threads for reads that may block on cold pages: the cooperative pool has about one thread a core, and a page fault would hold it.
final class ReaderPool: Sendable {
    private let pool: NIOThreadPool

    init(threads: Int = 16) {
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await pool.runIfActive(body)
    }

    func stop() async { try? await pool.shutdownGracefully() }
}
