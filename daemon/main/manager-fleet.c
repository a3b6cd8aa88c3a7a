// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/manager-fleet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-brain.h"
#include "coxad/wire/radio-order.h"
#include "daemon/main/manager-fleet-arrived.h"
#include "daemon/main/manager-fleet-show.h"
#include "daemon/main/manager-status.h"
#include "daemon/main/state-directory.h"

#define ACCURACY_US 1000
#define FLUSH_US    US_PER_S
/* How often it is published how the radios are, and how soon after a change. */
#define SHOW_US      (5 * (int64_t)US_PER_S)
#define SHOW_SOON_US US_PER_S
#define EPOCH        "epoch"

/* --- what is sent --- */

static void send_to(
	struct manager_fleet *f, const char *radio, const char *what, const void *text, size_t size)
{
	_auto_free_ char *topic = alloc_printf("radio/%s/%s", radio, what);

	/* What gets lost is asked for again, or told again. */
	fleet_mqtt_send(f->mqtt, topic, text, size, strcmp(what, "clock") == 0 ? 0 : 1, false);
}

static void on_flow(void *user, const char *radio, const char *text, size_t size)
{
	send_to(user, radio, "flow", text, size);
}

static void on_clock(void *user, const char *radio, const char *text, size_t size)
{
	send_to(user, radio, "clock", text, size);
}

static void on_list(void *user, const char *radio, const struct radio_list *list)
{
	struct manager_fleet *f = user;
	_auto_free_ char *topic = alloc_printf("radio/%s/wearables", radio);
	size_t size = radio_list_write(list, f->scratch.list_text);
	int64_t soon_us = clock_now_us() + SHOW_SOON_US;

	f->show_us = soon_us < f->show_us ? soon_us : f->show_us;
	if (fleet_mqtt_send(f->mqtt, topic, f->scratch.list_text, size, 1, true) < 0)
		f->has_untold_lists = true;
}

static size_t write_status(const struct manager_fleet *f, bool is_online, int64_t epoch,
	char ret[static RADIO_BRAIN_MAX])
{
	struct radio_brain brain = {.is_online = is_online,
		.since_wall_us = f->since_wall_us,
		.epoch = epoch,
		.version = PACKAGE_VERSION,
		.protocol = RADIO_BATCH_PROTOCOL};

	return radio_brain_write(&brain, ret);
}

static void tell_status(struct manager_fleet *f, int64_t now_us)
{
	_auto_free_ char *topic = alloc_printf("brain/%s/status", f->lead.name);
	char text[RADIO_BRAIN_MAX];

	fleet_mqtt_send(f->mqtt, topic, text, write_status(f, true, f->lead.epoch, text), 1, true);
	f->tell_us = now_us + BRAIN_LEAD_TELL_US;
}

int manager_fleet_write(struct manager *m, unsigned wearable, const struct driver_step *step)
{
	struct manager_fleet *f = m->fleet;
	const char *radio = radio_fleet_where(f->radios, wearable);
	struct radio_order order = {.number = f->n_orders + 1,
		.characteristic = step->characteristic,
		.size = step->size,
		.wants_response = step->kind == DRIVER_STEP_WRITE,
		.reply = step->answer,
		.busy = step->busy};
	char text[RADIO_ORDER_MAX];

	if (!radio || !f->lead.is_leading)
		return -ENOTCONN;
	f->n_orders++;
	snprintf(order.address, sizeof(order.address), "%s", m->conf->wearable[wearable].address);
	memcpy(order.bytes, step->bytes, step->size);
	send_to(f, radio, "order", text, radio_order_write(&order, text));
	return 0;
}

/* --- what is on disk --- */

/* Without a directory nothing waits for a disk. */
static bool is_disk_failing(const struct manager_fleet *f)
{
	const struct manager *m = f->manager;

	return f->has_disk && ((m->mqtt && sink_mqtt_is_in_memory(m->mqtt)) ||
				      history_persister_error(m->history));
}

/* One of the files may be written while another one cannot. */
void manager_fleet_begins(void *user)
{
	struct manager *m = user;
	struct manager_fleet *f = m->fleet;

	if (!f)
		return;
	f->is_note_owed = is_disk_failing(f);
	if (f->is_note_owed)
		fleet_done_withdraw(&f->done, f->hub, m->history);
	else
		fleet_done_begins(&f->done, f->hub, m->history);
}

void manager_fleet_stored(void *user)
{
	struct manager *m = user;

	if (m->fleet)
		radio_hub_settle(m->fleet->hub);
}

static bool is_all_on_disk(const struct manager_fleet *f)
{
	const struct manager *m = f->manager;

	return !f->has_disk || (!is_disk_failing(f) && (!m->mqtt || sink_mqtt_is_safe(m->mqtt)) &&
				       history_persister_is_safe(m->history) &&
				       !logbook_persister_error(m->logbook) &&
				       !logbook_persister_has_uncollected(m->logbook));
}

