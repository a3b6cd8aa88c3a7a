// SPDX-License-Identifier: MIT
/* A BlueST node on a leg that plays back recorded notifications, byte for byte, at the pace of
 * their own time field (one tick 8 ms). The recording is JSON Lines with "hex" and "time".
 */
#include "gym/device-playback.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/base/units.h"
#include "gym/device-bluest.h"
#include "gym/grow.h"

#define TICK_US     8000
#define PACKET_SIZE 20
#define DEFAULT     "sensortile-leg-raise/notifications.jsonl"

struct recorded {
	uint8_t value[PACKET_SIZE];
	int64_t since_us; /* after the first */
};

struct playback {
	struct device base;
	struct recorded *packet;
	size_t n_packets, at;
	int64_t start_us; /* when the first is sent; T_NEVER before anybody subscribes */
};

static struct playback *playback_of(struct device *device)
{
	return (struct playback *)device;
}

static void playback_close(struct device *device)
{
	free(playback_of(device)->packet);
}

static int add_packet(struct playback *playback, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	uint16_t ticks = (uint16_t)json_integer_value(json_object_get(json, "time"));
	struct recorded packet = {.since_us = 0};
	const char *hex = json_string_value(json_object_get(json, "hex"));
	bool is_valid =
		hex && hex_decode(hex, strlen(hex), packet.value, PACKET_SIZE) == PACKET_SIZE;

	json_decref(json);
	if (!is_valid)
		return -EINVAL;
	if (playback->n_packets) {
		const struct recorded *last = &playback->packet[playback->n_packets - 1];
		uint16_t last_ticks = (uint16_t)(last->value[0] | last->value[1] << 8);

		packet.since_us =
			last->since_us + (int64_t)(uint16_t)(ticks - last_ticks) * TICK_US;
	}
	playback->packet =
		grow_array(playback->packet, &playback->n_packets, sizeof(*playback->packet));
	playback->packet[playback->n_packets - 1] = packet;
	return 0;
}

static int playback_open(struct device *device, char *error, size_t error_size)
{
	struct playback *playback = playback_of(device);
	const char *folder = getenv("COXAD_TEST_DATA");
	_auto_free_ char *path = device->config.playback ? alloc_text(device->config.playback)
				 : folder                ? alloc_printf("%s/%s", folder, DEFAULT)
							 : NULL;
	char line[1024];
	FILE *file;
	int r = 0;

	playback->start_us = T_NEVER;
	if (!path) {
		snprintf(error, error_size,
			"no recording: give `playback FILE` or set COXAD_TEST_DATA");
		return -ENOENT;
	}
	file = fopen(path, "re");
	if (!file) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -ENOENT;
	}
	while (r >= 0 && fgets(line, sizeof(line), file))
		r = add_packet(playback, line);
	fclose(file);
	if (r < 0 || !playback->n_packets) {
		snprintf(error, error_size, "%s: not a recording of 20-byte notifications", path);
		return -EINVAL;
	}
	return 0;
}

static int64_t playback_next(const struct device *device)
{
	const struct playback *playback = (const struct playback *)device;

	if (!device->is_connected || !device->ccc[0] || playback->at >= playback->n_packets)
		return T_NEVER;
	return playback->start_us == T_NEVER
		       ? device->now_us
		       : playback->start_us + playback->packet[playback->at].since_us;
}

static void playback_advance(struct device *device, int64_t t_us)
{
	struct playback *playback = playback_of(device);

	if (!device->is_connected || !device->ccc[0])
		return;
	if (playback->start_us == T_NEVER)
		playback->start_us = t_us;
	for (; playback_next(device) <= t_us; playback->at++)
		device_send(device, 0, playback->packet[playback->at].value, PACKET_SIZE);
}

const struct device_ops device_playback_ops = {
	.size = sizeof(struct playback),
	.characteristic = device_bluest_characteristics,
	.n_characteristics = DEVICE_BLUEST_CHARACTERISTICS,
	.open = playback_open,
	.close = playback_close,
	.advert = device_bluest_advert,
	.next = playback_next,
	.advance = playback_advance,
};
