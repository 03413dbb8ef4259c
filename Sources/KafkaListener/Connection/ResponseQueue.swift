/// Puts the responses of a connection into the order of its requests, in which clients expect them: a request that waits holds up those
/// behind it, however soon they are answered.
struct ResponseQueue<Response: Sendable>: Sendable {
    private enum Place: Sendable {
        case waiting
        case ready(Response)
        /// Nothing is sent for this request.
        case skipped
    }

    private var places: [Place] = []
    /// Of the first place.
    private var first = 0

    /// Requests that are not answered yet, or whose answers wait for others.
    var count: Int { places.count }

    /// Whether a request has no answer yet.
    func isWaiting(_ number: Int) -> Bool {
        guard number >= first, number - first < places.count, case .waiting = places[number - first] else {
            return false
        }
        return true
    }

    /// - Returns: the number of a new request.
    mutating func begin() -> Int {
        places.append(.waiting)
        return first + places.count - 1
    }

    /// - Parameter response: `nil`: there is none.
    /// - Returns: what can be sent now, in order.
    mutating func answer(_ number: Int, _ response: Response?) -> [Response] {
        precondition(number >= first && number - first < places.count, "Request \(number) is not waiting")
        places[number - first] = response.map { .ready($0) } ?? .skipped
        var sendable: [Response] = []
        var done = 0
        loop: for place in places {
            switch place {
            case .waiting: break loop
            case .ready(let response): sendable.append(response)
            case .skipped: break
            }
            done += 1
        }
        places.removeFirst(done)
        first += done
        return sendable
    }
}
