// Loaded into a service (LD_PRELOAD): counts what it writes to its store, and makes one of these writes the last one, or
// one that a full disk refuses.
//
//   PARAPET_TEST_STORE   the store's path; its -wal and -journal count too
//   PARAPET_TEST_WRITES  a file of four 64-bit numbers, shared with the test while the process runs:
//                        writes so far, the write that a fault begins at (0: none), the fault (1: the process is killed,
//                        2: as 1 when half of the bytes are written, 3: the disk is full until the test says otherwise),
//                        refused writes
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct control { _Atomic uint64_t writes, begin, fault, refused; } *control;
static const char *store;

__attribute__((constructor)) static void load(void) {
    const char *path = getenv("PARAPET_TEST_WRITES");
    store = getenv("PARAPET_TEST_STORE");
    int file = path && store ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) control = shared;
}

static int is_store(const char *path) {
    size_t length = strlen(store);
    if (strncmp(path, store, length)) return 0;
    return !path[length] || !strcmp(path + length, "-wal") || !strcmp(path + length, "-journal");
}

static int is_stores(int file) {
    char link[64], path[4096];
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count <= 0) return 0;
    path[count] = 0;
    return is_store(path);
}

static void end(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// The fault of this write, after it was counted: 0, or as in the control file.
static uint64_t fault(void) {
    uint64_t number = ++control->writes, begin = control->begin;
    if (!begin || number < begin) return 0;
    if (control->fault == 1) end();
    if (control->fault == 3) control->refused++;
    return control->fault;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define FAULTS(file, half, refuses) \
    if (is_stores(file)) { \
        uint64_t kind = fault(); \
        if (kind == 2) { half; end(); } \
        if (kind == 3 && (refuses)) { errno = ENOSPC; return -1; } \
    }

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    REAL(pwrite64);
    FAULTS(file, real(file, bytes, count / 2, offset), 1)
    return real(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    FAULTS(file, real(file, bytes, count / 2), 1)
    return real(file, bytes, count);
}

int ftruncate64(int file, off64_t length) {
    REAL(ftruncate64);
    FAULTS(file, (void)0, 0)
    return real(file, length);
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int fsync(int file) {
    REAL(fsync);
    FAULTS(file, (void)0, 0)
    return real(file);
}

int fdatasync(int file) {
    REAL(fdatasync);
    FAULTS(file, (void)0, 0)
    return real(file);
}

int unlink(const char *path) {
    REAL(unlink);
    if (control && is_store(path)) {
        uint64_t kind = fault();
        if (kind == 2) end();
    }
    return real(path);
}
