// SPDX-License-Identifier: MIT
#include "gym/door-capture.h"
#include "gym/device-bluest.h"
#include "gym/device-coxa.h"
#include "gym/device-playback.h"
#include "gym/gym-private.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <zlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/base/units.h"
#include "gym/planner.h"
#include "gym/radio.h"

#define POLL_US    (10 * US_PER_S)
#define RSSI_US    (30 * US_PER_S)
#define RETRY_US   (700 * US_PER_MS)
#define EVENTS_MAX 64
#define STREAM_POP 2

/* Characteristics of the Coxa profile, by the order of its table. */
enum { INFORMATION, CONTROL, MOTION, POP, ACOUSTIC, SYMPTOM };

/* One thing that the gateway heard. */
struct heard {
	int64_t t_us;
	enum heard_kind {
		HEARD_CONNECTED,
		HEARD_READ,
		HEARD_NOTIFY,
		HEARD_DISCONNECTED,
		HEARD_RSSI
	} kind;
	unsigned characteristic;
	int number; /* MTU, dBm */
	uint8_t value[DEVICE_VALUE_MAX];
	size_t size;
};

/* What the gateway does with one wearable. */
struct central {
	struct device *device;
	struct radio radio;
	bool is_coxa, is_linked;
	struct planner
		*planner; /* NULL: the profile's own steps, or a node that only wants to be heard */
	bool was_off;     /* during this link */
	unsigned step;    /* of the start plan */
	int64_t step_us, rssi_us, poll_us;
	int64_t lost_us;    /* supervision ends then; T_NEVER */
	int64_t confirm_us; /* T_NEVER: nothing to confirm */
	unsigned confirm_characteristic;
	uint32_t boot;
	bool knows_boot;
	uint16_t seen_pop;
	int64_t last_us;
	struct heard heard[EVENTS_MAX];
	size_t first, n;
};

int64_t door_capture_base_us(const struct gym *gym)
{
	struct random random = random_of(gym->seed, "gateway");

	return llrint(random_between(&random, 60e6, 100e9));
}

static struct heard *hear(struct central *c, enum heard_kind kind, int64_t t_us)
{
	struct heard *heard = &c->heard[(c->first + c->n) % EVENTS_MAX];

	if (c->n < EVENTS_MAX)
		c->n++;
	if (t_us > c->last_us)
		c->last_us = t_us;
	heard->t_us = c->last_us;
	heard->kind = kind;
	heard->size = 0;
	return heard;
}

static void central_init(struct central *c, struct gym *gym, size_t index)
{
	struct device *device = gym_get_device(gym, index);
	struct random random = random_of(gym->seed ^ 0x72616469, device_address(device));

	memset(c, 0, sizeof(*c));
	c->device = device;
	c->is_coxa = device->ops == &device_coxa_ops;
	if (!c->is_coxa && device->ops != &device_bluest_ops && device->ops != &device_playback_ops)
		c->planner = planner_new(device, device->config.placement, 0);
	radio_init(&c->radio, device->config.radio.interval_us, device->config.radio.loss,
		device->config.jitter_mean_us, device->config.spike_share, random);
	c->step_us = llrint(random_between(&c->radio.random, 50e3, 800e3));
	c->lost_us = T_NEVER;
	c->confirm_us = T_NEVER;
	c->rssi_us = T_NEVER;
	c->poll_us = T_NEVER;
}

static void link_up(struct central *c, int64_t t_us)
{
	struct heard *heard;

	if (!device_is_reachable(c->device, t_us)) {
		c->step_us = t_us + RETRY_US;
		return;
	}
	c->is_linked = true;
	c->was_off = false;
	c->lost_us = T_NEVER;
	c->confirm_us = T_NEVER;
	c->step = 0;
	radio_link(&c->radio, t_us);
	device_connected(c->device, t_us, 247);
	heard = hear(c, HEARD_CONNECTED, t_us);
	heard->number = (int)c->device->mtu;
	c->step_us = t_us + 80 * US_PER_MS;
	if (c->planner) {
		planner_connected(c->planner, c->device->mtu);
		planner_begin(c->planner, DRIVER_PLAN_START);
	}
	c->rssi_us = t_us + 100 * US_PER_MS;
}

