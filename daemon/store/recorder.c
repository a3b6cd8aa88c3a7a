// SPDX-License-Identifier: MIT
#include "coxad/store/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/thread.h"

#define CHUNK_BYTES 65536 /* are written at once, or what there is at a flush */

struct chunk {
	char *bytes;
	size_t n, capacity;
	bool needs_new; /* version of the capture */
};

struct recorder {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t handed_on, done;
	/* Under the lock: */
	struct chunk filling;
	bool is_due, is_ending, is_done, is_abandoned;
	int error;
	/* Of the thread: */
	struct chunk writing;
	int fd;
	off_t begin; /* where the first line is; -1: it cannot be changed any more */
	bool is_new; /* the first line says so */
	/* Of the loop: */
	bool is_told;
	char line[CAPTURE_LINE_MAX];
};

/* --- the thread --- */

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

/* The first line is written long ago: the version in it is patched, where the file can be written
 * twice. In a pipe it stays 1, and the reader takes the event all the same. */
static void declare_new(struct recorder *r)
{
	static const char version = CAPTURE_VERSION_NEW;

	if (!r->is_new && r->begin >= 0)
		r->is_new = pwrite(r->fd, &version, 1, r->begin + CAPTURE_VERSION_AT) == 1;
}

static int write_chunk(struct recorder *r)
{
	int error = write_all(r->fd, r->writing.bytes, r->writing.n);

	if (!error && r->writing.needs_new)
		declare_new(r);
	r->writing.n = 0;
	r->writing.needs_new = false;
	return error;
}

/* False at the end. With the lock. */
static bool next_chunk(struct recorder *r)
{
	struct chunk empty = r->writing;

	while (!r->is_ending && !r->is_due)
		pthread_cond_wait(&r->handed_on, &r->lock);
	r->is_due = false;
	if (!r->filling.n || r->error)
		return false;
	r->writing = r->filling;
	r->filling = empty;
	return true;
}

static void dispose(struct recorder *r)
{
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->handed_on);
	pthread_cond_destroy(&r->done);
	free(r->filling.bytes);
	free(r->writing.bytes);
	free(r);
}

static void *run(void *user)
{
	struct recorder *r = user;
	bool is_abandoned;

	pthread_mutex_lock(&r->lock);
	while (next_chunk(r)) {
		int error;

		pthread_mutex_unlock(&r->lock);
		error = write_chunk(r);
		pthread_mutex_lock(&r->lock);
		if (error && !r->error)
			r->error = error;
	}
	pthread_mutex_unlock(&r->lock);
	close(r->fd);
	pthread_mutex_lock(&r->lock);
	r->is_done = true;
	is_abandoned = r->is_abandoned;
	pthread_cond_signal(&r->done);
	pthread_mutex_unlock(&r->lock);
	if (is_abandoned)
		dispose(r);
	return NULL;
}

/* --- the loop --- */

/* For the owner alone, since a capture tells who trained and how; never through a link that somebody
 * laid there. -errno. */
static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat stat;
	int error;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &stat) == 0 && (!S_ISREG(stat.st_mode) || fchmod(fd, 0600) == 0))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* A pipe has no such place, and in a file that is appended to nothing is written there. */
static off_t find_begin(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || flags & O_APPEND ? -1 : lseek(fd, 0, SEEK_CUR);
}

/* Takes fd. */
static int make(int fd, struct recorder **ret)
{
	struct recorder *r = new0(struct recorder);
	int error;

	r->fd = fd;
	r->begin = find_begin(fd);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->handed_on, NULL);
	thread_condition_init(&r->done);
	error = thread_start(&r->thread, "coxad-record", run, r);
	if (error) {
		close(fd);
		dispose(r);
		return error;
	}
	*ret = r;
	return 0;
}

int recorder_new(const char *path, struct recorder **ret)
{
	int fd = create(path);

	return fd < 0 ? fd : make(fd, ret);
}

int recorder_new_fd(int fd, struct recorder **ret)
{
	struct stat stat;
	int error = fstat(fd, &stat) < 0 ? -errno : S_ISREG(stat.st_mode) ? 0 : -EMEDIUMTYPE;

	if (error) {
		close(fd);
		return error;
	}
	return make(fd, ret);
}

/* With the lock. */
static void hand_on(struct recorder *r)
{
	r->is_due = r->filling.n > 0;
	pthread_cond_signal(&r->handed_on);
}

static void append(struct recorder *r, const char *line, size_t size, bool needs_new)
{
	struct chunk *chunk = &r->filling;

	if (r->is_ending || r->error)
		return;
	if (chunk->n + size > RECORDER_BYTES_MAX) {
		r->error = -ENOBUFS;
		return;
	}
	while (chunk->n + size > chunk->capacity)
		chunk->bytes = alloc_grow(chunk->bytes, chunk->capacity, &chunk->capacity, 1);
	memcpy(chunk->bytes + chunk->n, line, size);
	chunk->n += size;
	chunk->needs_new |= needs_new;
	if (chunk->n >= CHUNK_BYTES)
		hand_on(r);
}

/* With the lock. */
static int tell(struct recorder *r)
{
	int error = r->is_told ? 0 : r->error;

	r->is_told |= error != 0;
	return error;
}

static int put_line(struct recorder *r, const char *line, int size, bool needs_new)
{
	bool is_left_out;
	int error;

	pthread_mutex_lock(&r->lock);
	is_left_out = size <= 0 && !r->error;
	if (size > 0)
		append(r, line, (size_t)size, needs_new);
	error = tell(r);
	pthread_mutex_unlock(&r->lock);
	return error ? error : is_left_out;
}

static int put_config(struct recorder *r, const struct capture_event *event)
{
	_auto_free_ char *line = alloc_zero(1, CAPTURE_CONFIG_MAX);

	return put_line(r, line, capture_encode(event, line, CAPTURE_CONFIG_MAX), true);
}

int recorder_put(struct recorder *r, const struct capture_event *event)
{
	if (event->kind == CAPTURE_CONFIG)
		return put_config(r, event);
	return put_line(r, r->line, capture_encode(event, r->line, sizeof(r->line)),
		capture_needs_new(event));
}

int recorder_flush(struct recorder *r)
{
	int error;

	pthread_mutex_lock(&r->lock);
	hand_on(r);
	error = tell(r);
	pthread_mutex_unlock(&r->lock);
	return error;
}

void recorder_end(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	r->is_ending = true;
	pthread_cond_signal(&r->handed_on);
	pthread_mutex_unlock(&r->lock);
}

bool recorder_is_done(struct recorder *r)
{
	bool is_done;

	pthread_mutex_lock(&r->lock);
	is_done = r->is_done;
	pthread_mutex_unlock(&r->lock);
	return is_done;
}

/* False: it still hangs, and the thread disposes of everything. */
static bool wait_until(struct recorder *r, int64_t until_us)
{
	bool is_done;

	pthread_mutex_lock(&r->lock);
	while (!r->is_done && thread_wait_until(&r->done, &r->lock, until_us))
		;
	is_done = r->is_done;
	r->is_abandoned = !is_done;
	pthread_mutex_unlock(&r->lock);
	return is_done;
}

struct recorder *recorder_free(struct recorder *r, int64_t timeout_us)
{
	pthread_t thread;

	if (!r)
		return NULL;
	thread = r->thread;
	recorder_end(r);
	if (wait_until(r, clock_now_us() + timeout_us)) {
		pthread_join(thread, NULL);
		dispose(r);
	} else {
		pthread_detach(thread);
	}
	return NULL;
}
