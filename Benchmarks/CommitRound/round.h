// One commit round over several files, in each of the ways that were measured.
#ifndef COMMIT_ROUND_H
#define COMMIT_ROUND_H

enum method {
    PARALLEL,          // fdatasync by `threads` threads, the caller among them; one thread: file after file
    JOURNAL,           // all bytes into one journal, one fdatasync; the files are written behind it, and synced once a journal is full
    SYNC_FILE_SYSTEM,  // one syncfs: everybody's dirty pages, not only ours
};

/// What a file looks like where it is appended to.
enum space { PLAIN, RESERVED, WRITTEN };

struct way {
    const char *name;
    enum method method;
    int threads;
    int start_first;  // sync_file_range starts the write-back of all files before the first fdatasync
};

struct round;

/// Creates `files` files in `dir`, names synced.
struct round *round_open(const char *dir, struct way way, enum space space, int files);
/// Appends 4 KiB to each; returns when all of it is durable.
void round_commit(struct round *round);
/// What remains to be done after the acknowledgement, on the same thread.
void round_behind(struct round *round);
/// Waits for work that runs on the side.
void round_settle(struct round *round);
/// Removes the files.
void round_close(struct round *round);

/// Ends the program with the failed call and its reason.
_Noreturn void die(const char *what);

#endif
