// SPDX-License-Identifier: MIT
/* The capture reader: each event that is read, written and read again stays the same. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/wire/capture.h"

static int same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_round_trip(struct capture_decoder *again, const struct capture_event *event)
{
	static char line[CAPTURE_CONFIG_MAX + 2];
	struct capture_event back;
	const char *error;
	int n = capture_encode(event, line, sizeof(line));

	if (n < 0)
		return; /* longer when written */
	if (capture_decode(again, line, (size_t)n - 1, &back, &error) != 1)
		abort();
	if (back.kind != event->kind || back.t_us != event->t_us || back.size != event->size ||
		!same_text(back.address, event->address) || !same_text(back.topic, event->topic) ||
		(event->size && memcmp(back.value, event->value, event->size) != 0) ||
		back.mtu != event->mtu || back.rssi_dbm != event->rssi_dbm ||
		back.is_retained != event->is_retained || !same_text(back.run, event->run) ||
		back.delay_us != event->delay_us || back.unc_us != event->unc_us ||
		!same_text(back.radio, event->radio) || !same_text(back.text, event->text) ||
		!same_text(back.config_hash, event->config_hash))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture_decoder *decoder = capture_decoder_new(), *again = capture_decoder_new();
	const char *at = (const char *)data, *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		struct capture_event event;
		const char *error = NULL;
		int r = capture_decode(decoder, at, length, &event, &error);

		if (r < 0 && (!error || !*error))
			abort();
		if (r > 0)
			check_round_trip(again, &event);
		at += length + 1;
	}
	capture_decoder_free(decoder);
	capture_decoder_free(again);
	return 0;
}