static void link_down(struct central *c, int64_t t_us)
{
	c->is_linked = false;
	c->lost_us = T_NEVER;
	c->confirm_us = T_NEVER;
	c->rssi_us = T_NEVER;
	c->poll_us = T_NEVER;
	device_disconnected(c->device, t_us);
	hear(c, HEARD_DISCONNECTED, t_us);
	c->step_us = t_us + RETRY_US;
}

static void read_information(struct central *c, int64_t t_us)
{
	struct heard *heard = hear(c, HEARD_READ, t_us);
	int n = device_read(c->device, t_us, INFORMATION, heard->value);
	uint32_t boot;

	heard->characteristic = INFORMATION;
	heard->size = n > 0 ? (size_t)n : 0;
	memcpy(&boot, heard->value + 12, sizeof(boot));
	if (!c->knows_boot || boot != c->boot)
		c->seen_pop = 0;
	c->knows_boot = c->knows_boot && boot == c->boot;
	c->boot = boot;
}

/* The next step of the driver's own plan; its poll follows when all is done. */
static void take_planned_step(struct central *c, int64_t t_us)
{
	int64_t poll_us = planner_driver(c->planner)->poll_interval_us;
	struct device_pdu read;

	c->step_us = planner_step(c->planner, t_us, c->radio.interval_us, &read);
	if (read.size) {
		struct heard *heard = hear(c, HEARD_READ, t_us);

		heard->characteristic = read.characteristic;
		heard->size = read.size;
		memcpy(heard->value, read.value, read.size);
	}
	if (c->step_us < 0)
		link_down(c, t_us);
	else if (c->step_us == T_NEVER && poll_us)
		c->poll_us = t_us + poll_us;
}

static void poll_wearable(struct central *c, int64_t t_us)
{
	static const uint8_t read_clock[] = {0x06};

	if (c->planner) {
		planner_begin(c->planner, DRIVER_PLAN_POLL);
		c->step_us = t_us;
		c->poll_us = T_NEVER;
		return;
	}
	device_write(c->device, t_us, CONTROL, read_clock, sizeof(read_clock));
	c->poll_us = t_us + POLL_US;
}

/* The start plan: read, subscribe to what it has, start it, ask for the pops that were missed. */
static void take_step(struct central *c, int64_t t_us)
{
	unsigned streams = c->device->config.streams, step = c->step++;
	uint8_t start[2] = {0x01, (uint8_t)(streams & 0x0f)};
	uint8_t resend[3] = {0x05, (uint8_t)c->seen_pop, (uint8_t)(c->seen_pop >> 8)};

	c->step_us = t_us + c->radio.interval_us;
	if (c->planner) {
		take_planned_step(c, t_us);
		return;
	}
	if (!c->is_coxa) {
		device_subscribe(c->device, t_us, 0, 1);
		c->step_us = T_NEVER;
		return;
	}
	switch (step) {
	case 0:
		read_information(c, t_us);
		return;
	case 1:
		device_subscribe(c->device, t_us, CONTROL, 2);
		return;
	case 2:
	case 3:
	case 4:
		if (streams & (1u << (step - 2)))
			device_subscribe(c->device, t_us, MOTION + step - 2, 1);
		return;
	case 5:
		if (streams & 8)
			device_subscribe(c->device, t_us, SYMPTOM, 2);
		return;
	case 6:
		device_write(c->device, t_us, CONTROL, start, sizeof(start));
		return;
	case 7:
		if (c->knows_boot && (streams & STREAM_POP))
			device_write(c->device, t_us, CONTROL, resend, sizeof(resend));
		c->knows_boot = true;
		c->poll_us = streams & 1 ? T_NEVER : t_us + US_PER_S;
		c->step_us = T_NEVER;
		return;
	default:
		c->step_us = T_NEVER;
	}
}

