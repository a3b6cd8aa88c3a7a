// SPDX-License-Identifier: MIT
#pragma once
/* What goes on in the gym, gathered from messages: per kit who, which phase, how many repetitions, the
 * last pop, cue and alert, and per wearable how it is received. Whatever a message holds is taken or
 * passed over. Pure: time is the caller's, on any clock.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define WATCH_MODEL_TEXT      48
#define WATCH_MODEL_KITS      128
#define WATCH_MODEL_WEARABLES 512

struct watch_model_kit {
	char name[WATCH_MODEL_TEXT], athlete[WATCH_MODEL_TEXT], exercise[WATCH_MODEL_TEXT];
	char phase[WATCH_MODEL_TEXT], calibration[WATCH_MODEL_TEXT];
	char pop[WATCH_MODEL_TEXT], cue[WATCH_MODEL_TEXT], alert[WATCH_MODEL_TEXT];
	int64_t pop_us;
	unsigned rep;
	double angle_deg; /* NAN: unknown */
};

struct watch_model_wearable {
	char name[WATCH_MODEL_TEXT], kit[WATCH_MODEL_TEXT], placement[WATCH_MODEL_TEXT];
	char state[WATCH_MODEL_TEXT];
	double rssi_dbm, battery_percent, loss_percent, rate_hz;
};

struct watch_model {
	char gateway[WATCH_MODEL_TEXT], state[WATCH_MODEL_TEXT], health[WATCH_MODEL_TEXT];
	size_t n_kits, n_wearables; /* in the order of their names */
	struct watch_model_kit kit[WATCH_MODEL_KITS];
	struct watch_model_wearable wearable[WATCH_MODEL_WEARABLES];
};

struct watch_model *watch_model_new(void);
struct watch_model *watch_model_free(struct watch_model *model);
/* payload NULL: the topic was removed. */
void watch_model_take(
	struct watch_model *model, const char *topic, const json_t *payload, int64_t now_us);
/* Wearables of a kit, and how many of them send data. */
size_t watch_model_count(const struct watch_model *model, const char *kit, size_t *ret_streaming);
