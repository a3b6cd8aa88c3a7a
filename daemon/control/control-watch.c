// SPDX-License-Identifier: MIT
#include "daemon/control/control-watch.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/control/control-bus.h"
#include "daemon/control/state-text.h"

/* Messages that the bus has not taken yet. */
#define QUEUE_SAMPLES_MAX 64
#define QUEUE_MAX         512

static void end(struct control_watch_one *one)
{
	one->caller = sd_bus_track_unref(one->caller);
}

void control_watch_clear(struct control_watch *w)
{
	for (size_t i = 0; i < CONTROL_WATCH_MAX; i++)
		end(&w->one[i]);
	w->bus = NULL;
}

static int on_caller_gone(sd_bus_track *track, void *user)
{
	end(user);
	return 0;
}

static const char *caller_of(const struct control_watch_one *one)
{
	return one->caller ? sd_bus_track_first(one->caller) : NULL;
}

static bool is_due(struct control_watch_one *one)
{
	if (one->caller && (!caller_of(one) || one->until_us <= clock_now_us()))
		end(one);
	return one->caller != NULL;
}

static struct control_watch_one *find(struct control_watch *w, const char *caller)
{
	struct control_watch_one *spare = NULL;

	for (size_t i = 0; i < CONTROL_WATCH_MAX; i++) {
		const char *name = caller_of(&w->one[i]);

		if (name && strcmp(name, caller) == 0)
			return &w->one[i];
		if (!name || w->one[i].until_us <= clock_now_us())
			spare = &w->one[i];
	}
	return spare;
}

int control_watch_start(
	struct control_watch *w, sd_bus_message *call, const char *kit, unsigned seconds)
{
	struct control_watch_one *one = find(w, sd_bus_message_get_sender(call));
	bool goes_on;
	int r;

	if (!one)
		return -EBUSY;
	goes_on = is_due(one) && strcmp(caller_of(one), sd_bus_message_get_sender(call)) == 0 &&
		  strcmp(one->kit, kit) == 0;
	end(one);
	w->fresh = NULL;
	if (seconds == 0)
		return 0;
	if (seconds > CONTROL_WATCH_S_MAX)
		seconds = CONTROL_WATCH_S_MAX;
	w->bus = sd_bus_message_get_bus(call);
	*one = (struct control_watch_one){.until_us = clock_now_us() + seconds * US_PER_S,
		.bytes_left = CONTROL_WATCH_BYTES_MAX};
	snprintf(one->kit, sizeof(one->kit), "%s", kit);
	r = sd_bus_track_new(w->bus, &one->caller, on_caller_gone, one);
	if (r >= 0)
		r = sd_bus_track_add_sender(one->caller, call);
	if (r < 0)
		end(one);
	else if (!goes_on)
		w->fresh = one;
	return r;
}

/* --- whom a message concerns --- */

/* What stands between the first and the last slash of "athlete/ana/pop". */
static bool subject_of(const char *topic, char ret[static NAME_SIZE])
{
	const char *first = strchr(topic, '/'), *last = strrchr(topic, '/');
	size_t length = first && last > first ? (size_t)(last - first - 1) : 0;

	if (length == 0 || length >= NAME_SIZE)
		return false;
	memcpy(ret, first + 1, length);
	ret[length] = '\0';
	return true;
}

static bool is_kind(const char *topic, const char *first)
{
	size_t length = strlen(first);

	return strncmp(topic, first, length) == 0 && topic[length] == '/';
}

static bool concerns(const struct control_watch *w, const char *topic, const char *kit)
{
	char subject[NAME_SIZE];
	int wearable, number;

	if (kit[0] == '\0' || is_kind(topic, "gateway"))
		return true;
	if (!subject_of(topic, subject))
		return false;
	if (is_kind(topic, "kit"))
		return strcmp(subject, kit) == 0;
	number = conf_find_kit(w->conf, kit);
	if (number < 0)
		return false;
	if (is_kind(topic, "athlete"))
		return strcmp(w->wearer[number].kit, kit) == 0 &&
		       strcmp(w->wearer[number].athlete, subject) == 0;
	wearable = conf_find_wearable(w->conf, subject);
	return is_kind(topic, "wearable") && wearable >= 0 &&
	       w->conf->wearable[wearable].kit == (unsigned)number;
}

