#define _GNU_SOURCE
#include "round.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define BLOCK 4096
#define MAX_FILES 64
#define RESERVATION (4 << 20)     // as the log reserves
#define WRITTEN_BYTES (2 << 20)   // written beforehand, then written over in turn
#define JOURNAL_BYTES (16 << 20)  // two of them: one fills while the files behind the other are synced

struct file {
    char path[4200];
    int descriptor;
    off_t size, reserved, limit;
};

struct round {
    struct way way;
    enum space space;
    int count;
    struct file files[MAX_FILES];
    struct file journals[2];
    int journal;
    // The pool: a round has a number; a thread that sees a new one syncs its share, and the last one says so.
    pthread_t threads[16];
    pthread_mutex_t lock;
    pthread_cond_t started, ended;
    unsigned number;
    int running, stop;
};

static unsigned char bytes[BLOCK];

_Noreturn void die(const char *what) {
    perror(what);
    exit(1);
}

static void sync_file(struct file *file) {
    if (fdatasync(file->descriptor) != 0) die("fdatasync");
}

static void open_file(struct file *file, const char *dir, const char *name, int index, enum space space, off_t limit) {
    snprintf(file->path, sizeof file->path, "%s/%s-%d", dir, name, index);
    file->descriptor = open(file->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file->descriptor < 0) die(file->path);
    file->size = file->reserved = 0;
    file->limit = limit;
    if (space != WRITTEN) return;
    static unsigned char zeros[1 << 20];
    for (off_t at = 0; at < limit; at += sizeof zeros)
        if (pwrite(file->descriptor, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros) die("pwrite");
    if (fsync(file->descriptor) != 0) die("fsync");
}

/// Room for `more` bytes at the end: reserved ahead, or from the start again where the bytes are there already.
static void make_room(struct file *file, enum space space, off_t more) {
    if (space == WRITTEN && file->size + more > file->limit) file->size = 0;
    if (space == RESERVED && file->size + more > file->reserved) {
        file->reserved += RESERVATION;
        if (fallocate(file->descriptor, FALLOC_FL_KEEP_SIZE, 0, file->reserved) != 0) die("fallocate");
    }
}

static void append(struct file *file, enum space space) {
    make_room(file, space, BLOCK);
    if (pwrite(file->descriptor, bytes, BLOCK, file->size) != BLOCK) die("pwrite");
    file->size += BLOCK;
}

// MARK: Threads

static void sync_share(struct round *round, int lane) {
    for (int i = lane; i < round->count; i += round->way.threads) sync_file(&round->files[i]);
}

struct lane {
    struct round *round;
    int number;
};

static void *lane_main(void *argument) {
    struct lane lane = *(struct lane *)argument;
    struct round *round = lane.round;
    free(argument);
    unsigned seen = 0;
    pthread_mutex_lock(&round->lock);
    while (1) {
        while (round->number == seen && !round->stop) pthread_cond_wait(&round->started, &round->lock);
        if (round->stop) break;
        seen = round->number;
        pthread_mutex_unlock(&round->lock);
        sync_share(round, lane.number);
        pthread_mutex_lock(&round->lock);
        if (--round->running == 0) pthread_cond_signal(&round->ended);
    }
    pthread_mutex_unlock(&round->lock);
    return NULL;
}

static int side_threads(const struct round *round) {
    return round->way.method == JOURNAL ? 1 : round->way.threads - 1;
}

static void start(struct round *round) {
    pthread_mutex_lock(&round->lock);
    round->number++;
    round->running = side_threads(round);
    pthread_cond_broadcast(&round->started);
    pthread_mutex_unlock(&round->lock);
}

void round_settle(struct round *round) {
    pthread_mutex_lock(&round->lock);
    while (round->running) pthread_cond_wait(&round->ended, &round->lock);
    pthread_mutex_unlock(&round->lock);
}

// MARK: The round

struct round *round_open(const char *dir, struct way way, enum space space, int files) {
    struct round *round = calloc(1, sizeof *round);
    if (!round) die("calloc");
    memset(bytes, 0x5a, sizeof bytes);
    round->way = way;
    round->space = space;
    round->count = files;
    for (int i = 0; i < files; i++) open_file(&round->files[i], dir, "segment", i, space, WRITTEN_BYTES);
    if (way.method == JOURNAL)
        for (int i = 0; i < 2; i++) open_file(&round->journals[i], dir, "journal", i, space, JOURNAL_BYTES);
    int folder = open(dir, O_RDONLY | O_DIRECTORY);
    if (folder < 0 || fsync(folder) != 0) die("fsync folder");
    close(folder);
    pthread_mutex_init(&round->lock, NULL);
    pthread_cond_init(&round->started, NULL);
    pthread_cond_init(&round->ended, NULL);
    for (int i = 0; i < side_threads(round); i++) {
        struct lane *lane = malloc(sizeof *lane);
        if (!lane) die("malloc");
        // The journal's only thread has every file for its share.
        *lane = (struct lane){round, way.method == JOURNAL ? 0 : i + 1};
        if (pthread_create(&round->threads[i], NULL, lane_main, lane) != 0) die("pthread_create");
    }
    return round;
}

static void commit_journal(struct round *round) {
    off_t size = (off_t)round->count * BLOCK;
    struct file *journal = &round->journals[round->journal];
    if (journal->size + size > JOURNAL_BYTES) {
        // The next journal may be overwritten only when the files behind it are durable.
        round_settle(round);
        start(round);
        round->journal ^= 1;
        journal = &round->journals[round->journal];
        if (round->space != WRITTEN && ftruncate(journal->descriptor, 0) != 0) die("ftruncate");
        journal->size = journal->reserved = 0;
    }
    make_room(journal, round->space, size);
    struct iovec parts[MAX_FILES];
    for (int i = 0; i < round->count; i++) parts[i] = (struct iovec){bytes, BLOCK};
    if (pwritev(journal->descriptor, parts, round->count, journal->size) != size) die("pwritev");
    journal->size += size;
    sync_file(journal);
}

void round_commit(struct round *round) {
    if (round->way.method == JOURNAL) return commit_journal(round);
    for (int i = 0; i < round->count; i++) append(&round->files[i], round->space);
    if (round->way.method == SYNC_FILE_SYSTEM) {
        if (syncfs(round->files[0].descriptor) != 0) die("syncfs");
        return;
    }
    for (int i = 0; round->way.start_first && i < round->count; i++) {
        struct file *file = &round->files[i];
        if (sync_file_range(file->descriptor, file->size - BLOCK, BLOCK, SYNC_FILE_RANGE_WRITE) != 0) die("sync_file_range");
    }
    int alone = round->count == 1 || round->way.threads == 1;
    if (alone) {
        for (int i = 0; i < round->count; i++) sync_file(&round->files[i]);
    } else {
        start(round);
        sync_share(round, 0);
        round_settle(round);
    }
}

void round_behind(struct round *round) {
    if (round->way.method != JOURNAL) return;
    for (int i = 0; i < round->count; i++) append(&round->files[i], round->space);
}

void round_close(struct round *round) {
    round_settle(round);
    pthread_mutex_lock(&round->lock);
    round->stop = 1;
    pthread_cond_broadcast(&round->started);
    pthread_mutex_unlock(&round->lock);
    for (int i = 0; i < side_threads(round); i++) pthread_join(round->threads[i], NULL);
    for (int i = 0; i < round->count; i++) {
        close(round->files[i].descriptor);
        unlink(round->files[i].path);
    }
    if (round->way.method == JOURNAL)
        for (int i = 0; i < 2; i++) {
            close(round->journals[i].descriptor);
            unlink(round->journals[i].path);
        }
    free(round);
}
