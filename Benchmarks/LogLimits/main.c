// What this machine could do, if a log were nothing but system calls and checksums: the limits that `make bench` holds
// EdgeBroker against.
//
//   LogLimits append DIR --records N --value-size BYTES --batch-records K                     no fsync
//   LogLimits synced DIR --records N --value-size BYTES --batch-records K --group G --files F  fsync: fdatasync a group
//   LogLimits read   DIR [--cold]                                                             of a partition's folder
//   LogLimits find   DIR --lookups N --read-size BYTES                                        one read somewhere and its CRC
//   LogLimits wake   DIR --records N --rate R [--unsynced]                                    write, fdatasync, wake a thread
//
// append: every batch is copied, its CRC-32C computed, and written, into files of 64 MiB whose blocks are reserved ahead, as the
// log's are. synced: G such batches, over F files in turn, one write and one fdatasync a file, eight at a time; nobody waits,
// nobody is woken. read: every batch is read in chunks of 256 KiB, its frame followed and its CRC checked.
// Each ends with one JSON object: records, seconds, cpu_seconds, bytes, sync_calls.
#define _GNU_SOURCE
#include "CChecksums.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SEGMENT = 64 << 20, RESERVATION = 4 << 20, CHUNK = 256 << 10, HEADER = 61, MOST_FILES = 1024, SYNCERS = 8 };

struct options {
    long records, value_size, batch_records, group, files, lookups, read_size, rate;
    int cold, unsynced;
};

static _Noreturn void die(const char *what) {
    perror(what);
    exit(74);
}

static double clock_seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double began, began_cpu;
static void begin(void) {
    began_cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    began = clock_seconds(CLOCK_MONOTONIC);
}

static void report(long records, double bytes, long syncs) {
    double seconds = clock_seconds(CLOCK_MONOTONIC) - began;
    double cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;
    printf("{\"records\":%ld,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"bytes\":%.0f,\"sync_calls\":%ld}\n", records, seconds, cpu,
           bytes, syncs);
}

// MARK: Appending

/// A record takes 7 bytes beside its value, a little more where its offset delta has two digits of seven bits.
static size_t batch_size(const struct options *o, long records) { return HEADER + records * (o->value_size + 8); }

struct log_file {
    int descriptor;
    long size, reserved, number;
};

static void open_next(struct log_file *file, const char *dir, int index) {
    char path[4096];
    if (file->descriptor >= 0) close(file->descriptor);
    snprintf(path, sizeof path, "%s/limit-%d-%ld", dir, index, file->number++);
    file->descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file->descriptor < 0) die(path);
    file->size = file->reserved = 0;
}

static void encode(char *room, const char *batch, size_t size) {
    memcpy(room, batch, size);
    uint32_t crc = edgebroker_crc32c(0, room + 21, size - 21);
    memcpy(room + 17, &crc, sizeof crc);
}

static void append(struct log_file *file, const char *dir, int index, const char *room, size_t size) {
    if (file->size + (long)size > SEGMENT) open_next(file, dir, index);
    if (file->size + (long)size > file->reserved) {
        file->reserved = (file->size + size) / RESERVATION * RESERVATION + RESERVATION;
        if (fallocate(file->descriptor, FALLOC_FL_KEEP_SIZE, 0, file->reserved) != 0) file->reserved = 1L << 60;
    }
    if (pwrite(file->descriptor, room, size, file->size) != (ssize_t)size) die("write");
    file->size += size;
}

static struct log_file files[MOST_FILES];
static int file_count;
static atomic_int next_file;
static pthread_barrier_t go, done;

static void sync_files(void) {
    for (int index; (index = atomic_fetch_add(&next_file, 1)) < file_count;)
        if (fdatasync(files[index].descriptor) != 0) die("sync");
}

static void *syncer(void *unused) {
    (void)unused;
    for (;;) {
        pthread_barrier_wait(&go);
        sync_files();
        pthread_barrier_wait(&done);
    }
    return NULL;
}

static void remove_files(const char *dir) {
    char path[4096];
    for (int index = 0; index < file_count; index++)
        for (long number = 0; number < files[index].number; number++) {
            snprintf(path, sizeof path, "%s/limit-%d-%ld", dir, index, number);
            unlink(path);
        }
}

