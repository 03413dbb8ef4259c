/// A setting of Kafka's that clients commonly send and that has one answer here. Whoever asks for that answer, or for what makes no
/// difference, is not refused; nothing is kept of it.
struct FixedTopicSetting: Sendable {
    enum Accepted: Sendable {
        /// Only the value that says what happens anyway.
        case sameValue
        /// Any number from here on: it would ask for less than what happens anyway.
        case numbers(from: Int64)
        case truthValues
    }

    let key: String
    /// What happens.
    let value: String
    let accepted: Accepted
    /// Why nothing else can be had, or why it makes no difference.
    let why: String

    func accepts(_ text: String) -> Bool {
        switch accepted {
        case .sameValue: text == value
        case .numbers(let least): Int64(text).map { $0 >= least } ?? false
        case .truthValues: text == "true" || text == "false"
        }
    }

    static let all: [FixedTopicSetting] = [
        FixedTopicSetting(
            key: "compression.type", value: "producer", accepted: .sameValue,
            why: "batches are kept as their producer compressed them"),
        FixedTopicSetting(
            key: "min.insync.replicas", value: "1", accepted: .sameValue, why: "one node keeps the only replica"),
        FixedTopicSetting(
            key: "unclean.leader.election.enable", value: "false", accepted: .sameValue,
            why: "there is no other replica to elect"),
        FixedTopicSetting(
            key: "flush.messages", value: "\(Int64.max)", accepted: .numbers(from: 1),
            why: "what is acknowledged is synced, each append"),
        FixedTopicSetting(
            key: "flush.ms", value: "\(Int64.max)", accepted: .numbers(from: 0),
            why: "what is acknowledged is synced, each append"),
        FixedTopicSetting(
            key: "index.interval.bytes", value: "4096", accepted: .sameValue, why: "every index has that interval"),
        FixedTopicSetting(
            key: "segment.jitter.ms", value: "0", accepted: .sameValue, why: "segments are closed by their own age"),
        FixedTopicSetting(
            key: "file.delete.delay.ms", value: "0", accepted: .numbers(from: 0),
            why: "readers keep a deleted file open until they are done"),
        FixedTopicSetting(
            key: "preallocate", value: "false", accepted: .truthValues, why: "blocks are reserved ahead by their use"),
        FixedTopicSetting(
            key: "message.timestamp.before.max.ms", value: "\(Int64.max)", accepted: .sameValue,
            why: "retention does not go by producers' timestamps, so all are taken"),
        FixedTopicSetting(
            key: "message.timestamp.after.max.ms", value: "\(Int64.max)", accepted: .sameValue,
            why: "retention does not go by producers' timestamps, so all are taken"),
        FixedTopicSetting(
            key: "remote.storage.enable", value: "false", accepted: .sameValue, why: "records are kept on this disk"),
    ]
}
