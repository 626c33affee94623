import EventLog
import EventModel

/// A log of every sort of fact: cases that grow, several sections, names, blobs, erasures, references. The same for the same seed.
struct MixedLog {
    private var generator: SeededGenerator
    private var revisions: [String: Revision] = [:]
    private var cases: [String] = []
    private var number = 0
    private let fixture: LogFixture

    /// Writes at least `count` facts and closes.
    static func write(_ fixture: LogFixture, count: Int, seed: UInt64) {
        var mixed = MixedLog(generator: SeededGenerator(seed: seed), fixture: fixture)
        while fixture.head.rawValue < UInt64(count) { mixed.batch() }
    }

    private init(generator: SeededGenerator, fixture: LogFixture) {
        self.generator = generator
        self.fixture = fixture
    }

    private mutating func batch() {
        fixture.clock.now = fixture.clock.now.adding(seconds: Int64.random(in: -5...60, using: &generator))
        let submissions = (0..<Int.random(in: 1...24, using: &generator)).map { _ in FixedSubmission(sections()) }
        _ = fixture.log.submit(submissions)
        for submission in submissions {
            let outcome = submission.wait()
            precondition(outcome.isDurable, "the generator made a bad commit: \(outcome)")
        }
    }

    private mutating func sections() -> [Commit.Section] {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: [grow("@operations", 1)]
        case 1 where cases.count > 3:
            {
                let pair = cases.shuffled(using: &generator).prefix(2)
                return pair.map { grow($0, Int.random(in: 1...3, using: &generator)) }
            }()
        case 2...5: [newCase()]
        default: [grow(cases.randomElement(using: &generator) ?? "@operations", Int.random(in: 1...2, using: &generator))]
        }
    }

    private mutating func newCase() -> Commit.Section {
        let serial = "510104-20170301-" + String(String(1_000_000 + cases.count + 1).dropFirst())
        let new = grow(serial, 1)
        cases.append(serial)
        return new
    }

    private mutating func grow(_ stream: String, _ count: Int) -> Commit.Section {
        let revision = revisions[stream] ?? 0
        revisions[stream] = revision + Revision(count)
        return section(stream, revision, (0..<count).map { _ in one(stream) })
    }

    private mutating func one(_ stream: String) -> Fact {
        number += 1
        let isCase = !stream.hasPrefix("@")
        var words: [FactWord] = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: words.append(.number(generator.next()))
            case 1: words.append(.names(name(), name()))
            default: words.append(.stream(cases.randomElement(using: &generator).map { StreamName($0) }))
            }
        }
        let blobs =
            isCase ? Scope.allCases.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }.map { SealedBlob(scope: $0, bytes: noise()) } : []
        return fact(
            "e-\(number)", on: stream, source: "/source/\(number % 7)", type: UInt16.random(in: 64...140, using: &generator),
            at: fixture.clock.now.adding(seconds: -Int64.random(in: 0...600, using: &generator)), unit: name(), assignment: UInt16(number % 3),
            words: words, setsAccessClass: !words.isEmpty && number % 5 == 0, blobs: blobs, external: number % 11 == 0 ? "12345\u{0}E\(number)" : nil)
    }

    private mutating func name() -> String? {
        Bool.random(using: &generator) ? "unit-\(Int.random(in: 0..<60, using: &generator))" : nil
    }
    private mutating func noise() -> [UInt8] {
        (0..<Int.random(in: 28...90, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
