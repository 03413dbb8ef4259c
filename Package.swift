// swift-tools-version: 6.2
// The targets stand in the order in which a change travels: bytes, log, broker, languages, roles, shell.
import PackageDescription

/// One place for what every Swift target obeys.
var strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// The simulation must find each planted bug. They exist only in this build, never in the product.
if Context.environment["EDGEBROKER_PLANTED_BUGS"] == "1" {
    strict.append(.define("PLANTED_BUGS"))
}

// In one flag: of two the compiler takes the last, and SwiftPM's own option gives them in no order.
let fuzzing = ["-sanitize=fuzzer,address"]
if Context.environment["EDGEBROKER_FUZZ"] == "1" { strict.append(.unsafeFlags(fuzzing)) }

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")

let package = Package(
    name: "EdgeBroker",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "EdgeBroker", targets: ["RecordFormat", "EdgeBroker"]),
        .executable(name: "edgebroker", targets: ["EdgeBrokerCLI"]),
    ],
    dependencies: [
        // Exact, because Package.resolved is not kept.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        // Bytes and records: pure, no I/O, no clock.
        .target(name: "CChecksums"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "RecordFormat", dependencies: ["CChecksums", "CZlib", "CSnappy", "CLz4", "CZstd"],
            swiftSettings: strict),

        // The log: the only owner of files. CPlatform holds the system calls that Swift cannot reach.
        .target(name: "CPlatform"),
        .target(
            name: "LogStore", dependencies: ["RecordFormat", "CChecksums", "CPlatform", logging],
            swiftSettings: strict),

        // Topics, the transaction index, admin.
        .target(
            name: "EdgeBroker", dependencies: ["RecordFormat", "LogStore", logging, metrics, lifecycle],
            swiftSettings: strict),

        // Languages: pure.
        .target(name: "ChangeEvents", dependencies: ["RecordFormat"], swiftSettings: strict),
        .target(name: "FlowFile", dependencies: [yams], swiftSettings: strict),
        // Kafka's protocol: frames and messages in both directions. Record data stays bytes, so it needs no RecordFormat.
        .target(name: "KafkaWire", swiftSettings: strict),

        // Clients. libpq, because a replication stream is a COPY BOTH, which PostgresNIO does not speak.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "PostgresClient", dependencies: ["CLibPQ", "CPlatform"], swiftSettings: strict),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "SQLiteClient", dependencies: ["CSQLite"], swiftSettings: strict),

        // librdkafka, for servers that are not this process: the command line's.
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(name: "KafkaClient", dependencies: ["CRdKafka", "RecordFormat"], swiftSettings: strict),

        // Roles: they never import each other.
        .target(
            name: "CaptureAgent",
            dependencies: ["RecordFormat", "EdgeBroker", "ChangeEvents", "PostgresClient", "CPlatform", logging],
            swiftSettings: strict),
        .target(
            name: "Loader",
            dependencies: ["RecordFormat", "EdgeBroker", "ChangeEvents", "SQLiteClient", "CSQLite", bigInt, logging],
            swiftSettings: strict),

        .target(
            name: "KafkaListener",
            dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "KafkaWire", nioCore, nioPosix, logging],
            swiftSettings: strict),

        // A Postgres server of our own, for the demo and the tests.
        .target(name: "PrivateCluster", dependencies: ["CPlatform"], swiftSettings: strict),

        // The shell.
        .target(
            name: "DemoPlant", dependencies: ["RecordFormat", "PrivateCluster", "PostgresClient", "SQLiteClient"],
            swiftSettings: strict),
        .executableTarget(
            name: "EdgeBrokerCLI",
            dependencies: [
                "RecordFormat", "LogStore", "EdgeBroker", "ChangeEvents", "FlowFile", "PostgresClient", "SQLiteClient",
                "CaptureAgent", "Loader", "KafkaListener", "KafkaClient", "PrivateCluster", "DemoPlant", arguments,
                logging,
            ],
            swiftSettings: strict),

        // The simulated world, and the plant that loses power a few thousand times a minute.
        .target(
            name: "EdgeBrokerTesting", dependencies: ["RecordFormat", "LogStore", "EdgeBroker"], swiftSettings: strict),
        .executableTarget(
            name: "PowerCuts",
            dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting", "CChecksums"],
            path: "Simulations/PowerCuts", swiftSettings: strict),
        .executableTarget(
            name: "Damages", dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting"],
            path: "Simulations/Damages", swiftSettings: strict),
        .executableTarget(
            name: "TransactionCuts",
            dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting"],
            path: "Simulations/TransactionCuts", swiftSettings: strict),

        // Consumer groups under every order of events that a seed can think of.
        .executableTarget(
            name: "GroupEvents",
            dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting"],
            path: "Simulations/Groups", swiftSettings: strict),

        // What must hold of any bytes that are read as one of our formats; in no product. The tests feed it, and libFuzzer does.
        .target(
            name: "FuzzTargets",
            dependencies: ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting", "KafkaWire"],
            path: "Fuzz/Laws", swiftSettings: strict),

        // Benchmarks are in no product. Every title says fsync or not; docs/decisions has the figures.
        .executableTarget(name: "CommitRound", path: "Benchmarks/CommitRound"),
        .executableTarget(
            name: "CodecReading", dependencies: ["RecordFormat", "CZlib", "CSnappy", "CLz4", "CZstd"],
            path: "Benchmarks/CodecReading", swiftSettings: strict),
        .executableTarget(
            name: "InProcess", dependencies: ["RecordFormat", "LogStore", "EdgeBroker", logging],
            path: "Benchmarks/InProcess", swiftSettings: strict),
        .executableTarget(name: "LogLimits", dependencies: ["CChecksums"], path: "Benchmarks/LogLimits"),
        .executableTarget(name: "KafkaLoad", dependencies: ["CRdKafka"], path: "Benchmarks/KafkaLoad"),

        .executableTarget(
            name: "PlantFloor",
            dependencies: [
                "RecordFormat", "EdgeBroker", "ChangeEvents", "CaptureAgent", "Loader", "SQLiteClient", logging,
            ],
            path: "Examples/PlantFloor", swiftSettings: strict),
    ]
)

