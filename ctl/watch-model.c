// SPDX-License-Identifier: MIT
#include "ctl/watch-model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/topic.h"

struct watch_model *watch_model_new(void)
{
	return new0(struct watch_model);
}

struct watch_model *watch_model_free(struct watch_model *m)
{
	free(m);
	return NULL;
}

/* Cut between characters. */
static void keep(char ret[static WATCH_MODEL_TEXT], const char *text)
{
	size_t size = strnlen(text, WATCH_MODEL_TEXT);

	if (size == WATCH_MODEL_TEXT)
		for (size--; size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80; size--)
			;
	memcpy(ret, text, size);
	ret[size] = '\0';
}

static void keep_member(char ret[static WATCH_MODEL_TEXT], const json_t *payload, const char *key)
{
	keep(ret, payload ? topic_text(payload, key) : "");
}

/* Where a name is or belongs among n records, each `size` bytes that begin with the name. */
static size_t place_of(const char *records, size_t n, size_t size, const char *name)
{
	size_t i = 0;

	while (i < n && strcmp(records + i * size, name) < 0)
		i++;
	return i;
}

/* NULL: there are too many. */
static void *record(void *records, size_t *n, size_t max, size_t size, const char *name)
{
	char *all = records, *one, text[WATCH_MODEL_TEXT];
	size_t i;

	keep(text, name);
	i = place_of(all, *n, size, text);
	one = all + i * size;
	if (i < *n && strcmp(one, text) == 0)
		return one;
	if (*n == max)
		return NULL;
	memmove(one + size, one, (*n - i) * size);
	(*n)++;
	memset(one, 0, size);
	memcpy(one, text, sizeof(text));
	return one;
}

static struct watch_model_kit *kit_of(struct watch_model *m, const char *name)
{
	struct watch_model_kit *kit =
		name[0] == '-' && !name[1]
			? NULL
			: record(m->kit, &m->n_kits, WATCH_MODEL_KITS, sizeof(m->kit[0]), name);

	if (kit && !kit->athlete[0] && !kit->rep)
		kit->angle_deg = NAN;
	return kit;
}

static struct watch_model_kit *kit_with(struct watch_model *m, const char *athlete)
{
	for (size_t i = 0; i < m->n_kits; i++)
		if (m->kit[i].athlete[0] && strcmp(m->kit[i].athlete, athlete) == 0)
			return &m->kit[i];
	return NULL;
}

static void take_wearable(struct watch_model *m, const char *name, const json_t *payload)
{
	struct watch_model_wearable *w =
		record(m->wearable, &m->n_wearables, WATCH_MODEL_WEARABLES, sizeof(*w), name);

	if (!w || !payload)
		return;
	keep_member(w->kit, payload, "kit");
	keep_member(w->placement, payload, "placement");
	keep_member(w->state, payload, "state");
	w->rssi_dbm = topic_number(payload, "rssi_dbm");
	w->battery_percent = topic_number(payload, "battery_percent");
	w->loss_percent = topic_number(payload, "loss_percent");
	w->rate_hz = topic_number(payload, "rate_hz");
	kit_of(m, w->kit);
}

static void take_session(struct watch_model *m, const char *name, const json_t *payload)
{
	struct watch_model_kit *kit = kit_of(m, name);
	char athlete[WATCH_MODEL_TEXT];

	if (!kit)
		return;
	keep_member(athlete, payload, "athlete");
	if (strcmp(athlete, kit->athlete) != 0) {
		memset(kit->phase, 0, sizeof(*kit) - offsetof(struct watch_model_kit, phase));
		kit->angle_deg = NAN;
	}
	memcpy(kit->athlete, athlete, sizeof(athlete));
	keep_member(kit->exercise, payload, "exercise");
}

static void take_calibration(struct watch_model *m, const char *name, const json_t *payload)
{
	struct watch_model_kit *kit = kit_of(m, name);
	char text[2 * WATCH_MODEL_TEXT];

	if (!kit)
		return;
	snprintf(text, sizeof(text), "%.30s %.16s", payload ? topic_text(payload, "step") : "",
		payload ? topic_text(payload, "state") : "");
	keep(kit->calibration, text);
}

/* The leg that is higher. */
static double angle_of(const json_t *posture)
{
	return fmax(topic_number(posture, "elevation_left_deg"),
		topic_number(posture, "elevation_right_deg"));
}

static unsigned count_of(const json_t *payload, const char *key)
{
	double number = topic_number(payload, key);

	return number >= 0 && number < 1e9 ? (unsigned)number : 0;
}

static void take_posture(struct watch_model_kit *kit, const json_t *payload)
{
	keep_member(kit->phase, payload, "phase");
	kit->angle_deg = angle_of(payload);
	kit->rep = count_of(payload, "rep");
}

static void take_pop(struct watch_model_kit *kit, const json_t *payload, int64_t now_us)
{
	char text[2 * WATCH_MODEL_TEXT];

	snprintf(text, sizeof(text), "%.20s at %.20s", topic_text(payload, "class"),
		topic_text(payload, "site"));
	keep(kit->pop, text);
	kit->pop_us = now_us;
}

static void take_alerts(struct watch_model_kit *kit, const json_t *payload)
{
	const json_t *first = json_array_get(json_object_get(payload, "alerts"), 0);

	keep(kit->alert, first ? topic_text(first, "label") : "");
}

static void take_athlete(struct watch_model *m, const char *topic, const char *name,
	const json_t *payload, int64_t now_us)
{
	struct watch_model_kit *kit = kit_with(m, name);

	if (!kit)
		return;
	if (topic_is(topic, "athlete", "alerts"))
		take_alerts(kit, payload);
	else if (!payload)
		return;
	else if (topic_is(topic, "athlete", "posture"))
		take_posture(kit, payload);
	else if (topic_is(topic, "athlete", "rep"))
		kit->rep = count_of(payload, "rep");
	else if (topic_is(topic, "athlete", "pop"))
		take_pop(kit, payload, now_us);
	else if (topic_is(topic, "athlete", "cue"))
		keep_member(kit->cue, payload, "text");
}

void watch_model_take(
	struct watch_model *m, const char *topic, const json_t *payload, int64_t now_us)
{
	char name[TOPIC_NAME_SIZE];

	if (!topic_name(topic, name))
		return;
	if (topic_is(topic, "wearable", "status"))
		take_wearable(m, name, payload);
	else if (topic_is(topic, "kit", "session"))
		take_session(m, name, payload);
	else if (topic_is(topic, "kit", "calibration"))
		take_calibration(m, name, payload);
	else if (topic_is(topic, "gateway", "health"))
		keep_member(m->health, payload, "state");
	else if (topic_is(topic, "gateway", "status")) {
		keep(m->gateway, name);
		keep_member(m->state, payload, "state");
	} else {
		take_athlete(m, topic, name, payload, now_us);
	}
}

size_t watch_model_count(const struct watch_model *m, const char *kit, size_t *ret_streaming)
{
	size_t n = 0;

	*ret_streaming = 0;
	for (size_t i = 0; i < m->n_wearables; i++)
		if (!kit || strcmp(m->wearable[i].kit, kit) == 0) {
			n++;
			*ret_streaming += strcmp(m->wearable[i].state, "streaming") == 0;
		}
	return n;
}
