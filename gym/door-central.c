// SPDX-License-Identifier: MIT
#include "gym/door-central.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "gym/device-bluest.h"
#include "gym/device-coxa.h"
#include "gym/device-playback.h"

#define POLL_US  (10 * US_PER_S)
#define RSSI_US  (30 * US_PER_S)
#define RETRY_US (700 * US_PER_MS)

/* Bits of Sensor Information (wearable-profile.md). */
enum { SENDS_MOTION = 1, SENDS_POP = 2, SENDS_SYMPTOM = 8 };

/* Characteristics of the Coxa profile, in the order of its table. */
enum { INFORMATION, CONTROL, MOTION, POP, ACOUSTIC, SYMPTOM };

static struct door_event *add_event(struct door_central *c, enum door_event_kind kind, int64_t t_us)
{
	struct door_event *event = &c->event[(c->first + c->n) % DOOR_CENTRAL_EVENTS_MAX];

	if (c->n < DOOR_CENTRAL_EVENTS_MAX)
		c->n++;
	if (t_us > c->last_us)
		c->last_us = t_us;
	event->t_us = c->last_us;
	event->kind = kind;
	event->size = 0;
	return event;
}

void door_central_init(struct door_central *c, struct gym *gym, size_t index)
{
	struct device *device = gym_get_device(gym, index);
	struct random random = random_of(gym->seed ^ 0x72616469, device_address(device));
	struct radio_options radio = {.interval_us = device->config.radio.interval_us,
		.loss = device->config.radio.loss,
		.jitter_mean_us = (double)device->config.jitter_mean_us,
		.spike_share = device->config.spike_share};

	memset(c, 0, sizeof(*c));
	c->device = device;
	c->is_coxa = device->ops == &device_coxa_ops;
	if (!c->is_coxa && device->ops != &device_bluest_ops && device->ops != &device_playback_ops)
		c->planner = planner_new(device, device->config.placement, 0);
	radio_init(&c->radio, &radio, random);
	c->step_us = llrint(random_between(&c->radio.random, 50e3, 800e3));
	c->lost_us = T_NEVER;
	c->confirm_us = T_NEVER;
	c->rssi_us = T_NEVER;
	c->poll_us = T_NEVER;
}

static void link_up(struct door_central *c, int64_t t_us)
{
	struct door_event *event;

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
	event = add_event(c, DOOR_EVENT_CONNECTED, t_us);
	event->number = (int)c->device->mtu;
	c->step_us = t_us + 80 * US_PER_MS;
	if (c->planner) {
		planner_connected(c->planner, c->device->mtu);
		planner_begin(c->planner, DRIVER_PLAN_START);
	}
	c->rssi_us = t_us + 100 * US_PER_MS;
}

static void link_down(struct door_central *c, int64_t t_us)
{
	c->is_linked = false;
	c->lost_us = T_NEVER;
	c->confirm_us = T_NEVER;
	c->rssi_us = T_NEVER;
	c->poll_us = T_NEVER;
	device_disconnected(c->device, t_us);
	add_event(c, DOOR_EVENT_DISCONNECTED, t_us);
	c->step_us = t_us + RETRY_US;
}

static void read_information(struct door_central *c, int64_t t_us)
{
	struct door_event *event = add_event(c, DOOR_EVENT_READ, t_us);
	int n = device_read(c->device, t_us, INFORMATION, event->value);
	uint32_t boot;

	event->characteristic = INFORMATION;
	event->size = n > 0 ? (size_t)n : 0;
	memcpy(&boot, event->value + 12, sizeof(boot));
	if (!c->knows_boot || boot != c->boot)
		c->last_pop = 0;
	c->knows_boot = c->knows_boot && boot == c->boot;
	c->boot = boot;
}

/* The next step of the driver's plan; polling starts at its end. */
static void take_planned_step(struct door_central *c, int64_t t_us)
{
	int64_t poll_us = planner_driver(c->planner)->poll_interval_us;
	struct device_pdu read;

	c->step_us = planner_step(c->planner, t_us, c->radio.options.interval_us, &read);
	if (read.size) {
		struct door_event *event = add_event(c, DOOR_EVENT_READ, t_us);

		event->characteristic = read.characteristic;
		event->size = read.size;
		memcpy(event->value, read.value, read.size);
	}
	if (c->step_us < 0)
		link_down(c, t_us);
	else if (c->step_us == T_NEVER && poll_us)
		c->poll_us = t_us + poll_us;
}

static void poll_wearable(struct door_central *c, int64_t t_us)
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