// The tests of a target, and which targets they import.
let tested: [String: [String]] = [
    "RecordFormat": ["RecordFormat", "CChecksums"],
    "LogStore": ["RecordFormat", "LogStore", "EdgeBrokerTesting"],
    "EdgeBroker": ["RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting"],
    "ChangeEvents": ["RecordFormat", "ChangeEvents"],
    "FlowFile": ["FlowFile"],
    "KafkaWire": ["KafkaWire", "FuzzTargets"],
    "SQLiteClient": ["SQLiteClient"],
    "PostgresClient": ["PostgresClient", "PrivateCluster"],
    "PrivateCluster": ["PrivateCluster"],
    "DemoPlant": [
        "RecordFormat", "DemoPlant", "PostgresClient", "SQLiteClient", "PrivateCluster", "FlowFile",
    ],
    "CaptureAgent": [
        "RecordFormat", "EdgeBroker", "EdgeBrokerTesting", "ChangeEvents", "PostgresClient", "CaptureAgent",
        "PrivateCluster", "LogStore",
    ],
    "Loader": ["RecordFormat", "EdgeBroker", "EdgeBrokerTesting", "ChangeEvents", "SQLiteClient", "Loader"],
    "KafkaListener": ["RecordFormat", "LogStore", "EdgeBroker", "KafkaWire", "KafkaListener"],
    "KafkaClient": ["RecordFormat", "KafkaClient", "CRdKafka"],
    "EdgeBrokerCLI": ["RecordFormat", "EdgeBroker", "KafkaClient", "EdgeBrokerCLI"],
    "FuzzTargets": ["FuzzTargets"],
    "Integration": [
        "RecordFormat", "LogStore", "EdgeBroker", "EdgeBrokerTesting", "ChangeEvents", "CaptureAgent",
        "PostgresClient", "SQLiteClient", "DemoPlant", "PrivateCluster", "KafkaWire", "KafkaClient",
    ],
]
// What they need of other packages.
let testedWith: [String: [Target.Dependency]] = [
    "EdgeBroker": [metrics, lifecycle], "KafkaListener": [nioCore, nioPosix], "EdgeBrokerCLI": [arguments],
]
for (name, targets) in tested.sorted(by: { $0.key < $1.key }) {
    var dependencies = targets.map { Target.Dependency.byName(name: $0) }
    // Whoever opens a broker hands it a logger.
    if targets.contains("EdgeBroker") { dependencies.append(logging) }
    dependencies += testedWith[name] ?? []
    package.targets.append(.testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: strict))
}

// Only where libFuzzer is linked: `make fuzz`. By LLVM's linker, because gold does not take our `main` for libFuzzer's.
if Context.environment["EDGEBROKER_FUZZ"] == "1" {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
        .executableTarget(
            name: "FuzzFormats", dependencies: ["FuzzTargets", "CLibFuzzer"], path: "Fuzz/Driver",
            swiftSettings: strict, linkerSettings: [.unsafeFlags(fuzzing + ["-use-ld=lld"])]),
    ]
}
