/* A disk that a test has in its hands, put before a program's C library (LD_PRELOAD). While the file PARVIS_GATE is there,
   every sync waits; while its name with -refuses is, every sync fails; while its name with -full is, SQLite's log has no
   room for another word. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int is_there(const char *end) {
    const char *gate = getenv("PARVIS_GATE");
    char file[4096];
    if (!gate)
        return 0;
    snprintf(file, sizeof file, "%s%s", gate, end);
    return access(file, F_OK) == 0;
}

static int sync_at_the_gate(long call, int fd) {
    struct timespec a_moment = {0, 1000000};
    while (is_there(""))
        nanosleep(&a_moment, 0);
    if (is_there("-refuses")) {
        errno = EIO;
        return -1;
    }
    return syscall(call, fd);
}

static int is_a_log(int fd) {
    char link[64], file[4096];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, file, sizeof file - 1);
    return length > 4 && memcmp(file + length - 4, "-wal", 4) == 0;
}

static ssize_t write_where_there_is_room(int fd, const void *bytes, size_t count, off64_t at) {
    if (is_there("-full") && is_a_log(fd)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, count, at);
}

int fsync(int fd) { return sync_at_the_gate(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_at_the_gate(SYS_fdatasync, fd); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    return write_where_there_is_room(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return write_where_there_is_room(fd, bytes, count, at);
}
