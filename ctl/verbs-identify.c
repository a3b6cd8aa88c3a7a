// SPDX-License-Identifier: MIT
#include "ctl/verbs-identify.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "ctl/chosen.h"
#include "ctl/client.h"
#include "ctl/command.h"
#include "ctl/feed.h"
#include "ctl/out.h"
#include "ctl/picked.h"
#include "ctl/topic.h"

#define SHAKE_S 60
/* coxad tells how fast a sensor turns five times a second; it counts what turned within two seconds. */
#define LIVE_S      0.2
#define LIVE_WINDOW 10
/* Of trying_step. */
#define CONNECT_STEPS 120 /* a stubborn radio may take most of it */
#define SHOW_STEPS    6   /* as long as it is shown */
#define SHAKE_STEPS   (2 * SHAKE_S)

static int done(const struct ctl *ctl, const char *name, const char *how)
{
	if (ctl->is_json)
		printf("{\"ok\": true}\n");
	else
		printf("%s: %s\n", name, how);
	return CTL_OK;
}

static void ask_to_shake(const struct ctl *ctl, const char *name)
{
	if (!ctl->is_json)
		printf("%s has neither light nor motor: shake it.\n", name);
	fflush(stdout);
}

static int not_shaken(const char *name)
{
	out_message("%s was not shaken within %d seconds: it is another one", name, SHAKE_S);
	return CTL_FAILED;
}

/* --- one of the configuration --- */

struct shaking {
	struct feed *feed;
	const char *name;
	double turned_deg[LIVE_WINDOW];
	unsigned n;
};

static void on_message(void *user, const char *topic, const json_t *payload)
{
	struct shaking *s = user;
	char name[TOPIC_NAME_SIZE];
	double turn_deg_s, sum_deg = 0;

	if (!payload || !topic_is(topic, "wearable", "live") || !topic_name(topic, name) ||
		strcmp(name, s->name) != 0)
		return;
	turn_deg_s = topic_number(payload, "turn_deg_s");
	s->turned_deg[s->n++ % LIVE_WINDOW] = turn_deg_s > 0 ? turn_deg_s * LIVE_S : 0;
	for (unsigned i = 0; i < LIVE_WINDOW; i++)
		sum_deg += s->turned_deg[i];
	if (chosen_is_shaken(sum_deg))
		feed_stop(s->feed, CTL_OK);
}

static int wait_for_shaking(struct ctl *ctl, const char *name, const char *kit)
{
	static const struct feed_ops ops = {.message = on_message};
	struct shaking s = {.name = name};
	json_t *payload = json_pack("{s:s,s:i}", "kit", kit, "seconds", SHAKE_S);
	int status = command_run(ctl, "watch", payload, NULL);

	if (status == CTL_OK)
		status = feed_new(ctl, kit, &ops, &s, &s.feed);
	if (status != CTL_OK)
		return status;
	ask_to_shake(ctl, name);
	status = feed_run(s.feed, SHAKE_S * UINT64_C(1000000));
	if (feed_is_over(s.feed))
		status = status == CTL_OK ? CTL_FAILED : status;
	else
		status = status == CTL_OK ? done(ctl, name, "it is the one that is shaken")
					  : not_shaken(name);
	feed_free(s.feed);
	return status;
}

static bool has_word(const json_t *array, const char *word)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)array, i, one)
	{
		if (json_is_string(one) && strcmp(json_string_value(one), word) == 0)
			return true;
	}
	return false;
}

/* It is known what it can do, and that it can do no more than be shaken. */
static const json_t *find_plain(const json_t *inventory, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(inventory, "wearables"), i, one)
	{
		if (strcmp(topic_text(one, "name"), name) == 0 &&
			has_word(json_object_get(one, "streams"), "motion") &&
			!has_word(json_object_get(one, "orders"), "identify"))
			return one;
	}
	return NULL;
}

static int identify_name(struct ctl *ctl, const char *name)
{
	json_t *inventory = NULL;
	const json_t *plain;
	int status = client_document(ctl, "Inventory", &inventory);

	if (status != CTL_OK)
		return status;
	plain = find_plain(inventory, name);
	if (plain) {
		status = wait_for_shaking(ctl, name, topic_text(plain, "kit"));
	} else {
		status = command_run(ctl, "identify", json_pack("{s:s}", "wearable", name), NULL);
		if (status == CTL_OK)
			status = done(ctl, name, "it shines or buzzes for five seconds");
	}
	json_decref(inventory);
	return status;
}

/* --- one that scan lists --- */

static int connect_to(struct trying *t, const char *address, const json_t **ret)
{
	int status = CTL_OK;

	*ret = NULL;
	trying_keep(t, address);
	for (unsigned i = 0; i < CONNECT_STEPS && status == CTL_OK && !*ret; i++) {
		status = trying_step(t);
		*ret = trying_held(t, address);
		if (*ret && strcmp(topic_text(*ret, "state"), "streaming") != 0)
			*ret = NULL;
	}
	if (status == CTL_OK && !*ret) {
		out_message("%s cannot be connected to: charge it, hold it nearer, or close the "
			    "maker's app",
			address);
		return CTL_FAILED;
	}
	return status;
}

static int show(struct trying *t, const char *address)
{
	int status = picked_show(t, trying_held(t, address));

	for (unsigned i = 0; i < SHOW_STEPS && status == CTL_OK; i++)
		status = trying_step(t);
	return status == CTL_OK ? done(t->ctl, address, "it shines or buzzes for three seconds")
				: status;
}

static int look_for_shaking(struct trying *t, const char *address)
{
	int status = CTL_OK;

	ask_to_shake(t->ctl, address);
	for (unsigned i = 0; i < SHAKE_STEPS && status == CTL_OK; i++) {
		status = trying_step(t);
		if (status == CTL_OK && chosen_by_shaking(t->held))
			return done(t->ctl, address, "it is the one that is shaken");
	}
	return status == CTL_OK ? not_shaken(address) : status;
}

static int identify_held(struct trying *t, const char *address)
{
	const json_t *sensor = NULL;
	int status = picked_hear(t, address);

	if (status == CTL_OK)
		status = connect_to(t, address, &sensor);
	if (status != CTL_OK)
		return status;
	if (json_is_true(json_object_get(sensor, "can_identify")))
		return show(t, address);
	if (json_is_true(json_object_get(trying_heard(t, address), "has_motion")))
		return look_for_shaking(t, address);
	out_message("%s has neither light nor motor, and does not feel when it is shaken", address);
	return CTL_FAILED;
}

int verbs_identify_run(struct ctl *ctl, int argc, char **argv)
{
	char address[ADDRESS_SIZE];
	struct trying t;
	int status;

	if (address_from_string(argv[1], address) < 0)
		return identify_name(ctl, argv[1]);
	trying_begin(&t, ctl);
	t.is_alone = true;
	status = identify_held(&t, address);
	trying_end(&t);
	return status;
}
