/// The value of a group's record, and of the record that says of which epoch the target assignment is.
///
/// | size | field   | meaning   |
/// |-----:|:--------|:----------|
/// |    4 | `epoch` | 0 or more |
package struct ConsumerGroupEpoch: Sendable, Equatable, ConsumerGroupValue {
    package var epoch: Int32

    package init(_ epoch: Int32) { self.epoch = epoch }

    func write(to writer: inout BinaryWriter) { writer.append(epoch) }

    init?(from reader: inout BinaryReader) {
        epoch = reader.next()
        if epoch < 0 { return nil }
    }
}
