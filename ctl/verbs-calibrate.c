// SPDX-License-Identifier: MIT
#include "ctl/verbs-calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/core/terms.h"
#include "ctl/command.h"
#include "ctl/feed.h"
#include "ctl/out.h"
#include "ctl/topic.h"

/* Longer than an athlete takes for the longest step. */
#define PATIENCE_US (120 * UINT64_C(1000000))
#define STEP_BYTES  32

static const char *const instructions[CALIBRATION_STEP_COUNT] = {
	[CALIBRATION_STEP_NEUTRAL] = "Lie on the back, knees bent, relaxed, for 3 seconds.",
	[CALIBRATION_STEP_FLAT_BACK] = "Press the low back to the floor, for 3 seconds.",
	[CALIBRATION_STEP_PELVIC_TILTS] = "Tilt the pelvis slowly, three times.",
	[CALIBRATION_STEP_LEG_RAISE_LEFT] =
		"Raise the left leg slowly, twice; the other lies flat.",
	[CALIBRATION_STEP_LEG_RAISE_RIGHT] =
		"Raise the right leg slowly, twice; the other lies flat.",
	[CALIBRATION_STEP_CLAP] = "Clap the hands three times.",
};

struct calibrate {
	struct ctl *ctl;
	const char *kit, *step;
	bool is_terminal; /* both ways: somebody can be asked */
	bool is_waiting;  /* for Enter */
	bool is_asked;    /* the step was begun */
	bool has_no_sensor;
	char answer[STEP_BYTES]; /* what was entered last */
	char angle[STEP_BYTES], why[256];
	struct feed *feed;
};

/* One line that is written over. */
static void show(const struct calibrate *c)
{
	if (!c->is_terminal || !c->is_asked)
		return;
	printf("\r\033[K  ");
	out_clean(stdout, c->why);
	if (c->angle[0])
		printf("  %s", c->angle);
	fflush(stdout);
}

static void on_calibration(struct calibrate *c, const json_t *payload)
{
	const char *state = topic_text(payload, "state");
	const char *why = json_string_value(json_object_get(payload, "why"));

	if (!c->is_asked || strcmp(topic_text(payload, "step"), c->step) != 0)
		return;
	snprintf(c->why, sizeof(c->why), "%s", why ? why : "");
	c->has_no_sensor = strcmp(topic_text(payload, "code"), "no_sensor") == 0;
	show(c);
	if (strcmp(state, "accepted") == 0)
		feed_stop(c->feed, CTL_OK);
	else if (strcmp(state, "rejected") == 0)
		feed_stop(c->feed, CTL_FAILED);
}

static void on_posture(struct calibrate *c, const json_t *payload)
{
	double angle = fmax(topic_number(payload, "elevation_left_deg"),
		topic_number(payload, "elevation_right_deg"));
	double tilt = topic_number(payload, "pelvic_tilt_deg");

	if (!isnan(angle))
		snprintf(c->angle, sizeof(c->angle), "leg %.0f°", angle);
	else if (!isnan(tilt))
		snprintf(c->angle, sizeof(c->angle), "tilt %.0f°", tilt);
}

static void on_message(void *user, const char *topic, const json_t *payload)
{
	struct calibrate *c = user;

	if (!payload)
		return;
	if (topic_is(topic, "kit", "calibration"))
		on_calibration(c, payload);
	else if (topic_is(topic, "athlete", "posture"))
		on_posture(c, payload);
}

static void on_tick(void *user)
{
	show(user);
}

static void on_line(void *user, const char *line)
{
	struct calibrate *c = user;

	if (!c->is_waiting)
		return;
	snprintf(c->answer, sizeof(c->answer), "%s", line ? line : "q");
	feed_stop(c->feed, CTL_OK);
}

static const struct feed_ops terminal_ops = {
	.message = on_message, .tick = on_tick, .line = on_line};
static const struct feed_ops quiet_ops = {.message = on_message};

/* Waits for a line; false: no more. */
static bool ask(struct calibrate *c, const char *question)
{
	if (!c->is_terminal)
		return true;
	printf("%s ", question);
	fflush(stdout);
	c->is_waiting = true;
	feed_run(c->feed, UINT64_MAX);
	c->is_waiting = false;
	return !feed_is_over(c->feed) && c->answer[0] != 'q';
}

static int begin(struct calibrate *c)
{
	json_t *payload = json_pack("{s:s,s:s}", "kit", c->kit, "step", c->step);

	/* What was told until now is about earlier steps. */
	feed_catch_up(c->feed);
	c->why[0] = '\0';
	c->has_no_sensor = false;
	c->is_asked = true;
	return command_run(c->ctl, "calibrate", payload, NULL);
}

static void tell(const struct calibrate *c, const char *outcome, enum out_look look)
{
	if (c->is_terminal)
		printf("\r\033[K");
	printf("%s: %s%s%s", c->step, out_begin(stdout, look), outcome, out_end(stdout, look));
	if (c->why[0]) {
		printf(": ");
		out_clean(stdout, c->why);
	}
	putchar('\n');
	fflush(stdout);
}

/* One try of one step. */
static int try(struct calibrate *c)
{
	int status = begin(c);

	if (status == CTL_OK)
		status = feed_run(c->feed, PATIENCE_US);
	else
		c->is_asked = false;
	if (!c->is_asked || feed_is_over(c->feed))
		return status == CTL_OK ? CTL_FAILED : status;
	c->is_asked = false;
	if (status == CTL_OK)
		tell(c, "accepted", OUT_GOOD);
	else if (c->has_no_sensor)
		tell(c, "left out", OUT_FAINT);
	else
		tell(c, "rejected", OUT_BAD);
	return status == CTL_OK || c->has_no_sensor ? CTL_OK : CTL_FAILED;
}

static int do_step(struct calibrate *c, enum calibration_step step)
{
	int status;

	c->step = calibration_step_to_string(step);
	printf("%s: %s\n", c->step, instructions[step]);
	fflush(stdout);
	if (!ask(c, "Enter when ready, q to end:"))
		return CTL_FAILED;
	do
		status = try(c);
	while (status != CTL_OK && c->is_terminal && !feed_is_over(c->feed) &&
		ask(c, "Enter to try again, q to end:"));
	return status;
}

static int do_steps(struct calibrate *c)
{
	int status = CTL_OK;

	for (unsigned i = 0; i < CALIBRATION_STEP_COUNT && status == CTL_OK; i++)
		status = do_step(c, (enum calibration_step)i);
	return status;
}

int verbs_calibrate_run(struct ctl *ctl, int argc, char **argv)
{
	struct calibrate c = {.ctl = ctl, .kit = argv[1]};
	enum calibration_step step = CALIBRATION_STEP_COUNT;
	int status;

	if (argc > 2 && calibration_step_from_string(argv[2], &step) < 0) {
		out_message("there is no step %s; one of neutral, flat-back, pelvic-tilts, "
			    "leg-raise-left, leg-raise-right, clap",
			argv[2]);
		return CTL_USAGE;
	}
	c.is_terminal = out_is_terminal(stdout) && isatty(STDIN_FILENO) == 1;
	status = feed_new(ctl, c.kit, c.is_terminal ? &terminal_ops : &quiet_ops, &c, &c.feed);
	if (status != CTL_OK)
		return status;
	status = argc > 2 ? do_step(&c, step) : do_steps(&c);
	feed_free(c.feed);
	return status;
}
