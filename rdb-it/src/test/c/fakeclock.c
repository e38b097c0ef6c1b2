/*
 * Sets the wall clock of one process forward and back while it runs.
 *
 * Loaded with LD_PRELOAD. FLAREDB_FAKECLOCK_CONTROL names a file of 8 bytes that is mapped into memory:
 * the nanoseconds, i64 in native order, by which the process sees the clock ahead of the true one.
 * Clocks that only measure (CLOCK_MONOTONIC) are not touched.
 *
 * A wait until a time of day has to be turned back into true time, or a clock that is a day ahead would
 * make it last a day. Which clock a condition waits by is not to be seen from outside; but the monotonic
 * one counts from the start of the machine, so a deadline of more than thirty years is of the other.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL
#define THIRTY_YEARS 1000000000LL

static _Atomic int64_t *offset_nanos;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
static int (*real_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
static int (*real_sem_timedwait)(sem_t *, const struct timespec *);

__attribute__((constructor)) static void start(void) {
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    real_clockwait = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
    real_sem_timedwait = dlsym(RTLD_NEXT, "sem_timedwait");
    /* Of the two versions on x86-64, the older has conditions of another layout. */
    real_timedwait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (real_timedwait == NULL) {
        real_timedwait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    }
    const char *path = getenv("FLAREDB_FAKECLOCK_CONTROL");
    if (path == NULL) {
        return;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *offset_nanos, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        perror("fakeclock: cannot map the control file");
        abort();
    }
    close(fd);
    offset_nanos = mapped;
}

static struct timespec shifted(struct timespec at, int64_t nanos) {
    int64_t sum = at.tv_nsec + nanos % NANOS;
    at.tv_sec += nanos / NANOS;
    if (sum < 0) {
        at.tv_sec--;
        sum += NANOS;
    } else if (sum >= NANOS) {
        at.tv_sec++;
        sum -= NANOS;
    }
    at.tv_nsec = sum;
    return at;
}

static int64_t offset(void) {
    return offset_nanos == NULL ? 0 : atomic_load(offset_nanos);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    /* Other libraries may ask before this one is told to start. */
    int result = real_clock_gettime == NULL ? (int) syscall(SYS_clock_gettime, clock, now)
                                            : real_clock_gettime(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        *now = shifted(*now, offset());
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void) zone;
    struct timespec precise;
    int result = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return result;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != NULL) {
        *now = precise.tv_sec;
    }
    return precise.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
        const struct timespec *restrict deadline) {
    struct timespec true_deadline =
            deadline->tv_sec < THIRTY_YEARS ? *deadline : shifted(*deadline, -offset());
    return real_timedwait(condition, mutex, &true_deadline);
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
        clockid_t clock, const struct timespec *restrict deadline) {
    struct timespec true_deadline =
            clock == CLOCK_REALTIME ? shifted(*deadline, -offset()) : *deadline;
    return real_clockwait(condition, mutex, clock, &true_deadline);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    struct timespec true_deadline = shifted(*deadline, -offset());
    return real_sem_timedwait(semaphore, &true_deadline);
}
