import EdgeBroker
import KafkaWire
import LogStore
import RecordFormat

enum DescribeProducersAnswer: Answering {
    typealias API = DescribeProducers

    static func answer(_ request: DescribeProducers.Request, _ exchange: Exchange<DescribeProducers>) {
        // They are found in the log.
        let isBegun = exchange.service.broker.beginReading { respond(request, exchange) }
        if !isBegun { exchange.close() }
    }

    private static func respond(_ request: DescribeProducers.Request, _ exchange: Exchange<DescribeProducers>) {
        let broker = exchange.service.broker
        exchange.respond { response in
            response.topics = request.topics.map { topic in
                DescribeProducers.Response.Topic {
                    $0.name = topic.name
                    $0.partitions = topic.partitionIndexes.map { index in
                        describe(TopicPartition(topic: topic.name, partition: index), broker)
                    }
                }
            }
        }
    }

    private static func describe(
        _ name: TopicPartition, _ broker: Broker
    ) -> DescribeProducers.Response.Topic.Partition {
        DescribeProducers.Response.Topic.Partition { partition in
            partition.partitionIndex = name.partition
            do throws(BrokerError) {
                partition.activeProducers = try broker.producers(of: name).map { producer in
                    DescribeProducers.Response.Topic.Partition.ActiveProducer {
                        $0.producerID = producer.id
                        $0.producerEpoch = Int32(producer.epoch)
                        $0.lastSequence = producer.batches.last?.lastSequence ?? -1
                        $0.lastTimestamp = producer.lastAppendTime.millisecondsSince1970
                        $0.coordinatorEpoch = producer.coordinatorEpoch
                        $0.currentTxnStartOffset = producer.transactionStart?.rawValue ?? -1
                    }
                }
            } catch {
                (partition.errorCode, partition.errorMessage) = (ErrorCode(error), error.message)
            }
        }
    }
}
