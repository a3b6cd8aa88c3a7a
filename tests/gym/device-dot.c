// SPDX-License-Identifier: MIT
/* A Movella (Xsens) DOT, as the Xsens DOT BLE Services Specification XD0506P lays it down: payload
 * modes, measurement control, device control, button report, battery, and of the messages those
 * of synchronisation. The high-fidelity modes, which only the maker's own code reads, it refuses.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/bytes.h"
#include "coxad/base/units.h"
#include "tests/gym/device-sold.h"

#define DOT_UUID(x)                                                                                \
	{                                                                                          \
		{                                                                                  \
			0x15, 0x17, (x) >> 8, (x)&0xff, 0x49, 0x47, 0x11, 0xe9, 0x86, 0x46, 0xd6,  \
				0x63, 0xbd, 0x87, 0x3d, 0x93                                       \
		}                                                                                  \
	}

enum dot_characteristic {
	INFORMATION,
	CONTROL,
	REPORT,
	MEASUREMENT,
	LONG,
	MEDIUM,
	SHORT,
	RESET,
	RESET_STATUS,
	BATTERY,
	MESSAGE,
	MESSAGE_ACK,
	MESSAGE_NOTIFY,
};

static const struct gym_characteristic table[] = {
	[INFORMATION] = {DOT_UUID(0x1000), DOT_UUID(0x1001), GYM_READ, false},
	[CONTROL] = {DOT_UUID(0x1000), DOT_UUID(0x1002), GYM_READ | GYM_WRITE, false},
	[REPORT] = {DOT_UUID(0x1000), DOT_UUID(0x1004), GYM_NOTIFY, false},
	[MEASUREMENT] = {DOT_UUID(0x2000), DOT_UUID(0x2001), GYM_READ | GYM_WRITE, false},
	[LONG] = {DOT_UUID(0x2000), DOT_UUID(0x2002), GYM_NOTIFY, false},
	[MEDIUM] = {DOT_UUID(0x2000), DOT_UUID(0x2003), GYM_NOTIFY, false},
	[SHORT] = {DOT_UUID(0x2000), DOT_UUID(0x2004), GYM_NOTIFY, false},
	[RESET] = {DOT_UUID(0x2000), DOT_UUID(0x2006), GYM_READ | GYM_WRITE, false},
	[RESET_STATUS] = {DOT_UUID(0x2000), DOT_UUID(0x2007), GYM_READ, false},
	[BATTERY] = {DOT_UUID(0x3000), DOT_UUID(0x3001), GYM_READ | GYM_NOTIFY, false},
	[MESSAGE] = {DOT_UUID(0x7000), DOT_UUID(0x7001), GYM_WRITE, false},
	[MESSAGE_ACK] = {DOT_UUID(0x7000), DOT_UUID(0x7002), GYM_READ, false},
	[MESSAGE_NOTIFY] = {DOT_UUID(0x7000), DOT_UUID(0x7003), GYM_NOTIFY, false},
};

#define RANGE_G      16
#define RANGE_DPS    2000
#define CONTROL_SIZE 32
#define REPORT_SIZE  36
#define BUTTON       5
#define SYNC_START   0x02 /* under this message id too: stop, by its length */
#define SYNC_STATUS  0x08
/* Sensors drop off and reconnect, all in about 14 s. */
#define SYNC_LEAVE_US 500000
#define SYNC_BACK_US  8000000
#define MAG_UNIT_UT   50 /* of the arbitrary unit */

/* Fields after the time: q quaternion, e Euler, f free acceleration, a acceleration, g rate of
 * turn, d turn and v velocity since the sample before, m magnetometer, s status and counts of
 * clipping. */
static const struct mode {
	uint8_t number;
	enum dot_characteristic to;
	const char *fields;
} modes[] = {
	{2, MEDIUM, "qfs"},
	{3, MEDIUM, "qf"},
	{4, SHORT, "e"},
	{5, SHORT, "q"},
	{6, SHORT, "f"},
	{7, MEDIUM, "efs"},
	{16, MEDIUM, "ef"},
	{18, MEDIUM, "dvm"},
	{19, MEDIUM, "dv"},
	{20, MEDIUM, "agm"},
	{21, MEDIUM, "ag"},
	{22, MEDIUM, "efg"},
	{23, MEDIUM, "efm"},
	{24, MEDIUM, "qg"},
	{26, LONG, "qag"},
};

