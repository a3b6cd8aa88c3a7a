// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-journal.h"

#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-error.h"
#include "daemon/bluez/bluez-request.h"

#define FIELDS_MAX 4

static const struct wearable_conf *conf_of(const struct bluez_journal *journal)
{
	return &journal->context->conf->wearable[journal->wearable];
}

static size_t fields_of(const struct bluez_journal *journal, const struct link *link,
	struct journal_field ret[static FIELDS_MAX])
{
	const struct bluez_context *context = journal->context;
	const struct driver *driver = context->ops->driver(context->user, journal->wearable);

	ret[0] = (struct journal_field){"WEARABLE", conf_of(journal)->name};
	ret[1] = (struct journal_field){"ADDRESS", conf_of(journal)->address};
	ret[2] = (struct journal_field){"DRIVER", driver ? driver->id : NULL};
	ret[3] = (struct journal_field){"STATE", link_state_to_string(link_state(link))};
	return FIELDS_MAX;
}

/* Streaming, its end and quarantine are for the operator; the rest is debug. */
void bluez_journal_state(
	struct bluez_journal *journal, const struct link *link, enum link_state before)
{
	enum link_state state = link_state(link);
	const char *text = link_state_to_string(state), *address = conf_of(journal)->address;
	int level = state == LINK_STATE_QUARANTINED ? LOG_WARNING : LOG_NOTICE;
	struct journal_field fields[FIELDS_MAX];
	size_t n = fields_of(journal, link, fields);

	if (state == LINK_STATE_STREAMING)
		journal_write_fields(
			&journal->limit, level, "device", fields, n, "%s: %s", address, text);
	else if (state == LINK_STATE_QUARANTINED || before == LINK_STATE_STREAMING)
		journal_write_fields(&journal->limit, level, "device", fields, n, "%s: %s, %s",
			address, text, link_why(link));
	else
		journal_write(LOG_DEBUG, "device", "%s: %s", address, text);
}

void bluez_journal_error(struct bluez_journal *journal, const struct link *link,
	enum link_action_kind action, DBusMessage *reply)
{
	struct journal_field fields[FIELDS_MAX];
	size_t n = fields_of(journal, link, fields);

	journal_write_fields(&journal->limit, LOG_INFO, "device", fields, n,
		"%s: %s failed: %s (%s)", conf_of(journal)->address, bluez_request_name(action),
		link_error_to_string(bluez_error_of(reply)), bluez_error_text(reply));
}

void bluez_journal_forget(struct bluez_journal *journal, const struct link *link)
{
	struct journal_field fields[FIELDS_MAX];
	size_t n = fields_of(journal, link, fields);

	journal_write_fields(NULL, LOG_NOTICE, "device", fields, n,
		"%s: removing it from bluetoothd, to discover it anew", conf_of(journal)->address);
}
