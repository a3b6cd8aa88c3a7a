// SPDX-License-Identifier: MIT
/* history.db has a row for each, whose name sorts by run and number: "batch-0000000003-0000000000000417". Its text
 * is a line about the clock by which the batch is dated, then the batch as it is sent.
 */
#include "daemon/main/radio-keep.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/radio-batch.h"

#define CLOCK_MAX 128
/* More than people tell in months. */
#define ROWS_MAX 10000

static void add_row(struct radio *r, const struct radio_row *row)
{
	r->rows = alloc_grow(r->rows, r->n_rows, &r->rows_capacity, sizeof(*r->rows));
	r->rows[r->n_rows++] = *row;
}

static void name_of(const struct radio_row *row, char ret[static RADIO_ROW_NAME_SIZE])
{
	snprintf(ret, RADIO_ROW_NAME_SIZE, "batch-%010u-%016" PRId64, row->run, row->number);
}

static void forget(struct radio *r, size_t i)
{
	char name[RADIO_ROW_NAME_SIZE];

	name_of(&r->rows[i], name);
	history_persister_put(r->memory, HISTORY_KIND_UPLINK, name, NULL, 0);
	r->rows[i] = r->rows[--r->n_rows];
}

/* --- from this run --- */

static size_t write_clock(char ret[static CLOCK_MAX])
{
	return (size_t)snprintf(ret, CLOCK_MAX,
		"{\"machine\":%" PRId64 ",\"t\":%" PRId64 ",\"wall\":%" PRId64 "}\n", clock_boot(),
		clock_now_us(), clock_wall_us());
}

void radio_keep_put(void *user, int64_t number, const char *text, size_t size)
{
	struct radio *r = user;
	struct radio_row row = {.run = r->run, .boot = r->boot, .number = number};
	char name[RADIO_ROW_NAME_SIZE], *kept;
	size_t n;

	if (r->n_rows == ROWS_MAX) {
		journal_write_limited(&r->odd_limit, LOG_ERR, "broker",
			"the brain has been away for so long that symptoms are kept in memory "
			"only");
		return;
	}
	kept = alloc_zero(1, CLOCK_MAX + size);
	n = write_clock(kept);
	memcpy(kept + n, text, size);
	name_of(&row, name);
	history_persister_put(r->memory, HISTORY_KIND_UPLINK, name, kept, n + size);
	free(kept);
	add_row(r, &row);
}

void radio_keep_done(void *user, int64_t boot, int64_t number)
{
	struct radio *r = user;

	for (size_t i = r->n_rows; i-- > 0;)
		if (r->rows[i].boot == boot && r->rows[i].number <= number)
			forget(r, i);
}

/* --- from earlier runs --- */

/* How far the clock of that line is ahead of now's. It goes on while the machine runs; over a restart of that
 * only the wall clock does, and that too only forwards: many a computer starts with an old time. */
static int read_clock(const char *text, size_t size, int64_t *ret_ahead_us)
{
	json_int_t machine, t_us, wall_us;
	int64_t away_us;
	json_t *line = json_loadb(text, size, 0, NULL);
	int r = json_unpack(
		line, "{s:I, s:I, s:I}", "machine", &machine, "t", &t_us, "wall", &wall_us);

	json_decref(line);
	if (r < 0)
		return r;
	away_us = clock_wall_us() > wall_us ? clock_wall_us() - wall_us : 0;
	*ret_ahead_us = machine && machine == clock_boot() ? 0 : t_us - clock_now_us() + away_us;
	return 0;
}

static bool read_name(const char *name, struct radio_row *ret)
{
	return sscanf(name, "batch-%10u-%16" SCNd64, &ret->run, &ret->number) == 2;
}

static bool recall_batch(struct radio *r, const char *text, size_t size, struct radio_row *row)
{
	const char *newline = memchr(text, '\n', size);
	int64_t ahead_us;

	if (!newline || read_clock(text, (size_t)(newline - text), &ahead_us) < 0)
		return false;
	newline++;
	return radio_uplink_recall(r->uplink, newline, size - (size_t)(newline - text), ahead_us,
		       &row->boot) == 0;
}

static void recall(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct radio *r = user;
	struct radio_row row = {0};

	if (kind != HISTORY_KIND_UPLINK || !read_name(name, &row))
		return;
	r->run = row.run + 1;
	if (recall_batch(r, text, size, &row))
		add_row(r, &row);
	else
		journal_write(LOG_ERR, "disk",
			"%s, which an earlier run kept for the brain, cannot be used", name);
}

void radio_keep_recall(struct radio *r)
{
	history_persister_each(r->memory, recall, r);
	if (r->n_rows)
		journal_write(LOG_NOTICE, "coxad",
			"%zu batches with symptoms are left for the brain", r->n_rows);
}

void radio_keep_free(struct radio *r)
{
	free(r->rows);
}
