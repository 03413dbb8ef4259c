import CChecksums

/// CRC-32C (Castagnoli) of `bytes`. The check value, of "123456789", is e3069283.
///
/// - Parameter continuing: the CRC of the bytes that come before these, 0 if there are none.
/// - Complexity: 20 GB/s on a processor with a CRC instruction, 2 GB/s on one without.
package func crc32c(_ bytes: UnsafeRawBufferPointer, continuing: UInt32 = 0) -> UInt32 {
    edgebroker_crc32c(continuing, bytes.baseAddress, bytes.count)
}

/// The CRC-32C of two runs of bytes, one behind the other, from the CRC of each and the second's length.
///
/// - Complexity: that of the CRC of about 2 KiB, however long the runs are.
package func crc32cCombine(_ first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
    precondition(secondCount >= 0, "A run of \(secondCount) bytes")
    return edgebroker_crc32c_combine(first, second, secondCount)
}
