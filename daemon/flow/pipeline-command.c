// SPDX-License-Identifier: MIT
#include "coxad/flow/pipeline-command.h"

#include <errno.h>

#include "coxad/base/units.h"
#include "coxad/core/judge/judge-command.h"
#include "daemon/flow/pipeline-kit.h"
#include "daemon/flow/pipeline-private.h"

/* The kit that the command names, or -1 and the refusal. */
static int command_kit(
	const struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	int kit = conf_find_kit(p->conf, command->kit);

	if (kit < 0)
		command_refuse(
			reply, COMMAND_ERROR_UNKNOWN_KIT, "there is no kit %s", command->kit);
	return kit;
}

static void session_start(
	struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	int kit = command_kit(p, command, reply);
	const struct kit_conf *conf;
	const char *athlete;
	enum exercise exercise;
	int r;

	if (kit < 0)
		return;
	conf = &p->conf->kit[kit];
	athlete = command->athlete[0] ? command->athlete : conf->athlete;
	exercise = command->has_exercise ? command->exercise : conf->exercise;
	if (!athlete) {
		command_refuse(reply, COMMAND_ERROR_MISSING_MEMBER,
			"kit %s has no athlete; name one in the command", conf->name);
		return;
	}
	r = pipeline_kit_start_session(p, (unsigned)kit, athlete, exercise);
	if (r == -EBUSY) {
		command_refuse(reply, COMMAND_ERROR_BUSY,
			"%s already has a session with another kit; end that one first", athlete);
		return;
	}
	if (r < 0)
		command_refuse(
			reply, COMMAND_ERROR_BAD_VALUE, "cannot start a session for %s", athlete);
}

static void session_end(
	struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	int kit = command_kit(p, command, reply);

	if (kit >= 0 && pipeline_kit_end_session(p, (unsigned)kit) < 0)
		command_refuse(
			reply, COMMAND_ERROR_NO_SESSION, "kit %s has no session", command->kit);
}

static void calibrate(
	struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	int kit = command_kit(p, command, reply);

	if (kit < 0)
		return;
	if (!p->kit[kit].posture)
		command_refuse(reply, COMMAND_ERROR_NOT_SUPPORTED,
			"kit %s has no wearable on the body", command->kit);
	else if (!judge_athlete(p->judge, (unsigned)kit))
		command_refuse(reply, COMMAND_ERROR_NO_SESSION,
			"kit %s has no session; start one first", command->kit);
	else {
		kit_posture_calibrate(p->kit[kit].posture, p->now_us, command->step);
		pipeline_kit_note_due(p, (unsigned)kit);
	}
}

static void symptom(struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	struct symptom_report report = {
		.code = command->symptom,
		.site = command->site,
		.side = command->side,
		.intensity = command->intensity,
	};
	int r = judge_command_report_symptom(p->judge, p->now_us, command->athlete, &report,
		command->source[0] ? command->source : "trainer");

	if (r < 0)
		command_refuse(reply, COMMAND_ERROR_UNKNOWN_ATHLETE,
			"%s has no session; start one first", command->athlete);
}

static int override(struct pipeline *p, const struct command *command)
{
	struct judge_override override = {
		.pop = command->pop,
		.class = command->class,
		.by = command->by,
		.reason = command->reason,
	};

	return judge_command_override(p->judge, p->now_us, &override);
}

static void identify(struct pipeline *p, const struct command *command, struct command_reply *reply)
{
	static const unsigned seconds = 5;
	int wearable = conf_find_wearable(p->conf, command->wearable);
	int r;

	if (wearable < 0) {
		command_refuse(reply, COMMAND_ERROR_UNKNOWN_WEARABLE, "there is no wearable %s",
			command->wearable);
		return;
	}
	r = p->ops->order(p->user, (unsigned)wearable, DRIVER_ORDER_IDENTIFY, seconds);
	if (r == -ENOTSUP)
		command_refuse(reply, COMMAND_ERROR_NOT_SUPPORTED, "%s does not support identify",
			command->wearable);
	else if (r == -EAGAIN)
		command_refuse(reply, COMMAND_ERROR_BUSY,
			"%s has not answered earlier requests yet: too many wait for it; try again in a few seconds",
			command->wearable);
	else if (r < 0)
		command_refuse(reply, COMMAND_ERROR_NOT_CONNECTED, "%s is not connected",
			command->wearable);
}

void pipeline_command(struct pipeline *p, int64_t now_us, const struct command *command,
	struct command_reply *reply)
{
	p->now_us = now_us;
	reply->error = COMMAND_ERROR_NONE;
	reply->message[0] = '\0';
	switch (command->verb) {
	case COMMAND_SESSION_START:
		session_start(p, command, reply);
		break;
	case COMMAND_SESSION_END:
		session_end(p, command, reply);
		break;
	case COMMAND_CALIBRATE:
		calibrate(p, command, reply);
		break;
	case COMMAND_SYMPTOM:
		symptom(p, command, reply);
		break;
	case COMMAND_ACKNOWLEDGE:
		if (judge_command_acknowledge(p->judge, now_us, command->alert, command->by) < 0)
			command_refuse(reply, COMMAND_ERROR_UNKNOWN_ALERT,
				"there is no open alert %s", command->alert);
		break;
	case COMMAND_OVERRIDE:
		if (override(p, command) < 0)
			command_refuse(reply, COMMAND_ERROR_UNKNOWN_POP, "there is no pop %s",
				command->pop);
		break;
	case COMMAND_CLEAR_SYMPTOMS:
		if (judge_command_clear_symptoms(p->judge, now_us, command->athlete, command->by) <
			0)
			command_refuse(reply, COMMAND_ERROR_UNKNOWN_ATHLETE, "unknown athlete %s",
				command->athlete);
		break;
	case COMMAND_IDENTIFY:
		identify(p, command, reply);
		break;
	case COMMAND_CUE:
		if (judge_command_cue(p->judge, now_us, command->athlete, command->cue) < 0)
			command_refuse(reply, COMMAND_ERROR_UNKNOWN_ATHLETE,
				"%s has no session; start one first", command->athlete);
		break;
	case COMMAND_WATCH: /* gateway-command.c carries them out */
	case COMMAND_HISTORY:
	case COMMAND_COUNT:
		command_refuse(reply, COMMAND_ERROR_UNKNOWN_VERB, "unknown command");
		break;
	}
}
