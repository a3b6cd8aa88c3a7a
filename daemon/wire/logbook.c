// SPDX-License-Identifier: MIT
#include "coxad/wire/logbook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/wire/payload.h"

/* Digits that fit 64 bits. */
#define CURSOR_MAX 18

TERM_TABLE(LOGBOOK_KIND, logbook_kind, LOGBOOK_KIND_LIST)

bool logbook_takes(const struct result *result, enum logbook_kind *ret)
{
	enum logbook_kind kind = LOGBOOK_KIND_COUNT;

	if (result->kind == RESULT_REP)
		kind = LOGBOOK_KIND_REP;
	else if (result->kind == RESULT_POP &&
		 (result->pop->is_final || result->pop->override_by[0]))
		kind = LOGBOOK_KIND_POP;
	else if (result->kind == RESULT_ALERT)
		kind = LOGBOOK_KIND_ALERT;
	else if (result->kind == RESULT_ACT)
		kind = LOGBOOK_KIND_ACT;
	else if (result->kind == RESULT_SUMMARY && result->summary->is_final)
		kind = LOGBOOK_KIND_SUMMARY;
	if (kind == LOGBOOK_KIND_COUNT)
		return false;
	*ret = kind;
	return true;
}

const char *logbook_athlete(const struct result *result)
{
	switch (result->kind) {
	case RESULT_REP:
		return result->rep->athlete;
	case RESULT_POP:
		return result->pop->athlete;
	case RESULT_ALERT:
		return result->alert->athlete;
	case RESULT_ACT:
		return result->act->athlete;
	case RESULT_SUMMARY:
		return result->summary->athlete;
	case RESULT_POSTURE:
	case RESULT_CUE:
	case RESULT_ALERTS:
	case RESULT_SESSION:
	case RESULT_CALIBRATION:
	case RESULT_WEARABLE:
	case RESULT_LIVE:
	case RESULT_COUNT:
		break;
	}
	return "";
}

int logbook_cursor_read(const char *text, int64_t *ret_seq)
{
	size_t length = strlen(text);

	if (length == 0 || length > CURSOR_MAX || strspn(text, "0123456789") != length)
		return -EINVAL;
	*ret_seq = strtoll(text, NULL, 10);
	return 0;
}

int64_t logbook_after(const struct logbook_query *query)
{
	int64_t since_ms = query->since_ms < LOGBOOK_SEQ_MAX / LOGBOOK_SEQ_PER_MS
				   ? query->since_ms
				   : LOGBOOK_SEQ_MAX / LOGBOOK_SEQ_PER_MS;
	int64_t before = since_ms > 0 ? since_ms * LOGBOOK_SEQ_PER_MS - 1 : 0;

	return query->after_seq > before ? query->after_seq : before;
}

char *logbook_text(enum logbook_kind kind, const char *payload, size_t size)
{
	json_t *object = json_loadb(payload, size, 0, NULL);
	char *text = NULL;

	if (json_is_object(object)) {
		/* Half the size of a repetition. */
		if (kind == LOGBOOK_KIND_REP)
			json_object_set_new(object, "tilt_curve", json_null());
		text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));
	}
	json_decref(object);
	return text;
}
