#pragma once
// What Glibc's module map leaves out.
#include <malloc.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Hidden by the headers unless _GNU_SOURCE is defined, which Glibc's module does not do.
int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);

// A plain global in C; Swift 6 refuses to read it without an accessor.
extern char **environ;
static inline char **clinux_environ(void) { return environ; }

// Hidden as accept4 is. `actions` is a posix_spawn_file_actions_t; <spawn.h> here would take its types out of Glibc's module.
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

// A file in memory, closed on exec.
int memfd_create(const char *name, unsigned int flags);
static inline int clinux_memory_file(const char *name) { return memfd_create(name, 1u); }
