// SPDX-License-Identifier: MIT
#include "coxad/loop/wall-watch.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

struct wall_watch {
	int fd;
	sd_event_source *source;
	wall_watch_set_fn set;
	void *user;
};

/* A timer that never fires; the kernel cancels it when the clock is set. */
static int arm(int fd)
{
	struct itimerspec never = {.it_value.tv_sec = INT_MAX};

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0
		       ? -errno
		       : 0;
}

static int on_timer(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct wall_watch *w = user;
	uint64_t expirations;

	if (read(fd, &expirations, sizeof(expirations)) >= 0 || errno != ECANCELED)
		return 0;
	arm(fd);
	w->set(w->user);
	return 0;
}

int wall_watch_new(sd_event *loop, wall_watch_set_fn set, void *user, struct wall_watch **ret)
{
	struct wall_watch *w = new0(struct wall_watch);
	int r;

	w->set = set;
	w->user = user;
	w->fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	r = w->fd < 0 ? -errno : arm(w->fd);
	if (r >= 0)
		r = sd_event_add_io(loop, &w->source, w->fd, EPOLLIN, on_timer, w);
	if (r < 0) {
		wall_watch_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

struct wall_watch *wall_watch_free(struct wall_watch *w)
{
	if (!w)
		return NULL;
	sd_event_source_disable_unref(w->source);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	return NULL;
}
