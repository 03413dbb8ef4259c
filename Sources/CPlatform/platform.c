#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

int edgebroker_preallocate(int descriptor, int64_t length) {
    return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length);
}

int edgebroker_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int edgebroker_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int64_t edgebroker_process_cpu_nanoseconds(void) {
    struct timespec t;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0) return -1;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void edgebroker_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
