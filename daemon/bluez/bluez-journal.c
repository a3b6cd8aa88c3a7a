// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-journal.h"

#include <math.h>

#include "coxad/base/trace.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-error.h"
#include "daemon/bluez/bluez-request.h"

/* A line with its fields. */
struct entry {
	struct journal_line line;
	struct journal_field fields[4];
	const char *address;
};

static void prepare(
	struct entry *ret, const struct bluez_journal *journal, const struct link *link, int level)
{
	const struct bluez_context *context = journal->context;
	const struct wearable_conf *conf = &context->conf->wearable[journal->wearable];
	const struct driver *driver = context->ops->driver(context->user, journal->wearable);

	*ret = (struct entry){
		.line = {.level = level,
			.blame = "device",
			.fields = ret->fields,
			.n_fields = sizeof(ret->fields) / sizeof(ret->fields[0])},
		.fields = {{"WEARABLE", conf->name}, {"ADDRESS", conf->address},
			{"DRIVER", driver ? driver->id : NULL},
			{"STATE", link_state_to_string(link_state(link))}},
		.address = conf->address,
	};
}

static void trace_state(
	const struct bluez_journal *journal, const struct link *link, enum link_state before)
{
	const struct bluez_context *context = journal->context;
	const struct trace trace = {
		context->tracer, context->conf->wearable[journal->wearable].name};
	int64_t now_us = clock_now_us(), due_us = link_deadline(link);

	TRACE(&trace, LINK, now_us, "%s -> %s: %s, epoch %u, %u failures, next check in %.2f s",
		link_state_to_string(before), link_state_to_string(link_state(link)),
		link_reason(link), link_epoch(link), link_failures(link),
		due_us == T_NEVER ? INFINITY : (double)(due_us - now_us) / US_PER_S);
}

/* Streaming, its end and quarantine are for the operator; the rest is for debugging. */
void bluez_journal_state(
	struct bluez_journal *journal, const struct link *link, enum link_state before)
{
	enum link_state state = link_state(link);
	const char *text = link_state_to_string(state);
	bool is_notable = state == LINK_STATE_STREAMING || before == LINK_STATE_STREAMING;
	struct entry entry;

	trace_state(journal, link, before);
	prepare(&entry, journal, link,
		state == LINK_STATE_QUARANTINED ? LOG_WARNING
		: is_notable                    ? LOG_NOTICE
						: LOG_DEBUG);
	if (entry.line.level <= LOG_NOTICE)
		entry.line.limit = &journal->limit;
	if (state == LINK_STATE_STREAMING || entry.line.level == LOG_DEBUG)
		journal_write_line(&entry.line, "%s: %s", entry.address, text);
	else
		journal_write_line(
			&entry.line, "%s: %s, %s", entry.address, text, link_reason(link));
}

void bluez_journal_error(struct bluez_journal *journal, const struct link *link,
	enum link_action_kind action, DBusMessage *reply)
{
	struct entry entry;

	prepare(&entry, journal, link, LOG_INFO);
	entry.line.limit = &journal->limit;
	journal_write_line(&entry.line, "%s: %s failed: %s (%s)", entry.address,
		bluez_request_name(action), link_error_to_string(bluez_error_of(reply)),
		bluez_error_text(reply));
}

void bluez_journal_forget(struct bluez_journal *journal, const struct link *link)
{
	struct entry entry;

	prepare(&entry, journal, link, LOG_NOTICE);
	journal_write_line(&entry.line,
		"%s: removing it from bluetoothd so that it is discovered again", entry.address);
}

static void write_problem(struct bluez_journal *journal, const struct link *link)
{
	enum wearable_problem problem = link_problem(link);
	struct entry entry;

	prepare(&entry, journal, link, problem == WEARABLE_PROBLEM_NONE ? LOG_NOTICE : LOG_WARNING);
	switch (problem) {
	case WEARABLE_PROBLEM_NONE:
		journal_write_line(&entry.line, "%s: paired and working again", entry.address);
		return;
	case WEARABLE_PROBLEM_BOND_LOST:
		journal_write_line(&entry.line,
			"%s: bond_lost: encryption fails again and again; the wearable was reset, or "
			"another device uses its address. If it is yours, run "
			"\"bluetoothctl remove %s\" to pair it again",
			entry.address, entry.address);
		return;
	case WEARABLE_PROBLEM_NEEDS_PAIRING:
		journal_write_line(&entry.line,
			"%s: needs_pairing: it wants encryption and has no bond; set "
			"pairing = configured in [bluetooth], or run \"coxactl pair %s\"",
			entry.address, entry.address);
		return;
	case WEARABLE_PROBLEM_SERVICE_MISSING:
		journal_write_line(&entry.line,
			"%s: service_missing: it lacks what its driver needs; see driver in "
			"coxad.conf(5), and whether its firmware is another",
			entry.address);
		return;
	case WEARABLE_PROBLEM_SENSOR_STUCK:
	case WEARABLE_PROBLEM_SENSOR_DEFECTIVE:
	case WEARABLE_PROBLEM_COUNT:
		return;
	}
}

void bluez_journal_problem(struct bluez_journal *journal, const struct link *link)
{
	const struct bluez_context *context = journal->context;

	if (link_problem(link) == journal->problem)
		return;
	journal->problem = link_problem(link);
	write_problem(journal, link);
	if (context->ops->problem)
		context->ops->problem(context->user, journal->wearable, journal->problem);
}