static void write_limit(const char *dir, const struct options *o, int synced) {
    size_t size = batch_size(o, o->batch_records);
    // As much as `bench write` goes round in.
    size_t sources = (512 << 10) / size + 1;
    long group = synced ? o->group : 1;
    file_count = synced ? (int)o->files : 1;
    size_t most = (group + file_count - 1) / file_count * size;
    char *source = malloc(sources * size), *room = malloc(most * file_count);
    size_t *filled = calloc(file_count, sizeof(size_t));
    if (!source || !room || !filled) die("memory");
    for (size_t i = 0; i < sources * size; i++) source[i] = (char)(i * 2654435761u >> 13);
    for (int i = 0; i < file_count; i++) {
        files[i].descriptor = -1;
        open_next(&files[i], dir, i);
    }
    int threads = file_count < SYNCERS ? file_count : SYNCERS;
    pthread_barrier_init(&go, NULL, threads);
    pthread_barrier_init(&done, NULL, threads);
    for (int i = 1; synced && i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, syncer, NULL) != 0) die("thread");
    }
    long batches = (o->records + o->batch_records - 1) / o->batch_records, syncs = 0;
    begin();
    for (long batch = 0; batch < batches;) {
        for (long i = 0; i < group && batch < batches; i++, batch++) {
            int index = (int)(i % file_count);
            encode(room + index * most + filled[index], source + batch % sources * size, size);
            filled[index] += size;
        }
        for (int index = 0; index < file_count; index++) {
            if (filled[index] > 0) append(&files[index], dir, index, room + index * most, filled[index]);
            filled[index] = 0;
        }
        if (!synced) continue;
        atomic_store(&next_file, 0);
        if (threads > 1) pthread_barrier_wait(&go);
        sync_files();
        if (threads > 1) pthread_barrier_wait(&done);
        syncs += file_count;
    }
    report(o->records, (double)batches * size, syncs);
    remove_files(dir);
}

// MARK: Reading

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static int is_log(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length == 24 && strcmp(entry->d_name + 20, ".log") == 0;
}

static int open_log(const char *dir, const char *name, int cold) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0) die(path);
    if (cold && posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) != 0) die("fadvise");
    return descriptor;
}

static void read_limit(const char *dir, const struct options *o) {
    struct dirent **names;
    int count = scandir(dir, &names, is_log, alphasort);
    if (count < 0) die(dir);
    int *descriptors = malloc(sizeof(int) * (count + 1));
    for (int i = 0; i < count; i++) descriptors[i] = open_log(dir, names[i]->d_name, o->cold);
    size_t capacity = CHUNK;
    unsigned char *buffer = malloc(capacity);
    long records = 0;
    double bytes = 0;
    begin();
    for (int i = 0; i < count; i++) {
        long position = 0;
        size_t held = 0, at = 0;
        for (;;) {
            size_t size = held - at >= HEADER ? big_endian(buffer + at + 8) + 12 : HEADER;
            if (held - at < size || held - at < HEADER) {
                memmove(buffer, buffer + at, held - at);
                held -= at;
                at = 0;
                if (size > capacity) buffer = realloc(buffer, capacity = size);
                ssize_t got = pread(descriptors[i], buffer + held, capacity - held, position);
                if (got < 0) die("read");
                if (got == 0) break;
                held += got;
                position += got;
                continue;
            }
            if (edgebroker_crc32c(0, buffer + at + 21, size - 21) != big_endian(buffer + at + 17)) {
                fprintf(stderr, "%s: bad CRC\n", names[i]->d_name);
                exit(65);
            }
            records += big_endian(buffer + at + 57);
            bytes += size;
            at += size;
        }
    }
    report(records, bytes, 0);
}

static void find_limit(const char *dir, const struct options *o) {
    struct dirent **names;
    int count = scandir(dir, &names, is_log, alphasort);
    if (count <= 0) die(dir);
    int descriptor = open_log(dir, names[0]->d_name, 0);
    struct stat status;
    if (fstat(descriptor, &status) != 0) die("stat");
    unsigned char *bytes = malloc(o->read_size);
    if (!bytes) die("memory");
    uint32_t sum = 0;
    uint64_t seed = 1;
    long places = status.st_size > o->read_size ? status.st_size - o->read_size : 1;
    begin();
    for (long i = 0; i < o->lookups; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        ssize_t got = pread(descriptor, bytes, o->read_size, (off_t)(seed >> 33) % places);
        if (got < 0) die("read");
        sum += edgebroker_crc32c(0, bytes, got);
    }
    report(o->lookups, (double)o->read_size * o->lookups, 0);
    if (sum == 1) fputs("", stderr);
}

// MARK: Waking

/// What is due is written and, unless `unsynced`, synced; then another thread is woken, which looks at the clock. A record that became
/// due while the one before was being synced has waited since then, for whoever sent it would not have been held up either.
static struct {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    long ready;
    double *sent, *late;
    long records;
} relay = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, NULL, NULL, 0};

