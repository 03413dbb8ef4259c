import EdgeBroker
import KafkaWire

extension ErrorCode {
    init(_ error: GroupError) {
        self = ErrorCode(rawValue: error.code) ?? .unknownServerError
    }

    init(_ error: GroupError?) {
        self = error.map { ErrorCode($0) } ?? .none
    }
}
