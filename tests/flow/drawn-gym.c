// SPDX-License-Identifier: MIT
#include "tests/flow/drawn-gym.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/generator.h"
#include "coxad/base/units.h"

#define RATE_HZ     52
#define SAMPLES     8
#define INTERVAL_US 19231
#define CYCLE_S     6
#define ARRIVAL_US  9000
#define POP_EVERY   52 /* packets: 8 s */

static const char *const placements[] = {"pelvis", "thigh-left", "thigh-right", "hip-right"};
static const char *const exercises[] = {"supine-straight", "single", "hang"};

#define PLACEMENTS (sizeof(placements) / sizeof(placements[0]))
#define EXERCISES  (sizeof(exercises) / sizeof(exercises[0]))

unsigned drawn_gym_roll(struct drawn_gym *gym, unsigned n)
{
	return (unsigned)(generator_splitmix(&gym->dice) % n);
}

/* --- the configuration --- */

static bool is_free(const struct drawn_gym *gym, unsigned kit, unsigned placement)
{
	for (unsigned i = 0; i < DRAWN_WEARABLES; i++)
		if (gym->wearable[i].is_there && gym->wearable[i].kit == kit &&
			gym->wearable[i].placement == placement)
			return false;
	return gym->kit[kit].is_there;
}

static void put_on(struct drawn_gym *gym, struct drawn_wearable *w)
{
	unsigned kit = drawn_gym_roll(gym, DRAWN_KITS), placement = drawn_gym_roll(gym, PLACEMENTS);

	if (!is_free(gym, kit, placement))
		return;
	if (!w->is_there)
		w->address = gym->addresses++;
	w->is_there = true;
	w->kit = kit;
	w->placement = placement;
}

static void toggle_kit(struct drawn_gym *gym, unsigned kit)
{
	gym->kit[kit].is_there = !gym->kit[kit].is_there;
	for (unsigned i = 0; i < DRAWN_WEARABLES; i++)
		if (!gym->kit[kit].is_there && gym->wearable[i].kit == kit)
			gym->wearable[i].is_there = false;
}

static void swap_names(struct drawn_gym *gym, struct drawn_wearable *w)
{
	struct drawn_wearable *other = &gym->wearable[drawn_gym_roll(gym, DRAWN_WEARABLES)];
	unsigned name = w->name;

	w->name = other->name;
	other->name = name;
}

static void begin(struct drawn_gym *gym)
{
	gym->addresses = 1;
	for (unsigned i = 0; i < DRAWN_KITS; i++)
		gym->kit[i].is_there = true;
	for (unsigned i = 0; i < DRAWN_WEARABLES; i++) {
		gym->wearable[i].name = i;
		put_on(gym, &gym->wearable[i]);
	}
}

static void change(struct drawn_gym *gym)
{
	struct drawn_kit *kit = &gym->kit[drawn_gym_roll(gym, DRAWN_KITS)];
	struct drawn_wearable *w = &gym->wearable[drawn_gym_roll(gym, DRAWN_WEARABLES)];

	switch (drawn_gym_roll(gym, 9)) {
	case 0:
		if (!kit->is_there || drawn_gym_roll(gym, 2))
			toggle_kit(gym, (unsigned)(kit - gym->kit));
		break;
	case 1:
		kit->exercise = drawn_gym_roll(gym, EXERCISES);
		break;
	case 2:
		kit->has_athlete = drawn_gym_roll(gym, 3);
		kit->athlete = drawn_gym_roll(gym, 2);
		break;
	case 3:
		w->is_there = false;
		break;
	case 4:
		w->address = gym->addresses++; /* another sensor under the same name */
		break;
	case 5:
		swap_names(gym, w);
		break;
	default:
		put_on(gym, w); /* a new one, or one that moves */
		break;
	}
}

void drawn_gym_step(struct drawn_gym *gym)
{
	if (gym->addresses == 0)
		begin(gym);
	for (unsigned n = 1 + drawn_gym_roll(gym, 3); n > 0; n--)
		change(gym);
}

static size_t add(char *text, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static size_t add(char *text, size_t at, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + at, DRAWN_TEXT_SIZE - at, format, args);
	va_end(args);
	if (n < 0 || at + (size_t)n >= DRAWN_TEXT_SIZE)
		abort();
	return at + (size_t)n;
}

static size_t add_kept(char *text, size_t at)
{
	for (unsigned k = 0; k < DRAWN_KEPT; k++) {
		at = add(text, at, "[kit kept-%u]\nexercise = supine-straight\nathlete = kept-%u\n",
			k, k);
		for (unsigned p = 0; p < PLACEMENTS; p++)
			at = add(text, at,
				"[wearable kept-%u-%s]\naddress = C0:A5:00:00:00:%02X\n"
				"kit = kept-%u\nplacement = %s\n",
				k, placements[p], (unsigned)(k * PLACEMENTS + p), k, placements[p]);
	}
	return at;
}

const char *drawn_gym_text(const struct drawn_gym *gym)
{
	static char text[DRAWN_TEXT_SIZE];
	size_t at = add(text, 0, "[gateway]\nname = pi\nsite = gym\n");

	for (unsigned k = 0; k < DRAWN_KITS; k++) {
		const struct drawn_kit *kit = &gym->kit[k];

		if (!kit->is_there)
			continue;
		at = add(text, at, "[kit %u]\nexercise = %s\n", k, exercises[kit->exercise]);
		if (kit->has_athlete)
			at = add(text, at, "athlete = other-%u-%u\n", k, kit->athlete);
	}
	at = add_kept(text, at);
	for (unsigned i = 0; i < DRAWN_WEARABLES; i++) {
		const struct drawn_wearable *w = &gym->wearable[i];

		if (w->is_there)
			at = add(text, at,
				"[wearable %u]\naddress = C0:A5:01:00:%02X:%02X\nkit = %u\n"
				"placement = %s\n",
				w->name, w->address >> 8 & 255, w->address & 255, w->kit,
				placements[w->placement]);
	}
	return text;
}

