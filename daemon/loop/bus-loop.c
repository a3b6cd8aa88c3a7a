// SPDX-License-Identifier: MIT
#include "coxad/loop/bus-loop.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define WATCHES_MAX 4 /* libdbus has two for a descriptor */

struct bus_loop_fd {
	struct bus_loop_fd *next; /* freed by detach only: callbacks may still hold it */
	int fd;
	sd_event_source *source;
	DBusWatch *watch[WATCHES_MAX];
};

struct bus_loop_timer {
	sd_event_source *source;
	DBusTimeout *timeout;
};

struct bus_loop {
	sd_event *loop;
	DBusConnection *connection;
	sd_event_source *dispatch;
	struct bus_loop_fd *fds;
};

static uint32_t epoll_mask(const struct bus_loop_fd *fd)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < WATCHES_MAX; i++) {
		unsigned flags;

		if (!fd->watch[i] || !dbus_watch_get_enabled(fd->watch[i]))
			continue;
		flags = dbus_watch_get_flags(fd->watch[i]);
		mask |= flags & DBUS_WATCH_READABLE ? EPOLLIN : 0;
		mask |= flags & DBUS_WATCH_WRITABLE ? EPOLLOUT : 0;
	}
	return mask;
}

static int on_io(sd_event_source *source, int number, uint32_t revents, void *user)
{
	struct bus_loop_fd *fd = user;
	unsigned flags = 0;

	flags |= revents & EPOLLIN ? DBUS_WATCH_READABLE : 0;
	flags |= revents & EPOLLOUT ? DBUS_WATCH_WRITABLE : 0;
	flags |= revents & EPOLLHUP ? DBUS_WATCH_HANGUP : 0;
	flags |= revents & EPOLLERR ? DBUS_WATCH_ERROR : 0;
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		DBusWatch *watch = fd->watch[i];
		unsigned wanted;

		if (!watch || !dbus_watch_get_enabled(watch))
			continue;
		wanted = flags &
			 (dbus_watch_get_flags(watch) | DBUS_WATCH_HANGUP | DBUS_WATCH_ERROR);
		if (wanted)
			dbus_watch_handle(watch, wanted);
	}
	return 0;
}

static void apply(struct bus_loop *bus_loop, struct bus_loop_fd *fd)
{
	uint32_t mask = epoll_mask(fd);
	bool any = false;

	for (size_t i = 0; i < WATCHES_MAX; i++)
		any = any || fd->watch[i];
	if (!any) {
		fd->source = sd_event_source_disable_unref(fd->source);
		return;
	}
	if (!fd->source) {
		if (sd_event_add_io(bus_loop->loop, &fd->source, fd->fd, mask, on_io, fd) < 0)
			return;
		sd_event_source_set_description(fd->source, "dbus");
	}
	sd_event_source_set_io_events(fd->source, mask);
	/* With nothing enabled, EPOLLHUP would spin the loop. */
	sd_event_source_set_enabled(fd->source, mask ? SD_EVENT_ON : SD_EVENT_OFF);
}

static dbus_bool_t add_watch(DBusWatch *watch, void *user)
{
	struct bus_loop *bus_loop = user;
	int number = dbus_watch_get_unix_fd(watch);
	struct bus_loop_fd *fd = bus_loop->fds;

	while (fd && fd->fd != number)
		fd = fd->next;
	if (!fd) {
		fd = new0(struct bus_loop_fd);
		fd->fd = number;
		fd->next = bus_loop->fds;
		bus_loop->fds = fd;
	}
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		if (fd->watch[i])
			continue;
		fd->watch[i] = watch;
		dbus_watch_set_data(watch, fd, NULL);
		apply(bus_loop, fd);
		return TRUE;
	}
	return FALSE;
}

static void remove_watch(DBusWatch *watch, void *user)
{
	struct bus_loop_fd *fd = dbus_watch_get_data(watch);

	for (size_t i = 0; fd && i < WATCHES_MAX; i++)
		if (fd->watch[i] == watch)
			fd->watch[i] = NULL;
	if (fd)
		apply(user, fd);
}

static void toggle_watch(DBusWatch *watch, void *user)
{
	struct bus_loop_fd *fd = dbus_watch_get_data(watch);

	if (fd)
		apply(user, fd);
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *user)
{
	struct bus_loop_timer *timer = user;
	uint64_t interval = (uint64_t)dbus_timeout_get_interval(timer->timeout) * US_PER_MS;

	/* Arm first: handling may remove it. */
	sd_event_source_set_time_relative(source, interval);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	dbus_timeout_handle(timer->timeout);
	return 0;
}

