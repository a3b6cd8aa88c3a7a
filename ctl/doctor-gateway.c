// SPDX-License-Identifier: MIT
#include "ctl/doctor-gateway.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/topic.h"

/* Below, a body between sensor and gateway, which takes 10 dB and more, leaves too little for a common
 * receiver (nRF52832 product specification: -96 dBm at 1 Mbit/s). */
#define WEAK_DBM -85.0
/* Above, gaps show in angles and in what is heard of a pop. */
#define LOSS_PERCENT 5.0
/* Below, it may not last for a class. */
#define BATTERY_PERCENT 20.0
/* Above, a pop cannot be matched with the posture at its instant (form-time-uncertainty-ms). */
#define CLOCK_MS 50.0

typedef void (*look_fn)(struct doctor *doctor, const char *name, const json_t *payload);

static void each(struct doctor *d, const char *first, const char *last, look_fn look)
{
	char name[TOPIC_NAME_SIZE];
	const char *topic;
	json_t *payload;

	json_object_foreach(d->states, topic, payload)
	{
		if (topic_is(topic, first, last) && topic_name(topic, name))
			look(d, name, payload);
	}
}

/* --- health --- */

static void look_at_health(struct doctor *d, const char *name, const json_t *health)
{
	json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(health, "problems"), i, problem)
	{
		bool is_failure = strcmp(topic_text(problem, "severity"), "failure") == 0;

		doctor_note(d, is_failure ? DOCTOR_FAILURE : DOCTOR_WARNING,
			topic_text(problem, "code"), topic_text(problem, "subject"), "%s",
			topic_text(problem, "text"));
	}
}

void doctor_gateway_health(struct doctor *d)
{
	each(d, "gateway", "health", look_at_health);
}

/* --- adapters --- */

static void look_at_adapters(struct doctor *d, const char *name, const json_t *status)
{
	if (json_array_size(json_object_get(status, "adapters")) == 0)
		doctor_note(d, DOCTOR_FAILURE, "no_adapter", "bluetooth",
			"coxad has no Bluetooth adapter to work with: bluetoothctl list shows what BlueZ "
			"has. Plug one in, switch it on, or see adapter in coxad.conf(5).");
}

void doctor_gateway_adapters(struct doctor *d)
{
	each(d, "gateway", "status", look_at_adapters);
}

/* --- wearables --- */

/* Words of wearable/<name>/status, which are codes here too. */
static const struct {
	const char *word, *text;
} states[] =
	{
		{"silent", "It is connected but sends nothing: switch it off and on."},
		{"quarantined",
			"It sends what coxad does not understand, so it is left alone for a while: see driver "
			"in coxad.conf(5), and whether its firmware is new."},
},
  problems[] = {
	  {"sensor_stuck",
		  "It sends the same values again and again: switch it off and on; if that does "
		  "not help, replace it."},
	  {"sensor_defective",
		  "What it says of tilt and of turning cannot both be true: replace it."},
	  {"bond_lost",
		  "It does not know the key of this gateway any more: if it was reset, remove the "
		  "bond (bluetoothctl remove ADDRESS), then coxactl pair."},
	  {"needs_pairing",
		  "It sends nothing without encryption, and coxad does not pair with it by itself: "
		  "coxactl pair does, or see pairing in coxad.conf(5)."},
	  {"service_missing",
		  "It lacks what its driver needs: it is another model, or its firmware is too old or "
		  "too new. See driver in coxad.conf(5)."},
};

static void look_at_state(struct doctor *d, const char *name, const json_t *status)
{
	const char *state = topic_text(status, "state");
	bool was_heard = json_is_string(json_object_get(status, "last_data"));

	if (strcmp(state, "absent") == 0)
		doctor_note(d, DOCTOR_WARNING, "wearable_absent", name,
			was_heard
				? "Its connection is gone: it is off, empty or too far away."
				: "It was never heard since coxad started: is it on and charged, is its "
				  "address right, or does a phone hold it?");
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcmp(state, states[i].word) == 0) {
			_auto_free_ char *code = alloc_printf("wearable_%s", state);

			doctor_note(d, DOCTOR_WARNING, code, name, "%s", states[i].text);
		}
}

static void look_at_problem(struct doctor *d, const char *name, const json_t *status)
{
	const char *problem = topic_text(status, "problem");

	for (size_t i = 0; i < ARRAY_LEN(problems); i++)
		if (strcmp(problem, problems[i].word) == 0)
			doctor_note(d, DOCTOR_WARNING, problem, name, "%s", problems[i].text);
}

