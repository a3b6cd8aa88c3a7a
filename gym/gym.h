// SPDX-License-Identifier: MIT
#pragma once
/* A gym: a script loaded, with its devices, its commands and its truth. Errors name the line. The
 * doors play it, all in the same way.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/device.h"

struct gym;

/* NULL, and an error that names file and line, if the script is wrong. */
struct gym *gym_load(const char *path, uint64_t seed, char *ret_error, size_t error_size);
/* Like gym_load, from text in memory; path is for the errors. */
struct gym *gym_from_text(
	const char *path, const char *text, uint64_t seed, char *ret_error, size_t error_size);
struct gym *gym_free(struct gym *gym);
size_t gym_n_devices(const struct gym *gym);
/* NULL past the last. */
struct device *gym_get_device(struct gym *gym, size_t index);
int64_t gym_end_us(const struct gym *gym);

/* One of the script's MQTT commands; topic is relative to coxad's base topic. */
struct gym_command {
	int64_t t_us;
	const char *topic, *payload;
};
/* The script's commands in order of time: false past the last. */
bool gym_get_command(const struct gym *gym, size_t index, struct gym_command *ret);
