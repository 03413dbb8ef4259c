/// Tells the cluster's id and its brokers. Flexible from the start.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the kind of endpoint |
package enum DescribeCluster: WireAPI {
    package static let key = ApiKey.describeCluster
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 0
}

extension DescribeCluster {
    package struct Request: WireStruct {
        package var includeClusterAuthorizedOperations: Bool = false
        /// 1: brokers. 2: controllers.
        package var endpointType: Int8 = 1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&includeClusterAuthorizedOperations)
            try wire.field(&endpointType, from: 1)
            try wire.tags()
        }
    }
}

extension DescribeCluster {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var endpointType: Int8 = 1
        package var clusterID: String = ""
        package var controllerID: Int32 = -1
        package var brokers: [Broker] = []
        /// A bit mask, or the smallest number if nobody asked.
        package var clusterAuthorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&endpointType, from: 1)
            try wire.field(&clusterID)
            try wire.field(&controllerID)
            try wire.field(&brokers)
            try wire.field(&clusterAuthorizedOperations)
            try wire.tags()
        }
    }
}

extension DescribeCluster.Response {
    package struct Broker: WireStruct {
        package var brokerID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&brokerID)
            try wire.field(&host)
            try wire.field(&port)
            try wire.field(&rack)
            try wire.tags()
        }
    }
}
