import ArgumentParser
import CaseImport
import Engine
import EngineClient
import Foundation
import Scenarios

/// What the exit code says.
enum Outcome {
    static let no: Int32 = 1
    static let usage: Int32 = 2
    static let `internal`: Int32 = 70
    static let again: Int32 = 75
}

/// An error of the command itself: what happened and why, what to type next, and how it ends.
struct Failure: Error {
    var code: Int32
    var message: String
    var next: String?

    init(_ code: Int32, _ message: String, next: String? = nil) {
        self.code = code
        self.message = message
        self.next = next
    }

    /// Prints what an error says, where it belongs, and gives the exit code.
    static func report(_ error: any Error) -> Int32 {
        switch error {
        case let code as ExitCode: return code.rawValue
        case let failure as Failure: return complain(failure.message, next: failure.next, code: failure.code)
        case let error as ClientError: return complain(error.message, next: next(of: error), code: code(of: error))
        case let error as EngineError: return complain(error.description, code: error.code == .damaged ? Outcome.internal : Outcome.usage)
        case let error as RulebookFilesError: return complain(error.description, code: Outcome.usage)
        case let error as ScenarioError: return complain(error.description, code: Outcome.usage)
        case let error as CSVFileError: return complain("\(error)", code: Outcome.usage)
        case let error as MappingErrors: return complain(error.description, code: Outcome.usage)
        case is CancellationError: return 130
        default:
            if EngineCtl.exitCode(for: error) == .success {
                Output.text(EngineCtl.fullMessage(for: error))
                return 0
            }
            let text = EngineCtl.fullMessage(for: error)
            Output.error((text.isEmpty ? "\(error)" : text) + "\n")
            return EngineCtl.exitCode(for: error) == .validationFailure ? Outcome.usage : Outcome.internal
        }
    }

    static func complain(_ message: String, next: String? = nil, code: Int32) -> Int32 {
        var text = "\(Terminal.error.red("error:")) \(message)\n"
        if let next { text += "  → \(next)\n" }
        Output.error(text)
        return code
    }

    static func code(of error: ClientError) -> Int32 {
        switch error.code {
        case .notRunning, .connectionLost, .timedOut: Outcome.again
        case .permissionDenied: Outcome.no
        case .badSocketPath: Outcome.usage
        case .unexpectedAnswer: Outcome.internal
        case .problem(let problem): code(ofStatus: problem.status, isTransient: problem.isTransient)
        }
    }

    static func code(ofStatus status: Int, isTransient: Bool) -> Int32 {
        if isTransient { return Outcome.again }
        switch status {
        case 400, 405, 413, 414, 415, 431: return Outcome.usage
        case 500: return Outcome.internal
        default: return status >= 500 ? Outcome.again : Outcome.no
        }
    }

    private static func next(of error: ClientError) -> String? {
        guard case .problem(let problem) = error.code else { return error.next }
        var parts = problem.next.map { [$0] } ?? []
        if let revision = problem.currentRevision { parts.append("the case is at revision \(revision)") }
        if let serial = problem.firstCase { parts.append("first case: engine-ctl case show \(serial)") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}
