// SPDX-License-Identifier: MIT
#include "ctl/verbs-watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/units.h"
#include "ctl/feed.h"
#include "ctl/out.h"
#include "ctl/watch-event.h"
#include "ctl/watch-model.h"
#include "ctl/watch-screen.h"

struct watch {
	struct ctl *ctl;
	const char *kit; /* "": all */
	bool is_screen;
	struct watch_model *model;
	json_t *known;
	struct feed *feed;
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

static void print_json(const char *topic, const json_t *payload)
{
	json_t *line = json_pack("{s:s,s:O?}", "topic", topic, "payload", payload);

	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
}

static void on_message(void *user, const char *topic, const json_t *payload)
{
	struct watch *w = user;

	if (w->is_screen) {
		watch_model_take(w->model, topic, payload, now_us());
		return;
	}
	if (w->ctl->is_json)
		print_json(topic, payload);
	else
		watch_event_print(w->known, topic, payload, stdout);
	/* Whoever reads the pipe is gone. */
	if (fflush(stdout) != 0)
		feed_stop(w->feed, CTL_OK);
}

/* --- a terminal --- */

/* The other screen, without a cursor, where what is too long for a line is cut. */
#define SCREEN_BEGIN "\033[?1049h\033[?25l\033[?7l"
#define SCREEN_END   "\033[?7h\033[?25h\033[?1049l"
#define SCREEN_CLEAR "\033[H\033[J"
#define BUFFER_BYTES (1 << 16)

static size_t rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row ? size.ws_row : 24;
}

static void paint(struct watch *w, size_t n_rows)
{
	watch_screen_print(w->model,
		&(struct watch_screen){
			.kit = w->kit[0] ? w->kit : NULL, .now_us = now_us(), .rows = n_rows},
		stdout);
	fflush(stdout);
}

static void on_tick(void *user)
{
	struct watch *w = user;

	fputs(SCREEN_CLEAR, stdout);
	paint(w, rows());
	if (ferror(stdout))
		feed_stop(w->feed, CTL_FAILED);
}

static const struct feed_ops screen_ops = {.message = on_message, .tick = on_tick};
static const struct feed_ops line_ops = {.message = on_message};

static int run(struct watch *w)
{
	int status = feed_new(w->ctl, w->kit, w->is_screen ? &screen_ops : &line_ops, w, &w->feed);

	if (status != CTL_OK)
		return status;
	if (w->is_screen)
		fputs(SCREEN_BEGIN, stdout);
	status = feed_run(w->feed, UINT64_MAX);
	feed_free(w->feed);
	if (!w->is_screen)
		return status;
	fputs(SCREEN_END, stdout);
	paint(w, 0);
	return status;
}

int verbs_watch_run(struct ctl *ctl, int argc, char **argv)
{
	static char buffer[BUFFER_BYTES];
	struct watch w = {.ctl = ctl, .kit = argc > 1 ? argv[1] : ""};
	int status;

	w.is_screen = !ctl->is_json && out_is_terminal(stdout);
	/* A picture is written at once, so that it does not flicker. */
	if (w.is_screen)
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	w.model = watch_model_new();
	w.known = json_object();
	status = run(&w);
	json_decref(w.known);
	watch_model_free(w.model);
	return status;
}
