import EdgeBroker
import KafkaWire

enum ListGroupsAnswer: Answering {
    typealias API = ListGroups

    static func answer(_ request: ListGroups.Request, _ exchange: Exchange<ListGroups>) {
        let (states, types) = (
            request.statesFilter.map { $0.lowercased() }, request.typesFilter.map { $0.lowercased() }
        )
        let groups = exchange.service.broker.groups.list().filter { group in
            (states.isEmpty || states.contains(group.state.rawValue.lowercased()))
                && (types.isEmpty || types.contains(group.type.rawValue))
        }
        exchange.respond { response in
            response.groups = groups.map { group in
                ListGroups.Response.Group {
                    $0.groupID = group.group
                    $0.protocolType = group.protocolType
                    $0.groupState = group.state.rawValue
                    $0.groupType = group.type.rawValue
                }
            }
        }
    }
}
