/* A disk whose every sync waits while the file PARVIS_GATE is there, and fails while that file's name with -refuses is:
   put before a program's C library (LD_PRELOAD). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int sync_at_the_gate(long call, int fd) {
    struct timespec a_moment = {0, 1000000};
    const char *gate = getenv("PARVIS_GATE");
    char refuses[4096];
    if (!gate)
        return syscall(call, fd);
    while (access(gate, F_OK) == 0)
        nanosleep(&a_moment, 0);
    snprintf(refuses, sizeof refuses, "%s-refuses", gate);
    if (access(refuses, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return syscall(call, fd);
}

int fsync(int fd) { return sync_at_the_gate(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_at_the_gate(SYS_fdatasync, fd); }