static void free_timer(void *p)
{
	struct bus_loop_timer *timer = p;

	sd_event_source_disable_unref(timer->source);
	free(timer);
}

static void toggle_timeout(DBusTimeout *timeout, void *user)
{
	struct bus_loop_timer *timer = dbus_timeout_get_data(timeout);

	if (!timer)
		return;
	if (!dbus_timeout_get_enabled(timeout)) {
		sd_event_source_set_enabled(timer->source, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(
		timer->source, (uint64_t)dbus_timeout_get_interval(timeout) * US_PER_MS);
	sd_event_source_set_enabled(timer->source, SD_EVENT_ONESHOT);
}

static dbus_bool_t add_timeout(DBusTimeout *timeout, void *user)
{
	struct bus_loop *bus_loop = user;
	struct bus_loop_timer *timer = new0(struct bus_loop_timer);

	timer->timeout = timeout;
	if (sd_event_add_time_relative(bus_loop->loop, &timer->source, CLOCK_MONOTONIC,
		    (uint64_t)dbus_timeout_get_interval(timeout) * US_PER_MS, US_PER_MS, on_timeout,
		    timer) < 0) {
		free(timer);
		return FALSE;
	}
	sd_event_source_set_description(timer->source, "dbus-timeout");
	dbus_timeout_set_data(timeout, timer, free_timer);
	toggle_timeout(timeout, user);
	return TRUE;
}

static void remove_timeout(DBusTimeout *timeout, void *user)
{
	dbus_timeout_set_data(timeout, NULL, NULL);
}

static int on_dispatch(sd_event_source *source, void *user)
{
	struct bus_loop *bus_loop = user;
	DBusConnection *connection = bus_loop->connection;

	/* A handler may detach and drop the connection. */
	dbus_connection_ref(connection);
	sd_event_source_ref(source);
	if (dbus_connection_dispatch(connection) != DBUS_DISPATCH_DATA_REMAINS)
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	if (dbus_connection_get_dispatch_status(connection) == DBUS_DISPATCH_DATA_REMAINS &&
		sd_event_source_get_userdata(source))
		sd_event_source_set_enabled(source, SD_EVENT_ON);
	sd_event_source_unref(source);
	dbus_connection_unref(connection);
	return 0;
}

static void on_status(DBusConnection *connection, DBusDispatchStatus status, void *user)
{
	struct bus_loop *bus_loop = user;

	if (status == DBUS_DISPATCH_DATA_REMAINS)
		sd_event_source_set_enabled(bus_loop->dispatch, SD_EVENT_ON);
}

int bus_loop_attach(sd_event *loop, DBusConnection *connection, struct bus_loop **ret)
{
	struct bus_loop *bus_loop = new0(struct bus_loop);
	int r = sd_event_add_defer(loop, &bus_loop->dispatch, on_dispatch, bus_loop);

	if (r < 0) {
		free(bus_loop);
		return r;
	}
	sd_event_source_set_description(bus_loop->dispatch, "dbus-dispatch");
	bus_loop->loop = sd_event_ref(loop);
	bus_loop->connection = connection;
	sd_event_source_set_enabled(bus_loop->dispatch, SD_EVENT_ON);
	if (!dbus_connection_set_watch_functions(
		    connection, add_watch, remove_watch, toggle_watch, bus_loop, NULL) ||
		!dbus_connection_set_timeout_functions(
			connection, add_timeout, remove_timeout, toggle_timeout, bus_loop, NULL)) {
		bus_loop_detach(bus_loop);
		return -ENOMEM;
	}
	dbus_connection_set_dispatch_status_function(connection, on_status, bus_loop, NULL);
	*ret = bus_loop;
	return 0;
}

struct bus_loop *bus_loop_detach(struct bus_loop *bus_loop)
{
	if (!bus_loop)
		return NULL;
	dbus_connection_set_dispatch_status_function(bus_loop->connection, NULL, NULL, NULL);
	dbus_connection_set_watch_functions(bus_loop->connection, NULL, NULL, NULL, NULL, NULL);
	dbus_connection_set_timeout_functions(bus_loop->connection, NULL, NULL, NULL, NULL, NULL);
	sd_event_source_set_userdata(bus_loop->dispatch, NULL);
	sd_event_source_disable_unref(bus_loop->dispatch);
	while (bus_loop->fds) {
		struct bus_loop_fd *fd = bus_loop->fds;

		bus_loop->fds = fd->next;
		sd_event_source_disable_unref(fd->source);
		free(fd);
	}
	sd_event_unref(bus_loop->loop);
	free(bus_loop);
	return NULL;
}
