// SPDX-License-Identifier: MIT
#include "coxad/core/health.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/base/utf8.h"

static const struct {
	const char *code;
	enum health_severity severity;
	int64_t lasts_s;
} rows[HEALTH_CODE_COUNT] = {
#define HEALTH_ROW_(id, code, severity, lasts_s) {code, HEALTH_SEVERITY_##severity, lasts_s},
	HEALTH_CODE_LIST(HEALTH_ROW_)
#undef HEALTH_ROW_
};

/* The index, or n. */
static unsigned find(const struct health *health, const struct health_report *report)
{
	unsigned i = 0;

	while (i < health->n && (health->problem[i].code != report->code ||
					strcmp(health->problem[i].subject, report->subject) != 0))
		i++;
	return i;
}

static void remove_at(struct health *health, unsigned i)
{
	health->n--;
	memmove(&health->problem[i], &health->problem[i + 1],
		(health->n - i) * sizeof(health->problem[0]));
}

static int64_t until_us(int64_t now_us, enum health_code code)
{
	return rows[code].lasts_s ? now_us + rows[code].lasts_s * US_PER_S : T_NEVER;
}

/* Cut at a character, not within one. */
static void set_text(struct health_problem *problem, const char *text)
{
	size_t n;

	snprintf(problem->text, sizeof(problem->text), "%s", text);
	for (n = strlen(problem->text); n && !utf8_is_valid(problem->text, n);)
		problem->text[--n] = '\0';
}

static bool begin(struct health *health, int64_t now_us, const struct health_report *report)
{
	struct health_problem *problem = &health->problem[health->n];

	if (health->n == HEALTH_MAX) {
		health->untold++;
		return false;
	}
	health->n++;
	*problem = (struct health_problem){.code = report->code,
		.since_us = now_us,
		.until_us = until_us(now_us, report->code)};
	snprintf(problem->subject, sizeof(problem->subject), "%s", report->subject);
	set_text(problem, report->text);
	return true;
}

bool health_note(struct health *health, int64_t now_us, const struct health_report *report)
{
	unsigned i = find(health, report);
	struct health_problem *problem = &health->problem[i];

	if (i == health->n)
		return report->text && begin(health, now_us, report);
	if (!report->text) {
		remove_at(health, i);
		return true;
	}
	problem->until_us = until_us(now_us, report->code);
	if (!strcmp(problem->text, report->text))
		return false;
	set_text(problem, report->text);
	return true;
}

bool health_advance(struct health *health, int64_t now_us)
{
	unsigned n = health->n;

	for (unsigned i = n; i-- > 0;)
		if (health->problem[i].until_us <= now_us)
			remove_at(health, i);
	return health->n < n;
}

int64_t health_deadline(const struct health *health)
{
	int64_t next_us = T_NEVER;

	for (unsigned i = 0; i < health->n; i++)
		if (health->problem[i].until_us < next_us)
			next_us = health->problem[i].until_us;
	return next_us;
}

enum health_state health_state(const struct health *health)
{
	enum health_state state = HEALTH_STATE_OK;

	for (unsigned i = 0; i < health->n && state != HEALTH_STATE_FAILURE; i++)
		state = health_severity(health->problem[i].code) == HEALTH_SEVERITY_FAILURE
				? HEALTH_STATE_FAILURE
				: HEALTH_STATE_WARNING;
	return state;
}

enum health_severity health_severity(enum health_code code)
{
	return rows[code].severity;
}

const char *health_code_to_string(enum health_code code)
{
	return rows[code].code;
}

const char *health_severity_to_string(enum health_severity severity)
{
	return severity == HEALTH_SEVERITY_FAILURE ? "failure" : "warning";
}

const char *health_state_to_string(enum health_state state)
{
	static const char *const text[] = {"ok", "warning", "failure"};

	return text[state];
}
