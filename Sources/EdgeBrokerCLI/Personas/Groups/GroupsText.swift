import EdgeBroker
import RecordFormat

/// Groups as `kafka-consumer-groups` prints them: columns padded to at least Kafka's widths, each table behind an empty
/// line, and none that has no rows.
enum GroupsText {
    static func offsets(_ group: GroupView, _ lags: [GroupLag]) -> [String] {
        let members = Dictionary(
            (group.members ?? []).map { ($0.memberID, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = lags.map { lag in
            let member = lag.memberID.flatMap { members[$0] }
            return [
                group.name, lag.partition.topic, "\(lag.partition.partition)", text(lag.committed?.offset.rawValue),
                text(lag.highWatermark?.rawValue), text(lag.lag), lag.memberID ?? "-", member?.host ?? "-",
                member?.clientID ?? "-",
            ]
        }
        return table(
            [
                "GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST",
                "CLIENT-ID",
            ], [15, 15, 10, 15, 15, 15, 15, 15, 0], rows)
    }

    static func members(_ group: GroupView, withPartitions: Bool) -> [String] {
        let all = group.members ?? []
        let hasInstances = all.contains { $0.instanceID != nil }
        let rows = all.map { member in
            [group.name, member.memberID] + (hasInstances ? [member.instanceID ?? ""] : [])
                + [member.host, member.clientID, "\(member.partitions.count)"]
                + [withPartitions ? assignment(member.partitions) : ""]
        }
        return table(
            ["GROUP", "CONSUMER-ID"] + (hasInstances ? ["GROUP-INSTANCE-ID"] : [])
                + ["HOST", "CLIENT-ID", "#PARTITIONS", withPartitions ? "ASSIGNMENT" : ""],
            [15, 15] + (hasInstances ? [17] : []) + [15, 15, 15, 0], rows)
    }

    static func state(_ group: GroupView) -> [String] {
        table(
            ["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"], [25, 25, 20, 15, 0],
            [
                [
                    group.name, group.coordinator ?? "-", group.assignor, group.state ?? "-",
                    text((group.members?.count).map(Int64.init)),
                ]
            ])
    }

    /// Of a list of all groups: no empty line comes before it.
    static func states(_ groups: [GroupView]) -> [String] {
        let lines = table(["GROUP", "STATE"], [15, 0], groups.map { [$0.name, $0.state ?? "-"] })
        return Array(lines.dropFirst())
    }

    static func moves(_ moves: [(group: String, move: OffsetMove)]) -> [String] {
        table(
            ["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"], [30, 30, 10, 15],
            moves.map { [$0.group, $0.move.partition.topic, "\($0.move.partition.partition)", "\($0.move.to)"] })
    }

    /// Lines of ``OffsetPlan``.
    static func export(_ moves: [(group: String, move: OffsetMove)], of names: GroupNames) -> [String] {
        moves.map { group, move in
            OffsetPlan.Line(group: names.isOne ? nil : group, partition: move.partition, offset: move.to).text
        }
    }

    /// - Parameter mistakes: `nil` where all went well.
    static func deletions(_ partitions: [(TopicPartition, String?)]) -> [String] {
        table(
            ["TOPIC", "PARTITION", "STATUS"], [15, 10, 15],
            partitions.map { partition, mistake in
                [partition.topic, "\(partition.partition)", mistake.map { "Error: \($0)" } ?? "Successful"]
            })
    }

    /// `t(0,1), u(0)`.
    private static func assignment(_ partitions: [TopicPartition]) -> String {
        if partitions.isEmpty { return "-" }
        return Dictionary(grouping: partitions, by: \.topic).sorted { $0.key < $1.key }.map { topic, all in
            "\(topic)(\(all.map { "\($0.partition)" }.joined(separator: ",")))"
        }.joined(separator: ", ")
    }

    private static func text(_ number: Int64?) -> String { number.map(String.init) ?? "-" }

    /// - Parameter widths: at least; a longer value makes its column wider.
    private static func table(_ heading: [String], _ widths: [Int], _ rows: [[String]]) -> [String] {
        let wide = widths.indices.map { column in
            widths[column] == 0 ? 0 : ([widths[column]] + rows.map { $0[column].count }).max() ?? 0
        }
        if rows.isEmpty { return [] }
        let lines = ([heading] + rows).map { row in
            row.enumerated().map { column, cell in
                cell + String(repeating: " ", count: max(0, wide[column] - cell.count))
            }.joined(separator: " ")
        }
        return [""] + lines
    }
}
