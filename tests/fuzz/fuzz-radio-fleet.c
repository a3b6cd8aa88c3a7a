// SPDX-License-Identifier: MIT
/* A brain's fleet whose radios say anything, in any order, about six wearables: messages are separated by a
 * byte 0, their first byte says which radio and pause, their second what it is. A wearable is served by one
 * radio at most, which may send its events; what is published can be written; time goes on. */
#include "tests/fuzz/fuzz-main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/radio-fleet-radios.h"

#define RADIOS    4
#define WEARABLES 6
#define PAUSE_US  (US_PER_S / 2)

struct world {
	struct conf *conf;
	struct radio_fleet *fleet;
	int64_t now_us;
	const char *radio;
	struct radio_list list[RADIOS];
};

static const char *const names[RADIOS] = {"mat-0", "mat-1", "mat-2", "mat-3"};

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void on_list(void *user, const char *radio, const struct radio_list *list)
{
	static char text[RADIO_LIST_MAX];
	struct world *w = user;

	must(strncmp(radio, "mat-", 4) == 0 && radio[4] >= '0' && radio[4] < '0' + RADIOS);
	must(list->epoch == 1 && list->n == WEARABLES);
	must(radio_list_read(text, radio_list_write(list, text), &w->list[radio[4] - '0']) == 0);
}

static void on_health(void *user, const struct health_report *report)
{
	must(report->subject && (!report->text || strlen(report->text) < HEALTH_TEXT_SIZE - 1));
}

static const struct radio_fleet_ops ops = {on_list, on_health};

/* --- what must be so --- */

static void check_lists(const struct world *w)
{
	for (unsigned i = 0; i < WEARABLES; i++) {
		const char *where = radio_fleet_where(w->fleet, i);
		const char *address = w->conf->wearable[i].address;

		for (unsigned r = 0; r < RADIOS; r++) {
			const struct radio_list_wearable *told = &w->list[r].wearable[i];
			bool is_there = where && strcmp(where, names[r]) == 0;

			if (!w->list[r].n)
				continue;
			must(strcmp(told->address, address) == 0 && told->is_served == is_there);
			must(!is_there || radio_fleet_serves(w->fleet, names[r], address));
			must(!*told->radio || (where && strcmp(told->radio, where) == 0));
		}
	}
}

static void check_radios(struct world *w)
{
	static struct radio_fleet_radios radios;

	radio_fleet_radios_describe(w->fleet, w->now_us, &radios);
	must(radios.message.n_radios <= RADIOS && radios.message.n_waiting <= WEARABLES);
	for (unsigned i = 0; i < WEARABLES; i++)
		must(radios.serves[i] < (int)radios.message.n_radios);
	for (unsigned r = 0; r < radios.message.n_radios; r++) {
		must(radios.radio[r].n_moving + radios.radio[r].n_left <= WEARABLES);
		must(radios.radio[r].behind_us >= 0);
	}
}

/* --- what is said --- */

static void say_event(struct world *w, const char *text, size_t size)
{
	uint8_t wearable = size > 0 ? (uint8_t)text[0] : 0, ago = size > 1 ? (uint8_t)text[1] : 0;
	struct capture_event event = {
		.kind = wearable & 8 ? CAPTURE_CONNECTED : CAPTURE_DISCONNECTED,
		.t_us = w->now_us,
		.delay_us = ago * (int64_t)PAUSE_US,
		.radio = w->radio,
		.address = w->conf->wearable[wearable % WEARABLES].address};

	if (radio_fleet_serves(w->fleet, event.radio, event.address))
		radio_fleet_event(w->fleet, &event);
}

static void say_status(struct world *w, bool is_retained, const char *text, size_t size)
{
	struct radio_status status;

	if (radio_status_read(text, size, &status) == 0)
		radio_fleet_status(w->fleet, w->radio, &status, is_retained, w->now_us);
}

static void say(struct world *w, char what, const char *text, size_t size)
{
	static struct radio_heard heard;
	static struct radio_list list;

	if (what == 's' || what == 'S')
		say_status(w, what == 'S', text, size);
	else if (what == 'h' && radio_heard_read(text, size, &heard) == 0)
		radio_fleet_heard(w->fleet, w->radio, &heard, w->now_us);
	else if (what == 'l' && radio_list_read(text, size, &list) == 0)
		radio_fleet_recall(w->fleet, w->radio, &list);
	else if (what == 'e')
		say_event(w, text, size);
	else if (what == 'f') {
		radio_fleet_forget(w->fleet, w->radio);
		w->list[w->radio[4] - '0'].n = 0;
	} else if (what == 'g')
		radio_fleet_start(w->fleet, 1, w->now_us);
	else
		radio_fleet_alive(w->fleet, w->radio, w->now_us);
}

static void take(struct world *w, const uint8_t *data, size_t size)
{
	w->radio = names[data[0] % RADIOS];
	say(w, size > 1 ? (char)data[1] : 0, (const char *)data + 2, size > 2 ? size - 2 : 0);
	for (unsigned k = 0; k <= data[0] / RADIOS % 16U; k++) {
		w->now_us += PAUSE_US;
		if (radio_fleet_deadline(w->fleet) > w->now_us)
			continue;
		radio_fleet_advance(w->fleet, w->now_us);
		must(radio_fleet_deadline(w->fleet) > w->now_us);
		check_lists(w);
	}
}

static void open_world(struct world *w)
{
	w->now_us = 1000 * (int64_t)US_PER_S;
	w->conf = new0(struct conf);
	w->conf->n_kits = 1;
	w->conf->kit[0].name = alloc_text("1");
	w->conf->kit[0].radio = alloc_text("mat-1");
	w->conf->n_wearables = WEARABLES;
	for (unsigned i = 0; i < WEARABLES; i++) {
		w->conf->wearable[i].name = alloc_printf("w%u", i);
		snprintf(w->conf->wearable[i].address, ADDRESS_SIZE, "C0:A5:00:00:00:%02X", i);
	}
	conf_index(w->conf);
	w->fleet = radio_fleet_new(w->conf, &ops, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	const uint8_t *end = data + size;

	memset(&w, 0, sizeof(w));
	open_world(&w);
	while (data < end) {
		const uint8_t *zero = memchr(data, 0, (size_t)(end - data));
		size_t length = (size_t)((zero ? zero : end) - data);

		if (length)
			take(&w, data, length);
		data += length + (zero != NULL);
	}
	check_radios(&w);
	radio_fleet_free(w.fleet);
	conf_free(w.conf);
	return 0;
}
