/* A disk whose every sync takes 2 ms, as real ones do: put before a program's C library (LD_PRELOAD).
   strace can do it, too, but a program under it takes more than twice the processor time for everything else. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
    struct timespec two_ms = {0, 2000000};
    nanosleep(&two_ms, 0);
}

int fsync(int fd) {
    int done = syscall(SYS_fsync, fd);
    wait_for_the_disk();
    return done;
}

int fdatasync(int fd) {
    int done = syscall(SYS_fdatasync, fd);
    wait_for_the_disk();
    return done;
}