static void take_pdus(struct central *c, int64_t t_us)
{
	struct device_pdu pdu;

	while (c->n < EVENTS_MAX / 2 && device_take(c->device, t_us, &pdu)) {
		struct heard *heard = hear(c, HEARD_NOTIFY, radio_arrival(&c->radio, t_us));

		heard->characteristic = pdu.characteristic;
		memcpy(heard->value, pdu.value, pdu.size);
		heard->size = pdu.size;
		if (c->planner)
			planner_heard(
				c->planner, heard->t_us, DRIVER_ORIGIN_NOTIFY, &pdu, NULL, NULL);
		if (c->is_coxa && pdu.characteristic == POP)
			c->seen_pop = (uint16_t)(pdu.value[0] | pdu.value[1] << 8);
		if (pdu.is_indication) {
			c->confirm_us = radio_event(&c->radio, heard->t_us);
			c->confirm_characteristic = pdu.characteristic;
		}
	}
}

/* Where it cannot be reached, the link ends after the supervision time; a wearable that was
 * switched off does not come back into the same link. */
static void watch_link(struct central *c, int64_t t_us)
{
	if (device_is_in_gap(c->device, DEVICE_GAP_OFF, t_us))
		c->was_off = true;
	if (device_is_reachable(c->device, t_us) && !c->was_off)
		c->lost_us = T_NEVER;
	else if (c->lost_us == T_NEVER)
		c->lost_us = t_us + c->device->config.radio.supervision_us;
}

/* The next instant at which anything happens between the two. */
static int64_t next_instant(const struct central *c)
{
	int64_t next = c->step_us, device = device_next(c->device);

	if (!c->is_linked)
		return next;
	/* Out of reach all the rest waits. */
	if (!device_is_reachable(c->device, c->device->now_us)) {
		next = c->device->now_us + 50 * US_PER_MS;
		return c->lost_us < next ? c->lost_us : next;
	}
	if (device < next)
		next = device;
	if (c->lost_us < next)
		next = c->lost_us;
	if (c->confirm_us < next)
		next = c->confirm_us;
	if (c->rssi_us < next)
		next = c->rssi_us;
	if (c->poll_us < next)
		next = c->poll_us;
	return next > c->device->now_us ? next : c->device->now_us;
}

static void happen(struct central *c, int64_t t_us)
{
	struct heard *heard;

	if (!c->is_linked) {
		link_up(c, t_us);
		return;
	}
	if (t_us >= c->lost_us) {
		link_down(c, t_us);
		return;
	}
	watch_link(c, t_us);
	if (!device_is_reachable(c->device, t_us)) {
		c->device->now_us = t_us;
		return;
	}
	if (t_us >= c->confirm_us) {
		c->confirm_us = T_NEVER;
		device_confirmed(c->device, t_us, c->confirm_characteristic);
	}
	if (t_us >= c->step_us)
		take_step(c, t_us);
	if (!c->is_linked)
		return;
	if (t_us >= c->rssi_us) {
		heard = hear(c, HEARD_RSSI, t_us);
		heard->number = device_rssi_dbm(c->device, t_us);
		c->rssi_us = t_us + RSSI_US;
	}
	if (t_us >= c->poll_us)
		poll_wearable(c, t_us);
	take_pdus(c, t_us);
}

/* The next thing heard of this wearable, or NULL at the end. */
static const struct heard *peek(struct central *c, int64_t end_us)
{
	while (!c->n) {
		int64_t t_us = next_instant(c);

		if (t_us > end_us)
			return NULL;
		happen(c, t_us);
	}
	return &c->heard[c->first];
}

