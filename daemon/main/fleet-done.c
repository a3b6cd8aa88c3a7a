// SPDX-License-Identifier: MIT
#include "daemon/main/fleet-done.h"

#include <stdio.h>
#include <string.h>

#include "coxad/wire/radio-message.h"

/* done 0: nothing. */
static void note(struct fleet_done_note *noted, int64_t boot, int64_t done,
	struct history_persister *history)
{
	char text[RADIO_MESSAGE_MAX];
	size_t size =
		radio_message_write_flow(&(struct radio_flow){.boot = boot, .done = done}, text);

	noted->boot = boot;
	noted->done = done;
	history_persister_put(history, HISTORY_KIND_RADIO, noted->name, text, done ? size : 0);
}

static void change_name(
	struct fleet_done_note *noted, const char *name, struct history_persister *history)
{
	if (noted->name[0])
		history_persister_put(history, HISTORY_KIND_RADIO, noted->name, NULL, 0);
	*noted = (struct fleet_done_note){0};
	snprintf(noted->name, sizeof(noted->name), "%s", name);
}

void fleet_done_begins(
	struct fleet_done *done, struct radio_hub *hub, struct history_persister *history)
{
	struct radio_hub_status status;

	radio_hub_mark(hub);
	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++)
		if (strcmp(done->noted[i].name, status.name) != 0)
			change_name(&done->noted[i], status.name, history);
	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++) {
		struct fleet_done_note *noted = &done->noted[i];

		if (status.marked && (status.boot != noted->boot || status.marked != noted->done))
			note(noted, status.boot, status.marked, history);
	}
}

void fleet_done_withdraw(
	struct fleet_done *done, const struct radio_hub *hub, struct history_persister *history)
{
	struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++) {
		struct fleet_done_note *noted = &done->noted[i];

		if (strcmp(noted->name, status.name) == 0 &&
			(status.boot != noted->boot || status.done != noted->done))
			note(noted, status.boot, status.done, history);
	}
}

/* From a radio that was heard before, some batches were taken already, and others asked for. */
static bool is_known(const struct radio_hub *hub, const char *radio)
{
	struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++)
		if (strcmp(status.name, radio) == 0)
			return status.boot != 0;
	return false;
}

void fleet_done_recall(struct radio_hub *hub, const char *radio, const char *text, size_t size)
{
	struct radio_flow flow;

	if (radio_message_read_flow(text, size, &flow) == 0 && flow.done && !is_known(hub, radio))
		radio_hub_restore(hub, radio, flow.boot, flow.done);
}

bool fleet_done_is_behind(const struct radio_hub *hub)
{
	struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++)
		if (status.done < status.taken)
			return true;
	return false;
}
