import EdgeBroker
import KafkaWire
import RecordFormat

enum ListTransactionsAnswer: Answering {
    typealias API = ListTransactions

    private static let states: Set<String> = [
        "Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead",
    ]

    static func answer(_ request: ListTransactions.Request, _ exchange: Exchange<ListTransactions>) {
        let broker = exchange.service.broker
        let now = broker.now.millisecondsSince1970
        let found = broker.transactions.list().filter { _, metadata in
            if !request.stateFilters.isEmpty, !request.stateFilters.contains(metadata.status.kafkaName) { return false }
            if !request.producerIDFilters.isEmpty, !request.producerIDFilters.contains(metadata.producer.id) {
                return false
            }
            if request.durationFilter < 0 { return true }
            guard let start = metadata.startTime else { return false }
            return now - start.millisecondsSince1970 > request.durationFilter
        }
        exchange.respond { response in
            response.unknownStateFilters = request.stateFilters.filter { !states.contains($0) }
            response.transactionStates = found.map { id, metadata in
                ListTransactions.Response.TransactionState {
                    $0.transactionalID = id
                    $0.producerID = metadata.producer.id
                    $0.transactionState = metadata.status.kafkaName
                }
            }
        }
    }
}