static void note_wearer(struct control_watch *w, const char *kit, const char *athlete)
{
	int number = conf_find_kit(w->conf, kit);

	for (size_t i = 0; i < CONF_KITS_MAX; i++)
		if (strcmp(w->wearer[i].athlete, athlete) == 0)
			w->wearer[i] = (struct control_watch_wearer){0};
	if (number < 0)
		return;
	snprintf(w->wearer[number].kit, NAME_SIZE, "%s", kit);
	snprintf(w->wearer[number].athlete, NAME_SIZE, "%s", athlete);
}

/* kit/<kit>/session, whose end leaves the athlete: what is judged late is still about that kit. */
static void note_session(struct control_watch *w, const char *topic, const struct message *message)
{
	char kit[NAME_SIZE];
	const char *last = strrchr(topic, '/'), *athlete;
	json_t *session;

	if (!is_kind(topic, "kit") || !last || strcmp(last, "/session") != 0 || !message->size ||
		!subject_of(topic, kit))
		return;
	session = json_loadb(message->payload, message->size, 0, NULL);
	athlete = json_string_value(json_object_get(session, "athlete"));
	if (athlete)
		note_wearer(w, kit, athlete);
	json_decref(session);
}

/* --- what is sent --- */

static int send_to(
	struct control_watch *w, const char *caller, const char *topic, const char *payload)
{
	sd_bus_message *signal = NULL;
	int r = sd_bus_message_new_signal(
		w->bus, &signal, CONTROL_BUS_PATH, CONTROL_BUS_GATEWAY, "Message");

	if (r >= 0)
		r = sd_bus_message_append(signal, "ss", topic, payload);
	if (r >= 0)
		r = sd_bus_send_to(w->bus, signal, caller, NULL);
	sd_bus_message_unref(signal);
	return r;
}

static void tell(struct control_watch *w, struct control_watch_one *one, const char *topic,
	const struct message *message)
{
	_auto_free_ char *payload = alloc_zero(1, message->size + 1);
	size_t bytes = strlen(topic) + message->size;

	if (bytes > one->bytes_left) {
		w->left_out++;
		end(one);
		return;
	}
	one->bytes_left -= bytes;
	if (message->size)
		memcpy(payload, message->payload, message->size);
	if (send_to(w, caller_of(one), topic, payload) < 0)
		w->left_out++;
}

static bool has_space(const struct control_watch *w, const struct message *message)
{
	uint64_t queued = 0;

	sd_bus_get_n_queued_write(w->bus, &queued);
	return queued < (message->qos ? QUEUE_MAX : QUEUE_SAMPLES_MAX);
}

void control_watch_message(struct control_watch *w, const struct message *message)
{
	const char *topic = state_text_below(message->topic, w->conf->mqtt.base);

	if (!topic)
		return;
	note_session(w, topic, message);
	for (size_t i = 0; i < CONTROL_WATCH_MAX; i++) {
		struct control_watch_one *one = &w->one[i];

		if (!is_due(one) || !concerns(w, topic, one->kit))
			continue;
		if (has_space(w, message))
			tell(w, one, topic, message);
		else
			w->left_out++;
	}
}

void control_watch_tell_state(void *watch, const struct message *message)
{
	struct control_watch *w = watch;
	const char *topic = state_text_below(message->topic, w->conf->mqtt.base);

	if (topic && w->fresh && caller_of(w->fresh) && concerns(w, topic, w->fresh->kit))
		tell(w, w->fresh, topic, message);
}