struct dot {
	struct gym_device base;
	uint8_t control[CONTROL_SIZE], measurement[3], reset[2];
	uint8_t ack[8];
	size_t ack_size;
	bool is_synchronised;
	const struct mode *mode; /* NULL: does not measure */
	struct beat beat;
	struct quat before; /* orientation of the sample before */
	uint8_t clips[2];   /* acceleration, rate of turn */
	struct button button;
};

static struct dot *dot_of(struct gym_device *device)
{
	return (struct dot *)device;
}

static struct gym_device *dot_new(void)
{
	return &new0(struct dot)->base;
}

static void dot_free(struct gym_device *device)
{
	free(dot_of(device));
}

static int dot_open(struct gym_device *device, char *error, size_t error_size)
{
	struct dot *dot = dot_of(device);
	size_t name = strnlen(device->config.name, 16);

	device->characteristic = table;
	device->n_characteristics = ARRAY_LEN(table);
	device_set_ranges(device, RANGE_G, RANGE_DPS);
	dot->control[3] = 10; /* minutes of advertising */
	dot->control[5] = 30; /* minutes idle in a link */
	dot->control[7] = (uint8_t)name;
	memcpy(dot->control + 8, device->config.name, name);
	dot->control[24] = 60;
	dot->measurement[0] = 1;
	dot->measurement[2] = 3;
	beat_stop(&dot->beat);
	return 0;
}

static size_t dot_advert(const struct gym_device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_put(buffer, &n, 0xff, "\x86\x08", 2); /* Xsens */
	return n;
}

static void stop(struct dot *dot)
{
	dot->mode = NULL;
	dot->measurement[1] = 0;
	beat_stop(&dot->beat);
}

static void dot_link(struct gym_device *device, int64_t t_us, bool is_up)
{
	stop(dot_of(device));
}

static void put_information(const struct dot *dot, struct packet *p)
{
	const char *address = dot->base.config.address;

	for (unsigned i = 0; i < 6; i++) {
		char byte[3] = {address[15 - 3 * i], address[16 - 3 * i], 0};

		packet_u8(p, (unsigned)strtoul(byte, NULL, 16));
	}
	for (const char *c = "\x02\x04\x00"; p->n < 9; c++) /* firmware 2.4.0 */
		packet_u8(p, (unsigned)*c);
	packet_u16(p, 2023); /* built on 1 March 2023 at 12:00:00 */
	for (const char *c = "\x03\x01\x0c\x00\x00"; p->n < 16; c++)
		packet_u8(p, (unsigned)*c);
	packet_u32(p, 0);
	packet_pad(p, 28);
	for (const char *c = "XS-T02"; *c; c++)
		packet_u8(p, (unsigned)*c);
}

static int dot_read(struct gym_device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[GYM_VALUE_MAX])
{
	struct dot *dot = dot_of(device);
	struct packet p = {.n = 0};

	switch (characteristic) {
	case INFORMATION:
		put_information(dot, &p);
		break;
	case CONTROL:
		memcpy(value, dot->control, sizeof(dot->control));
		return sizeof(dot->control);
	case MEASUREMENT:
		memcpy(value, dot->measurement, sizeof(dot->measurement));
		return sizeof(dot->measurement);
	case RESET:
		memcpy(value, dot->reset, sizeof(dot->reset));
		return sizeof(dot->reset);
	case RESET_STATUS:
		packet_u8(&p, 1);
		break;
	case BATTERY:
		packet_u8(&p, device->config.battery_percent);
		packet_u8(&p, 0); /* not charging */
		break;
	case MESSAGE_ACK:
		memcpy(value, dot->ack, dot->ack_size);
		return (int)dot->ack_size;
	default:
		return -0x02;
	}
	memcpy(value, p.b, p.n);
	return (int)p.n;
}

static const struct mode *mode_of(unsigned number)
{
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (modes[i].number == number)
			return &modes[i];
	return NULL;
}

static unsigned rate_hz(const struct dot *dot)
{
	return dot->control[24] | (unsigned)dot->control[25] << 8;
}

/* Type 1, then start or stop, then the mode, whose characteristic is to be subscribed to before. */
static int write_measurement(struct dot *dot, int64_t t_us, const uint8_t *value, size_t size)
{
	const struct mode *mode;

	if (size != sizeof(dot->measurement))
		return ATT_BAD_LENGTH;
	mode = mode_of(value[2]);
	if (value[0] != 1 || value[1] > 1 || !mode)
		return ATT_BAD_VALUE;
	if (value[1] == 0) {
		stop(dot);
		return 0;
	}
	if (dot->mode)
		return ATT_WRITE_REFUSED;
	if (!dot->base.ccc[mode->to])
		return ATT_NO_CCC;
	memcpy(dot->measurement, value, size);
	dot->mode = mode;
	dot->clips[0] = dot->clips[1] = 0;
	dot->before = device_orientation(&dot->base, (double)t_us);
	beat_start(&dot->beat, (double)t_us, 1e6 / rate_hz(dot));
	return 0;
}