struct writer {
	gzFile file;
	int64_t base_us;
};

static int put(struct writer *w, json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	int n;

	json_decref(json);
	if (!line)
		return -EINVAL;
	n = gzprintf(w->file, "%s\n", line);
	free(line);
	return n > 0 ? 0 : -EIO;
}

static int put_heard(struct writer *w, const struct central *c, const struct heard *heard)
{
	static const char *const name[] = {"connected", "read", "notify", "disconnected", "rssi"};
	json_t *json = json_pack("{s:I,s:s,s:s}", "t", (json_int_t)(w->base_us + heard->t_us), "e",
		name[heard->kind], "w", c->device->config.address);
	char uuid[UUID_TEXT_SIZE], hex[2 * DEVICE_VALUE_MAX + 1] = "";

	switch (heard->kind) {
	case HEARD_CONNECTED:
		json_object_set_new(json, "mtu", json_integer(heard->number));
		break;
	case HEARD_READ:
	case HEARD_NOTIFY:
		uuid_to_string(&c->device->ops->characteristic[heard->characteristic].uuid, uuid);
		hex_encode(heard->value, heard->size, hex);
		json_object_set_new(json, "c", json_string(uuid));
		json_object_set_new(json, "v", json_string(hex));
		break;
	case HEARD_DISCONNECTED:
		json_object_set_new(json, "why", json_string("timeout"));
		break;
	case HEARD_RSSI:
		json_object_set_new(json, "dbm", json_integer(heard->number));
		break;
	}
	return put(w, json);
}

static int put_command(struct writer *w, const struct gym_command *command)
{
	return put(w, json_pack("{s:I,s:s,s:s,s:o}", "t", (json_int_t)(w->base_us + command->t_us),
			      "e", "command", "topic", command->topic, "payload",
			      json_loads(command->payload, 0, NULL)));
}

/* Of all wearables and the commands, what comes first. Returns 0 at the end. */
static int put_next(struct writer *w, struct gym *gym, struct central *central, size_t *command)
{
	struct gym_command next;
	int64_t first_us = T_NEVER;
	struct central *first = NULL;
	int r;

	for (size_t i = 0; i < gym->n_devices; i++) {
		const struct heard *heard = peek(&central[i], gym->end_us);
		if (heard && heard->t_us < first_us) {
			first_us = heard->t_us;
			first = &central[i];
		}
	}
	if (gym_get_command(gym, *command, &next) && next.t_us <= first_us) {
		(*command)++;
		r = put_command(w, &next);
		return r < 0 ? r : 1;
	}
	if (!first)
		return 0;
	r = put_heard(w, first, &first->heard[first->first]);
	first->first = (first->first + 1) % EVENTS_MAX;
	first->n--;
	return r < 0 ? r : 1;
}

int door_capture_write(struct gym *gym, const char *path)
{
	size_t length = strlen(path), command = 0;
	bool is_packed = length > 3 && strcmp(path + length - 3, ".gz") == 0;
	struct writer w = {gzopen(path, is_packed ? "wb9" : "wbT"), door_capture_base_us(gym)};
	_auto_free_ struct central *central = alloc_zero(gym->n_devices + 1, sizeof(*central));
	int r;

	if (!w.file)
		return errno ? -errno : -EIO;
	for (size_t i = 0; i < gym->n_devices; i++)
		central_init(&central[i], gym, i);
	r = put(&w, json_pack("{s:i,s:I,s:s,s:s}", "coxa_capture", 1, "t", (json_int_t)w.base_us,
			    "wall", gym->script->wall, "gateway", gym->script->gateway));
	if (r >= 0)
		do
			r = put_next(&w, gym, central, &command);
		while (r > 0);
	for (size_t i = 0; i < gym->n_devices; i++)
		planner_free(central[i].planner);
	if (gzclose(w.file) != Z_OK && r >= 0)
		r = -EIO;
	return r;
}
