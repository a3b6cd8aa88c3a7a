// SPDX-License-Identifier: MIT
#pragma once
/* A minimal wearable for the tests of the attribute server: device.h with four characteristics, a
 * queue that the test fills, and a record of what was done to it. Linked instead of the gym's own
 * devices.
 */
#include "gym/device.h"

enum bare_characteristic {
	BARE_INFORMATION, /* read, encrypted; 40 bytes counting up */
	BARE_CONTROL,     /* write, indicate */
	BARE_MOTION,      /* notify, encrypted */
	BARE_TEXT,        /* read, write, write command; of a SIG service */
	BARE_CHARACTERISTICS,
};

struct device {
	char name[32], address[18];
	bool is_public, is_away;
	struct device_radio radio;
	unsigned mtu, connects, disconnects, confirmed;
	unsigned ccc[BARE_CHARACTERISTICS];
	uint8_t text[DEVICE_VALUE_MAX];
	size_t text_size;
	uint8_t control[DEVICE_VALUE_MAX]; /* last written */
	size_t control_size;
	struct device_pdu queue[64];
	int64_t due_us[64];
	size_t head, n;
};

void bare_device_init(struct device *device, unsigned number);
/* A value to send at t; its bytes count up from first. */
void bare_device_push(struct device *device, int64_t t_us, unsigned characteristic,
	bool is_indication, uint8_t first, size_t size);
