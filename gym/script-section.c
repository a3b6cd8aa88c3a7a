// SPDX-License-Identifier: MIT
/* The lines of an athlete, a kit, a wearable. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/script-private.h"

#define ATHLETE_KEY(name, field, min, max)                                                         \
	{                                                                                          \
		name, offsetof(struct script_athlete, field), min, max                             \
	}
static const struct script_key athlete_keys[] = {
	ATHLETE_KEY("span", span_deg, 0, 30),
	ATHLETE_KEY("heading", heading_deg, -360, 360),
	ATHLETE_KEY("lordosis", lordosis, 0, 2),
};

#define WEARABLE_KEY(name, field, min, max)                                                        \
	{                                                                                          \
		name, offsetof(struct script_wearable, field), min, max                            \
	}
static const struct script_key wearable_keys[] = {
	WEARABLE_KEY("rate", rate_hz, 16, 400),
	WEARABLE_KEY("range-g", range_g, 2, 16),
	WEARABLE_KEY("range-dps", range_dps, 250, 4000),
	WEARABLE_KEY("noise-mg", noise_mg, 0, 1000),
	WEARABLE_KEY("noise-dps", noise_dps, 0, 100),
	WEARABLE_KEY("bias-mg", bias_mg, 0, 1000),
	WEARABLE_KEY("bias-dps", bias_dps, 0, 100),
	WEARABLE_KEY("ppm", ppm, -20000, 20000),
	WEARABLE_KEY("clock", clock_us, 0, 4294967295.0),
	WEARABLE_KEY("interval-ms", interval_ms, 7.5, 4000),
	WEARABLE_KEY("loss", loss, 0, 0.95),
	WEARABLE_KEY("supervision-ms", supervision_ms, 100, 32000),
	WEARABLE_KEY("jitter-ms", jitter_ms, 0, 1000),
	WEARABLE_KEY("spikes", spikes, 0, 1),
	WEARABLE_KEY("mtu", mtu, 23, 517),
	WEARABLE_KEY("rssi", rssi_dbm, -127, 20),
	WEARABLE_KEY("battery", battery, 0, 100),
	WEARABLE_KEY("advert-ms", advert_ms, 20, 10240),
	WEARABLE_KEY("pops-kept", pops_kept, 1, 256),
	WEARABLE_KEY("acoustic-hz", acoustic_hz, 0, 48000),
	WEARABLE_KEY("acoustic-noise-db", acoustic_noise_db, -120, 0),
};

int script_athlete_line(struct script_reader *reader, struct script_athlete *athlete)
{
	int r = script_keyed(reader, athlete_keys, ARRAY_LEN(athlete_keys), athlete);

	if (r)
		return r;
	if (script_take(reader, "breath")) {
		r = script_number(reader, "breath", 0, 10, &athlete->breath_deg);
		return r < 0 ? r : script_number(reader, "breath", 1, 20, &athlete->breath_s);
	}
	return script_fail(reader, "%s is nothing of an athlete", reader->word[0]);
}

int script_kit_line(struct script_reader *reader, struct script_kit *kit)
{
	const char *word;

	if (script_take(reader, "athlete"))
		return script_find_athlete(reader, script_next(reader), &kit->athlete);
	if (script_take(reader, "exercise")) {
		word = script_next(reader);
		if (!word || exercise_from_string(word, &kit->exercise) < 0)
			return script_fail(reader, "%s is no exercise", word ? word : "nothing");
		return 0;
	}
	return script_fail(reader, "%s is nothing of a kit", reader->word[0]);
}

static int mount_line(struct script_reader *reader, struct script_wearable *w)
{
	if (script_take(reader, "any")) {
		w->mount = SCRIPT_MOUNT_ANY;
		return 0;
	}
	if (script_take(reader, "default")) {
		w->mount = SCRIPT_MOUNT_DEFAULT;
		return 0;
	}
	w->mount = SCRIPT_MOUNT_TURNED;
	for (unsigned i = 0; i < 3; i++) {
		int r = script_number(reader, "mount", -1, 1, &w->mount_axis[i]);
		if (r < 0)
			return r;
	}
	return script_number(reader, "mount", -360, 360, &w->mount_deg);
}

static int streams_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const name[] = {"motion", "pop", "acoustic", "symptom", "haptic"};
	const char *word;

	w->has_streams = true;
	w->streams = 0;
	while ((word = script_next(reader))) {
		unsigned i = 0;
		while (i < ARRAY_LEN(name) && strcmp(word, name[i]) != 0)
			i++;
		if (i == ARRAY_LEN(name))
			return script_fail(reader, "%s is no stream", word);
		w->streams |= 1u << i;
	}
	return 0;
}

static int acoustic_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const name[] = {"none", "air", "contact", "accelerometer"};
	const char *word = script_next(reader);

	for (unsigned i = 0; word && i < ARRAY_LEN(name); i++)
		if (strcmp(word, name[i]) == 0) {
			w->acoustic_sensor = i;
			return 0;
		}
	return script_fail(reader, "%s is no acoustic sensor", word ? word : "nothing");
}

static int worn_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_placement(reader, &w->worn);

	if (r < 0 || !script_take(reader, "by"))
		return r;
	return script_find_athlete(reader, script_next(reader), &w->athlete);
}

static int kit_of_line(struct script_reader *reader, struct script_wearable *w)
{
	const char *word = script_next(reader);

	for (size_t i = 0; word && i < reader->script->n_kits; i++)
		if (strcmp(reader->script->kit[i].name, word) == 0) {
			w->kit = i;
			return 0;
		}
	return script_fail(reader, "no kit %s above", word ? word : "");
}

int script_wearable_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_keyed(reader, wearable_keys, ARRAY_LEN(wearable_keys), w);

	if (r)
		return r;
	if (script_take(reader, "kind"))
		return script_take_text(reader, &w->kind);
	if (script_take(reader, "address"))
		return script_take_text(reader, &w->address);
	if (script_take(reader, "local-name"))
		return script_take_text(reader, &w->local_name);
	if (script_take(reader, "playback"))
		return script_take_text(reader, &w->playback);
	if (script_take(reader, "kit"))
		return kit_of_line(reader, w);
	if (script_take(reader, "mount"))
		return mount_line(reader, w);
	if (script_take(reader, "streams"))
		return streams_line(reader, w);
	if (script_take(reader, "acoustic"))
		return acoustic_line(reader, w);
	if (script_take(reader, "worn"))
		return worn_line(reader, w);
	if (script_take(reader, "public")) {
		w->has_public_address = true;
		return 0;
	}
	if (script_take(reader, "placement")) {
		r = script_placement(reader, &w->placement);
		if (w->worn == PLACEMENT_COUNT)
			w->worn = w->placement;
		return r;
	}
	return script_fail(reader, "%s is nothing of a wearable", reader->word[0]);
}

const struct script_wearable script_wearable_defaults = {.kit = SIZE_MAX,
	.athlete = SIZE_MAX,
	.placement = PLACEMENT_COUNT,
	.worn = PLACEMENT_COUNT,
	.rate_hz = 104,
	.range_g = 8,
	.range_dps = 1000,
	.noise_mg = 0.7,
	.noise_dps = 0.04,
	.bias_mg = 8,
	.bias_dps = 0.6,
	.ppm = NAN,
	.clock_us = NAN,
	.interval_ms = NAN,
	.loss = 0.03,
	.supervision_ms = 2000,
	.jitter_ms = 2,
	.spikes = 0.02,
	.mtu = 247,
	.rssi_dbm = -65,
	.battery = 87,
	.advert_ms = 100,
	.pops_kept = 64,
	.acoustic_noise_db = -60};
