// SPDX-License-Identifier: MIT
/* A radio that sends anything: what gets through is of its own wearables, and can be written and read
 * again. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/wire/radio-batch.h"

#define RADIO "mat-1"

static bool serves(void *user, const char *radio, const char *address)
{
	return strcmp(radio, RADIO) == 0 && address[0] == 'C';
}

static void check_event(const struct capture_event *event, int64_t last_us)
{
	if (event->t_us < last_us || !event->address || event->address[0] != 'C' ||
		event->delay_us || event->unc_us || strcmp(event->radio, RADIO) != 0 ||
		event->kind == CAPTURE_HEADER || event->kind == CAPTURE_COMMAND ||
		event->kind == CAPTURE_WALL || event->kind == CAPTURE_CONFIG)
		abort();
}

/* As the radio would send what was read. */
static void read_again(struct radio_batch_reader *reader, const struct radio_batch_head *head,
	const struct radio_batch_lines *lines)
{
	static char text[RADIO_BATCH_MAX];
	struct radio_parcel parcel = {head->span, lines->text, lines->size, lines->n};
	struct radio_batch_head back;
	struct capture_event event;
	unsigned n = 0;
	size_t size;

	if (head->span.first < head->span.last)
		parcel.text = NULL;
	size = radio_batch_write(RADIO, &parcel, text);
	if (radio_batch_open(reader, RADIO, text, size, &back) != RADIO_REASON_NONE ||
		back.span.boot != head->span.boot || back.span.first != head->span.first ||
		back.span.last != head->span.last || back.span.lost != head->span.lost)
		abort();
	while (radio_batch_next(reader, &event) == 1)
		n++;
	if (n != lines->n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct radio_batch_lines lines;
	struct radio_batch_reader *reader = radio_batch_reader_new(serves, NULL),
				  *again = radio_batch_reader_new(serves, NULL);
	struct radio_batch_head head;
	struct capture_event event;
	int64_t last_us = 0;
	unsigned left = RADIO_BUFFER_LINES_MAX + 2;
	int r;

	lines.n = 0;
	lines.size = 0;
	if (radio_batch_open(reader, RADIO, (const char *)data, size, &head) == RADIO_REASON_NONE) {
		while ((r = radio_batch_next(reader, &event)) != 0) {
			if (left-- == 0 || r <= -RADIO_REASON_COUNT)
				abort();
			if (r < 0)
				continue;
			check_event(&event, last_us);
			last_us = event.t_us;
			event.radio = NULL;
			radio_batch_add(&lines, &event, false);
		}
		read_again(again, &head, &lines);
	}
	radio_batch_reader_free(reader);
	radio_batch_reader_free(again);
	return 0;
}
