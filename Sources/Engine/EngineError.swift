/// Why an engine can't be created or opened; the text says what to do.
public struct EngineError: Error, CustomStringConvertible, Sendable {
    public enum Code: String, Sendable { case alreadyInitialised, notInitialised, damaged, keys, badOrigin, views, badRulebook }
    public var code: Code
    public var description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
