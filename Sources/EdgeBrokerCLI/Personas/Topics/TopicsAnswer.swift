/// Does what `kafka-topics` was asked for, and prints what it prints.
struct TopicsAnswer {
    private let place: any LogPlace

    init(_ place: any LogPlace) { self.place = place }

    func answer(_ request: TopicsRequest) async throws {
        switch request {
        case .create(let name, let partitions, let replicas, let settings, let onlyIfAbsent):
            if onlyIfAbsent, try await place.topics().contains(where: { $0.name == name }) { return }
            _ = try await place.createTopic(name, partitions: partitions, replicas: replicas, settings: settings)
            Console.data(line: "Created topic \(name).")
        case .list(let pattern, let withInternal):
            for topic in try await topics(pattern, withInternal) { Console.data(line: topic.name) }
        case .describe(let pattern, let withInternal, let shown):
            let found = try await topics(pattern, withInternal)
            if found.isEmpty, let pattern { throw Self.none(pattern) }
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
