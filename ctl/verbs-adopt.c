// SPDX-License-Identifier: MIT
#include "ctl/verbs-adopt.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/core/terms.h"
#include "ctl/drop-in.h"
#include "ctl/client.h"
#include "ctl/names.h"
#include "ctl/out.h"
#include "ctl/picked.h"
#include "ctl/topic.h"

#define EXERCISE_USUAL "supine-straight"

/* A kit of four: enough for every verdict. */
static const enum placement usual[] = {
	PLACEMENT_PELVIS, PLACEMENT_THIGH_LEFT, PLACEMENT_THIGH_RIGHT, PLACEMENT_HIP_RIGHT};

struct adopt {
	struct ctl *ctl;
	const char *kit;
	json_t *inventory;
	struct drop_in conf;
	struct trying trying;
	json_t *done; /* what was adopted, for --json */
};

/* --- names --- */

static bool is_plain(const char *name)
{
	if (name[0] && !strpbrk(name, "[]=\n\r"))
		return true;
	out_message("a name has none of the characters [ ] = and no line breaks");
	return false;
}

/* "the LEFT THIGH" */
static void words_of(enum placement placement, char ret[static 32])
{
	const char *text = placement_to_string(placement), *hyphen = strchr(text, '-');

	if (hyphen && (strcmp(hyphen, "-left") == 0 || strcmp(hyphen, "-right") == 0))
		snprintf(ret, 32, "the %s %.*s", hyphen + 1, (int)(hyphen - text), text);
	else
		snprintf(ret, 32, "the %s", text);
	for (char *c = ret + 4; *c; c++)
		*c = *c == '-' ? ' ' : (char)toupper((unsigned char)*c);
}

static const json_t *find_in(const json_t *list, const char *key, const char *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(
		(json_t *)list, i, one) if (strcmp(topic_text(one, key), value) == 0) return one;
	return NULL;
}

static bool is_taken(const struct adopt *a, enum placement placement)
{
	const char *text = placement_to_string(placement);
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(a->inventory, "wearables"), i,
		one) if (strcmp(topic_text(one, "kit"), a->kit) == 0 &&
			 strcmp(topic_text(one, "placement"), text) == 0) return true;
	return false;
}

/* "3-thigh-left", or with a number if somebody has that. */
static char *name_for(const struct adopt *a, enum placement placement)
{
	const json_t *all = json_object_get(a->inventory, "wearables");
	char *name = alloc_printf("%s-%s", a->kit, placement_to_string(placement));

	for (unsigned i = 2; find_in(all, "name", name) || drop_in_has(&a->conf, "wearable", name);
		i++) {
		free(name);
		name = alloc_printf("%s-%s-%u", a->kit, placement_to_string(placement), i);
	}
	return name;
}

/* --- adopt --- */

static int begin(struct adopt *a, struct ctl *ctl)
{
	int status;

	*a = (struct adopt){.ctl = ctl, .done = json_array()};
	trying_begin(&a->trying, ctl);
	status = client_document(ctl, "Inventory", &a->inventory);
	return status == CTL_OK ? drop_in_open(ctl, DROP_IN_TEXT_SENSORS, &a->conf) : status;
}

static void end(struct adopt *a)
{
	if (a->conf.config)
		drop_in_close(&a->conf);
	trying_end(&a->trying);
	json_decref(a->inventory);
	json_decref(a->done);
}

/* What is written is written whole. */
static int apply(struct adopt *a)
{
	sigset_t set, before;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &before);
	status = drop_in_apply(a->ctl, &a->conf);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static void tell(struct adopt *a, const char *name, json_t *sensor)
{
	char rate[32], battery[32];

	json_object_set_new(sensor, "name", json_string(name));
	json_array_append(a->done, sensor);
	trying_drop(&a->trying, topic_text(sensor, "address"));
	if (a->ctl->is_json)
		return;
	printf("%s%s%s: ", out_begin(stdout, OUT_GOOD), name, out_end(stdout, OUT_GOOD));
	printf("%s, %s, %s, battery %s\n", topic_text(sensor, "driver"),
		topic_text(sensor, "address"), out_member(sensor, "rate_hz", " Hz", rate, 32),
		out_member(sensor, "battery_percent", " %", battery, 32));
	fflush(stdout);
}

static void set_kit(struct adopt *a)
{
	const char *exercise = a->ctl->exercise;

	if (find_in(json_object_get(a->inventory, "kits"), "name", a->kit) && !exercise)
		return;
	if (exercise || !drop_in_has(&a->conf, "kit", a->kit))
		drop_in_set(
			&a->conf, "kit", a->kit, "exercise", exercise ? exercise : EXERCISE_USUAL);
}

static int write_down(
	struct adopt *a, const char *name, enum placement placement, const json_t *sensor)
{
	set_kit(a);
	drop_in_set(&a->conf, "wearable", name, "address", topic_text(sensor, "address"));
	drop_in_set(&a->conf, "wearable", name, "kit", a->kit);
	drop_in_set(&a->conf, "wearable", name, "placement", placement_to_string(placement));
	drop_in_set(&a->conf, "wearable", name, "driver", topic_text(sensor, "driver"));
	return apply(a);
}

