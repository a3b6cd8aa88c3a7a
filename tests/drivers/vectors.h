// SPDX-License-Identifier: MIT
#pragma once
/* Reads tests/vectors/<driver>/<file>.txt, a list of tests:
 *
 *   # a remark
 *   test ORIGIN WHAT [SOURCE]  begins a test, with a new state. ORIGIN says where bytes and meaning
 *                              come from: `official` from the maker's documents or tests,
 *                              `captured` from a published capture (`captured+`: confirmed by
 *                              another decoder), `computed` from the layout
 *   link                       a new connection
 *   at SECONDS                 arrival of the packets after this
 *   in UUID HEX                a packet; `-` for HEX is an empty one, blanks are allowed in it
 *   advert HEX                 a manufacturer AD structure, with its length and type
 *   adpcm high|low PREDICTOR INDEX HEX   the sound codec alone, in its nibble order
 *     kind key=value ...       a record expected of it, each token as record-text.h writes it;
 *                              pcm=1,2... matches the beginning of a list
 *     refused REASON           or why it is refused
 *   plan start|poll|stop [mtu=N] [rate=N] [acoustic] [pops] [root=ADDRESS] [advert=HEX] [has=UUID]...
 *     LETTER UUID [HEX]        a step of it, in this order: r(ead), s(ubscribe), w(rite),
 *                              c(ommand, without response), the UUID's first four bytes
 *
 * A packet with nothing below it must give no record.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"
#include "tests/drivers/plan-text.h"
#include "tests/drivers/record-text.h"
#include "tests/drivers/vector-packets.h"

static inline size_t vector_from_hex(const char *hex, uint8_t *data, size_t capacity)
{
	int n = vector_packets_from_hex(hex, data, capacity);

	assert_true(n >= 0);
	return (size_t)n;
}

static inline bool vector_has_token(const char *line, size_t length, const char *token)
{
	size_t n = strlen(token);
	/* The beginning of a list. */
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
		fail_msg("%s:%u: no further record, expected %s", file, number, expected);
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
	const char *left; /* of the text, not yet matched by a line; NULL before the first packet */
	int result;
	bool is_plan; /* only the named steps matter */
};