/* A number that is not known is NAN, and beyond nothing. */
static void look_at_numbers(struct doctor *d, const char *name, const json_t *status)
{
	double rssi_dbm = topic_number(status, "rssi_dbm");
	double loss_percent = topic_number(status, "loss_percent");
	double battery_percent = topic_number(status, "battery_percent");
	double clock_ms = topic_number(json_object_get(status, "clock"), "uncertainty_ms");

	if (rssi_dbm < WEAK_DBM)
		doctor_note(d, DOCTOR_WARNING, "wearable_weak", name,
			"It is received with %.0f dBm: move the gateway or its antenna nearer, and out of "
			"corners and metal.",
			rssi_dbm);
	if (loss_percent > LOSS_PERCENT)
		doctor_note(d, DOCTOR_WARNING, "wearable_loss", name,
			"%.0f %% of its packets are lost: fewer wearables on one adapter, a better place "
			"for it, and no Wi-Fi of 2.4 GHz on the same chip.",
			loss_percent);
	if (battery_percent < BATTERY_PERCENT)
		doctor_note(d, DOCTOR_WARNING, "battery_low", name,
			"Its battery has %.0f %%: charge it.", battery_percent);
	if (clock_ms > CLOCK_MS)
		doctor_note(d, DOCTOR_WARNING, "wearable_clock", name,
			"Its time is known to %.0f ms only, so its pops are left to the trainer to review: "
			"fewer wearables on one adapter, or a better place for it.",
			clock_ms);
}

static void look_at_wearable(struct doctor *d, const char *name, const json_t *status)
{
	look_at_state(d, name, status);
	look_at_problem(d, name, status);
	if (strcmp(topic_text(status, "state"), "absent") != 0)
		look_at_numbers(d, name, status);
}

void doctor_gateway_wearables(struct doctor *d)
{
	each(d, "wearable", "status", look_at_wearable);
}

/* --- sessions --- */

static void look_at_other(struct doctor *d, const char *kit, const json_t *session)
{
	const char *athlete = topic_text(session, "athlete"), *topic;
	char name[TOPIC_NAME_SIZE];
	json_t *other;

	json_object_foreach(d->states, topic, other)
	{
		if (!topic_is(topic, "kit", "session") || !topic_name(topic, name) ||
			strcmp(topic_text(other, "athlete"), athlete) != 0)
			continue;
		/* Told once, of the kit whose name comes first. */
		if (strcmp(kit, name) < 0)
			doctor_note(d, DOCTOR_WARNING, "athlete_twice", kit,
				"The athlete of this kit has a session with kit %s too: end one of them "
				"(coxactl session end KIT).",
				name);
	}
}

static bool has_session(const struct doctor *d, const char *kit)
{
	_auto_free_ char *topic = alloc_printf("kit/%s/session", kit);

	return json_is_object(json_object_get(d->states, topic));
}

static bool is_worn(const struct doctor *d, const char *kit)
{
	const char *topic;
	json_t *payload;

	json_object_foreach(d->states, topic, payload)
	{
		if (topic_is(topic, "wearable", "status") &&
			strcmp(topic_text(payload, "kit"), kit) == 0 &&
			strcmp(topic_text(payload, "state"), "streaming") == 0)
			return true;
	}
	return false;
}

static void look_at_kits(struct doctor *d, const char *name, const json_t *inventory)
{
	json_t *kit;
	size_t i;

	json_array_foreach(json_object_get(inventory, "kits"), i, kit)
	{
		const char *kit_name = topic_text(kit, "name");

		if (json_is_null(json_object_get(kit, "athlete")) && is_worn(d, kit_name) &&
			!has_session(d, kit_name))
			doctor_note(d, DOCTOR_WARNING, "kit_without_athlete", kit_name,
				"Its wearables send, but nobody is said to wear it, so nothing of it is shown: "
				"coxactl session start %s ATHLETE, or athlete in coxad.conf(5).",
				kit_name);
	}
}

void doctor_gateway_sessions(struct doctor *d)
{
	each(d, "kit", "session", look_at_other);
	each(d, "gateway", "inventory", look_at_kits);
}

/* --- calibrations --- */

/* Words of kit/<name>/calibration, with what they say of how the sensors are worn. */
static const struct {
	const char *word, *code, *text;
} worn[] = {
	{"pelvis_mounting", "sensor_turned", "The pelvis sensor is worn turned"},
	{"thigh_mounting", "sensor_turned", "A thigh sensor is worn turned"},
	{"not_worn_as_before", "sensor_turned", "A sensor is worn otherwise than last time"},
	{"sensor_shifted", "sensor_turned", "A sensor has slipped"},
	{"leg_off_zero", "sensor_turned", "A thigh sensor has slipped"},
	{"wrong_leg", "sensor_other_side", "The left sensor seems to be on the right leg"},
};

static void look_at_calibration(struct doctor *d, const char *kit, const json_t *calibration)
{
	bool is_worn_now = has_session(d, kit);

	for (size_t i = 0; i < ARRAY_LEN(worn) && is_worn_now; i++)
		if (strcmp(topic_text(calibration, "code"), worn[i].word) == 0 &&
			strcmp(topic_text(calibration, "state"), "running") != 0)
			doctor_note(d, DOCTOR_WARNING, worn[i].code, kit,
				"%s, so the angles of this kit cannot be trusted: look how it is worn, then "
				"coxactl calibrate %s.",
				worn[i].text, kit);
}

void doctor_gateway_calibrations(struct doctor *d)
{
	each(d, "kit", "calibration", look_at_calibration);
}
