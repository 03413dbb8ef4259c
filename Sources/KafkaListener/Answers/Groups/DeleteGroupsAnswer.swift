import EdgeBroker
import KafkaWire
import Synchronization

enum DeleteGroupsAnswer: Answering {
    typealias API = DeleteGroups

    static func answer(_ request: DeleteGroups.Request, _ exchange: Exchange<DeleteGroups>) {
        let groups = exchange.service.broker.groups
        Task {
            var results: [DeleteGroups.Response.Result] = []
            for name in request.groupsNames {
                let error = await withCheckedContinuation { (continuation: CheckedContinuation<GroupError?, Never>) in
                    groups.delete(name) { continuation.resume(returning: $0) }
                }
                results.append(
                    DeleteGroups.Response.Result {
                        $0.groupID = name
                        $0.errorCode = ErrorCode(error)
                    })
            }
            exchange.respond { [results] in $0.results = results }
        }
    }
}
