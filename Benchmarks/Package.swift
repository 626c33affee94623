// swift-tools-version: 6.2
import PackageDescription

/// As in the main package: the language mode and the upcoming features this project is written in.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "appeal-engine-benchmarks",
    dependencies: [
        // Another checkout can be measured with the same benchmarks, to compare two versions.
        .package(name: "appeal-engine", path: Context.environment["APPEAL_ENGINE_PATH"] ?? ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The floor: the same bytes through a few lines of C over liblmdb.
        .target(name: "CFloor", linkerSettings: [.linkedLibrary("lmdb")]),
        // The load generator for HTTP over Unix sockets.
        .target(name: "CLoad"),
        // The daemon's server library without anything behind it.
        .executableTarget(
            name: "null-server",
            dependencies: [
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "CFloor", "CLoad",
                .product(name: "Engine", package: "appeal-engine"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)

for target in package.targets where target.name != "CFloor" && target.name != "CLoad" {
    target.swiftSettings = settings
}