bool drawn_gym_is_kept(const char *kit)
{
	return strncmp(kit, "kept-", 5) == 0;
}

/* --- the air --- */

static void put16(uint8_t *at, double value)
{
	int v = (int)lround(fmax(-32768, fmin(32767, value)));

	at[0] = (uint8_t)v;
	at[1] = (uint8_t)(v >> 8);
}

/* Lying, then slow leg raises of 60 degrees; x along the body to the head, z out of the skin. */
static void put_sample(uint8_t *at, double t_s, bool is_thigh)
{
	double phase = 2 * M_PI * fmod(t_s, CYCLE_S) / CYCLE_S, top = 60 * RAD_PER_DEG;
	double angle = 0, rate = 0;

	if (is_thigh && t_s > 12) {
		angle = top * (1 - cos(phase)) / 2;
		rate = top * sin(phase) / 2 * 2 * M_PI / CYCLE_S;
	}
	memset(at, 0, 12);
	put16(at, -sin(angle) * 4096);
	put16(at + 4, cos(angle) * 4096);
	put16(at + 8, rate * DEG_PER_RAD / 1000 * 32768);
}

struct sender {
	struct gateway *gateway;
	const struct wearable_conf *wearable;
};

static void give(
	const struct sender *s, const struct capture_event *received, unsigned characteristic)
{
	struct capture_event event = *received;
	char uuid[40];

	event.address = s->wearable->address;
	snprintf(uuid, sizeof(uuid), "c0a5%04x-9bc6-4808-a8bd-20fbe3fc7d8c", characteristic);
	uuid_from_string(uuid, &event.characteristic);
	gateway_event(s->gateway, &event, NULL);
}

static void connect(const struct sender *s, int64_t t_us)
{
	static const uint8_t info[20] = {
		1, 3, 8, 0, 0xe8, 3, RATE_HZ, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64};

	give(s, &(struct capture_event){.kind = CAPTURE_CONNECTED, .t_us = t_us, .mtu = 247}, 0);
	give(s,
		&(struct capture_event){
			.kind = CAPTURE_READ, .t_us = t_us, .value = info, .size = sizeof(info)},
		2);
}

static void send_motion(const struct sender *s, int64_t t_us)
{
	int64_t first_us = t_us - (SAMPLES - 1) * INTERVAL_US;
	uint16_t sequence = (uint16_t)(t_us / DRAWN_PERIOD_US);
	uint8_t p[8 + 12 * SAMPLES] = {(uint8_t)sequence, (uint8_t)(sequence >> 8),
		(uint8_t)first_us, (uint8_t)(first_us >> 8), (uint8_t)(first_us >> 16),
		(uint8_t)(first_us >> 24), INTERVAL_US & 0xff, INTERVAL_US >> 8};
	enum placement placement = s->wearable->placement;

	for (int i = 0; i < SAMPLES; i++)
		put_sample(p + 8 + 12 * i, (double)(first_us + i * INTERVAL_US) / US_PER_S,
			placement == PLACEMENT_THIGH_LEFT || placement == PLACEMENT_THIGH_RIGHT);
	give(s,
		&(struct capture_event){.kind = CAPTURE_NOTIFY,
			.t_us = t_us + ARRIVAL_US,
			.value = p,
			.size = sizeof(p)},
		4);
}

/* The sounds of others are too far from those of the kept ones to be taken for the same. */
static void send_pop(const struct sender *s, const struct conf *conf, int64_t t_us)
{
	int64_t n = t_us / DRAWN_PERIOD_US;
	bool is_kept = drawn_gym_is_kept(conf->kit[s->wearable->kit].name);
	uint16_t sequence = (uint16_t)(n / POP_EVERY);
	uint8_t p[20] = {(uint8_t)sequence, (uint8_t)(sequence >> 8), (uint8_t)t_us,
		(uint8_t)(t_us >> 8), (uint8_t)(t_us >> 16), (uint8_t)(t_us >> 24), 40, 120, 10, 8,
		0x2c, 1, 60, 10, 20, 1, 22, 1, 30, 0};

	if (s->wearable->placement != PLACEMENT_HIP_RIGHT ||
		n % POP_EVERY != (is_kept ? 0 : POP_EVERY / 2))
		return;
	give(s,
		&(struct capture_event){.kind = CAPTURE_NOTIFY,
			.t_us = t_us + ARRIVAL_US,
			.value = p,
			.size = sizeof(p)},
		5);
}

void drawn_gym_send(
	struct drawn_air *air, const struct conf *conf, struct gateway *gateway, int64_t t_us)
{
	for (unsigned i = 0; i < conf->n_wearables; i++) {
		const struct sender s = {gateway, &conf->wearable[i]};

		if (conf->wearable[i].is_gone)
			continue;
		if (!air->is_up[i] || strcmp(air->address[i], conf->wearable[i].address) != 0)
			connect(&s, t_us + ARRIVAL_US);
		air->is_up[i] = true;
		memcpy(air->address[i], conf->wearable[i].address, ADDRESS_SIZE);
		send_motion(&s, t_us);
		send_pop(&s, conf, t_us);
	}
}