/* What has no results needs no commit. */
static void settle(struct manager_fleet *f, int64_t now_us)
{
	if (is_all_on_disk(f)) {
		if (f->is_note_owed)
			manager_fleet_begins(f->manager);
		else
			radio_hub_mark(f->hub);
		radio_hub_settle(f->hub);
	}
	f->settle_us = fleet_done_is_behind(f->hub) ? now_us + MANAGER_FLEET_SETTLE_US : T_NEVER;
}

void manager_fleet_late(struct manager *m, const char *radio, const char *text, size_t size)
{
	if (m->fleet)
		fleet_done_recall(m->fleet->hub, radio, text, size);
}

static void recall(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct manager_fleet *f = user;

	if (kind == HISTORY_KIND_RADIO)
		fleet_done_recall(f->hub, name, text, size);
}

static int64_t remembered_epoch(const struct manager *m)
{
	const char *text = history_persister_get(m->history, HISTORY_KIND_NUMBER, EPOCH);
	int64_t epoch = text ? strtoll(text, NULL, 10) : 0;

	return epoch > 0 && epoch < BRAIN_LEAD_EPOCH_MAX - 1 ? epoch : 0;
}

static void remember_epoch(struct manager *m, int64_t epoch)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, epoch);
	history_persister_put(m->history, HISTORY_KIND_NUMBER, EPOCH, text, strlen(text));
}

/* --- one brain per site --- */

/* Printed messages are in nobody's way. */
static void hold(const struct manager_fleet *f, bool is_held)
{
	if (f->manager->mqtt)
		sink_mqtt_hold(f->manager->mqtt, is_held);
}

static void begin_lead(struct manager_fleet *f, int64_t now_us)
{
	f->has_led = true;
	journal_write(LOG_NOTICE, "fleet", "this brain leads the site now, epoch %" PRId64,
		f->lead.epoch);
	remember_epoch(f->manager, f->lead.epoch);
	tell_status(f, now_us);
	f->show_us = now_us + SHOW_SOON_US;
	radio_fleet_start(f->radios, f->lead.epoch, now_us);
	hold(f, false);
}

/* What it knows is of the time before the other one. */
static void give_way(struct manager_fleet *f, const char *other)
{
	journal_write(LOG_ERR, "fleet",
		"another brain, %s, leads the site now: ending, to wait for it after the next start",
		other);
	f->manager->status = EXIT_FAILURE;
	f->manager->is_stopping = true;
	loop_stop(f->manager->loop);
}

static void wait_for_other(struct manager_fleet *f, const char *other)
{
	struct manager *m = f->manager;

	if (strcmp(m->leader, other ? other : "") == 0)
		return;
	snprintf(m->leader, sizeof(m->leader), "%s", other ? other : "");
	manager_status_report(m);
	if (other)
		journal_write(LOG_WARNING, "fleet",
			"waiting: another brain, %s, leads the site; stop it if this one is to",
			other);
}

static void follow_lead(struct manager_fleet *f, int64_t now_us)
{
	const char *other = brain_lead_other(&f->lead);

	if (f->lead.is_leading && !f->was_leading)
		begin_lead(f, now_us);
	if (!f->lead.is_leading && f->was_leading)
		hold(f, true);
	f->was_leading = f->lead.is_leading;
	if (other && f->has_led)
		give_way(f, other);
	else
		wait_for_other(f, other);
}

/* --- time --- */

static int64_t deadline(const struct manager_fleet *f)
{
	int64_t next_us = brain_lead_deadline(&f->lead);
	int64_t due[] = {link_wait_deadline(f->wait), radio_hub_deadline(f->hub),
		radio_fleet_deadline(f->radios), f->tell_us, f->show_us, f->settle_us};

	for (unsigned i = 0; i < sizeof(due) / sizeof(due[0]) && f->lead.is_leading; i++)
		next_us = due[i] < next_us ? due[i] : next_us;
	return next_us;
}

