import LogStore
import Logging

/// What the parts of the broker tell, as events.
extension BrokerEvent {
    init(_ event: LogStore.LogEvent) {
        switch event {
        case .closed(let partition, let error):
            self.init(.partitionClosed, ["partition": "\(partition.topicPartition)", "reason": "\(error)"])
        case .opened(let partition):
            self.init(.partitionOpened, ["partition": "\(partition.topicPartition)"])
        case .marksPostponed(let error): self.init(.marksPostponed, ["reason": "\(error)"])
        case .reserveReleased: self.init(.reserveReleased)
        case .deletionPostponed(let error): self.init(.filesLeftBehind, ["reason": "\(error)"])
        case .leftBehind(let partition, let error):
            self.init(.filesLeftBehind, ["partition": "\(partition.topicPartition)", "reason": "\(error)"])
        }
    }

    init(_ event: MaintenanceEvent) {
        switch event {
        case .deleted(let name, let start):
            self.init(.recordsDeleted, ["partition": "\(name)", "log_start": "\(start)"])
        case .gap(let gap):
            let kind: Kind =
                switch gap.reason {
                case .consumed: .recordsDropped
                case .unread: .unreadRecordsDropped
                case .missing: .recordsMissing
                }
            self.init(
                kind,
                [
                    "partition": "\(gap.partition)", "start": "\(gap.start)", "end": "\(gap.end)",
                    "reason": "\(gap.reason.rawValue)", "bytes": "\(gap.bytes)",
                ])
        case .full(let reason): self.init(.appendsRefused, ["reason": "\(reason)"])
        case .roomAgain: self.init(.appendsTaken)
        case .failed(let what, let error):
            self.init(.maintenancePostponed, ["what": "\(what)", "reason": "\(error)"])
        }
    }

    /// - Returns: `nil` if the turn is not worth a word.
    init?(_ turn: CompactionTurn) {
        switch turn {
        case .idle, .working: return nil
        case .finished(let name, let before, let after):
            self.init(.compacted, ["partition": "\(name)", "bytes_before": "\(before)", "bytes_after": "\(after)"])
        case .failed(let name, let error):
            self.init(.compactionPostponed, ["partition": "\(name)", "reason": "\(error)"])
        }
    }

    /// What opening found and did, in the order of its weight.
    static func events(of recovery: RecoveryReport) -> [BrokerEvent] {
        var events = recovery.damages.map { BrokerEvent(.recordsDamaged, ["damage": "\($0.description)"]) }
        events += recovery.tornTails.map {
            BrokerEvent(.tornTailCut, ["file": "\($0.file)", "byte": "\($0.byte)", "bytes": "\($0.count)"])
        }
        events += recovery.gaps.map { BrokerEvent(.recordsLost, ["gap": "\($0.description)"]) }
        events += recovery.notes.map { BrokerEvent(.recoveryNote, ["note": "\($0)"]) }
        return events + [BrokerEvent(.opened, ["scanned_bytes": "\(recovery.scannedBytes)"])]
    }
}
