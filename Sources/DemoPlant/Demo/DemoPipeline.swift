/// What carries the demonstration's changes: whoever runs the demonstration starts what `edgebroker serve` runs.
package protocol DemoPipeline {
    /// Change events that capture has put into the log, snapshot rows included.
    var captured: Int { get }
    /// Change events out of the log that have taken effect in the MES, or were left out by a filter.
    var loaded: Int { get }
    /// What ended it before it was stopped.
    var failure: (any Error)? { get }
    /// Ends it in order. Blocks.
    func stop() throws
}

/// What there is to carry changes between.
package struct DemoSite: Sendable {
    /// The plant's configuration file: its `data_dir` and its one flow are in the same folder.
    package let configuration: String
    /// The MES' database file.
    package let mes: String
}