static inline void vector_nothing_left(const struct vector_run *run)
{
	if (run->left && !run->is_plan && (*run->left || run->result < 0))
		fail_msg("%s:%u: unexpected: %s %s", run->file, run->number, run->left,
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
	run->is_plan = false;
	run->result = run->driver->decode(run->state,
		&(struct driver_input){
			&p.characteristic, DRIVER_ORIGIN_NOTIFY, p.data, p.size, run->arrival_us},
		record_to_text, run->text);
	if (run->result != (run->text->records ? (int)run->text->records : run->result) ||
		(run->result > 0 && !run->text->records))
		fail_msg("%s:%u: returned %d, emitted %u records", run->file, run->number,
			run->result, run->text->records);
	run->left = run->text->text;
}

static inline void vector_advert(struct vector_run *run, const char *line)
{
	uint8_t ad[64];
	size_t size = vector_from_hex(line + 7, ad, sizeof(ad));

	/* Length, type 0xff, manufacturer data. */
	assert_true(size > 2 && ad[0] == size - 1 && ad[1] == 0xff && run->driver->advert);
	memset(run->text, 0, sizeof(*run->text));
	run->is_plan = false;
	run->result = run->driver->advert(ad + 2, size - 2, record_to_text, run->text);
	run->left = run->text->text;
}

static inline void vector_adpcm(struct vector_run *run, const char *line)
{
	struct ima_adpcm codec;
	uint8_t data[VECTOR_DATA_MAX];
	int16_t samples[2 * VECTOR_DATA_MAX];
	char order[8];
	size_t size;
	int at;

	assert_int_equal(
		sscanf(line, "adpcm %7s %d %d %n", order, &codec.predictor, &codec.index, &at), 3);
	size = vector_from_hex(line + at, data, sizeof(data));
	ima_adpcm_decode(&codec,
		strcmp(order, "high") == 0 ? IMA_ADPCM_HIGH_FIRST : IMA_ADPCM_LOW_FIRST, data,
		2 * size, samples);
	memset(run->text, 0, sizeof(*run->text));
	text_audio(run->text, &(struct audio_block){.n = (unsigned)(2 * size), .samples = samples});
	text_add(run->text, " predictor=%d index=%d\n", codec.predictor, codec.index);
	run->is_plan = false;
	run->result = 0;
	run->left = run->text->text;
}

static inline void vector_plan(struct vector_run *run, const char *line)
{
	memset(run->text, 0, sizeof(*run->text));
	plan_to_text(
		run->driver, run->state, line + 5, "\n", run->text->text, sizeof(run->text->text));
	run->is_plan = true;
	run->result = 0;
	run->left = run->text->text;
}

static inline void vector_expect_step(struct vector_run *run, const char *line)
{
	const char *step = line + strspn(line, " \t");
	size_t length = strcspn(step, "\n");

	while (*run->left) {
		size_t found = strcspn(run->left, "\n");
		bool is_it = found == length && strncmp(run->left, step, length) == 0;

		run->left += found + (run->left[found] == '\n');
		if (is_it)
			return;
	}
	fail_msg("%s:%u: no step %.*s in: %s", run->file, run->number, (int)length, step,
		run->text->text);
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
		if (run->is_plan)
			vector_expect_step(run, line);
		else
			vector_expect(run->file, run->number, line, &run->left);
	} else {
		vector_nothing_left(run);
		if (strncmp(line, "link", 4) == 0) {
			if (run->driver->connected)
				run->driver->connected(run->state, 247);
		} else if (sscanf(line, "at %lf", &seconds) == 1) {
			run->arrival_us = (int64_t)(seconds * US_PER_S);
		} else if (strncmp(line, "in ", 3) == 0) {
			vector_packet(run, line);
		} else if (strncmp(line, "advert ", 7) == 0) {
			vector_advert(run, line);
		} else if (strncmp(line, "adpcm ", 6) == 0) {
			vector_adpcm(run, line);
		} else if (strncmp(line, "plan ", 5) == 0) {
			vector_plan(run, line);
		} else {
			fail_msg("%s:%u: unknown line: %s", run->file, run->number, line);
		}
	}
}

/* A test of a file, from the line after its `test` to the next one. */
struct vector_test {
	const struct driver *driver;
	char *file, *name; /* name: ORIGIN driver: WHAT [SOURCE] */
	unsigned first, last;
};

static inline void vector_test_run(const struct vector_test *test)
{
	struct vector_run run = {.driver = test->driver,
		.file = test->file,
		.state = alloc_zero(1, test->driver->state_size),
		.text = new0(struct record_text)};
	static char line[16384];
	FILE *f = fopen(test->file, "r");

	if (!f)
		fail_msg("%s: cannot be read", test->file);
	if (test->driver->connected)
		test->driver->connected(run.state, 247);
	while (run.number < test->last && fgets(line, sizeof(line), f))
		if (++run.number >= test->first)
			vector_line(&run, line);
	vector_nothing_left(&run);
	fclose(f);
	free(run.state);
	free(run.text);
}

/* Adds the tests of a file. Returns the new number of tests. */
static inline size_t vector_tests(const struct driver *driver, const char *file,
	struct vector_test *tests, size_t n, size_t room)
{
	static char line[16384];
	FILE *f = fopen(file, "r");
	unsigned number = 0;
	bool is_in_test = false;

	if (!f)
		fail_msg("%s: cannot be read", file);
	while (fgets(line, sizeof(line), f)) {
		char origin[16];
		int at;

		number++;
		if (sscanf(line, "test %15s %n", origin, &at) == 1) {
			assert_true(n < room);
			line[strcspn(line, "\n")] = 0;
			tests[n++] = (struct vector_test){driver, alloc_text(file),
				alloc_printf("%s %s: %s", origin, driver->id, line + at),
				number + 1, number};
			is_in_test = true;
		} else if (is_in_test) {
			tests[n - 1].last = number;
		} else if (line[0] != '#' && line[0] != '\n') {
			fail_msg("%s:%u: before the first test", file, number);
		}
	}
	fclose(f);
	return n;
}
