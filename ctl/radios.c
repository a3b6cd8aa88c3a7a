// SPDX-License-Identifier: MIT
#include "ctl/radios.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/out.h"
#include "ctl/topic.h"

#define TEXT_BYTES 128

static const json_t *find(const json_t *states)
{
	const char *topic;
	json_t *payload;

	json_object_foreach((json_t *)states, topic,
		payload) if (topic_is(topic, "gateway", "radios")) return payload;
	return NULL;
}

static void add_radio(struct out_table *table, const json_t *radio)
{
	bool is_online = json_is_true(json_object_get(radio, "online"));
	size_t n = json_array_size(json_object_get(radio, "serves"));
	json_int_t slots = json_integer_value(json_object_get(radio, "slots"));
	json_int_t lost = json_integer_value(json_object_get(radio, "lost"));
	const json_t *if_lost = json_object_get(radio, "if_lost");
	size_t left = json_array_size(json_object_get(if_lost, "left"));
	char text[TEXT_BYTES];

	out_table_add(table, OUT_PLAIN, topic_text(radio, "name"));
	out_table_add(table, is_online ? OUT_GOOD : OUT_BAD, is_online ? "online" : "offline");
	snprintf(text, sizeof(text), "%zu of %lld", n, slots);
	out_table_add(table, OUT_PLAIN, text);
	out_table_add(
		table, OUT_PLAIN, out_member(radio, "uncertainty_ms", " ms", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(radio, "behind_s", " s", text, sizeof(text)));
	snprintf(text, sizeof(text), "%lld", lost);
	out_table_add(table, lost ? OUT_BAD : OUT_PLAIN, text);
	snprintf(text, sizeof(text), "%lld to others, %zu to none",
		json_integer_value(json_object_get(if_lost, "moving")), left);
	out_table_add(table, left ? OUT_WARN : OUT_PLAIN, text);
}

static const char *why(const char *code)
{
	static const struct {
		const char *code, *text;
	} whys[] = {
		{"connecting", "is being connected"},
		{"not_heard", "no radio hears it"},
		{"no_slot", "every radio that hears it has all its links in use"},
		{"bonded_elsewhere", "it is paired with a radio that does not hear it"},
	};

	for (size_t i = 0; i < ARRAY_LEN(whys); i++)
		if (strcmp(code, whys[i].code) == 0)
			return whys[i].text;
	return code;
}

static void print_left(const json_t *radio, FILE *file)
{
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(radio, "if_lost"), "left"), i, name)
	{
		if (i == 0) {
			fputs("Without ", file);
			out_clean(file, topic_text(radio, "name"));
			fputs(", no radio could serve ", file);
		} else {
			fputs(", ", file);
		}
		out_clean(file, json_is_string(name) ? json_string_value(name) : "?");
	}
	if (i > 0)
		fputs(".\n", file);
}

static void print_waiting(const json_t *one, FILE *file)
{
	fputs(out_begin(file, OUT_WARN), file);
	out_clean(file, topic_text(one, "wearable"));
	fputs(" waits: ", file);
	out_clean(file, why(topic_text(one, "code")));
	fprintf(file, ".%s\n", out_end(file, OUT_WARN));
}

void radios_print(const json_t *states, FILE *file)
{
	static const char *const head[] = {
		"RADIO", "STATE", "LINKS", "CLOCK", "BEHIND", "LOST", "WITHOUT IT"};
	const json_t *radios = find(states);
	struct out_table table;
	json_t *one;
	size_t i;

	if (!radios)
		return;
	fputc('\n', file);
	out_table_begin(&table, head, ARRAY_LEN(head));
	json_array_foreach(json_object_get(radios, "radios"), i, one) add_radio(&table, one);
	out_table_end(&table, file);
	fputc('\n', file);
	json_array_foreach(json_object_get(radios, "radios"), i, one) print_left(one, file);
	json_array_foreach(json_object_get(radios, "waiting"), i, one) print_waiting(one, file);
}
