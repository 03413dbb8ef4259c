// CRC-32C (Castagnoli), the checksum of record batches and of our own files. Check value of "123456789": e3069283.
#ifndef EDGEBROKER_CCHECKSUMS_H
#define EDGEBROKER_CCHECKSUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The CRC of `count` bytes, by the fastest implementation this processor has, which is chosen at the first call.
///
/// `crc` is 0 for a new checksum, or the result for the bytes that come before.
uint32_t edgebroker_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The CRC of two runs of bytes, one behind the other, from the CRC of each and the second's length.
///
/// It takes as long as the CRC of about 2 KiB, however long the runs are.
uint32_t edgebroker_crc32c_combine(uint32_t first, uint32_t second, size_t second_count);

/// How a CRC is computed. All give the same results; tests and benchmarks ask for one by name.
enum edgebroker_crc32c_implementation {
    /// Slice-by-8 tables: every processor.
    EDGEBROKER_CRC32C_TABLES = 0,
    /// The processor's CRC instruction (SSE 4.2, ARMv8 CRC), three streams at a time.
    EDGEBROKER_CRC32C_INSTRUCTIONS = 1,
};

/// Whether this processor can run it.
bool edgebroker_crc32c_can_use(enum edgebroker_crc32c_implementation implementation);

/// Like `edgebroker_crc32c`, by a chosen implementation, which this processor must be able to run.
uint32_t edgebroker_crc32c_using(
    enum edgebroker_crc32c_implementation implementation, uint32_t crc, const void *bytes, size_t count);

#endif
