/*
 * Writes down how much of each file a process has made durable.
 *
 * Loaded with LD_PRELOAD. Each fsync or fdatasync that succeeds appends one line to the file named by
 * FLAREDB_SYNCWATCH_LOG:
 *
 *     <inode> <seconds of birth> <nanoseconds of birth> <size in bytes>
 *
 * The size is taken before the call: bytes that another thread appends while the call runs may not be
 * covered by it. The line is written before the caller sees the call return, so whatever a process
 * acknowledged after a sync is in the log. The time of birth tells a file from a later one that got its
 * inode. Nothing but these two calls counts as durable (not sync_file_range, not closing a file); what
 * a kernel writes back by itself does not count either, since no one may rely on it.
 *
 * Two faults can be had on top, each by an environment variable:
 *
 *     FLAREDB_SYNCWATCH_KILL_AT=n    the process ends, as by kill -9, just before its n-th sync
 *     FLAREDB_SYNCWATCH_STALL=path   no sync begins while a file of this name exists: a stalled disk
 *
 * Where a line cannot be written the process is aborted: a log with gaps would blame the database.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int log_fd = -1;
static long kill_at;
static const char *stall_path;
static atomic_long syncs;

__attribute__((constructor)) static void start(void) {
    real_fsync = (int (*)(int)) dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    const char *kill_at_text = getenv("FLAREDB_SYNCWATCH_KILL_AT");
    kill_at = kill_at_text == NULL ? 0 : atol(kill_at_text);
    stall_path = getenv("FLAREDB_SYNCWATCH_STALL");
    const char *path = getenv("FLAREDB_SYNCWATCH_LOG");
    if (path != NULL) {
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (log_fd < 0) {
            perror("syncwatch: cannot open the log");
            abort();
        }
    }
}

static void inject_faults(void) {
    if (atomic_fetch_add(&syncs, 1) + 1 == kill_at) {
        kill(getpid(), SIGKILL);
    }
    while (stall_path != NULL && access(stall_path, F_OK) == 0) {
        usleep(1000);
    }
}

static int watch(int fd, int (*sync_call)(int)) {
    inject_faults();
    struct statx before;
    int known = log_fd >= 0
            && statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_SIZE | STATX_BTIME, &before) == 0;
    int result = sync_call(fd);
    int sync_errno = errno;
    if (known && result == 0) {
        char line[128];
        int length = snprintf(line, sizeof line, "%llu %lld %u %llu\n",
                (unsigned long long) before.stx_ino, (long long) before.stx_btime.tv_sec,
                before.stx_btime.tv_nsec, (unsigned long long) before.stx_size);
        /* One write with O_APPEND: lines of several threads and processes do not mix. */
        if (write(log_fd, line, (size_t) length) != length) {
            perror("syncwatch: cannot write the log");
            abort();
        }
    }
    errno = sync_errno;
    return result;
}

int fsync(int fd) {
    return watch(fd, real_fsync);
}

int fdatasync(int fd) {
    return watch(fd, real_fdatasync);
}