/* The Coxa profile's start plan: read, subscribe to what it has, start it, ask for missed pops. */
static void take_coxa_step(struct door_central *c, int64_t t_us)
{
	unsigned streams = c->device->config.streams, step = c->step++;
	uint8_t start[2] = {0x01, (uint8_t)(streams & 0x0f)};
	uint8_t resend[3] = {0x05, (uint8_t)c->last_pop, (uint8_t)(c->last_pop >> 8)};

	c->step_us = t_us + c->radio.options.interval_us;
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
		if (streams & SENDS_SYMPTOM)
			device_subscribe(c->device, t_us, SYMPTOM, 2);
		return;
	case 6:
		device_write(c->device, t_us, CONTROL, start, sizeof(start));
		return;
	default:
		if (c->knows_boot && (streams & SENDS_POP))
			device_write(c->device, t_us, CONTROL, resend, sizeof(resend));
		c->knows_boot = true;
		c->poll_us = streams & SENDS_MOTION ? T_NEVER : t_us + US_PER_S;
		c->step_us = T_NEVER;
	}
}

static void take_step(struct door_central *c, int64_t t_us)
{
	if (c->planner) {
		take_planned_step(c, t_us);
	} else if (c->is_coxa) {
		take_coxa_step(c, t_us);
	} else {
		device_subscribe(c->device, t_us, 0, 1);
		c->step_us = T_NEVER;
	}
}

static void take_pdus(struct door_central *c, int64_t t_us)
{
	struct device_pdu pdu;

	while (c->n < DOOR_CENTRAL_EVENTS_MAX / 2 && device_take(c->device, t_us, &pdu)) {
		struct door_event *event =
			add_event(c, DOOR_EVENT_NOTIFY, radio_arrival_us(&c->radio, t_us));

		event->characteristic = pdu.characteristic;
		memcpy(event->value, pdu.value, pdu.size);
		event->size = pdu.size;
		if (c->planner)
			planner_received(c->planner, event->t_us, DRIVER_ORIGIN_NOTIFY, &pdu,
				(struct planner_sink){NULL, NULL});
		if (c->is_coxa && pdu.characteristic == POP)
			c->last_pop = (uint16_t)(pdu.value[0] | pdu.value[1] << 8);
		if (pdu.is_indication) {
			c->confirm_us = radio_event_us(&c->radio, event->t_us);
			c->confirm_characteristic = pdu.characteristic;
		}
	}
}

/* If the wearable cannot be reached, the link ends after the supervision time. One that was
 * switched off does not return to the same link. */
static void watch_link(struct door_central *c, int64_t t_us)
{
	if (device_is_in_gap(c->device, DEVICE_GAP_OFF, t_us))
		c->was_off = true;
	if (device_is_reachable(c->device, t_us) && !c->was_off)
		c->lost_us = T_NEVER;
	else if (c->lost_us == T_NEVER)
		c->lost_us = t_us + c->device->config.radio.supervision_us;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When something next happens between the two. */
static int64_t next_us(const struct door_central *c)
{
	int64_t now_us = c->device->now_us, next = c->step_us, device = device_next(c->device);

	if (!c->is_linked)
		return next;
	/* Out of reach, everything else waits. */
	if (!device_is_reachable(c->device, now_us))
		return earlier(c->lost_us, now_us + 50 * US_PER_MS);
	next = earlier(earlier(next, device), earlier(c->lost_us, c->confirm_us));
	next = earlier(next, earlier(c->rssi_us, c->poll_us));
	return next > now_us ? next : now_us;
}

static void add_rssi(struct door_central *c, int64_t t_us)
{
	struct door_event *event = add_event(c, DOOR_EVENT_RSSI, t_us);

	event->number = device_rssi_dbm(c->device, t_us);
	c->rssi_us = t_us + RSSI_US;
}

/* What is due while the wearable can be reached. */
static void step_link(struct door_central *c, int64_t t_us)
{
	if (t_us >= c->confirm_us) {
		c->confirm_us = T_NEVER;
		device_confirmed(c->device, t_us, c->confirm_characteristic);
	}
	if (t_us >= c->step_us)
		take_step(c, t_us);
	if (!c->is_linked)
		return;
	if (t_us >= c->rssi_us)
		add_rssi(c, t_us);
	if (t_us >= c->poll_us)
		poll_wearable(c, t_us);
	take_pdus(c, t_us);
}

static void step(struct door_central *c, int64_t t_us)
{
	if (!c->is_linked) {
		link_up(c, t_us);
		return;
	}
	if (t_us >= c->lost_us) {
		link_down(c, t_us);
		return;
	}
	watch_link(c, t_us);
	if (device_is_reachable(c->device, t_us))
		step_link(c, t_us);
	else
		c->device->now_us = t_us;
}

const struct door_event *door_central_peek(struct door_central *c, int64_t end_us)
{
	while (!c->n) {
		int64_t t_us = next_us(c);

		if (t_us > end_us)
			return NULL;
		step(c, t_us);
	}
	return &c->event[c->first];
}

void door_central_take(struct door_central *c)
{
	c->first = (c->first + 1) % DOOR_CENTRAL_EVENTS_MAX;
	c->n--;
}

void door_central_done(struct door_central *c)
{
	planner_free(c->planner);
}
