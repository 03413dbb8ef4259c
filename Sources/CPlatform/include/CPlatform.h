// The system calls that Swift's C library overlay does not reach. One thin function each; -1 and errno on failure.
#ifndef EDGEBROKER_CPLATFORM_H
#define EDGEBROKER_CPLATFORM_H

#include <stdint.h>
#include <sys/types.h>

/// Reserves blocks for [0, length) without changing the file's size (FALLOC_FL_KEEP_SIZE).
int edgebroker_preallocate(int descriptor, int64_t length);

/// A non-blocking, close-on-exec eventfd that starts at zero.
int edgebroker_eventfd(void);

/// Processor time of the calling process so far, in nanoseconds.
int64_t edgebroker_process_cpu_nanoseconds(void);

#endif
