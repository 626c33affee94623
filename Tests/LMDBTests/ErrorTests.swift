import LMDB
import Testing

@Suite struct ErrorTests {
    @Test func equalityIsThatOfCodes() {
        #expect(LMDBError(code: -30792, operation: "put") == .mapFull)
        #expect(LMDBError(code: 28, operation: "commit") == .noSpace)
        #expect(LMDBError.mapFull != .txnFull)
    }

    @Test(arguments: [
        (LMDBError(code: -30792, operation: "put"), "put: MDB_MAP_FULL: Environment mapsize limit reached (code -30792)"),
        (LMDBError(code: 5, operation: "commit"), "commit: Input/output error (code 5)"),
        (
            LMDBError(code: -31001, operation: "open environment"),
            "open environment: the data file is shorter than its meta page says; restore it from a backup (code -31001)"
        ),
    ])
    func text(_ error: LMDBError, _ expected: String) { #expect(String(describing: error) == expected) }

    @Test func numbersArePinned() {
        let codes: [(LMDBError, Int32)] = [
            (.keyExists, -30799), (.notFound, -30798), (.pageNotFound, -30797), (.corrupted, -30796), (.panic, -30795),
            (.versionMismatch, -30794), (.invalid, -30793), (.mapFull, -30792), (.tablesFull, -30791), (.readersFull, -30790),
            (.txnFull, -30788), (.cursorFull, -30787), (.pageFull, -30786), (.mapResized, -30785), (.incompatible, -30784),
            (.badReaderSlot, -30783), (.badTransaction, -30782), (.badValueSize, -30781), (.badTable, -30780), (.ioError, 5), (.noSpace, 28),
            (.accessDenied, 13), (.noSuchFile, 2), (.invalidArgument, 22), (.outOfMemory, 12), (.truncated, -31001), (.closed, -31002),
            (.alreadyOpen, -31003), (.shortReserve, -31004),
        ]
        for (error, code) in codes { #expect(error.code == code) }
    }
}
