// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-batch.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/utf8.h"

struct radio_batch_reader {
	bool (*serves)(void *user, const char *radio, const char *address);
	void *user;
	struct capture_decoder *decoder;
	json_t *head; /* owns the radio's name */
	const char *radio;
	const char *at, *end;
	unsigned n_left;
	int64_t t_us;
};

/* --- the radio --- */

/* Cut at a character: it is for people alone. */
static const char *short_of(const char *why, char ret[static RADIO_BATCH_WHY_MAX + 1])
{
	size_t n = RADIO_BATCH_WHY_MAX;

	if (!why || strlen(why) <= n)
		return why;
	while (n && !utf8_is_valid(why, n))
		n--;
	memcpy(ret, why, n);
	ret[n] = '\0';
	return ret;
}

int radio_batch_add(
	struct radio_batch_lines *lines, const struct capture_event *event, bool is_stream)
{
	char *at = lines->text + lines->size, why[RADIO_BATCH_WHY_MAX + 1];
	struct capture_event line = *event;
	int n;

	if (lines->n == RADIO_BUFFER_LINES_MAX)
		return -EAGAIN;
	line.why = short_of(event->why, why);
	n = capture_encode(&line, at, sizeof(lines->text) - lines->size);
	if (n < 0)
		return lines->n ? -EAGAIN : -EMSGSIZE;
	if (!lines->n)
		lines->t_us = event->t_us;
	lines->is_stream[lines->n++] = is_stream;
	lines->size += (size_t)n;
	return 0;
}

struct radio_lines radio_batch_lines_of(const struct radio_batch_lines *lines)
{
	return (struct radio_lines){
		lines->text, lines->size, lines->n, lines->is_stream, lines->t_us};
}

size_t radio_batch_write(
	const char *radio, const struct radio_parcel *parcel, char ret[static RADIO_BATCH_MAX])
{
	const struct radio_span *span = &parcel->span;
	json_t *head = json_object();
	size_t size;

	json_object_set_new(head, "coxa_radio", json_integer(RADIO_BATCH_PROTOCOL));
	json_object_set_new(head, "radio", json_string(radio));
	json_object_set_new(head, "boot", json_integer(span->boot));
	json_object_set_new(head, "seq", json_integer(span->last));
	json_object_set_new(head, "n", json_integer(parcel->n));
	if (span->lost)
		json_object_set_new(head, "lost", json_integer((json_int_t)span->lost));
	if (!parcel->text)
		json_object_set_new(head, "gone", json_integer(span->first));
	size = json_dumpb(head, ret, RADIO_BATCH_HEAD_MAX - 1, JSON_COMPACT);
	json_decref(head);
	assert(size < RADIO_BATCH_HEAD_MAX && parcel->size <= RADIO_BATCH_LINES_MAX);
	ret[size++] = '\n';
	if (parcel->size)
		memcpy(ret + size, parcel->text, parcel->size);
	return size + parcel->size;
}

/* --- the brain --- */

struct radio_batch_reader *radio_batch_reader_new(
	bool (*serves)(void *user, const char *radio, const char *address), void *user)
{
	struct radio_batch_reader *reader = new0(struct radio_batch_reader);

	reader->serves = serves;
	reader->user = user;
	reader->decoder = capture_decoder_new();
	capture_decoder_expect_lines(reader->decoder);
	return reader;
}

struct radio_batch_reader *radio_batch_reader_free(struct radio_batch_reader *reader)
{
	if (reader) {
		capture_decoder_free(reader->decoder);
		json_decref(reader->head);
		free(reader);
	}
	return NULL;
}

/* False: it is not a whole number from min up. An absent one keeps its default if it has one. */
static bool take_number(
	const json_t *head, const char *key, bool is_needed, int64_t min, int64_t *ret)
{
	const json_t *value = json_object_get(head, key);

	if (!value)
		return !is_needed;
	if (!json_is_integer(value) || json_integer_value(value) < min ||
		json_integer_value(value) > RADIO_BATCH_NUMBER_MAX)
		return false;
	*ret = json_integer_value(value);
	return true;
}

static enum radio_reason take_numbers(const json_t *json, struct radio_batch_head *head)
{
	int64_t n = 0, lost = 0;

