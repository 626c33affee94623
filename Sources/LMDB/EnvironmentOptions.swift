/// How to open an environment, as one value; the meaning of each is with `Environment.init(at:mapSizeBytes:maxReaders:maxTables:readOnly:)`.
///
/// There is no option for the mode of flushing: a commit is durable when it returns.
public struct EnvironmentOptions: Sendable, Equatable {
    /// The environment's directory.
    public var path: String
    /// Largest size of the data file, in bytes.
    public var mapSizeBytes: Int
    /// Read transactions open at once, over all processes.
    public var maxReaders: UInt32
    /// Tables the environment may hold.
    public var maxTables: UInt32
    /// Whether to open for reading only.
    public var readOnly: Bool

    /// Options with defaults for all but the two that have none.
    public init(path: String, mapSizeBytes: Int, maxReaders: UInt32 = 512, maxTables: UInt32 = 16, readOnly: Bool = false) {
        self.path = path
        self.mapSizeBytes = mapSizeBytes
        self.maxReaders = maxReaders
        self.maxTables = maxTables
        self.readOnly = readOnly
    }
}

extension Environment {
    /// Opens an environment as `init(at:mapSizeBytes:maxReaders:maxTables:readOnly:)` does.
    public convenience init(_ options: EnvironmentOptions) throws(LMDBError) {
        try self.init(
            at: options.path, mapSizeBytes: options.mapSizeBytes, maxReaders: options.maxReaders, maxTables: options.maxTables,
            readOnly: options.readOnly)
    }
}