static int write_control(struct dot *dot, const uint8_t *value, size_t size)
{
	static const uint8_t rates[] = {1, 4, 10, 12, 15, 20, 30, 60};
	bool is_rate = false;

	if (size != CONTROL_SIZE)
		return ATT_BAD_LENGTH;
	if (dot->mode)
		return ATT_WRITE_REFUSED;
	for (size_t i = 0; i < sizeof(rates); i++)
		is_rate = is_rate || (value[24] == rates[i] && value[25] == 0);
	if (!is_rate || value[26] > 1 || value[7] > 16)
		return ATT_BAD_VALUE;
	memcpy(dot->control, value, size);
	dot->control[0] = 0;
	return 0;
}

static void put_message(struct packet *p, unsigned id, const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	packet_u8(p, id);
	packet_u8(p, (unsigned)size);
	for (size_t i = 0; i < size; i++)
		packet_u8(p, data[i]);
	for (size_t i = 0; i < p->n; i++)
		sum += p->b[i];
	packet_u8(p, 0 - sum);
}

/* It drops off, is back some seconds later, and then has the root's clock. */
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
		(struct device_gap){DEVICE_GAP_AWAY, t_us + SYNC_LEAVE_US, t_us + SYNC_BACK_US};
	config->epoch[config->n_epochs] = (struct device_epoch){t_us + SYNC_BACK_US,
		(double)root_us + (double)(t_us + SYNC_BACK_US),
		config->epoch[config->n_epochs - 1].boot, false};
	config->n_epochs++;
	config->ppm = root[0] % 16 - 8.0; /* of the root's crystal, for all that follow it */
}

/* A message is its id, its length, the data, and what makes the sum of all bytes 0. */
static int write_message(struct dot *dot, int64_t t_us, const uint8_t *value, size_t size)
{
	struct packet p = {.n = 0};
	unsigned sum = 0;

	if (size < 4 || size != value[1] + 3u)
		return ATT_BAD_LENGTH;
	for (size_t i = 0; i < size; i++)
		sum += value[i];
	if (sum % 256 != 0 || value[0] != SYNC_START)
		return ATT_BAD_VALUE;
	if (dot->mode)
		return ATT_WRITE_REFUSED;
	if (value[2] == 0x01 && value[1] == 7) {
		synchronise(dot, t_us, value + 3);
	} else if (value[2] == 0x02) {
		dot->is_synchronised = false;
		put_message(&p, SYNC_START, (const uint8_t[]){0x50, 0x00}, 2);
		device_send(&dot->base, MESSAGE_NOTIFY, p.b, p.n);
	} else if (value[2] == SYNC_STATUS) {
		const uint8_t status[2] = {0x51, dot->is_synchronised ? 0x04 : 0x09};

		put_message(&p, SYNC_START, status, 2);
		device_send(&dot->base, MESSAGE_NOTIFY, p.b, p.n);
	} else {
		return ATT_BAD_VALUE;
	}
	return 0;
}

static int dot_write(struct gym_device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct dot *dot = dot_of(device);

	switch (characteristic) {
	case CONTROL:
		return write_control(dot, value, size);
	case MEASUREMENT:
		return write_measurement(dot, t_us, value, size);
	case RESET:
		if (size != 2)
			return ATT_BAD_LENGTH;
		if (value[1] != 0 || (value[0] != 1 && value[0] != 7 && value[0] != 8))
			return ATT_BAD_VALUE;
		memcpy(dot->reset, value, size);
		return 0;
	case MESSAGE:
		return write_message(dot, t_us, value, size);
	default:
		return ATT_WRITE_REFUSED;
	}
}

static void put_vec(struct packet *p, const double v[3])
{
	for (unsigned i = 0; i < 3; i++)
		packet_f32(p, v[i]);
}

static void put_quat(struct packet *p, struct quat q)
{
	packet_f32(p, q.w);
	packet_f32(p, q.x);
	packet_f32(p, q.y);
	packet_f32(p, q.z);
}

