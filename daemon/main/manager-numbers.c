// SPDX-License-Identifier: MIT
#include "daemon/main/manager-numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/main/manager-memory.h"
#include "daemon/main/state-directory.h"

/* So many numbers are noted as used at a time, before half of them are left: the note is in history.db
 * before a number beyond the last one is used, even if outbox.db is lost with what is ahead in it. */
#define RESERVE 1000
#define NAME    "event"
/* JSON carries no greater number. */
#define SEQ_MAX (UINT64_C(1) << 53)

static uint64_t reserved(struct manager *m)
{
	const char *text = history_persister_get(m->history, HISTORY_KIND_NUMBER, NAME);
	uint64_t seq = text ? strtoull(text, NULL, 10) : 0;

	return seq <= SEQ_MAX ? seq : 0;
}

void manager_numbers_make_run(struct manager *m)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_wall_us() ^ (uint64_t)clock_now_us() << 20;
	snprintf(m->run, sizeof(m->run), "%012" PRIx64, random & 0xffffffffffffu);
}

/* A restored outbox.db does not know the numbers that were used after it was copied: whoever restored it left
 * one that is greater than all of them. */
static uint64_t restored(const struct manager *m)
{
	_auto_free_ char *directory = state_directory_of(m->conf);
	_auto_free_ char *path = directory ? alloc_printf("%s/restored", directory) : NULL;
	FILE *file = path ? fopen(path, "re") : NULL;
	char text[32] = "";
	uint64_t seq;

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	seq = strtoull(text, NULL, 10);
	return seq < SEQ_MAX ? seq : 0;
}

static uint64_t first_used(struct manager *m)
{
	bool is_known, is_lost;
	uint64_t first = sink_mqtt_first_seq(m->mqtt, &is_known),
		 marked = number_mark_read(&m->mark);

	m->reserved_seq = reserved(m);
	/* Of an outbox.db that went on until now, no more than these are left. */
	is_lost = !is_known || first == 1 || first + RESERVE < m->reserved_seq;
	first = m->reserved_seq && is_lost ? m->reserved_seq + 1 : first;
	return marked >= first && marked < SEQ_MAX ? marked + 1 : first;
}

uint64_t manager_numbers_first(struct manager *m)
{
	uint64_t first = first_used(m), floor = restored(m);

	return first > floor ? first : floor;
}

void manager_numbers_use(struct manager *m, uint64_t seq)
{
	char text[32];
	bool is_first;

	if (seq)
		m->last_seq = seq;
	if (seq && m->mqtt && sink_mqtt_is_in_memory(m->mqtt))
		manager_numbers_unsafe(m);
	if (!seq || seq + RESERVE / 2 <= m->reserved_seq)
		return;
	is_first = !m->reserved_seq;
	m->reserved_seq = seq + RESERVE;
	snprintf(text, sizeof(text), "%" PRIu64, m->reserved_seq);
	manager_memory_put(m, HISTORY_KIND_NUMBER, NAME, text, strlen(text));
	/* On disk before the first event, it would be taken for that of an outbox.db that is lost, and
	 * numbers be left out: it goes with the event. */
	if (!is_first)
		ahead_write(m->ahead);
}

void manager_numbers_unsafe(struct manager *m)
{
	if (m->last_seq)
		number_mark_write(&m->mark, m->last_seq);
}
