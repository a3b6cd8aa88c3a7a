// SPDX-License-Identifier: MIT
#include "gym/device-dot-control.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/chip.h"
#include "gym/packet.h"

#define SYNC_START  0x02 /* also stop: the length tells them apart */
#define SYNC_STATUS 0x08
/* Sensors disconnect and reconnect, all within about 14 s. */
#define SYNC_GONE_US 500000
#define SYNC_BACK_US 8000000

static const struct dot_mode modes[] = {
	{2, DOT_MEDIUM, "qfs"},
	{3, DOT_MEDIUM, "qf"},
	{4, DOT_SHORT, "e"},
	{5, DOT_SHORT, "q"},
	{6, DOT_SHORT, "f"},
	{7, DOT_MEDIUM, "efs"},
	{16, DOT_MEDIUM, "ef"},
	{18, DOT_MEDIUM, "dvm"},
	{19, DOT_MEDIUM, "dv"},
	{20, DOT_MEDIUM, "agm"},
	{21, DOT_MEDIUM, "ag"},
	{22, DOT_MEDIUM, "efg"},
	{23, DOT_MEDIUM, "efm"},
	{24, DOT_MEDIUM, "qg"},
	{26, DOT_LONG, "qag"},
};

static const struct dot_mode *mode_of(unsigned number)
{
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (modes[i].number == number)
			return &modes[i];
	return NULL;
}

unsigned device_dot_control_rate_hz(const struct dot *dot)
{
	return dot->control[24] | (unsigned)dot->control[25] << 8;
}

void device_dot_control_stop(struct dot *dot)
{
	dot->mode = NULL;
	dot->measurement[1] = 0;
	beat_stop(&dot->beat);
}

/* Type 1, then start or stop, then the mode; the mode's characteristic must be subscribed to. */
static int write_measurement(struct dot *dot, int64_t t_us, const uint8_t *value, size_t size)
{
	const struct dot_mode *mode;

	if (size != sizeof(dot->measurement))
		return -ATT_ERROR_INVALID_LENGTH;
	mode = mode_of(value[2]);
	if (value[0] != 1 || value[1] > 1 || !mode)
		return -ATT_ERROR_VALUE_NOT_ALLOWED;
	if (value[1] == 0) {
		device_dot_control_stop(dot);
		return 0;
	}
	if (dot->mode)
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	if (!dot->base.ccc[mode->to])
		return -ATT_ERROR_CCC_NOT_CONFIGURED;
	memcpy(dot->measurement, value, size);
	dot->mode = mode;
	dot->clips[0] = dot->clips[1] = 0;
	dot->last = chip_orientation(&dot->base, (double)t_us);
	beat_start(&dot->beat, (double)t_us, 1e6 / device_dot_control_rate_hz(dot));
	return 0;
}

static int write_control(struct dot *dot, const uint8_t *value, size_t size)
{
	static const uint8_t rates[] = {1, 4, 10, 12, 15, 20, 30, 60};
	bool is_rate = false;

	if (size != DOT_CONTROL_SIZE)
		return -ATT_ERROR_INVALID_LENGTH;
	if (dot->mode)
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	for (size_t i = 0; i < sizeof(rates); i++)
		is_rate = is_rate || (value[24] == rates[i] && value[25] == 0);
	if (!is_rate || value[26] > 1 || value[7] > 16)
		return -ATT_ERROR_VALUE_NOT_ALLOWED;
	memcpy(dot->control, value, size);
	dot->control[0] = 0;
	return 0;
}

static void put_message(struct packet *p, unsigned id, const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	packet_u8(p, id);
	packet_u8(p, (unsigned)size);
	packet_bytes(p, data, size);
	for (size_t i = 0; i < p->n; i++)
		sum += p->b[i];
	packet_u8(p, 0 - sum);
}

/* It disconnects, comes back some seconds later, and then has the clock of the root sensor. */
static void synchronise(struct dot *dot, int64_t t_us, const uint8_t root[6])
{
	struct device_config *config = &dot->base.config;
	struct packet p = {.n = 0};
	uint32_t root_us;

	if (config->n_gaps == DEVICE_GAPS_MAX || config->n_epochs == DEVICE_EPOCHS_MAX)
		return;
	put_message(&p, SYNC_START, (const uint8_t[]){0x03, 0x00}, 2);
	memcpy(dot->ack, p.b, p.n);
	dot->ack_size = p.n;
	dot->is_synchronised = true;
	memcpy(&root_us, root, sizeof(root_us));
	config->gap[config->n_gaps++] =
		(struct device_gap){DEVICE_GAP_AWAY, t_us + SYNC_GONE_US, t_us + SYNC_BACK_US};
	config->epoch[config->n_epochs] = (struct device_epoch){t_us + SYNC_BACK_US,
		(double)root_us + (double)(t_us + SYNC_BACK_US),
		config->epoch[config->n_epochs - 1].boot, false};
	config->n_epochs++;
	config->ppm = root[0] % 16 - 8.0; /* the root's crystal now drives all of them */
}

/* A message is its id, its length, the data, and a byte that makes the sum of all bytes 0. */
static int write_message(struct dot *dot, int64_t t_us, const uint8_t *value, size_t size)
{
	struct packet p = {.n = 0};
	unsigned sum = 0;

	if (size < 4 || size != value[1] + 3u)
		return -ATT_ERROR_INVALID_LENGTH;
	for (size_t i = 0; i < size; i++)
		sum += value[i];
	if (sum % 256 != 0 || value[0] != SYNC_START)
		return -ATT_ERROR_VALUE_NOT_ALLOWED;
	if (dot->mode)
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	if (value[2] == 0x01 && value[1] == 7) {
		synchronise(dot, t_us, value + 3);
	} else if (value[2] == 0x02) {
		dot->is_synchronised = false;
		put_message(&p, SYNC_START, (const uint8_t[]){0x50, 0x00}, 2);
		device_send(&dot->base, DOT_MESSAGE_NOTIFY, p.b, p.n);
	} else if (value[2] == SYNC_STATUS) {
		const uint8_t status[2] = {0x51, dot->is_synchronised ? 0x04 : 0x09};

		put_message(&p, SYNC_START, status, 2);
		device_send(&dot->base, DOT_MESSAGE_NOTIFY, p.b, p.n);
	} else {
		return -ATT_ERROR_VALUE_NOT_ALLOWED;
	}
	return 0;
}

int device_dot_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct dot *dot = (struct dot *)device;

	switch (characteristic) {
	case DOT_CONTROL:
		return write_control(dot, value, size);
	case DOT_MEASUREMENT:
		return write_measurement(dot, t_us, value, size);
	case DOT_RESET:
		if (size != 2)
			return -ATT_ERROR_INVALID_LENGTH;
		if (value[1] != 0 || (value[0] != 1 && value[0] != 7 && value[0] != 8))
			return -ATT_ERROR_VALUE_NOT_ALLOWED;
		memcpy(dot->reset, value, size);
		return 0;
	case DOT_MESSAGE:
		return write_message(dot, t_us, value, size);
	default:
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	}
}
