// SPDX-License-Identifier: MIT
#include "ctl/verbs-look.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/client.h"
#include "ctl/names.h"
#include "ctl/out.h"
#include "ctl/radios.h"
#include "ctl/topic.h"

#define TEXT_BYTES 128

static enum out_look look_of(const char *state)
{
	if (strcmp(state, "streaming") == 0 || strcmp(state, "online") == 0 ||
		strcmp(state, "ok") == 0)
		return OUT_GOOD;
	return strcmp(state, "absent") == 0 || strcmp(state, "failure") == 0 ? OUT_BAD : OUT_WARN;
}

/* --- status --- */

static void count_wearables(const json_t *states, size_t *ret_n, size_t *ret_streaming)
{
	const char *topic;
	json_t *payload;

	*ret_n = *ret_streaming = 0;
	json_object_foreach((json_t *)states, topic, payload)
	{
		if (!topic_is(topic, "wearable", "status"))
			continue;
		(*ret_n)++;
		*ret_streaming += strcmp(topic_text(payload, "state"), "streaming") == 0;
	}
}

static void print_line(const char *label, enum out_look look, const char *text)
{
	printf("%20s: %s", label, out_begin(stdout, look));
	out_clean(stdout, text);
	printf("%s\n", out_end(stdout, look));
}

static void print_problems(const json_t *health)
{
	json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(health, "problems"), i, problem)
	{
		bool is_bad = strcmp(topic_text(problem, "severity"), "failure") == 0;
		char *text = alloc_printf(
			"%s (%s)", topic_text(problem, "code"), topic_text(problem, "subject"));

		print_line(is_bad ? "failure" : "warning", is_bad ? OUT_BAD : OUT_WARN, text);
		print_line("", OUT_PLAIN, topic_text(problem, "text"));
		free(text);
	}
}

static void print_sessions(const json_t *states)
{
	char kit[TOPIC_NAME_SIZE];
	const char *topic;
	json_t *payload;

	json_object_foreach((json_t *)states, topic, payload)
	{
		char *text;

		if (!topic_is(topic, "kit", "session") || !topic_name(topic, kit))
			continue;
		text = alloc_printf("%s, %s, kit %s, since %s", topic_text(payload, "athlete"),
			topic_text(payload, "exercise"), kit, topic_text(payload, "since"));
		print_line("session", OUT_PLAIN, text);
		free(text);
	}
}

static void print_status(const json_t *states)
{
	const json_t *gateway = NULL, *health = NULL;
	char name[TOPIC_NAME_SIZE] = "", text[TEXT_BYTES];
	size_t n, streaming;
	const char *topic;
	json_t *payload;

	json_object_foreach((json_t *)states, topic, payload)
	{
		if (topic_is(topic, "gateway", "status") && topic_name(topic, name))
			gateway = payload;
		if (topic_is(topic, "gateway", "health"))
			health = payload;
	}
	snprintf(text, sizeof(text), "%s, coxad %s", name, topic_text(gateway, "version"));
	print_line("gateway", OUT_PLAIN, text);
	print_line("since", OUT_PLAIN, topic_text(gateway, "since"));
	count_wearables(states, &n, &streaming);
	snprintf(text, sizeof(text), "%zu of %zu send data", streaming, n);
	print_line("wearables", streaming == n ? OUT_GOOD : OUT_WARN, text);
	print_line("health", look_of(topic_text(health, "state")), topic_text(health, "state"));
	print_problems(health);
	print_sessions(states);
	radios_print(states, stdout);
}

int verbs_look_status(struct ctl *ctl, int argc, char **argv)
{
	json_t *states = NULL;
	int status = client_document(ctl, "Status", &states);

	if (status == CTL_OK && ctl->is_json)
		status = out_json(states);
	else if (status == CTL_OK)
		print_status(states);
	json_decref(states);
	return status;
}

/* --- list --- */

static void add_wearable(struct out_table *table, const char *name, const json_t *w)
{
	char text[TEXT_BYTES];

	out_table_add(table, OUT_PLAIN, name);
	out_table_add(table, OUT_PLAIN, out_member(w, "kit", "", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "placement", "", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "driver", "", text, sizeof(text)));
	out_table_add(table, look_of(topic_text(w, "state")), topic_text(w, "state"));
	out_table_add(table, OUT_PLAIN, out_member(w, "rate_hz", " Hz", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "loss_percent", " %", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "rssi_dbm", " dBm", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "battery_percent", " %", text, sizeof(text)));
	out_table_add(table, OUT_PLAIN, out_member(w, "is_bonded", "", text, sizeof(text)));
	out_table_add(table, OUT_WARN, out_member(w, "problem", "", text, sizeof(text)));
}

