// SPDX-License-Identifier: MIT
#include "ctl/feed.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/client.h"
#include "ctl/out.h"

#define TICK_US (200 * UINT64_C(1000))
/* coxad's limit is 300 s; that of bytes is never reached in between. */
#define WATCH_S    120
#define RENEW_US   (20 * UINT64_C(1000000))
#define LINE_BYTES 256

struct feed {
	struct ctl *ctl;
	const struct feed_ops *ops;
	void *user;
	char *kit;
	sd_event *loop;
	sd_event_source *tick, *renew, *timeout, *input, *signal[2];
	sd_bus_slot *messages, *owner, *disconnected;
	int status; /* of feed_stop; -1: it runs */
	bool is_over;
	char line[LINE_BYTES];
	size_t n_line;
};

void feed_stop(struct feed *f, int status)
{
	f->status = status;
}

bool feed_is_over(const struct feed *f)
{
	return f->is_over;
}

static void end(struct feed *f, int status)
{
	if (!f->is_over)
		feed_stop(f, status);
	f->is_over = true;
}

static int on_message(sd_bus_message *m, void *user, sd_bus_error *error)
{
	struct feed *f = user;
	const char *topic, *text;
	json_t *payload;

	if (sd_bus_message_read(m, "ss", &topic, &text) < 0)
		return 0;
	payload = text[0] ? json_loads(text, 0, NULL) : NULL;
	if (!text[0] || json_is_object(payload))
		f->ops->message(f->user, topic, payload);
	json_decref(payload);
	return 0;
}

static int on_owner(sd_bus_message *m, void *user, sd_bus_error *error)
{
	out_message("coxad has stopped; start it: systemctl start coxad");
	end(user, CTL_UNAVAILABLE);
	return 0;
}

static int on_disconnected(sd_bus_message *m, void *user, sd_bus_error *error)
{
	out_message("the system bus is gone");
	end(user, CTL_UNAVAILABLE);
	return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	end(user, CTL_OK);
	return 0;
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *user)
{
	feed_stop(user, CTL_FAILED);
	return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *user)
{
	struct feed *f = user;

	f->ops->tick(f->user);
	sd_event_source_set_time_relative(source, TICK_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int ask(struct feed *f, unsigned seconds)
{
	struct client_call call = {CLIENT_GATEWAY, "Watch", 0};

	return client_run(f->ctl, &call, NULL, "su", f->kit, (uint32_t)seconds);
}

static int on_renew(sd_event_source *source, uint64_t usec, void *user)
{
	struct feed *f = user;
	int status = ask(f, WATCH_S);

	if (status != CTL_OK)
		end(f, status);
	sd_event_source_set_time_relative(source, RENEW_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void take_byte(struct feed *f, char c)
{
	if (c != '\n') {
		if (f->n_line + 1 < sizeof(f->line))
			f->line[f->n_line++] = c;
		return;
	}
	f->line[f->n_line] = '\0';
	f->n_line = 0;
	f->ops->line(f->user, f->line);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct feed *f = user;
	char bytes[LINE_BYTES];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n; i++)
		take_byte(f, bytes[i]);
	if (n > 0 || (n < 0 && errno == EINTR))
		return 0;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	f->ops->line(f->user, NULL);
	return 0;
}

static int add_sources(struct feed *f)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	sigset_t set;
	int r = 0;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < ARRAY_LEN(numbers) && r >= 0; i++)
		r = sd_event_add_signal(f->loop, &f->signal[i], numbers[i], on_signal, f);
	if (r >= 0)
		r = sd_event_add_time_relative(
			f->loop, &f->renew, CLOCK_MONOTONIC, RENEW_US, 0, on_renew, f);
	if (r >= 0 && f->ops->tick)
		r = sd_event_add_time_relative(
			f->loop, &f->tick, CLOCK_MONOTONIC, TICK_US, 0, on_tick, f);
	/* A file cannot be polled; it is no terminal either. */
	if (r >= 0 && f->ops->line)
		r = sd_event_add_io(f->loop, &f->input, STDIN_FILENO, EPOLLIN, on_input, f);
	return r;
}

static int listen(struct feed *f)
{
	int r = sd_bus_match_signal(f->ctl->bus, &f->messages, CLIENT_SERVICE, CLIENT_PATH,
		CLIENT_GATEWAY, "Message", on_message, f);

	if (r >= 0)
		r = sd_bus_add_match(f->ctl->bus, &f->owner,
			"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
			"arg0='" CLIENT_SERVICE "',arg2=''",
			on_owner, f);
	if (r >= 0)
		r = sd_bus_match_signal(f->ctl->bus, &f->disconnected, NULL,
			"/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
			on_disconnected, f);
	if (r >= 0)
		r = sd_bus_attach_event(f->ctl->bus, f->loop, 0);
	return r >= 0 ? add_sources(f) : r;
}

int feed_new(
	struct ctl *ctl, const char *kit, const struct feed_ops *ops, void *user, struct feed **ret)
{
	struct feed *f = new0(struct feed);
	int r, status = client_open(ctl);

	f->ctl = ctl;
	f->ops = ops;
	f->user = user;
	f->kit = alloc_text(kit);
	r = status == CTL_OK ? sd_event_new(&f->loop) : 0;
	if (r >= 0 && status == CTL_OK)
		r = listen(f);
	if (r < 0) {
		out_message("%s", strerror(-r));
		status = CTL_FAILED;
	}
	if (status == CTL_OK)
		status = ask(f, WATCH_S);
	if (status != CTL_OK)
		f = feed_free(f);
	*ret = f;
	return status;
}

struct feed *feed_free(struct feed *f)
{
	if (!f)
		return NULL;
	sd_event_source_disable_unref(f->tick);
	sd_event_source_disable_unref(f->renew);
	sd_event_source_disable_unref(f->timeout);
	sd_event_source_disable_unref(f->input);
	for (size_t i = 0; i < ARRAY_LEN(f->signal); i++)
		sd_event_source_disable_unref(f->signal[i]);
	sd_bus_slot_unref(f->messages);
	sd_bus_slot_unref(f->owner);
	sd_bus_slot_unref(f->disconnected);
	if (f->ctl->bus)
		sd_bus_detach_event(f->ctl->bus);
	sd_event_unref(f->loop);
	free(f->kit);
	free(f);
	return NULL;
}

/* An answer comes after what was sent before it. */
void feed_catch_up(struct feed *f)
{
	struct client_call call = {CLIENT_GATEWAY, "Health", 0};

	if (client_run(f->ctl, &call, NULL, "") != CTL_OK)
		return;
	while (sd_bus_process(f->ctl->bus, NULL) > 0)
		;
}

static bool is_ended(struct feed *f)
{
	return f->status >= 0;
}

int feed_run(struct feed *f, uint64_t timeout_us)
{
	int r = 0;

	if (f->is_over)
		return f->status;
	f->status = -1;
	f->timeout = sd_event_source_disable_unref(f->timeout);
	if (timeout_us != UINT64_MAX)
		r = sd_event_add_time_relative(
			f->loop, &f->timeout, CLOCK_MONOTONIC, timeout_us, 0, on_timeout, f);
	while (r >= 0 && !is_ended(f))
		r = sd_event_run(f->loop, UINT64_MAX);
	return r < 0 ? CTL_FAILED : f->status;
}
