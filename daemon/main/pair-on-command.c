// SPDX-License-Identifier: MIT
#include "daemon/main/pair-on-command.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/bluez/source-bluez-pair.h"
#include "coxad/loop/journal.h"

static const char *const asks[] = {[SOURCE_BLUEZ_PAIR_ASK_NOTHING] = "nothing",
	[SOURCE_BLUEZ_PAIR_ASK_PASSKEY] = "enter_passkey",
	[SOURCE_BLUEZ_PAIR_ASK_PIN] = "enter_pin",
	[SOURCE_BLUEZ_PAIR_ASK_CONFIRM] = "compare",
	[SOURCE_BLUEZ_PAIR_ASK_SHOW] = "show"};

/* What happened, and what to do. */
static const char *const reasons[] = {
	[SOURCE_BLUEZ_PAIR_END_WRONG] =
		"the passkey was wrong, or the wearable refused it; try again",
	[SOURCE_BLUEZ_PAIR_END_REFUSED] =
		"the wearable does not agree to be paired; put it into pairing mode, as its manual "
		"says, or let it forget the machine that it was paired with",
	[SOURCE_BLUEZ_PAIR_END_DECLINED] = "not paired: the passkeys were not the same",
	[SOURCE_BLUEZ_PAIR_END_UNANSWERED] = "nobody answered in time; try again",
	[SOURCE_BLUEZ_PAIR_END_SILENT] = "the wearable stopped answering; try again",
	[SOURCE_BLUEZ_PAIR_END_AWAY] =
		"the wearable was not heard; switch it on, hold it near, and close the maker's app",
	[SOURCE_BLUEZ_PAIR_END_UNREACHED] =
		"the wearable is heard, but could not be connected to; charge it, hold it nearer, and "
		"close the maker's app",
	[SOURCE_BLUEZ_PAIR_END_LOST] =
		"the connection was lost, or another program is pairing the wearable; hold it nearer "
		"and try again",
	[SOURCE_BLUEZ_PAIR_END_BLUEZ] =
		"bluetoothd stopped, or takes no agent: systemctl status bluetooth",
	[SOURCE_BLUEZ_PAIR_END_REMOVED] =
		"the wearable was adopted, removed or let go meanwhile, or coxad stops",
};

static void on_ask(void *user, enum source_bluez_pair_ask ask, const char *value)
{
	const struct pair_on_command *p = user;

	control_pair_asks(*p->control, asks[ask], value);
}

/* By its name, or by its address while it has none. */
static const char *name_of(const struct pair_on_command *p)
{
	int wearable = conf_find_address(p->conf, p->address);

	return wearable >= 0 ? p->conf->wearable[wearable].name : NULL;
}

static void tell_done(const struct pair_on_command *p, bool is_authenticated)
{
	json_t *document = json_pack("{s:s,s:s?,s:b}", "address", p->address, "name", name_of(p),
		"is_authenticated", is_authenticated);
	_auto_free_ char *text = json_dumps(document, JSON_COMPACT);

	json_decref(document);
	control_paired(*p->control, text, NULL);
}

static void on_ended(void *user, enum source_bluez_pair_end end)
{
	const struct pair_on_command *p = user;
	const char *name = name_of(p);
	bool is_done = end == SOURCE_BLUEZ_PAIR_END_DONE || end == SOURCE_BLUEZ_PAIR_END_UNASKED;

	journal_write(LOG_NOTICE, "device", "%s: %s", name ? name : p->address,
		is_done ? "paired on command" : reasons[end]);
	if (is_done)
		tell_done(p, end == SOURCE_BLUEZ_PAIR_END_DONE);
	else
		control_paired(*p->control, NULL, reasons[end]);
}

static const struct source_bluez_pair_ops pair_ops = {on_ask, on_ended};

static int find(const struct pair_on_command *p, const char *who, char ret[static ADDRESS_SIZE])
{
	int wearable = conf_find_wearable(p->conf, who);

	if (wearable < 0)
		return address_from_string(who, ret) < 0 ? -ENOENT : 0;
	snprintf(ret, ADDRESS_SIZE, "%s", p->conf->wearable[wearable].address);
	return 0;
}

int pair_on_command_begin(struct pair_on_command *p, const char *who, unsigned seconds,
	char ret_why[static CONTROL_WHY_SIZE])
{
	char address[ADDRESS_SIZE];
	int r = find(p, who, address);

	if (r >= 0)
		r = *p->source ? source_bluez_pair(*p->source, address, (int64_t)seconds * US_PER_S,
					 &pair_ops, p)
			       : -ENOTCONN;
	if (r == -EEXIST)
		snprintf(ret_why, CONTROL_WHY_SIZE,
			"%.64s is paired already. Only a person removes a bond: if the wearable has "
			"lost its half, bluetoothctl remove %s, then pair it again",
			who, address);
	else if (r < 0)
		snprintf(ret_why, CONTROL_WHY_SIZE,
			"coxad has no connection to BlueZ: systemctl status bluetooth");
	else
		snprintf(p->address, sizeof(p->address), "%s", address);
	return r;
}

int pair_on_command_answer(struct pair_on_command *p, const char *answer)
{
	return *p->source ? source_bluez_pair_answer(*p->source, answer) : -ENOENT;
}

void pair_on_command_cancel(struct pair_on_command *p)
{
	if (*p->source)
		source_bluez_pair_cancel(*p->source);
}
