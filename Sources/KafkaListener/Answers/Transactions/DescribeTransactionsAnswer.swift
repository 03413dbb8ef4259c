import EdgeBroker
import KafkaWire
import RecordFormat

enum DescribeTransactionsAnswer: Answering {
    typealias API = DescribeTransactions

    static func answer(_ request: DescribeTransactions.Request, _ exchange: Exchange<DescribeTransactions>) {
        let transactions = exchange.service.broker.transactions
        exchange.respond { response in
            response.transactionStates = request.transactionalIDs.map { id in
                DescribeTransactions.Response.TransactionState { state in
                    state.transactionalID = id
                    guard let metadata = transactions.describe(id) else {
                        state.errorCode = .transactionalIDNotFound
                        return
                    }
                    state.transactionState = metadata.status.kafkaName
                    state.transactionTimeoutMs = Int32(clamping: metadata.timeout.components.seconds * 1000)
                    state.transactionStartTimeMs = metadata.startTime?.millisecondsSince1970 ?? -1
                    (state.producerID, state.producerEpoch) = (metadata.producer.id, metadata.producer.epoch)
                    let byTopic = Dictionary(grouping: metadata.partitions, by: \.topic)
                    state.topics = byTopic.sorted { $0.key < $1.key }.map { topic, partitions in
                        DescribeTransactions.Response.TransactionState.Topic {
                            $0.topic = topic
                            $0.partitions = partitions.map(\.partition).sorted()
                        }
                    }
                }
            }
        }
    }
}

extension TransactionMetadata.Status {
    /// As Kafka's tools write and filter it.
    var kafkaName: String {
        switch self {
        case .empty: "Empty"
        case .ongoing: "Ongoing"
        case .prepareCommit: "PrepareCommit"
        case .prepareAbort: "PrepareAbort"
        case .completeCommit: "CompleteCommit"
        case .completeAbort: "CompleteAbort"
        }
    }
}
