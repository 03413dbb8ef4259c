/// The value format `plain`: UTF-8 JSON, one object without line breaks, fields in this order. What has no value is absent.
///
/// | field       | meaning                                                                                                     |
/// |:------------|:------------------------------------------------------------------------------------------------------------|
/// | `op`        | `r` snapshot row, `c`, `u`, `d`, `t` truncate, `m` logical message                                          |
/// | `table`     | ``TableName/description``; absent with `m`                                                                  |
/// | `lsn`       | the commit's, `X/Y`; the consistent point with `r`                                                          |
/// | `seq`       | ordinal in the transaction or snapshot, before any filter, from 0                                           |
/// | `xid`       | transaction id; absent with `r` and outside a transaction                                                   |
/// | `ts`        | commit time, ``EventTime``                                                                                  |
/// | `key`       | object of the key columns; with `d` the old ones. These bytes are the record's key. Absent without a key    |
/// | `before`    | object of what the replica identity gave of the old row                                                     |
/// | `after`     | object of the new row                                                                                       |
/// | `unchanged` | array of the columns missing from `after` because they are stored out of line and were not touched          |
/// | `message`   | with `m`: `{"prefix":…,"content":…}`, the content in base64                                                 |
///
/// The forms of values: ``ValueForm``. A value that has not the text its type promises is a string of exactly that text.
/// Readers skip fields they do not know.
package enum PlainFormat {
    /// A row as a record holds it.
    package struct EncodedRow: Sendable, Hashable {
        /// `nil` for a table without key, a truncate, a message.
        package let key: [UInt8]?
        package let value: [UInt8]

        package init(key: [UInt8]?, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }
}