static void print_list(const json_t *states, const json_t *names)
{
	static const char *const head[] = {"WEARABLE", "KIT", "PLACEMENT", "DRIVER", "STATE",
		"RATE", "LOSS", "SIGNAL", "BATTERY", "BONDED", "PROBLEM"};
	const json_t *wearables = json_object_get(names, names_kind(NAMES_WEARABLE));
	struct out_table table;
	json_t *name;
	size_t i;

	out_table_begin(&table, head, ARRAY_LEN(head));
	json_array_foreach(wearables, i, name)
	{
		char *topic = alloc_printf("wearable/%s/status", json_string_value(name));

		add_wearable(&table, json_string_value(name), json_object_get(states, topic));
		free(topic);
	}
	out_table_end(&table, stdout);
	printf("%s%zu wearables listed.\n", i ? "\n" : "", i);
}

static void print_names(const json_t *names)
{
	json_t *name;
	size_t i;

	for (size_t kind = 0; kind < NAMES_KIND_COUNT; kind++)
		json_array_foreach(json_object_get(names, names_kind(kind)), i, name)
		{
			printf("%s ", names_kind(kind));
			out_clean(stdout, json_string_value(name));
			putchar('\n');
		}
}

/* {wearable: its status}, for programs. */
static int print_list_json(const json_t *states)
{
	json_t *all = json_object(), *payload;
	char name[TOPIC_NAME_SIZE];
	const char *topic;
	int status;

	json_object_foreach((json_t *)states, topic,
		payload) if (topic_is(topic, "wearable", "status") && topic_name(topic, name))
		json_object_set(all, name, payload);
	status = out_json(all);
	json_decref(all);
	return status;
}

int verbs_look_list(struct ctl *ctl, int argc, char **argv)
{
	json_t *states = NULL, *names;
	int status = client_document(ctl, "Status", &states);

	if (status != CTL_OK)
		return status;
	names = names_of(states);
	if (ctl->is_names)
		print_names(names);
	else if (ctl->is_json)
		status = print_list_json(states);
	else
		print_list(states, names);
	json_decref(names);
	json_decref(states);
	return status;
}

/* --- show --- */

/* {topic: payload} of one name, whatever it names. */
static json_t *about(const json_t *states, const char *wanted)
{
	json_t *all = json_object(), *payload;
	char name[TOPIC_NAME_SIZE];
	const char *topic;

	json_object_foreach((json_t *)states, topic,
		payload) if (topic_name(topic, name) && strcmp(name, wanted) == 0)
		json_object_set(all, topic, payload);
	return all;
}

static void print_member(const char *key, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));

	print_line(key, OUT_PLAIN,
		json_is_string(value) ? json_string_value(value)
		: text                ? text
				      : "");
	free(text);
}

static void print_topics(const json_t *all)
{
	const char *topic, *key;
	json_t *payload, *value;

	json_object_foreach((json_t *)all, topic, payload)
	{
		printf("%s", out_begin(stdout, OUT_HEAD));
		out_clean(stdout, topic);
		printf("%s\n", out_end(stdout, OUT_HEAD));
		json_object_foreach(payload, key, value) print_member(key, value);
	}
}

static int not_known(const json_t *states, const char *name)
{
	json_t *names = names_of(states);

	out_message("nothing is known of %s", name);
	names_suggest_any(names, name);
	json_decref(names);
	return CTL_FAILED;
}

int verbs_look_show(struct ctl *ctl, int argc, char **argv)
{
	json_t *states = NULL, *all;
	int status = client_document(ctl, "Status", &states);

	if (status != CTL_OK)
		return status;
	all = about(states, argv[1]);
	if (json_object_size(all) == 0)
		status = not_known(states, argv[1]);
	else if (ctl->is_json)
		status = out_json(all);
	else
		print_topics(all);
	json_decref(all);
	json_decref(states);
	return status;
}
