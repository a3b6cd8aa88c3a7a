// SPDX-License-Identifier: MIT
/* A BlueST node on a leg that plays recorded notifications, byte for byte, at the pace of their
 * own time field (one tick 8 ms). The recording is JSON Lines with "hex" and "time".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/base/units.h"
#include "gym/device-private.h"

#define TICK_US 8000
#define DEFAULT "sensortile-leg-raise/notifications.jsonl"

struct playback {
	struct device base;
	struct {
		uint8_t value[20];
		int64_t since_us; /* after the first */
	} * packet;
	size_t n_packets, at;
	int64_t start_us; /* when the first goes; T_NEVER before anybody listens */
};

static struct playback *playback_of(struct device *device)
{
	return (struct playback *)device;
}

static struct device *playback_new(void)
{
	return &new0(struct playback)->base;
}

static void playback_free(struct device *device)
{
	free(playback_of(device)->packet);
	free(device);
}

static int add_packet(struct playback *playback, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	const char *hex = json_string_value(json_object_get(json, "hex"));
	uint16_t ticks = (uint16_t)json_integer_value(json_object_get(json, "time"));
	size_t n = playback->n_packets;
	bool is_good;

	playback->packet = reallocarray(playback->packet, n + 1, sizeof(*playback->packet));
	if (!playback->packet)
		abort();
	is_good = hex && strlen(hex) == 40 &&
		  hex_decode(hex, 40, playback->packet[n].value, 20) == 20;
	if (is_good) {
		uint16_t last = ticks;
		if (n)
			last = (uint16_t)(playback->packet[n - 1].value[0] |
					  playback->packet[n - 1].value[1] << 8);
		playback->packet[n].since_us =
			n ? playback->packet[n - 1].since_us +
					(int64_t)(uint16_t)(ticks - last) * TICK_US
			  : 0;
		playback->n_packets++;
	}
	json_decref(json);
	return is_good ? 0 : -EINVAL;
}

static int playback_open(struct device *device, char *error, size_t error_size)
{
	struct playback *playback = playback_of(device);
	const char *folder = getenv("COXAD_TEST_DATA");
	_auto_free_ char *path = device->config.playback ? alloc_text(device->config.playback)
				 : folder                ? alloc_printf("%s/%s", folder, DEFAULT)
							 : NULL;
	static const struct device_characteristic table[] = {
		{{{0, 0, 0, 0, 0, 1, 0x11, 0xe1, 0x9a, 0xb4, 0, 2, 0xa5, 0xd5, 0xc5, 0x1b}},
			{{0, 0xe0, 0, 0, 0, 1, 0x11, 0xe1, 0xac, 0x36, 0, 2, 0xa5, 0xd5, 0xc5,
				0x1b}},
			DEVICE_NOTIFY, false},
	};
	char line[1024];
	FILE *file;
	int r = 0;

	device->characteristic = table;
	device->n_characteristics = 1;
	playback->start_us = T_NEVER;
	if (!path) {
		snprintf(error, error_size, "no recording: set playback, or COXAD_TEST_DATA");
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
		snprintf(error, error_size, "%s: no recording of 20 byte notifications", path);
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
		device_send(device, 0, playback->packet[playback->at].value,
			sizeof(playback->packet[0].value));
}

static size_t playback_advert(const struct device *device, uint8_t buffer[31])
{
	return device_bluest_ops.advert(device, buffer);
}

const struct device_ops device_playback_ops = {
	.new = playback_new,
	.free = playback_free,
	.open = playback_open,
	.advert = playback_advert,
	.link = device_no_link,
	.read = device_no_read,
	.write = device_no_write,
	.confirmed = device_no_confirmed,
	.next = playback_next,
	.advance = playback_advance,
};