	if (!take_number(json, "boot", true, 1, &head->span.boot) ||
		!take_number(json, "seq", true, 1, &head->span.last) ||
		!take_number(json, "n", true, 0, &n) || !take_number(json, "lost", false, 1, &lost))
		return RADIO_REASON_SYNTAX;
	head->span.first = head->span.last;
	if (!take_number(json, "gone", false, 1, &head->span.first) ||
		head->span.first > head->span.last || (json_object_get(json, "gone") && n))
		return RADIO_REASON_SYNTAX;
	if (n > RADIO_BUFFER_LINES_MAX)
		return RADIO_REASON_LENGTH;
	head->span.lost = (uint64_t)lost;
	head->n = (unsigned)n;
	return RADIO_REASON_NONE;
}

static enum radio_reason take_head(
	const json_t *json, const char *radio, struct radio_batch_head *head)
{
	const json_t *version = json_object_get(json, "coxa_radio");

	if (!json_is_integer(version))
		return RADIO_REASON_SYNTAX;
	if (json_integer_value(version) != RADIO_BATCH_PROTOCOL)
		return RADIO_REASON_VERSION;
	head->radio = json_string_value(json_object_get(json, "radio"));
	if (!head->radio)
		return RADIO_REASON_SYNTAX;
	if (strcmp(head->radio, radio) != 0)
		return RADIO_REASON_SENDER;
	return take_numbers(json, head);
}

enum radio_reason radio_batch_open(struct radio_batch_reader *reader, const char *radio,
	const char *text, size_t size, struct radio_batch_head *ret)
{
	struct radio_batch_head head = {0};
	const char *newline = size ? memchr(text, '\n', size) : NULL;
	enum radio_reason reason;

	json_decref(reader->head);
	reader->head = NULL;
	reader->at = reader->end = NULL;
	reader->n_left = 0;
	if (size > RADIO_BATCH_MAX)
		return RADIO_REASON_LENGTH;
	if (!newline)
		return RADIO_REASON_TRUNCATED;
	reader->head = json_loadb(text, (size_t)(newline - text), JSON_REJECT_DUPLICATES, NULL);
	reason = take_head(reader->head, radio, &head);
	if (reason != RADIO_REASON_NONE)
		return reason;
	reader->radio = head.radio;
	reader->at = newline + 1;
	reader->end = text + size;
	reader->n_left = head.n;
	reader->t_us = 0;
	*ret = head;
	return RADIO_REASON_NONE;
}

/* The kinds are all that there are of a wearable: the rest is for the brain to say. */
static enum radio_reason check_event(
	const struct radio_batch_reader *reader, const struct capture_event *event)
{
	if (!event->address)
		return RADIO_REASON_KIND;
	if (event->why && strlen(event->why) > RADIO_BATCH_WHY_MAX)
		return RADIO_REASON_SYNTAX;
	if (event->t_us < reader->t_us)
		return RADIO_REASON_ORDER;
	if (!reader->serves(reader->user, reader->radio, event->address))
		return RADIO_REASON_OWNER;
	return RADIO_REASON_NONE;
}

static enum radio_reason take_line(
	struct radio_batch_reader *reader, size_t size, struct capture_event *ret)
{
	struct capture_event event;
	const char *error = NULL;
	enum radio_reason reason;

	if (capture_decode(reader->decoder, reader->at, size, &event, &error) != 1)
		return RADIO_REASON_SYNTAX;
	reason = check_event(reader, &event);
	if (reason != RADIO_REASON_NONE)
		return reason;
	reader->t_us = event.t_us;
	/* Not for the radio to say. */
	event.delay_us = event.unc_us = 0;
	event.radio = reader->radio;
	*ret = event;
	return RADIO_REASON_NONE;
}

/* Nothing more is read. */
static int end_with(struct radio_batch_reader *reader, enum radio_reason reason)
{
	reader->at = reader->end;
	reader->n_left = 0;
	return -(int)reason;
}

int radio_batch_next(struct radio_batch_reader *reader, struct capture_event *ret)
{
	size_t left = (size_t)(reader->end - reader->at);
	const char *newline = left ? memchr(reader->at, '\n', left) : NULL;
	enum radio_reason reason;

	if (!left && !reader->n_left)
		return 0;
	if (!reader->n_left)
		return end_with(reader, RADIO_REASON_LENGTH);
	if (!newline)
		return end_with(reader, RADIO_REASON_TRUNCATED);
	reason = take_line(reader, (size_t)(newline - reader->at), ret);
	reader->at = newline + 1;
	reader->n_left--;
	return reason == RADIO_REASON_NONE ? 1 : -(int)reason;
}