/* Bits 0-2 acceleration, 3-5 rate of turn; then how many samples of each were clipped. */
static void put_status(struct dot *dot, struct packet *p, const struct measured *m)
{
	unsigned status = 0;

	for (unsigned i = 0; i < 6; i++)
		if (m->raw[i] == INT16_MAX || m->raw[i] == INT16_MIN)
			status |= 1u << i;
	dot->clips[0] = (uint8_t)(dot->clips[0] + ((status & 7) != 0));
	dot->clips[1] = (uint8_t)(dot->clips[1] + ((status & 0x38) != 0));
	packet_u16(p, status | 0x200); /* the magnetometer is fresh */
	packet_u8(p, dot->clips[0]);
	packet_u8(p, dot->clips[1]);
}

static void put_field(
	struct dot *dot, char field, struct packet *p, double t_us, const struct measured *m)
{
	struct quat q = device_orientation(&dot->base, t_us);
	struct vec3 acc = {m->acc_mps2[0], m->acc_mps2[1], m->acc_mps2[2]}, v;
	double euler[3];

	switch (field) {
	case 'q':
		put_quat(p, q);
		break;
	case 'e':
		device_euler(q, euler);
		put_vec(p, euler);
		break;
	case 'f':
		v = quat_rotate(q, acc);
		put_vec(p, (const double[]){v.x, v.y, v.z - GRAVITY_MPS2});
		break;
	case 'a':
		put_vec(p, m->acc_mps2);
		break;
	case 'g':
		put_vec(p, m->gyr_dps);
		break;
	case 'd':
		put_quat(p, quat_mul(quat_conj(dot->before), q));
		break;
	case 'v':
		v = vec3_scale(acc, 1.0 / rate_hz(dot));
		put_vec(p, (const double[]){v.x, v.y, v.z});
		break;
	case 'm':
		v = vec3_scale(device_magnetic(&dot->base, t_us), 4096.0 / MAG_UNIT_UT);
		packet_i16(p, v.x);
		packet_i16(p, v.y);
		packet_i16(p, v.z);
		break;
	case 's':
		put_status(dot, p, m);
		break;
	}
}

static void send_payload(struct dot *dot, double t_us)
{
	static const size_t size_of[] = {[LONG] = 63, [MEDIUM] = 40, [SHORT] = 20};
	struct packet p = {.n = 0};
	struct measured m;

	device_measure(&dot->base, t_us, &m);
	packet_u32(&p, (uint32_t)(uint64_t)floor(device_clock_us(&dot->base, t_us)));
	for (const char *field = dot->mode->fields; *field; field++)
		put_field(dot, *field, &p, t_us, &m);
	dot->before = device_orientation(&dot->base, t_us);
	packet_pad(&p, size_of[dot->mode->to]);
	device_send(&dot->base, dot->mode->to, p.b, p.n);
}

/* Clicks are told when the button is let go, by a clock of their own, which counts milliseconds. */
static void send_click(struct dot *dot, int64_t t_us)
{
	const struct device_epoch *epoch = device_epoch_at(&dot->base, t_us);
	struct packet p = {.n = 0};

	packet_u8(&p, BUTTON);
	packet_u8(&p, 4);
	packet_u32(&p, (uint32_t)((t_us - epoch->since_us) / 1000));
	packet_pad(&p, REPORT_SIZE);
	device_send(&dot->base, REPORT, p.b, p.n);
}

static int64_t dot_next(const struct gym_device *device)
{
	const struct dot *dot = (const struct dot *)device;
	int64_t next = beat_instant(beat_due_us(&dot->beat, device));
	int64_t button = button_due_us(&dot->button, device);

	return button < next ? button : next;
}

static void dot_advance(struct gym_device *device, int64_t t_us)
{
	struct dot *dot = dot_of(device);

	for (int64_t due = dot_next(device); due <= t_us; due = dot_next(device)) {
		double sample_us = beat_due_us(&dot->beat, device);

		if (button_due_us(&dot->button, device) <= due) {
			if (!button_take(&dot->button) &&
				!device_is_in_gap(device, DEVICE_GAP_OFF, due))
				send_click(dot, due);
			continue;
		}
		dot->beat.n++;
		if (device_is_in_gap(device, DEVICE_GAP_OFF, due))
			stop(dot);
		else if (!device_is_still(device, sample_us))
			send_payload(dot, sample_us);
	}
}

const struct device_ops device_dot_ops = {
	.new = dot_new,
	.free = dot_free,
	.open = dot_open,
	.advert = dot_advert,
	.link = dot_link,
	.read = dot_read,
	.write = dot_write,
	.confirmed = device_no_confirmed,
	.next = dot_next,
	.advance = dot_advance,
};
