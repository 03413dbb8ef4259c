import Testing

@testable import KafkaListener

@Suite("Connections that have not asked yet")
struct NewcomersTests {
    private final class Connection {}

    @Test("leave in the order in which they came, without those that have asked")
    func order() {
        let connections = (0..<5).map { _ in Connection() }
        let stranger = Connection()
        var newcomers = Newcomers()
        for connection in connections { newcomers.add(ObjectIdentifier(connection)) }
        newcomers.remove(ObjectIdentifier(connections[0]))
        newcomers.remove(ObjectIdentifier(connections[2]))
        // Not one of them.
        newcomers.remove(ObjectIdentifier(stranger))
        let left = (0..<4).map { _ in newcomers.removeOldest() }
        #expect(left == [1, 3, 4].map { ObjectIdentifier(connections[$0]) } + [nil])
    }

    @Test("are new again when another connection gets the identity of one that has gone")
    func identity() {
        let (first, second) = (Connection(), Connection())
        var newcomers = Newcomers()
        newcomers.add(ObjectIdentifier(first))
        newcomers.add(ObjectIdentifier(second))
        newcomers.remove(ObjectIdentifier(first))
        newcomers.add(ObjectIdentifier(first))
        let left = (0..<3).map { _ in newcomers.removeOldest() }
        #expect(left == [ObjectIdentifier(second), ObjectIdentifier(first), nil])
    }

    @Test("keep their order when most of thousands have asked")
    func many() {
        let connections = (0..<5000).map { _ in Connection() }
        var newcomers = Newcomers()
        for connection in connections { newcomers.add(ObjectIdentifier(connection)) }
        for (number, connection) in connections.enumerated() where number % 1000 != 7 {
            newcomers.remove(ObjectIdentifier(connection))
        }
        let left = (0..<6).map { _ in newcomers.removeOldest() }
        #expect(left == stride(from: 7, to: 5000, by: 1000).map { ObjectIdentifier(connections[$0]) } + [nil])
    }
}
