import ArgumentParser

/// How a list or a description is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case table
    /// One document: an array for a list, an object for a description.
    case json
    /// An object a line.
    case ndjson
}

/// The option every list and describe has.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json or ndjson.")
    var format: OutputFormat = .table
}
