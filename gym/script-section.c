// SPDX-License-Identifier: MIT
#include "gym/script-section.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "coxad/base/alloc.h"

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

const struct script_wearable script_section_wearable_defaults = {.kit = SIZE_MAX,
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

int script_section_athlete(struct script_reader *reader, struct script_athlete *athlete)
{
	int r = script_reader_keyed(reader, athlete_keys, ARRAY_LEN(athlete_keys), athlete);

	if (r)
		return r;
	if (!script_reader_take(reader, "breath"))
		return script_reader_fail(
			reader, "unknown setting '%s' of an athlete", reader->word[0]);
	r = script_reader_number(reader, "breath", 0, 10, &athlete->breath_deg);
	return r < 0 ? r : script_reader_number(reader, "breath", 1, 20, &athlete->breath_s);
}

static int exercise_line(struct script_reader *reader, struct script_kit *kit)
{
	const char *word = script_reader_word(reader);

	if (exercise_from_string(word, &kit->exercise) < 0)
		return script_reader_fail(reader, "unknown exercise '%s'", word);
	return 0;
}

int script_section_kit(struct script_reader *reader, struct script_kit *kit)
{
	if (script_reader_take(reader, "athlete"))
		return script_reader_find_athlete(reader, &kit->athlete);
	if (script_reader_take(reader, "exercise"))
		return exercise_line(reader, kit);
	return script_reader_fail(reader, "unknown setting '%s' of a kit", reader->word[0]);
}

static int mount_line(struct script_reader *reader, struct script_wearable *w)
{
	if (script_reader_take(reader, "any")) {
		w->mount = SCRIPT_MOUNT_ANY;
		return 0;
	}
	if (script_reader_take(reader, "default")) {
		w->mount = SCRIPT_MOUNT_DEFAULT;
		return 0;
	}
	w->mount = SCRIPT_MOUNT_TURNED;
	for (unsigned i = 0; i < 3; i++) {
		int r = script_reader_number(reader, "mount", -1, 1, &w->mount_axis[i]);

		if (r < 0)
			return r;
	}
	return script_reader_number(reader, "mount", -360, 360, &w->mount_deg);
}

static int streams_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const names[] = {"motion", "pop", "acoustic", "symptom", "haptic"};

	w->has_streams = true;
	w->streams = 0;
	while (!script_reader_is_at_end(reader)) {
		unsigned i;
		int r = script_reader_choice(reader, "stream", names, ARRAY_LEN(names), &i);

		if (r < 0)
			return r;
		w->streams |= 1u << i;
	}
	return 0;
}

static int acoustic_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const names[] = {"none", "air", "contact", "accelerometer"};

	return script_reader_choice(
		reader, "acoustic sensor", names, ARRAY_LEN(names), &w->acoustic_sensor);
}

static int worn_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_reader_placement(reader, &w->worn);

	if (r < 0 || !script_reader_take(reader, "by"))
		return r;
	return script_reader_find_athlete(reader, &w->athlete);
}

static int placement_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_reader_placement(reader, &w->placement);

	if (w->worn == PLACEMENT_COUNT)
		w->worn = w->placement;
	return r;
}

static int kit_line(struct script_reader *reader, struct script_wearable *w)
{
	return script_reader_find_kit(reader, &w->kit);
}

static int public_line(struct script_reader *reader, struct script_wearable *w)
{
	w->has_public_address = true;
	return 0;
}

static const struct {
	const char *word;
	int (*read)(struct script_reader *reader, struct script_wearable *w);
} wearable_lines[] = {
	{"kit", kit_line},
	{"mount", mount_line},
	{"streams", streams_line},
	{"acoustic", acoustic_line},
	{"worn", worn_line},
	{"public", public_line},
	{"placement", placement_line},
};

static const struct {
	const char *word;
	size_t offset;
} wearable_texts[] = {
	{"kind", offsetof(struct script_wearable, kind)},
	{"address", offsetof(struct script_wearable, address)},
	{"local-name", offsetof(struct script_wearable, local_name)},
	{"playback", offsetof(struct script_wearable, playback)},
};

int script_section_wearable(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_reader_keyed(reader, wearable_keys, ARRAY_LEN(wearable_keys), w);

	if (r)
		return r;
	for (size_t i = 0; i < ARRAY_LEN(wearable_texts); i++)
		if (script_reader_take(reader, wearable_texts[i].word))
			return script_reader_take_text(
				reader, (char **)((char *)w + wearable_texts[i].offset));
	for (size_t i = 0; i < ARRAY_LEN(wearable_lines); i++)
		if (script_reader_take(reader, wearable_lines[i].word))
			return wearable_lines[i].read(reader, w);
	return script_reader_fail(reader, "unknown setting '%s' of a wearable", reader->word[0]);
}
