#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

static int add_file(posix_spawn_file_actions_t *actions, int descriptor, int target, int flags) {
    if (descriptor < 0) return posix_spawn_file_actions_addopen(actions, target, "/dev/null", flags, 0);
    return posix_spawn_file_actions_adddup2(actions, descriptor, target);
}

int edgebroker_spawn(
    const char *const *arguments, const char *const *environment, int input, int output, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure) return failure;
    if ((failure = posix_spawnattr_init(&attributes))) {
        posix_spawn_file_actions_destroy(&actions);
        return failure;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    // A folder that the child's user may not enter, and signals that we ignore, would be inherited.
    if (!(failure = add_file(&actions, input, 0, O_RDONLY)) && !(failure = add_file(&actions, output, 1, O_WRONLY)) &&
        !(failure = posix_spawn_file_actions_adddup2(&actions, 1, 2)) &&
        !(failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3)) &&
        !(failure = posix_spawn_file_actions_addchdir_np(&actions, "/")) &&
        !(failure = posix_spawnattr_setsigmask(&attributes, &none)) &&
        !(failure = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(failure = posix_spawnattr_setflags(
              &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)))
        failure = posix_spawnp(
            child, arguments[0], &actions, &attributes, (char *const *)arguments, (char *const *)environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}
