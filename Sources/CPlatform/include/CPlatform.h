// The system calls that Swift's C library overlay does not reach. One thin function each; -1 and errno on failure.
#ifndef EDGEBROKER_CPLATFORM_H
#define EDGEBROKER_CPLATFORM_H

#include <stdint.h>
#include <sys/types.h>

/// Reserves blocks for [0, length) without changing the file's size (FALLOC_FL_KEEP_SIZE).
int edgebroker_preallocate(int descriptor, int64_t length);

/// A non-blocking, close-on-exec eventfd that starts at zero.
int edgebroker_eventfd(void);

/// A pipe that children do not inherit: ends[0] reads, ends[1] writes.
int edgebroker_pipe(int ends[2]);

/// Starts arguments[0], looked up in PATH, and stores its process id. Returns 0 or an errno.
///
/// The child is its process group's leader (a Ctrl-C at our terminal does not reach it), stands in `/`, and has default
/// signals and three open files: `input`, and `output` twice. A negative descriptor means /dev/null.
int edgebroker_spawn(
    const char *const *arguments, const char *const *environment, int input, int output, pid_t *child);

/// Names the calling thread for `top -H`; at most 15 bytes.
void edgebroker_name_thread(const char *name);

/// Processor time of the calling process so far, in nanoseconds.
int64_t edgebroker_process_cpu_nanoseconds(void);

#endif
