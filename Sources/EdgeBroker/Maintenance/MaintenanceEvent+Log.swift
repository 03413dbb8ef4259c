import Logging

extension MaintenanceEvent {
    func log(to logger: Logger) {
        switch self {
        case .deleted(let name, let start):
            logger.info("Deleted old records", metadata: ["partition": "\(name)", "log_start": "\(start)"])
        case .gap(let gap):
            logger.log(
                level: gap.reason == .consumed ? .info : .error,
                gap.reason == .missing ? "Records are missing" : "Records gave way to the disk budget",
                metadata: [
                    "partition": "\(gap.partition)", "start": "\(gap.start)", "end": "\(gap.end)",
                    "reason": "\(gap.reason.rawValue)", "bytes": "\(gap.bytes)",
                ])
        case .full(let reason): logger.error("Appends are refused", metadata: ["reason": "\(reason)"])
        case .roomAgain: logger.notice("Appends are taken again")
        case .failed(let what, let error):
            logger.warning("Maintenance is put off", metadata: ["what": "\(what)", "reason": "\(error)"])
        }
    }
}

extension CompactionTurn {
    func log(to logger: Logger) {
        switch self {
        case .idle, .working: break
        case .finished(let name, let before, let after):
            logger.info(
                "Compacted", metadata: ["partition": "\(name)", "bytes_before": "\(before)", "bytes_after": "\(after)"])
        case .failed(let name, let error):
            logger.warning(
                "Compaction is put off", metadata: ["partition": "\(name)", "reason": "\(error)"])
        }
    }
}
