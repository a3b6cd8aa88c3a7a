// SPDX-License-Identifier: MIT
#include "gym/sound.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define PULSE_SPACING_S 0.035 /* 3.57 cracks in 97 ms, 5.27 in 139 ms: decision-model.md 1.1 */

static const char *const kind_text[] = {
#define SOUND_TEXT_(id, text) text,
	SOUND_LIST(SOUND_TEXT_)
#undef SOUND_TEXT_
};

static const struct sound usual[SOUND_KIND_COUNT] = {
	[SOUND_POP] = {SOUND_POP, -19, -43, 1.5, 8, 305, 18.5, 0.08, 0.05, 1, 22, 0.06, 0.2, 0},
	[SOUND_CRACK] = {SOUND_CRACK, -17, -43, 1.0, 6, 333, 20, 0.08, 0.06, 3, 23, 0.06, 0.2, 0},
	[SOUND_HEEL] = {SOUND_HEEL, -12, -43, 2.0, 45, 120, 14, 0.02, 0.45, 1, 14, 0.9, 0.1, 0},
	[SOUND_TAP] = {SOUND_TAP, -6, -43, 0.3, 3, 3200, 60, 0.85, 0.01, 1, 20, 1.8, 0.5, 0},
	[SOUND_DROP] = {SOUND_DROP, -14, -43, 1.0, 60, 160, 16, 0.05, 0.4, 1, -4, 0.08, 0.2, 0},
	[SOUND_SPEECH] = {SOUND_SPEECH, -27, -43, 20, 400, 650, 4, 0.25, 0.02, 1, -2, 0, 0.1, 0},
	[SOUND_RUB] = {SOUND_RUB, -25, -43, 12, 180, 900, 5, 0.3, 0.05, 4, 18, 0.04, 0.6, 0},
	[SOUND_CREAK] = {SOUND_CREAK, -38, -43, 60, 1500, 400, 4, 0.05, 0.05, 1, 20, 0.02, 0.3, 0},
	[SOUND_CLAP] = {SOUND_CLAP, -25, -45, 1.0, 15, 1500, 20, 0.6, 0.02, 1, -1, 0, 0.4, 0},
	[SOUND_BURST] = {SOUND_BURST, -15, -43, 2.0, 90, 500, 9, 0.02, 0.3, 5, 15, 0.2, 0.5, 0},
};

const char *sound_kind_to_string(enum sound_kind kind)
{
	return (unsigned)kind < SOUND_KIND_COUNT ? kind_text[kind] : "unknown";
}

int sound_kind_from_string(const char *text, enum sound_kind *ret)
{
	for (unsigned i = 0; i < SOUND_KIND_COUNT; i++)
		if (strcmp(text, kind_text[i]) == 0) {
			*ret = (enum sound_kind)i;
			return 0;
		}
	return -EINVAL;
}

struct sound sound_usual(enum sound_kind kind)
{
	return usual[kind];
}

static uint8_t clamp_u8(double value)
{
	return (uint8_t)(value <= 0 ? 0 : value >= 255 ? 255 : lrint(value));
}

void sound_to_packet(const struct sound *sound, uint16_t sequence, uint32_t time, int has_air,
	uint8_t ret[SOUND_PACKET_SIZE])
{
	double centroid = sound->centroid_hz < 0 ? 0 : fmin(sound->centroid_hz, 65535);

	ret[0] = (uint8_t)sequence;
	ret[1] = (uint8_t)(sequence >> 8);
	for (unsigned i = 0; i < 4; i++)
		ret[2 + i] = (uint8_t)(time >> 8 * i);
	ret[6] = clamp_u8(-2 * sound->peak_db);
	ret[7] = clamp_u8(-2 * sound->background_db);
	ret[8] = clamp_u8(sound->rise_ms * 10);
	ret[9] = clamp_u8(sound->t10_ms);
	ret[10] = (uint8_t)lrint(centroid);
	ret[11] = (uint8_t)(lrint(centroid) >> 8);
	ret[12] = clamp_u8(sound->kurtosis * 2);
	ret[13] = clamp_u8(sound->high_share * 255);
	ret[14] = clamp_u8(sound->low_share * 255);
	ret[15] = clamp_u8(fmax(sound->pulses, 1));
	ret[16] = has_air ? (uint8_t)(int8_t)lrint(fmax(-127, fmin(127, sound->car_db))) : 0x80;
	ret[17] = clamp_u8(sound->knock_g / 0.02);
	ret[18] = clamp_u8(sound->flatness * 255);
	ret[19] = sound->clipped != 0 ? 1 : 0;
}

double sound_length_s(const struct sound *sound)
{
	return fmax(1, sound->pulses) * PULSE_SPACING_S + sound->rise_ms / 1e3 +
	       4 * sound->t10_ms / 1e3;
}

/* Something struck: rises in rise_ms, then rings down and is 10 dB weaker after T10. */
static double struck(const struct sound *sound, double t_s)
{
	double rise = sound->rise_ms / 1e3, fall = t_s - rise;
	double ring = sin(2 * M_PI * sound->centroid_hz * t_s);

	if (t_s <= 0)
		return 0;
	if (fall < 0)
		return t_s / rise * ring;
	return pow(10, -fall / (sound->t10_ms / 1e3) / 2) * ring;
}

/* Something that lasts: fades in, stays for T10, fades out. */
static double lasting(const struct sound *sound, double t_s, double wave)
{
	double swell = sound->rise_ms / 1e3, length = sound->t10_ms / 1e3;

	if (t_s <= 0 || t_s > length + swell)
		return 0;
	if (t_s < swell)
		return wave * t_s / swell;
	return t_s > length ? wave * (length + swell - t_s) / swell : wave;
}

double sound_wave(const struct sound *sound, double t_s, double noise)
{
	double amplitude = pow(10, sound->peak_db / 20), sum = 0, voice = 0;

	switch (sound->kind) {
	case SOUND_SPEECH:
		for (unsigned i = 1; i <= 8; i++)
			voice += sin(2 * M_PI * 140 * i * t_s + i * i) / i;
		return amplitude * lasting(sound, t_s, voice / 2 * (1 + 0.4 * sin(25 * t_s)));
	case SOUND_RUB:
	case SOUND_BURST:
		return amplitude * lasting(sound, t_s, noise / 3);
	case SOUND_CREAK:
		return amplitude * lasting(sound, t_s, noise / 3 * (1 + 0.5 * sin(90 * t_s)));
	case SOUND_POP:
	case SOUND_CRACK:
	case SOUND_HEEL:
	case SOUND_TAP:
	case SOUND_DROP:
	case SOUND_CLAP:
	case SOUND_KIND_COUNT:
		break;
	}
	for (unsigned i = 0; i < sound->pulses; i++)
		sum += struck(sound, t_s - i * PULSE_SPACING_S) * (i ? 0.8 : 1);
	return amplitude * sum;
}
