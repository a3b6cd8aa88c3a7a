// SPDX-License-Identifier: MIT
#include "ctl/names.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/nearest.h"
#include "ctl/client.h"
#include "ctl/out.h"

/* The kind's first level in a topic, and its member in a payload. */
static const char *const kinds[NAMES_KIND_COUNT] = {"kit", "wearable", "athlete"};

const char *names_kind(enum names_kind kind)
{
	return kinds[kind];
}

/* names is {kind: {name: null}} here, so that each is there once. */
static void note(json_t *names, const char *kind, const json_t *name)
{
	if (json_is_string(name) && json_string_length(name))
		json_object_set_new(
			json_object_get(names, kind), json_string_value(name), json_null());
}

static void note_topic(json_t *names, const char *topic)
{
	const char *first = strchr(topic, '/'), *last = strrchr(topic, '/');
	json_t *name =
		first && last > first ? json_stringn(first + 1, (size_t)(last - first - 1)) : NULL;

	for (size_t i = 0; i < NAMES_KIND_COUNT; i++)
		if (first && (size_t)(first - topic) == strlen(kinds[i]) &&
			strncmp(topic, kinds[i], (size_t)(first - topic)) == 0)
			note(names, kinds[i], name);
	json_decref(name);
}

static void note_inventory(json_t *names, const json_t *inventory)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(inventory, "kits"), i, one)
	{
		note(names, "kit", json_object_get(one, "name"));
		note(names, "athlete", json_object_get(one, "athlete"));
	}
	json_array_foreach(json_object_get(inventory, "wearables"), i, one)
		note(names, "wearable", json_object_get(one, "name"));
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted(json_t *object)
{
	size_t n = 0, size = json_object_size(object);
	const char **name = alloc_zero(size + 1, sizeof(*name));
	json_t *array = json_array(), *value;
	const char *key;

	json_object_foreach(object, key, value) name[n++] = key;
	qsort(name, n, sizeof(*name), compare);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(name[i]));
	free(name);
	return array;
}

json_t *names_of(const json_t *states)
{
	json_t *names = json_pack("{s:{},s:{},s:{}}", kinds[0], kinds[1], kinds[2]);
	const char *topic;
	json_t *payload;

	json_object_foreach((json_t *)states, topic, payload)
	{
		note_topic(names, topic);
		note(names, "kit", json_object_get(payload, "kit"));
		note(names, "athlete", json_object_get(payload, "athlete"));
		note_inventory(names, payload);
	}
	for (size_t i = 0; i < NAMES_KIND_COUNT; i++)
		json_object_set_new(names, kinds[i], sorted(json_object_get(names, kinds[i])));
	return names;
}

static void add_all(struct nearest *nearest, const json_t *array, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(array, i, one) nearest_add(nearest, name, json_string_value(one));
}

static void say(const struct nearest *nearest)
{
	if (nearest->word)
		out_message("did you mean %s?", nearest->word);
}

void names_suggest_any(const json_t *names, const char *name)
{
	struct nearest nearest = {0};

	for (size_t i = 0; i < NAMES_KIND_COUNT; i++)
		add_all(&nearest, json_object_get(names, kinds[i]), name);
	say(&nearest);
}

/* "unknown_kit": which kind of name is not known. */
static const char *kind_of(const char *error)
{
	static const char unknown[] = "unknown_";

	if (!error || strncmp(error, unknown, sizeof(unknown) - 1) != 0)
		return NULL;
	for (size_t i = 0; i < NAMES_KIND_COUNT; i++)
		if (strcmp(error + sizeof(unknown) - 1, kinds[i]) == 0)
			return kinds[i];
	return NULL;
}

void names_suggest(struct ctl *ctl, const char *error, const json_t *payload)
{
	const char *kind = kind_of(error);
	const char *name = kind ? json_string_value(json_object_get(payload, kind)) : NULL;
	struct nearest nearest = {0};
	json_t *states = NULL, *names;

	if (!name || client_document(ctl, "Status", &states) != CTL_OK)
		return;
	names = names_of(states);
	add_all(&nearest, json_object_get(names, kind), name);
	say(&nearest);
	json_decref(names);
	json_decref(states);
}
