// SPDX-License-Identifier: MIT
#include "daemon/wire/message-text.h"

#include <math.h>
#include <stdio.h>

const char *message_text_label(enum pop_class class)
{
	switch (class) {
	case POP_CLASS_BENIGN:
		return "Ordinary sound";
	case POP_CLASS_FORM_FAULT:
		return "Correct the form";
	case POP_CLASS_RED_FLAG:
	case POP_CLASS_SYMPTOM_ONLY:
		return "Stop and check with the athlete";
	case POP_CLASS_REVIEW:
		return "Ask the athlete";
	case POP_CLASS_NOT_A_POP:
		return "Not from the body";
	case POP_CLASS_COUNT:
		break;
	}
	return "";
}

static const char *text(enum cue_code code)
{
	switch (code) {
	case CUE_POSTERIOR_TILT:
		return "Press your low back into the floor.";
	case CUE_BRACE:
		return "Tighten your belly before you lift. Keep breathing.";
	case CUE_REDUCE_RANGE:
		return "Do not lower so far.";
	case CUE_SLOW_LOWERING:
		return "Slower on the way down.";
	case CUE_BENT_KNEE:
		return "Bend the knees to 90°.";
	case CUE_SINGLE_LEG:
		return "One leg at a time.";
	case CUE_BENT_SINGLE:
		return "Knees bent, and one leg at a time.";
	case CUE_END_EXERCISE:
		return "That is enough. Stop this exercise.";
	case CUE_END_SET:
		return "You are getting tired. End this set.";
	case CUE_LEG_ROTATION:
		return "Turn the leg out a little more, or a little less.";
	case CUE_REVERSE:
		return "Legs up now: your low back has left the floor.";
	case CUE_STOP:
		return "Stop. Ask about pain.";
	case CUE_ASK_SYMPTOM:
		return "Ask: did that feel different, or hurt?";
	case CUE_FIX_SENSOR:
		return "Fasten the sensor, then calibrate again.";
	case CUE_RECALIBRATE:
		return "Calibrate again: low back flat on the floor.";
	case CUE_NONE:
	case CUE_COUNT:
		break;
	}
	return "";
}

const char *message_text_cue(const struct cue *cue, char *ret, size_t size)
{
	if (cue->code == CUE_REDUCE_RANGE && isfinite(cue->argument))
		snprintf(ret, size, "Lower only to %.0f°, then come back up.", cue->argument);
	else
		snprintf(ret, size, "%s", text(cue->code));
	return ret;
}