static int adopt_one(struct adopt *a, enum placement placement)
{
	_auto_free_ char *name = name_for(a, placement);
	struct picked picked;
	char words[32];
	int status;

	words_of(placement, words);
	status = picked_find(&picked, &a->trying, words, a->ctl->address);
	if (status == CTL_OK)
		status = write_down(a, name, placement, picked.sensor);
	if (status == CTL_OK)
		tell(a, name, picked.sensor);
	json_decref(picked.sensor);
	return status;
}

static int adopt_usual(struct adopt *a)
{
	int status = CTL_OK;
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(usual) && status == CTL_OK; i++)
		if (!is_taken(a, usual[i])) {
			status = adopt_one(a, usual[i]);
			n++;
		}
	if (status == CTL_OK && !n)
		out_message("kit %s is complete; say which PLACEMENT to add", a->kit);
	return n ? status : CTL_FAILED;
}

static int adopt_at(struct adopt *a, const char *text)
{
	enum placement placement;

	if (placement_from_string(text, &placement) < 0) {
		out_message(
			"there is no placement %s; one of pelvis, lumbar, thigh-left, thigh-right, "
			"hip-left, hip-right, low-back, room",
			text);
		return CTL_USAGE;
	}
	if (is_taken(a, placement)) {
		out_message("kit %s has a sensor there; coxactl replace puts another in its place",
			a->kit);
		return CTL_FAILED;
	}
	return adopt_one(a, placement);
}

static int finish(struct adopt *a, int status)
{
	json_t *document = json_pack("{s:O}", "adopted", a->done);

	if (a->ctl->is_json && (status == CTL_OK || json_array_size(a->done)))
		out_json(document);
	json_decref(document);
	end(a);
	return status;
}

int verbs_adopt_run(struct ctl *ctl, int argc, char **argv)
{
	const char *kit = ctl->kit ? ctl->kit : argc > 1 ? argv[1] : NULL;
	const char *placement = ctl->placement ? ctl->placement : argc > 2 ? argv[2] : NULL;
	struct adopt a;
	int status;

	if (!kit || (ctl->address && !placement)) {
		out_message(kit ? "--address needs a PLACEMENT" : "which KIT? coxactl adopt KIT");
		return CTL_USAGE;
	}
	if (!is_plain(kit))
		return CTL_USAGE;
	status = begin(&a, ctl);
	a.kit = kit;
	if (status == CTL_OK)
		status = placement ? adopt_at(&a, placement) : adopt_usual(&a);
	return finish(&a, status);
}

/* --- release and replace --- */

static int unknown(struct adopt *a, const char *name)
{
	json_t *states = NULL, *names;

	out_message("there is no wearable %s", name);
	if (client_document(a->ctl, "Status", &states) == CTL_OK) {
		names = names_of(states);
		names_suggest_any(names, name);
		json_decref(names);
	}
	json_decref(states);
	return CTL_FAILED;
}

static const json_t *find_wearable(const struct adopt *a, const char *name)
{
	return find_in(json_object_get(a->inventory, "wearables"), "name", name);
}

/* A kit that coxactl made goes with its last sensor. */
static void remove_empty_kit(struct adopt *a, const char *kit, const char *released)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(a->inventory, "wearables"), i,
		one) if (strcmp(topic_text(one, "kit"), kit) == 0 &&
			 strcmp(topic_text(one, "name"), released) != 0) return;
	drop_in_remove(&a->conf, "kit", kit);
}

static int release(struct adopt *a, const char *name)
{
	const json_t *wearable = find_wearable(a, name);

	if (!wearable)
		return unknown(a, name);
	if (!drop_in_is_whole(&a->conf, name)) {
		out_message(
			"%s was not adopted but stands in coxad.conf or a file of coxad.conf.d; remove "
			"its section there, then coxactl reload",
			name);
		return CTL_FAILED;
	}
	drop_in_remove(&a->conf, "wearable", name);
	remove_empty_kit(a, topic_text(wearable, "kit"), name);
	return apply(a);
}

int verbs_adopt_release(struct ctl *ctl, int argc, char **argv)
{
	struct adopt a;
	int status = begin(&a, ctl);

	if (status == CTL_OK)
		status = release(&a, argv[1]);
	end(&a);
	return status;
}

/* What a drop-in says of an address goes before what coxad.conf says. */
static int replace(struct adopt *a, const char *old, const char *address)
{
	const json_t *wearable = find_wearable(a, old);
	struct picked picked;
	int status;

	if (!wearable)
		return unknown(a, old);
	status = picked_find(&picked, &a->trying, old, address);
	if (status == CTL_OK) {
		drop_in_set(
			&a->conf, "wearable", old, "address", topic_text(picked.sensor, "address"));
		drop_in_set(
			&a->conf, "wearable", old, "driver", topic_text(picked.sensor, "driver"));
		status = apply(a);
	}
	if (status == CTL_OK)
		tell(a, old, picked.sensor);
	json_decref(picked.sensor);
	return status;
}

int verbs_adopt_replace(struct ctl *ctl, int argc, char **argv)
{
	struct adopt a;
	int status = begin(&a, ctl);

	if (status == CTL_OK && is_plain(argv[1]))
		status = replace(&a, argv[1],
			ctl->address ? ctl->address
			: argc > 2   ? argv[2]
				     : NULL);
	return finish(&a, status);
}