static void *receiver(void *unused) {
    (void)unused;
    for (long taken = 0; taken < relay.records;) {
        pthread_mutex_lock(&relay.lock);
        while (relay.ready == taken) pthread_cond_wait(&relay.arrived, &relay.lock);
        long ready = relay.ready;
        pthread_mutex_unlock(&relay.lock);
        double now = clock_seconds(CLOCK_MONOTONIC);
        for (; taken < ready; taken++) relay.late[taken] = now - relay.sent[taken];
    }
    return NULL;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static void wake_limit(const char *dir, const struct options *o) {
    relay.records = o->records;
    relay.sent = malloc(sizeof(double) * o->records);
    relay.late = malloc(sizeof(double) * o->records);
    long most = 1024;
    char *source = calloc(1, batch_size(o, most)), *room = malloc(batch_size(o, most));
    if (!relay.sent || !relay.late || !source || !room) die("memory");
    file_count = 1;
    files[0].descriptor = -1;
    open_next(&files[0], dir, 0);
    pthread_t thread;
    if (pthread_create(&thread, NULL, receiver, NULL) != 0) die("thread");
    begin();
    for (long record = 0; record < o->records;) {
        double due = began + (double)record / o->rate, now = clock_seconds(CLOCK_MONOTONIC);
        if (due > now) {
            struct timespec rest = {(time_t)(due - now), (long)((due - now - (long)(due - now)) * 1e9)};
            nanosleep(&rest, NULL);
            // How late it woke is not the disk's doing.
            now = due = clock_seconds(CLOCK_MONOTONIC);
        }
        long count = 0;
        for (; count < most && record < o->records && due <= now; count++) {
            relay.sent[record++] = due;
            due = began + (double)record / o->rate;
        }
        size_t size = batch_size(o, count);
        encode(room, source, size);
        append(&files[0], dir, 0, room, size);
        if (!o->unsynced && fdatasync(files[0].descriptor) != 0) die("sync");
        pthread_mutex_lock(&relay.lock);
        relay.ready = record;
        pthread_cond_signal(&relay.arrived);
        pthread_mutex_unlock(&relay.lock);
    }
    pthread_join(thread, NULL);
    qsort(relay.late, o->records, sizeof(double), ascending);
    printf("{\"records\":%ld,\"seconds\":%.6f,\"p50_us\":%.0f,\"p99_us\":%.0f}\n", o->records,
           clock_seconds(CLOCK_MONOTONIC) - began, relay.late[o->records / 2] * 1e6, relay.late[o->records * 99 / 100] * 1e6);
    remove_files(dir);
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: LogLimits append|synced|read|find|wake DIR [--records N] [--value-size BYTES] [--batch-records K] [--group G] "
              "[--files F] [--lookups N] [--read-size BYTES] [--rate R] [--cold] [--unsynced]\n", stderr);
        return 64;
    }
    struct options o = {.records = 1000000, .value_size = 100, .batch_records = 1, .group = 256, .files = 1, .lookups = 100000,
                        .read_size = 4096, .rate = 1000};
    for (int i = 3; i < count; i++) {
        const char *name = arguments[i];
        if (strcmp(name, "--cold") == 0) { o.cold = 1; continue; }
        if (strcmp(name, "--unsynced") == 0) { o.unsynced = 1; continue; }
        if (i + 1 == count) return 64;
        long value = atol(arguments[++i]);
        if (strcmp(name, "--records") == 0) o.records = value;
        else if (strcmp(name, "--value-size") == 0) o.value_size = value;
        else if (strcmp(name, "--batch-records") == 0) o.batch_records = value;
        else if (strcmp(name, "--group") == 0) o.group = value;
        else if (strcmp(name, "--files") == 0) o.files = value;
        else if (strcmp(name, "--lookups") == 0) o.lookups = value;
        else if (strcmp(name, "--read-size") == 0) o.read_size = value;
        else if (strcmp(name, "--rate") == 0) o.rate = value;
        else return 64;
        if (value <= 0 || o.files > MOST_FILES) return 64;
    }
    const char *verb = arguments[1], *dir = arguments[2];
    if (strcmp(verb, "append") == 0) write_limit(dir, &o, 0);
    else if (strcmp(verb, "synced") == 0) write_limit(dir, &o, 1);
    else if (strcmp(verb, "read") == 0) read_limit(dir, &o);
    else if (strcmp(verb, "find") == 0) find_limit(dir, &o);
    else if (strcmp(verb, "wake") == 0) wake_limit(dir, &o);
    else return 64;
    return 0;
}
