// SPDX-License-Identifier: MIT
#include "ctl/trying.h"

#include <string.h>
#include <time.h>

#include "ctl/client.h"
#include "ctl/nearby.h"
#include "ctl/topic.h"

#define HELD_MAX 3
#define LEASE_S  5
#define STEP_NS  500000000

void trying_begin(struct trying *t, struct ctl *ctl)
{
	*t = (struct trying){.ctl = ctl,
		.wanted = json_array(),
		.passed = json_array(),
		.heard = json_array(),
		.held = json_array()};
}

static bool has(const json_t *addresses, const char *address)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)addresses, i,
		one) if (strcmp(json_string_value(one), address) == 0) return true;
	return false;
}

static const json_t *find(const json_t *list, const char *address)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i,
		one) if (strcmp(topic_text(one, "address"), address) == 0) return one;
	return NULL;
}

/* Those that give motion: nothing else can be shaken. */
static void want_nearest(struct trying *t)
{
	json_t *one;
	size_t i;

	if (t->is_alone)
		return;
	json_array_foreach(t->heard, i, one)
	{
		const char *address = topic_text(one, "address");

		if (json_array_size(t->wanted) < HELD_MAX && !has(t->wanted, address) &&
			!has(t->passed, address) &&
			json_is_true(json_object_get(one, "has_motion")))
			json_array_append_new(t->wanted, json_string(address));
	}
}

static int append_addresses(const struct trying *t, sd_bus_message *message)
{
	json_t *one;
	size_t i;
	int r = sd_bus_message_open_container(message, 'a', "s");

	json_array_foreach(t->wanted, i, one) if (r >= 0) r =
		sd_bus_message_append(message, "s", json_string_value(one));
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int ask(struct trying *t, json_t **ret)
{
	struct client_call call = {CLIENT_ADMIN, "Try", 0};
	sd_bus_message *message = NULL, *reply = NULL;
	int r, status = client_new(t->ctl, &call, &message);

	if (status != CTL_OK)
		return status;
	r = append_addresses(t, message);
	if (r >= 0)
		r = sd_bus_message_append(message, "u", (uint32_t)LEASE_S);
	status = client_send(t->ctl, &call, r, message, &reply);
	if (status == CTL_OK)
		status = client_parse(reply, ret);
	sd_bus_message_unref(reply);
	return status;
}

void trying_end(struct trying *t)
{
	json_t *answer = NULL;

	/* So that the next one need not wait for that to happen by itself. */
	json_array_clear(t->wanted);
	if (t->is_held && ask(t, &answer) == CTL_OK)
		json_decref(answer);
	json_decref(t->wanted);
	json_decref(t->passed);
	json_decref(t->heard);
	json_decref(t->held);
}

/* A connected one does not advertise: what was heard of it before still counts. */
static void keep_held(const struct trying *t, json_t *heard)
{
	json_t *one;
	size_t i;

	json_array_foreach(t->heard, i, one)
	{
		const char *address = topic_text(one, "address");

		if (has(t->wanted, address) && !find(heard, address))
			json_array_append(heard, one);
	}
}

int trying_step(struct trying *t)
{
	json_t *answer = NULL, *heard = NULL;
	int status = nearby_look(t->ctl, 0, &heard);

	if (status != CTL_OK)
		return status;
	keep_held(t, heard);
	json_decref(t->heard);
	t->heard = nearby_sorted(heard);
	json_decref(heard);
	want_nearest(t);
	status = ask(t, &answer);
	t->is_held = status == CTL_OK;
	if (status == CTL_OK) {
		json_decref(t->held);
		t->held = json_incref(json_object_get(answer, "held"));
	}
	json_decref(answer);
	nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
	return status;
}

void trying_pass(struct trying *t)
{
	bool is_all;

	json_array_extend(t->passed, t->wanted);
	json_array_clear(t->wanted);
	want_nearest(t);
	is_all = json_array_size(t->wanted) == 0;
	/* Everybody had a turn: from the beginning. */
	if (is_all)
		json_array_clear(t->passed);
}

void trying_keep(struct trying *t, const char *address)
{
	if (has(t->wanted, address))
		return;
	json_array_clear(t->wanted);
	json_array_append_new(t->wanted, json_string(address));
}

void trying_drop(struct trying *t, const char *address)
{
	for (size_t i = json_array_size(t->wanted); i-- > 0;)
		if (strcmp(json_string_value(json_array_get(t->wanted, i)), address) == 0)
			json_array_remove(t->wanted, i);
	json_array_clear(t->passed);
}

const json_t *trying_held(const struct trying *t, const char *address)
{
	return find(t->held, address);
}

const json_t *trying_heard(const struct trying *t, const char *address)
{
	return find(t->heard, address);
}
