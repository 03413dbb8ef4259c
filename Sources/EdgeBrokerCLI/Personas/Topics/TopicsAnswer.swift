import KafkaClient

/// Does what `kafka-topics` was asked for, and prints what it prints.
struct TopicsAnswer {
    private let place: any LogPlace

    init(_ place: any LogPlace) { self.place = place }

    func answer(_ request: TopicsRequest) async throws {
        switch request {
        case .create(let name, let partitions, let replicas, let settings, let onlyIfAbsent):
            do {
                _ = try await place.createTopic(name, partitions: partitions, replicas: replicas, settings: settings)
            } catch let error as KafkaClientError where onlyIfAbsent && error.code == .topicExists {
                // Asked of the server, not looked up before: another one may create it in between.
                return
            }
            Console.data(line: "Created topic \(name).")
        case .list(let pattern, let withInternal):
            for topic in try await topics(pattern, withInternal) { Console.data(line: topic.name) }
        case .describe(let pattern, let withInternal, let shown, let onlyIfThere):
            let found = try await topics(pattern, withInternal)
            if found.isEmpty, !onlyIfThere, let pattern { throw Self.none(pattern) }
            for topic in found {
                for line in TopicsText.lines(try await place.topic(topic.name), shown) { Console.data(line: line) }
            }
        case .delete(let pattern, let onlyIfThere):
            for topic in try await topics(pattern, true, orNone: onlyIfThere) {
                try await place.deleteTopic(topic.name)
            }
        case .alter(let pattern, let partitions, let onlyIfThere):
            for topic in try await topics(pattern, true, orNone: onlyIfThere) {
                _ = try await place.alterTopic(topic.name, [], partitions: partitions)
            }
        }
    }

    private func topics(_ pattern: TopicPattern?, _ withInternal: Bool) async throws -> [TopicView] {
        let all = try await place.topics().filter { withInternal || !$0.name.hasPrefix("__") }
        return try pattern?.matching(all, name: \.name) ?? all
    }

    /// - Throws: a `Failure` if there is none and `orNone` does not allow that.
    private func topics(_ pattern: TopicPattern, _ withInternal: Bool, orNone: Bool) async throws -> [TopicView] {
        let found = try await topics(pattern, withInternal)
        if found.isEmpty, !orNone { throw Self.none(pattern) }
        return found
    }

    private static func none(_ pattern: TopicPattern) -> Failure {
        Failure(.notFound, "No topic matches '\(pattern.text)'. --list tells which there are.")
    }
}
