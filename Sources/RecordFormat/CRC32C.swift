import CChecksums

/// CRC-32C (Castagnoli) of `bytes`. The check value, of "123456789", is e3069283.
///
/// - Parameter continuing: the CRC of the bytes that come before these, 0 if there are none.
/// - Complexity: 20 GB/s on a processor with a CRC instruction, 2 GB/s on one without.
package func crc32c(_ bytes: UnsafeRawBufferPointer, continuing: UInt32 = 0) -> UInt32 {
    edgebroker_crc32c(continuing, bytes.baseAddress, bytes.count)
}
