// SPDX-License-Identifier: MIT
#include "ctl/picked.h"

#include <stdio.h>
#include <string.h>

#include "ctl/chosen.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/topic.h"

/* Steps of half a second. */
#define PATIENCE_STEPS 240
#define STILL_STEPS    24 /* connecting takes up to ten */
#define TURN_STEPS     40 /* then the next three have their turn */
#define PROOF_STEPS    20
#define PROOF_TRIES    120 /* pairing and a stubborn radio may take most of it */
#define LOSS_MOST      20.0

int picked_show(struct trying *t, const json_t *sensor)
{
	struct client_call call = {CLIENT_ADMIN, "Identify", 0};

	if (!json_is_true(json_object_get(sensor, "can_identify")))
		return CTL_OK;
	return client_run(t->ctl, &call, NULL, "su", topic_text(sensor, "address"), (uint32_t)3);
}

static bool is_good(const json_t *sensor)
{
	return sensor && strcmp(topic_text(sensor, "state"), "streaming") == 0 &&
	       topic_number(sensor, "rate_hz") > 0 &&
	       !(topic_number(sensor, "loss_percent") > LOSS_MOST);
}

static int refuse(const json_t *sensor, const char *address)
{
	if (sensor && strcmp(topic_text(sensor, "problem"), "needs_pairing") == 0)
		out_message(
			"%s has to be paired, and does not agree to it by itself: coxactl pair %s, "
			"then adopt it again",
			address, address);
	else
		out_message(
			"%s does not send well enough to be adopted (%s): charge it, hold it nearer, "
			"or close the maker's app",
			address, sensor ? topic_text(sensor, "state") : "not connected");
	return CTL_FAILED;
}

/* Ten seconds of data without a break. */
static int prove(struct picked *p, struct trying *t, const char *address)
{
	const json_t *sensor = NULL;
	unsigned good = 0;
	int status = CTL_OK;

	trying_keep(t, address);
	for (unsigned i = 0; i < PROOF_TRIES && status == CTL_OK && good < PROOF_STEPS; i++) {
		status = trying_step(t);
		sensor = trying_held(t, address);
		if (is_good(sensor) && good++ == 0)
			picked_show(t, sensor);
		else if (!is_good(sensor))
			good = 0;
	}
	if (status == CTL_OK && good < PROOF_STEPS)
		return refuse(sensor, address);
	if (status == CTL_OK)
		p->sensor = json_deep_copy(sensor);
	return status;
}

/* Of those whose data have come. NULL: nobody yet. */
static const char *choice(const struct trying *t, unsigned steps)
{
	const json_t *one = chosen_by_shaking(t->held);

	if (!one && steps >= STILL_STEPS)
		one = chosen_by_distance(t->heard);
	return one ? topic_text(one, "address") : NULL;
}

static int search(struct trying *t, char ret[static 32])
{
	const char *address = NULL;
	int status = CTL_OK;

	for (unsigned i = 0; i < PATIENCE_STEPS && status == CTL_OK && !address; i++) {
		status = trying_step(t);
		address = status == CTL_OK ? choice(t, i) : NULL;
		if (!address && i % TURN_STEPS == TURN_STEPS - 1)
			trying_pass(t);
	}
	if (status == CTL_OK && !address) {
		out_message(
			"no sensor was shaken: switch it on, hold it near, and close the maker's app");
		return CTL_FAILED;
	}
	if (status == CTL_OK)
		snprintf(ret, 32, "%s", address);
	return status;
}

int picked_hear(struct trying *t, const char *address)
{
	int status = trying_step(t);

	for (unsigned i = 0; i < STILL_STEPS && status == CTL_OK && !trying_heard(t, address); i++)
		status = trying_step(t);
	if (status == CTL_OK && !trying_heard(t, address)) {
		out_message("%s is not heard, or is adopted already; coxactl scan lists what is",
			address);
		return CTL_FAILED;
	}
	return status;
}

int picked_find(struct picked *ret, struct trying *t, const char *what, const char *address)
{
	char found[32];
	int status;

	*ret = (struct picked){0};
	if (address) {
		snprintf(found, sizeof(found), "%s", address);
		status = picked_hear(t, found);
	} else {
		if (!t->ctl->is_json)
			printf("Shake the sensor for %s.\n", what);
		fflush(stdout);
		status = search(t, found);
	}
	return status == CTL_OK ? prove(ret, t, found) : status;
}
