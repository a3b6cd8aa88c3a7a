// SPDX-License-Identifier: MIT
/* Loaded into a program with LD_PRELOAD: call number COXAD_FAULT_AT of its kind fails, and as many
 * after it as COXAD_FAULT_TIMES says (1). COXAD_FAULT_KIND: memory, or descriptors. Without a number,
 * none fails. At the end, how many calls there were goes to the file COXAD_FAULT_COUNT.
 *
 * Memory that Paho itself asks for is not counted: Paho 1.3.12 writes to what malloc() gives without
 * looking at it, so there a failed call ends any program.
 */
/* Each of the two names of a function is its own. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* glibc's own, below what is replaced here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static atomic_ulong calls;
static unsigned long first, last; /* those that fail */
static bool is_memory, is_descriptors;
static uintptr_t paho_begin, paho_end; /* its code */

static unsigned long number(const char *variable, unsigned long otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

static int find_paho(struct dl_phdr_info *info, size_t size, void *user)
{
	if (!strstr(info->dlpi_name, "libpaho-mqtt3"))
		return 0;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
			paho_begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			paho_end = paho_begin + info->dlpi_phdr[i].p_memsz;
		}
	return 1;
}

static __attribute__((constructor)) void load(void)
{
	const char *kind = getenv("COXAD_FAULT_KIND");

	first = number("COXAD_FAULT_AT", 0);
	last = first ? first + number("COXAD_FAULT_TIMES", 1) - 1 : 0;
	dl_iterate_phdr(find_paho, NULL);
	is_memory = kind && strcmp(kind, "memory") == 0;
	is_descriptors = kind && strcmp(kind, "descriptors") == 0;
}

static __attribute__((destructor)) void report(void)
{
	const char *path = getenv("COXAD_FAULT_COUNT");
	char text[32];
	int fd;

	is_memory = is_descriptors = false;
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	snprintf(text, sizeof(text), "%lu\n", atomic_load(&calls));
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return;
	close(fd);
}

static bool is_due(bool is_counted, int error)
{
	unsigned long call;

	if (!is_counted)
		return false;
	call = atomic_fetch_add(&calls, 1) + 1;
	if (call < first || call > last)
		return false;
	errno = error;
	return true;
}

/* --- memory --- */

static bool is_out_of_memory(const void *caller)
{
	bool is_paho = (uintptr_t)caller >= paho_begin && (uintptr_t)caller < paho_end;

	return is_due(is_memory && !is_paho, ENOMEM);
}

void *malloc(size_t size)
{
	return is_out_of_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return is_out_of_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return is_out_of_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(p, size);
}

/* --- descriptors --- */

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, flags);                                                             \
		if (flags & O_CREAT)                                                               \
			mode = va_arg(args, mode_t);                                               \
		va_end(args);                                                                      \
		return is_due(is_descriptors, EMFILE) ? -1 : NEXT(name)(path, flags, mode);        \
	}
OPEN(open)
OPEN(open64)

int socket(int domain, int type, int protocol)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(socket)(domain, type, protocol);
}

int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(accept4)(fd, address, size, flags);
}

int epoll_create1(int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(epoll_create1)(flags);
}

int eventfd(unsigned count, int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(eventfd)(count, flags);
}

int timerfd_create(clockid_t clock, int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(timerfd_create)(clock, flags);
}

int signalfd(int fd, const sigset_t *mask, int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(signalfd)(fd, mask, flags);
}

int dup(int fd)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(dup)(fd);
}

int pipe(int ends[2])
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(pipe)(ends);
}

int pipe2(int ends[2], int flags)
{
	return is_due(is_descriptors, EMFILE) ? -1 : NEXT(pipe2)(ends, flags);
}
