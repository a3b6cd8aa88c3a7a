// SPDX-License-Identifier: MIT
#include "daemon/wire/logbook-page.h"

#include <inttypes.h>
#include <stdio.h>

#include "coxad/base/units.h"
#include "coxad/wire/wall-text.h"

static json_t *make_cursor(int64_t seq)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, seq);
	return json_string(text);
}

static json_t *make_time(int64_t at_ms)
{
	char text[WALL_TEXT_SIZE];

	wall_text_write(at_ms > INT64_MAX / US_PER_MS ? INT64_MAX : at_ms * US_PER_MS, text);
	return json_string(text);
}

/* NULL: the text is no JSON object. */
static json_t *make_entry(const struct logbook_entry *entry)
{
	json_t *event = json_loadb(entry->text, entry->size, JSON_REJECT_DUPLICATES, NULL);
	json_t *o;

	if (!json_is_object(event)) {
		json_decref(event);
		return NULL;
	}
	o = json_object();
	json_object_set_new(o, "kind", json_string(logbook_kind_to_string(entry->kind)));
	json_object_set_new(o, "time", make_time(entry->at_ms));
	json_object_set_new(o, "cursor", make_cursor(entry->seq));
	json_object_set_new(o, "event", event);
	return o;
}

json_t *logbook_page_make(const struct logbook_page *page)
{
	json_t *o = json_object(), *entries = json_array(), *next = json_null();

	for (size_t i = 0; i < page->n; i++) {
		json_t *entry = make_entry(&page->entry[i]);

		if (entry)
			json_array_append_new(entries, entry);
	}
	if (page->has_more && page->n)
		next = make_cursor(page->entry[page->n - 1].seq);
	json_object_set_new(o, "entries", entries);
	json_object_set_new(o, "next", next);
	return o;
}
