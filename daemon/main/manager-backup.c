// SPDX-License-Identifier: MIT
#include "daemon/main/manager-backup.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/store/snapshot.h"
#include "daemon/main/manager-memory.h"

/* For the next piece, and for all: meanwhile the write-ahead logs grow. */
#define STALL_US (30 * (int64_t)US_PER_S)
#define ALL_US   (900 * (int64_t)US_PER_S)
#define DISK_US  (2 * (int64_t)US_PER_S)

struct manager_backup {
	struct snapshot *snapshot;
	int fd; /* -1: not begun */
	sd_event_source *writable, *timer;
	int64_t until_us;
	const char *bytes; /* of the snapshot, not sent yet */
	size_t left;
};

/* Whoever reads sees an early end, unless all was sent. */
static void end(struct manager *m, const char *why)
{
	struct manager_backup *b = m->backup;

	if (why)
		journal_write(LOG_WARNING, "coxad", "the backup ended early: %s", why);
	else
		journal_write(LOG_NOTICE, "coxad", "a backup was made");
	if (b->fd < 0 && m->control)
		control_backed_up(m->control, &(struct control_backup_begun){.error = -ETIMEDOUT});
	sd_event_source_disable_unref(b->writable);
	sd_event_source_disable_unref(b->timer);
	snapshot_free(b->snapshot);
	if (b->fd >= 0)
		close(b->fd);
	free(b);
	m->backup = NULL;
}

static void arm(struct manager_backup *b)
{
	int64_t at_us = clock_now_us() + STALL_US;

	sd_event_source_set_time(b->timer, (uint64_t)(at_us < b->until_us ? at_us : b->until_us));
	sd_event_source_set_enabled(b->timer, SD_EVENT_ONESHOT);
}

static int on_late(sd_event_source *source, uint64_t usec, void *user)
{
	end(user, "whoever asked for it does not read it in time");
	return 0;
}

static void send_piece(struct manager *m)
{
	struct manager_backup *b = m->backup;
	ssize_t n = send(b->fd, b->bytes, b->left, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS))
		n = 0;
	if (n < 0) {
		end(m, strerror(errno));
		return;
	}
	b->bytes += n;
	b->left -= (size_t)n;
	if (n)
		arm(b);
	sd_event_source_set_enabled(b->writable, b->left ? SD_EVENT_ON : SD_EVENT_OFF);
	if (!b->left)
		snapshot_next(b->snapshot);
}

static int on_writable(sd_event_source *source, int fd, uint32_t events, void *user)
{
	send_piece(user);
	return 0;
}

static void on_piece(void *user, int r, const void *bytes, size_t n)
{
	struct manager *m = user;

	if (r < 0 || !n) {
		end(m, r < 0 ? strerror(-r) : NULL);
		return;
	}
	m->backup->bytes = bytes;
	m->backup->left = n;
	send_piece(m);
}

/* -errno: no descriptor left. */
static int open_stream(struct manager *m, int *ret_other)
{
	struct manager_backup *b = m->backup;
	int ends[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	b->fd = ends[0];
	*ret_other = ends[1];
	r = sd_event_add_io(loop_event(m->loop), &b->writable, b->fd, EPOLLOUT, on_writable, m);
	return r < 0 ? r : sd_event_source_set_enabled(b->writable, SD_EVENT_OFF);
}

static void on_begun(void *user, int r, const struct snapshot_file *files, size_t n)
{
	struct manager *m = user;
	int other = -1;

	if (r >= 0)
		r = open_stream(m, &other);
	control_backed_up(m->control,
		&(struct control_backup_begun){.error = r, .fd = other, .file = files, .n = n});
	if (other >= 0)
		close(other);
	if (r < 0)
		end(m, strerror(-r));
	else
		snapshot_next(m->backup->snapshot);
}

static const struct snapshot_ops ops = {.begun = on_begun, .piece = on_piece};

static int start(struct manager *m)
{
	struct manager_backup *b = m->backup;
	struct snapshot_options options = {.thread = m->store_thread,
		.history = m->history,
		.logbook = m->logbook,
		.outbox = m->mqtt ? sink_mqtt_persister(m->mqtt) : NULL};
	int r = sd_event_add_time(
		loop_event(m->loop), &b->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_late, m);

	if (r < 0)
		return r;
	b->until_us = clock_now_us() + ALL_US;
	arm(b);
	ahead_write(m->ahead);
	return snapshot_new(&options, &ops, m, &b->snapshot);
}

int manager_backup_begin(struct manager *m)
{
	int r;

	if (m->backup)
		return -EBUSY;
	m->backup = new0(struct manager_backup);
	m->backup->fd = -1;
	r = start(m);
	if (r < 0)
		end(m, strerror(-r));
	return r;
}

void manager_backup_stop(struct manager *m)
{
	if (!m->backup)
		return;
	end(m, "coxad ends");
	if (store_thread_wait(m->store_thread, clock_now_us() + DISK_US))
		return;
	m->mqtt = NULL;
	m->history = NULL;
	m->logbook = NULL;
}
