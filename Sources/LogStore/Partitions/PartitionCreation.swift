import RecordFormat

extension LogDirectory {
    /// Makes the folders of a new topic. On return they and their first segments survive a power cut. Blocking; on the
    /// committing thread.
    ///
    /// - Parameters:
    ///   - first: the first one to make; those before it are there.
    ///   - count: how many there are then.
    /// - Throws: `.refused`, `.noSpace`, `.storage`, `.foreignDirectory` if a folder of that name holds records
    /// already. Folders
    ///   that were made before an error stay, are empty, and are used by the next try.
    package func createPartitions(
        topic: String, id: Identifier, from first: Int32 = 0, count: Int32
    ) throws(LogStoreError) {
        precondition(first >= 0 && count > first, "Partitions \(first)..<\(count) of a topic")
        do throws(DiskError) { try freeNames() } catch { throw LogStoreError("Cannot create topic \(topic)", error) }
        var created: [RecoveredPartition] = []
        for number in first..<count {
            created.append(try createPartition(TopicPartition(topic: topic, partition: number), id: id))
        }
        do throws(DiskError) {
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(configuration.path) }
        } catch {
            throw LogStoreError("Cannot create topic \(topic)", error)
        }
        for one in created { add(one) }
    }

    private func createPartition(_ name: TopicPartition, id: Identifier) throws(LogStoreError) -> RecoveredPartition {
        let path = configuration.path + "/\(name)"
        do throws(DiskError) {
            if try disk.kind(of: path) == .absent { try disk.createDirectory(path) }
            for old in try disk.list(path) where SegmentName.base(of: old, suffix: ".log") != nil {
                if try disk.open(path + "/" + old, .read).size() > 0 {
                    throw DiskError("create", path, errno: DiskError.exists)
                }
            }
            try disk.replace(
                path + "/" + PartitionMetadata.fileName, with: PartitionMetadata(topicID: id).encoded, in: path)
            var recovery = PartitionRecovery(disk: disk, path: path, topicID: id, partition: name.partition, mark: nil)
            return RecoveredPartition(name: name, topicID: id, path: path, outcome: try recovery.run(), isMarked: false)
        } catch {
            if error.errno == DiskError.exists {
                throw LogStoreError(
                    .foreignDirectory, "\(path) holds records of a topic that no longer exists.",
                    remedy: "Move that folder away, then create the topic again.")
            }
            throw LogStoreError("Cannot create \(name)", error)
        }
    }

    /// Takes a partition that no topic names, and that holds nothing, out of the directory.
    /// - Returns: whether it held nothing.
    package func forgetIfEmpty(_ partition: Partition) -> Bool {
        guard partition.syncedEnd == .zero else { return false }
        forget(partition)
        return true
    }
}
