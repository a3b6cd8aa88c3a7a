// SPDX-License-Identifier: MIT
#pragma once
/* Reads tests/vectors/<driver>/<file>.txt:
 *
 *   # what these packets are, and their origin
 *   fresh                      a new state (also at the file's start)
 *   link                       a new connection
 *   at SECONDS                 arrival of the packets after this
 *   in UUID HEX                a packet; HEX `-` is none, blanks within it are allowed
 *     kind key=value ...       a record that it must give, each token as record-text.h writes it;
 *                              pcm...= matches the beginning of the list
 *     refused REASON           or why it is refused
 *
 * A packet with nothing below it gives no record.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/drivers/driver.h"
#include "tests/drivers/record-text.h"

#define VECTOR_DATA_MAX 600

struct vector_packet {
	struct uuid characteristic;
	uint8_t data[VECTOR_DATA_MAX];
	size_t size;
};

static inline size_t vector_from_hex(const char *hex, uint8_t *data, size_t room)
{
	size_t n = 0;

	for (; *hex; hex++) {
		unsigned byte;

		if (*hex == ' ' || *hex == '\n' || *hex == '-')
			continue;
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		assert_true(n < room);
		data[n++] = (uint8_t)byte;
		hex++;
	}
	return n;
}

static inline bool vector_has_token(const char *line, size_t length, const char *token)
{
	size_t n = strlen(token);
	/* A list that goes on after what is given. */
	bool is_prefix = n > 3 && strcmp(token + n - 3, "...") == 0;

	n -= is_prefix ? 3 : 0;
	for (const char *at = line; at + n <= line + length; at++) {
		bool begins = at == line || at[-1] == ' ';
		bool ends = is_prefix || at + n == line + length || at[n] == ' ';

		if (begins && ends && strncmp(at, token, n) == 0)
			return true;
	}
	return false;
}

/* Every token of `expected` in the first line at *got; steps over it. */
static inline void vector_expect(
	const char *file, unsigned number, char *expected, const char **got)
{
	size_t length = strcspn(*got, "\n");

	if (length == 0)
		fail_msg("%s:%u: nothing more came, expected %s", file, number, expected);
	for (char *save, *token = strtok_r(expected, " \t\n", &save); token;
		token = strtok_r(NULL, " \t\n", &save))
		if (!vector_has_token(*got, length, token))
			fail_msg("%s:%u: no %s in: %.*s", file, number, token, (int)length, *got);
	*got += length + 1;
}

struct vector_run {
	const struct driver *driver;
	const char *file;
	unsigned number;
	void *state;
	int64_t arrival_us;
	struct record_text *text;
	const char
		*left; /* of the text, not yet expected by a line; NULL before the first packet */
	int result;
};

static inline void vector_nothing_left(const struct vector_run *run)
{
	if (run->left && (*run->left || run->result < 0))
		fail_msg("%s:%u: not expected: %s %s", run->file, run->number, run->left,
			run->result < 0 ? reason_to_string((enum reason) - run->result) : "");
}

static inline void vector_packet(struct vector_run *run, const char *line)
{
	struct vector_packet p;
	char uuid[64];
	int at;

	assert_int_equal(sscanf(line, "in %63s %n", uuid, &at), 1);
	assert_int_equal(uuid_from_string(uuid, &p.characteristic), 0);
	p.size = vector_from_hex(line + at, p.data, sizeof(p.data));
	memset(run->text, 0, sizeof(*run->text));
	run->result = run->driver->decode(run->state,
		&(struct driver_input){
			&p.characteristic, DRIVER_ORIGIN_NOTIFY, p.data, p.size, run->arrival_us},
		record_to_text, run->text);
	if (run->result != (run->text->records ? (int)run->text->records : run->result) ||
		(run->result > 0 && !run->text->records))
		fail_msg("%s:%u: says %d records, gave %u", run->file, run->number, run->result,
			run->text->records);
	run->left = run->text->text;
}

static inline void vector_line(struct vector_run *run, char *line)
{
	char reason[32];
	double seconds;

	if (line[0] == '#' || strspn(line, " \t\n") == strlen(line))
		return;
	if (sscanf(line, " refused %31s", reason) == 1) {
		if (run->result >= 0 ||
			strcmp(reason_to_string((enum reason) - run->result), reason) != 0)
			fail_msg("%s:%u: not refused for %s", run->file, run->number, reason);
		run->result = 0;
	} else if (line[0] == ' ' || line[0] == '\t') {
		vector_expect(run->file, run->number, line, &run->left);
	} else {
		vector_nothing_left(run);
		if (strncmp(line, "fresh", 5) == 0) {
			memset(run->state, 0, run->driver->state_size);
			if (run->driver->connected)
				run->driver->connected(run->state, 247);
		} else if (strncmp(line, "link", 4) == 0) {
			if (run->driver->connected)
				run->driver->connected(run->state, 247);
		} else if (sscanf(line, "at %lf", &seconds) == 1) {
			run->arrival_us = (int64_t)(seconds * US_PER_S);
		} else if (strncmp(line, "in ", 3) == 0) {
			vector_packet(run, line);
		} else {
			fail_msg("%s:%u: not understood: %s", run->file, run->number, line);
		}
	}
}

static inline void vectors_check(const struct driver *driver, const char *file)
{
	struct vector_run run = {.driver = driver,
		.file = file,
		.state = alloc_zero(1, driver->state_size),
		.text = new0(struct record_text)};
	static char line[16384];
	FILE *f = fopen(file, "r");

	if (!f)
		fail_msg("%s: cannot be read", file);
	if (driver->connected)
		driver->connected(run.state, 247);
	while (fgets(line, sizeof(line), f)) {
		run.number++;
		vector_line(&run, line);
	}
	vector_nothing_left(&run);
	fclose(f);
	free(run.state);
	free(run.text);
}

/* All packets of a file, for the batteries. Returns how many. */
static inline size_t vectors_packets(const char *file, struct vector_packet *packets, size_t room)
{
	static char line[16384];
	FILE *f = fopen(file, "r");
	size_t n = 0;

	while (f && n < room && fgets(line, sizeof(line), f)) {
		char uuid[64];
		int at;

		if (sscanf(line, "in %63s %n", uuid, &at) != 1)
			continue;
		assert_int_equal(uuid_from_string(uuid, &packets[n].characteristic), 0);
		packets[n].size = vector_from_hex(line + at, packets[n].data, VECTOR_DATA_MAX);
		n++;
	}
	if (f)
		fclose(f);
	return n;
}
