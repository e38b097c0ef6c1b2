/*
 * Fails a process's writes and syncs of the files below one folder, as a dying disk would.
 *
 * Loaded with LD_PRELOAD. FLAREDB_DISKERRORS_FOLDER names the folder, without a slash at its end, and
 * FLAREDB_DISKERRORS_CONTROL a file of 16 bytes that is mapped into memory, so a fault begins and ends
 * in a process that runs, and costs nothing while there is none:
 *
 *     [errno of writes u32][errno of syncs u32][failed writes u32][failed syncs u32]   native order
 *
 * An errno of 0 is no fault. The failed calls are counted here. Of what a failed write was given, half
 * reaches the file: after an error nobody may rely on either. Sockets, pipes and other folders are not
 * touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
    atomic_uint write_errno;
    atomic_uint sync_errno;
    atomic_uint failed_writes;
    atomic_uint failed_syncs;
};

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static struct control *control;
static const char *folder;

/* Other libraries may write before this one is told to start. */
#define RESOLVE(name) \
    do { \
        if (real_##name == NULL) { \
            real_##name = dlsym(RTLD_NEXT, #name); \
        } \
    } while (0)

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("FLAREDB_DISKERRORS_CONTROL");
    folder = getenv("FLAREDB_DISKERRORS_FOLDER");
    if (path == NULL || folder == NULL) {
        return;
    }
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *mapped = fd < 0
            ? MAP_FAILED
            : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        perror("diskerrors: cannot map the control file");
        abort();
    }
    close(fd);
    control = mapped;
}

static int is_below_folder(int fd) {
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    size_t prefix = strlen(folder);
    if (length <= (ssize_t) prefix) {
        return 0;
    }
    path[length] = '\0';
    return strncmp(path, folder, prefix) == 0 && path[prefix] == '/';
}

/* The error that a call is to end with, 0 for none; counts it. */
static int fault(atomic_uint *wanted, atomic_uint *failed, int fd) {
    unsigned error = atomic_load(wanted);
    if (error == 0 || !is_below_folder(fd)) {
        return 0;
    }
    atomic_fetch_add(failed, 1);
    return (int) error;
}

static int write_fault(int fd) {
    return control == NULL ? 0 : fault(&control->write_errno, &control->failed_writes, fd);
}

static int sync_fault(int fd) {
    return control == NULL ? 0 : fault(&control->sync_errno, &control->failed_syncs, fd);
}

/* Ends a call with an error, whatever the half write before it said. */
static int fail(int error, ssize_t ignored) {
    (void) ignored;
    errno = error;
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    RESOLVE(write);
    int error = write_fault(fd);
    return error == 0 ? real_write(fd, bytes, count)
                      : fail(error, real_write(fd, bytes, count / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    RESOLVE(pwrite);
    int error = write_fault(fd);
    return error == 0 ? real_pwrite(fd, bytes, count, offset)
                      : fail(error, real_pwrite(fd, bytes, count / 2, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return pwrite(fd, bytes, count, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    RESOLVE(writev);
    int error = write_fault(fd);
    return error == 0 ? real_writev(fd, parts, count)
                      : fail(error, real_writev(fd, parts, count / 2));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    RESOLVE(pwritev);
    int error = write_fault(fd);
    return error == 0 ? real_pwritev(fd, parts, count, offset)
                      : fail(error, real_pwritev(fd, parts, count / 2, offset));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    return pwritev(fd, parts, count, offset);
}

int fsync(int fd) {
    RESOLVE(fsync);
    int error = sync_fault(fd);
    return error == 0 ? real_fsync(fd) : fail(error, 0);
}

int fdatasync(int fd) {
    RESOLVE(fdatasync);
    int error = sync_fault(fd);
    return error == 0 ? real_fdatasync(fd) : fail(error, 0);
}
