// SPDX-License-Identifier: MIT
/* The logbook: whatever the text of an entry is, the answer is JSON with this entry or without it; what is
 * entered is a text that can be answered; cursors are numbers. The first byte chooses the kind.
 */
#include "tests/fuzz/fuzz-main.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/logbook.h"
#include "coxad/wire/message.h"

static struct conf conf;
static struct wall_clock wall;

static size_t answer(struct logbook_entry entry)
{
	struct message_encoder *encoder = message_encoder_new(&conf, &wall, "r", 1);
	struct logbook_page page = {&entry, 1, true, true};
	struct command_reply reply = {.page = &page};
	struct message message;
	json_t *data, *all;
	size_t n;

	if (message_encode_reply(encoder, 1, "history", &reply, &message) < 0)
		abort();
	all = json_loadb(message.payload, message.size, JSON_REJECT_DUPLICATES, NULL);
	data = json_object_get(all, "data");
	if (!json_is_string(json_object_get(data, "next")))
		abort();
	n = json_array_size(json_object_get(data, "entries"));
	json_decref(all);
	message_encoder_free(encoder);
	return n;
}

static void cursor(const char *text)
{
	int64_t seq = -1;

	if (logbook_cursor_read(text, &seq) >= 0 ? seq < 0 : seq != -1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum logbook_kind kind = size ? data[0] % LOGBOOK_KIND_COUNT : LOGBOOK_KIND_REP;
	size_t length = size ? size - 1 : 0;
	_auto_free_ char *text = memcpy(alloc_zero(1, length + 1), size ? data + 1 : data, length);
	_auto_free_ char *entered = logbook_text(kind, text, length);

	conf.mqtt.base = (char *)"b";
	conf.gateway.name = (char *)"g";
	answer((struct logbook_entry){
		.seq = 1, .at_ms = 1, .kind = kind, .athlete = "a", .text = text, .size = length});
	if (entered && answer((struct logbook_entry){.seq = INT64_MAX,
			       .at_ms = INT64_MAX,
			       .kind = kind,
			       .athlete = "a",
			       .text = entered,
			       .size = strlen(entered)}) != 1)
		abort();
	cursor(text);
	return 0;
}