static void arm(struct manager_fleet *f)
{
	int64_t due_us = deadline(f);

	sd_event_source_set_time(f->timer, due_us > 0 ? (uint64_t)due_us : 0);
	sd_event_source_set_enabled(f->timer, due_us == T_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static void advance_lead(struct manager_fleet *f, int64_t now_us)
{
	if (f->tell_us <= now_us)
		tell_status(f, now_us);
	if (f->settle_us <= now_us)
		settle(f, now_us);
	link_wait_advance(f->wait, now_us);
	radio_hub_advance(f->hub, now_us);
	radio_fleet_advance(f->radios, now_us);
	if (f->show_us > now_us)
		return;
	f->show_us = now_us + SHOW_US;
	manager_fleet_show(f, now_us);
}

static void advance(struct manager_fleet *f)
{
	int64_t now_us = clock_now_us();

	brain_lead_advance(&f->lead, now_us);
	follow_lead(f, now_us);
	if (f->lead.is_leading)
		advance_lead(f, now_us);
	arm(f);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	advance(user);
	return 0;
}

/* --- the connection --- */

static void on_up(void *user)
{
	struct manager_fleet *f = user;

	brain_lead_up(&f->lead, clock_now_us());
	advance(f);
}

static void on_down(void *user)
{
	struct manager_fleet *f = user;

	brain_lead_down(&f->lead);
	advance(f);
}

/* There is space for the lists that had none. */
static void on_ready(void *user)
{
	struct manager_fleet *f = user;

	if (!f->has_untold_lists || !f->lead.is_leading)
		return;
	f->has_untold_lists = false;
	radio_fleet_start(f->radios, f->lead.epoch, clock_now_us());
	advance(f);
}

static void on_arrived(void *user, const struct fleet_arrival *arrival)
{
	struct manager_fleet *f = user;
	struct fleet_topic topic;

	if (f->manager->is_stopping)
		return;
	if (fleet_topic_read(arrival->topic, &topic) < 0)
		f->refused++;
	else
		manager_fleet_arrived(f, &topic, arrival);
	advance(f);
}

static void on_event(void *user, const struct capture_event *event)
{
	struct manager_fleet *f = user;

	radio_fleet_event(f->radios, event);
	link_wait_event(f->wait, event);
}

static void on_due(void *user, const struct capture_event *event)
{
	struct manager_fleet *f = user;

	f->ops->event(f->manager, event);
}

static bool serves(void *user, const char *radio, const char *address)
{
	struct manager_fleet *f = user;

	return radio_fleet_serves(f->radios, radio, address);
}

static bool waits(void *user, const char *radio)
{
	struct manager_fleet *f = user;

	return link_wait_has(f->wait, radio);
}

static bool knows(void *user, const char *radio)
{
	struct manager_fleet *f = user;

	return radio_fleet_knows(f->radios, radio);
}

static void on_health(void *user, const struct health_report *report)
{
	struct manager_fleet *f = user;

	f->ops->health(f->manager, report);
}

static const struct radio_hub_ops hub_ops = {.event = on_event,
	.serves = serves,
	.knows = knows,
	.waits = waits,
	.flow = on_flow,
	.clock = on_clock};

static const struct radio_fleet_ops radios_ops = {.list = on_list, .health = on_health};

static const struct fleet_mqtt_ops mqtt_ops = {
	.up = on_up, .down = on_down, .ready = on_ready, .arrived = on_arrived};

static int connect_broker(struct manager_fleet *f)
{
	struct manager *m = f->manager;
	_auto_free_ char *topic = alloc_printf("brain/%s/status", f->lead.name);
	char will[RADIO_BRAIN_MAX];
	struct fleet_mqtt_options options = {.conf = m->conf,
		.client_suffix = "-brain",
		.from = "the radios",
		.filters = fleet_topic_filters,
		.n_filters = FLEET_TOPIC_COUNT,
		.will_topic = topic,
		.will_payload = will,
		.will_size = write_status(f, false, f->lead.greatest + 1, will)};

	return fleet_mqtt_new(loop_event(m->loop), &options, &mqtt_ops, f, &f->mqtt);
}

int manager_fleet_open(struct manager *m, const struct manager_fleet_ops *ops)
{
	struct manager_fleet *f = new0(struct manager_fleet);
	_auto_free_ char *directory = state_directory_of(m->conf);
	int r;

	m->fleet = f;
	f->manager = m;
	f->ops = ops;
	f->has_disk = directory != NULL;
	f->since_wall_us = clock_is_synchronised() ? clock_wall_us() : 0;
	f->tell_us = f->show_us = f->settle_us = T_NEVER;
	brain_lead_init(&f->lead, m->conf->gateway.name, remembered_epoch(m));
	f->hub = radio_hub_new(&hub_ops, f);
	f->wait = link_wait_new(m->conf, on_due, f);
	f->radios = radio_fleet_new(m->conf, &radios_ops, f);
	history_persister_each(m->history, recall, f);
	r = sd_event_add_time(loop_event(m->loop), &f->timer, CLOCK_MONOTONIC, UINT64_MAX,
		ACCURACY_US, on_timer, f);
	return r < 0 ? r : connect_broker(f);
}

void manager_fleet_close(struct manager *m)
{
	struct manager_fleet *f = m->fleet;

	if (!f)
		return;
	if (f->mqtt && f->lead.is_leading) {
		settle(f, clock_now_us());
		radio_hub_advance(f->hub, clock_now_us());
	}
	if (f->mqtt)
		fleet_mqtt_flush(f->mqtt, FLUSH_US);
	m->fleet = NULL;
	fleet_mqtt_free(f->mqtt);
	sd_event_source_disable_unref(f->timer);
	radio_fleet_free(f->radios);
	link_wait_free(f->wait);
	radio_hub_free(f->hub);
	free(f);
}

void manager_fleet_reload(struct manager *m, const struct conf_change *change)
{
	struct manager_fleet *f = m->fleet;
	int r;

	if (!f)
		return;
	for (size_t i = 0; i < m->conf->n_wearables; i++)
		if (change->wearable[i] == CONF_FATE_ADDED)
			f->problem[i] = WEARABLE_PROBLEM_NONE;
	radio_fleet_reload(f->radios, change);
	link_wait_reload(f->wait, change);
	r = fleet_mqtt_reload(f->mqtt, m->conf);
	if (r < 0)
		journal_write(LOG_ERR, "fleet",
			"cannot use the new broker settings for the radios, keeping the previous "
			"connection: %s",
			strerror(-r));
	advance(f);
}
