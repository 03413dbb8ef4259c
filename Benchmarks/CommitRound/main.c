// What does one commit round over many files cost, with fsync?
//
//   CommitRound DIR [--seconds S] [--passes N] [--neighbour MB]
//
// S seconds a cell and pass (default 0.5), N passes (default 3), beside a process that writes MB megabytes a second to a file of
// its own without ever syncing (default 0: nobody).
//
// A round appends 4 KiB to each of N files and is over when all of it is durable. The ways to get there stand in `ways` below;
// docs/decisions/0001 says which one the log uses, and why. Passes are interleaved, because a shared machine is noisy.
#define _GNU_SOURCE
#include "round.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int file_counts[] = {1, 2, 4, 8, 16, 64};
#define COUNTS ((int)(sizeof file_counts / sizeof *file_counts))

static const struct way ways[] = {
    {"sequential", PARALLEL, 1, 0},  {"start, sequential", PARALLEL, 1, 1}, {"parallel 2", PARALLEL, 2, 0},
    {"parallel 4", PARALLEL, 4, 0},  {"parallel 8", PARALLEL, 8, 0},        {"start, parallel 8", PARALLEL, 8, 1},
    {"parallel 16", PARALLEL, 16, 0}, {"journal", JOURNAL, 1, 0},           {"syncfs", SYNC_FILE_SYSTEM, 1, 0},
};
#define WAYS ((int)(sizeof ways / sizeof *ways))

static const char *space_names[] = {
    "plain (the file grows)", "reserved with its size kept (FALLOC_FL_KEEP_SIZE)", "written with zeros beforehand",
};

/// What the device under DIR was asked for: by everybody, so a busy machine shows in it.
struct device {
    unsigned long long written_sectors, flushes;
};

struct cell {
    double *round_us;
    size_t rounds, capacity;
    double wall_us, cpu_us;
    struct device device;
};

static double microseconds(struct timespec t) { return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return microseconds(t);
}

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return microseconds(t);
}

static struct device device_of(const char *dir) {
    struct device device = {0};
    struct stat status;
    if (stat(dir, &status) != 0) die(dir);
    char path[64];
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/stat", major(status.st_dev), minor(status.st_dev));
    FILE *file = fopen(path, "r");
    if (!file) return device;  // not a block device of its own: the columns stay empty
    unsigned long long fields[17] = {0};
    for (int i = 0; i < 17; i++)
        if (fscanf(file, "%llu", &fields[i]) != 1) break;
    fclose(file);
    device.written_sectors = fields[6];
    device.flushes = fields[15];
    return device;
}

static void note(struct cell *cell, double us) {
    if (cell->rounds == cell->capacity) {
        cell->capacity = cell->capacity ? cell->capacity * 2 : 1024;
        cell->round_us = realloc(cell->round_us, cell->capacity * sizeof *cell->round_us);
        if (!cell->round_us) die("realloc");
    }
    cell->round_us[cell->rounds++] = us;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *dir, struct way way, enum space space, int files, double seconds, struct cell *cell) {
    struct round *round = round_open(dir, way, space, files);
    for (int i = 0; i < 3; i++) round_commit(round);  // names, first reservation, threads
    round_behind(round);
    struct device first = device_of(dir);
    double start = now(), start_cpu = cpu(), end = start + seconds * 1e6, before = start;
    while (before < end) {
        round_commit(round);
        note(cell, now() - before);
        round_behind(round);  // what the way leaves to do after the acknowledgement
        before = now();
    }
    round_settle(round);
    cell->wall_us += now() - start;
    cell->cpu_us += cpu() - start_cpu;
    struct device last = device_of(dir);
    cell->device.written_sectors += last.written_sectors - first.written_sectors;
    cell->device.flushes += last.flushes - first.flushes;
    round_close(round);
}

static void print_table(enum space space, struct cell cells[WAYS][COUNTS]) {
    printf("\nappend 4 KiB to each of N files, with fsync; file space: %s\n", space_names[space]);
    printf("%-18s %5s %9s %9s %9s %9s %9s %9s\n", "way", "files", "p50 us", "p99 us", "rounds/s", "CPU us", "flushes", "KiB out");
    for (int w = 0; w < WAYS; w++) {
        for (int c = 0; c < COUNTS; c++) {
            struct cell *cell = &cells[w][c];
            qsort(cell->round_us, cell->rounds, sizeof *cell->round_us, ascending);
            printf("%-18s %5d %9.0f %9.0f %9.0f %9.0f %9.1f %9.0f\n", ways[w].name, file_counts[c],
                   cell->round_us[cell->rounds / 2], cell->round_us[cell->rounds * 99 / 100],
                   cell->rounds / cell->wall_us * 1e6, cell->cpu_us / cell->rounds,
                   (double)cell->device.flushes / cell->rounds, cell->device.written_sectors / 2.0 / cell->rounds);
        }
    }
    fflush(stdout);
}

/// Fills a file, empties it, fills it again: what a backup or a database's checkpoint does to the disk beside us.
static pid_t start_neighbour(const char *dir, int megabytes_per_second) {
    pid_t child = fork();
    if (child != 0) return child;
    char path[4200];
    snprintf(path, sizeof path, "%s/neighbour", dir);
    int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    static char block[1 << 20];
    memset(block, 0x3c, sizeof block);
    for (long written = 0; descriptor >= 0; written++) {
        if (written % 512 == 0 && ftruncate(descriptor, 0) != 0) break;
        if (pwrite(descriptor, block, sizeof block, (off_t)(written % 512) << 20) < 0) break;
        usleep(1000000 / megabytes_per_second);
    }
    _exit(1);
}

static void stop_neighbour(const char *dir, pid_t child) {
    char path[4200];
    snprintf(path, sizeof path, "%s/neighbour", dir);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    unlink(path);
}

int main(int argc, char **argv) {
    double seconds = 0.5;
    int passes = 3, neighbour = 0;
    if (argc < 2 || argv[1][0] == '-') {
        fprintf(stderr, "usage: CommitRound DIR [--seconds S] [--passes N] [--neighbour MB]\n");
        return 64;
    }
    for (int i = 2; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--seconds")) seconds = atof(argv[i + 1]);
        if (!strcmp(argv[i], "--passes")) passes = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--neighbour")) neighbour = atoi(argv[i + 1]);
    }
    if (seconds <= 0 || passes <= 0 || neighbour < 0) {
        fprintf(stderr, "CommitRound: --seconds and --passes must be above zero, --neighbour not below\n");
        return 64;
    }
    char dir[4096];
    snprintf(dir, sizeof dir, "%s/commit-round-XXXXXX", argv[1]);
    if (!mkdtemp(dir)) die(dir);
    pid_t child = neighbour ? start_neighbour(dir, neighbour) : 0;

    for (enum space space = PLAIN; space <= WRITTEN; space++) {
        static struct cell cells[WAYS][COUNTS];
        memset(cells, 0, sizeof cells);
        for (int pass = 0; pass < passes; pass++)
            for (int c = 0; c < COUNTS; c++)
                for (int w = 0; w < WAYS; w++) measure(dir, ways[w], space, file_counts[c], seconds, &cells[w][c]);
        print_table(space, cells);
        for (int w = 0; w < WAYS; w++)
            for (int c = 0; c < COUNTS; c++) free(cells[w][c].round_us);
    }
    if (child > 0) stop_neighbour(dir, child);
    if (rmdir(dir) != 0) die(dir);
    return 0;
}
