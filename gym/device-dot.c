// SPDX-License-Identifier: MIT
/* A Movella (Xsens) DOT, after the Xsens DOT BLE Services Specification XD0506P: payload modes,
 * measurement control, device control, button report, battery, and the messages of
 * synchronisation. It refuses the high-fidelity modes, which only the maker's own code can read.
 */
#include "gym/device-dot.h"

#include <math.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/advert.h"
#include "gym/chip.h"
#include "gym/device-dot-control.h"
#include "gym/device-dot-private.h"
#include "gym/packet.h"

#define DOT_UUID(x)                                                                                \
	((struct uuid){{0x15, 0x17, (x) >> 8, (x)&0xff, 0x49, 0x47, 0x11, 0xe9, 0x86, 0x46, 0xd6,  \
		0x63, 0xbd, 0x87, 0x3d, 0x93}})

static const struct device_characteristic table[] = {
	[DOT_INFORMATION] = {DOT_UUID(0x1000), DOT_UUID(0x1001), DEVICE_READ, false},
	[DOT_CONTROL] = {DOT_UUID(0x1000), DOT_UUID(0x1002), DEVICE_READ | DEVICE_WRITE, false},
	[DOT_REPORT] = {DOT_UUID(0x1000), DOT_UUID(0x1004), DEVICE_NOTIFY, false},
	[DOT_MEASUREMENT] = {DOT_UUID(0x2000), DOT_UUID(0x2001), DEVICE_READ | DEVICE_WRITE, false},
	[DOT_LONG] = {DOT_UUID(0x2000), DOT_UUID(0x2002), DEVICE_NOTIFY, false},
	[DOT_MEDIUM] = {DOT_UUID(0x2000), DOT_UUID(0x2003), DEVICE_NOTIFY, false},
	[DOT_SHORT] = {DOT_UUID(0x2000), DOT_UUID(0x2004), DEVICE_NOTIFY, false},
	[DOT_RESET] = {DOT_UUID(0x2000), DOT_UUID(0x2006), DEVICE_READ | DEVICE_WRITE, false},
	[DOT_RESET_STATUS] = {DOT_UUID(0x2000), DOT_UUID(0x2007), DEVICE_READ, false},
	[DOT_BATTERY] = {DOT_UUID(0x3000), DOT_UUID(0x3001), DEVICE_READ | DEVICE_NOTIFY, false},
	[DOT_MESSAGE] = {DOT_UUID(0x7000), DOT_UUID(0x7001), DEVICE_WRITE, false},
	[DOT_MESSAGE_ACK] = {DOT_UUID(0x7000), DOT_UUID(0x7002), DEVICE_READ, false},
	[DOT_MESSAGE_NOTIFY] = {DOT_UUID(0x7000), DOT_UUID(0x7003), DEVICE_NOTIFY, false},
};

#define RANGE_G     16
#define RANGE_DPS   2000
#define REPORT_SIZE 36
#define BUTTON      5
#define MAG_UNIT_UT 50 /* what the maker calls an arbitrary unit */

static struct dot *dot_of(struct device *device)
{
	return (struct dot *)device;
}

static int dot_open(struct device *device, char *error, size_t error_size)
{
	struct dot *dot = dot_of(device);
	size_t name = strnlen(device->config.name, 16);

	chip_set_ranges(device, RANGE_G, RANGE_DPS);
	dot->control[3] = 10; /* minutes until it stops advertising */
	dot->control[5] = 30; /* minutes until it drops an idle link */
	dot->control[7] = (uint8_t)name;
	memcpy(dot->control + 8, device->config.name, name);
	dot->control[24] = 60;
	dot->measurement[0] = 1;
	dot->measurement[2] = 3;
	beat_stop(&dot->beat);
	return 0;
}

static size_t dot_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_put(buffer, &n, ADVERT_MANUFACTURER, "\x86\x08", 2); /* Xsens */
	return n;
}

static void dot_link(struct device *device, int64_t t_us, bool is_up)
{
	device_dot_control_stop(dot_of(device));
}

static void put_information(const struct dot *dot, struct packet *p)
{
	uint8_t address[6];

	address_to_bytes(dot->base.config.address, address);
	for (unsigned i = 0; i < 6; i++)
		packet_u8(p, address[5 - i]);
	packet_bytes(p, "\x02\x04\x00", 3); /* firmware 2.4.0 */
	packet_u16(p, 2023);                /* built on 1 March 2023 at 12:00:00 */
	packet_bytes(p, "\x03\x01\x0c\x00\x00", 5);
	packet_u32(p, 0);
	packet_pad(p, 28);
	packet_bytes(p, "XS-T02", 6);
}

static int dot_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	struct dot *dot = dot_of(device);
	struct packet p = {.n = 0};

	switch (characteristic) {
	case DOT_INFORMATION:
		put_information(dot, &p);
		break;
	case DOT_CONTROL:
		packet_bytes(&p, dot->control, sizeof(dot->control));
		break;
	case DOT_MEASUREMENT:
		packet_bytes(&p, dot->measurement, sizeof(dot->measurement));
		break;
	case DOT_RESET:
		packet_bytes(&p, dot->reset, sizeof(dot->reset));
		break;
	case DOT_RESET_STATUS:
		packet_u8(&p, 1);
		break;
	case DOT_BATTERY:
		packet_u8(&p, device->config.battery_percent);
		packet_u8(&p, 0); /* not charging */
		break;
	case DOT_MESSAGE_ACK:
		packet_bytes(&p, dot->ack, dot->ack_size);
		break;
	default:
		return -ATT_ERROR_READ_NOT_PERMITTED;
	}
	return packet_copy(&p, value);
}

static void put_vec(struct packet *p, struct vec3 v)
{
	packet_f32_axes(p, (const double[]){v.x, v.y, v.z});
}

static void put_quat(struct packet *p, struct quat q)
{
	packet_f32(p, q.w);
	packet_f32(p, q.x);
	packet_f32(p, q.y);
	packet_f32(p, q.z);
}

/* Clipped axes, bits 0-2 acceleration, 3-5 rate of turn; then how many samples of each were
 * clipped.
 */
static void put_status(struct dot *dot, struct packet *p, const struct chip_sample *m)
{
	unsigned status = 0;

	for (unsigned i = 0; i < 6; i++)
		if (m->raw[i] == INT16_MAX || m->raw[i] == INT16_MIN)
			status |= 1u << i;
	dot->clips[0] = (uint8_t)(dot->clips[0] + ((status & 7) != 0));
	dot->clips[1] = (uint8_t)(dot->clips[1] + ((status & 0x38) != 0));
	packet_u16(p, status | 0x200); /* new magnetometer data */
	packet_u8(p, dot->clips[0]);
	packet_u8(p, dot->clips[1]);
}

static void put_field(
	struct dot *dot, char field, struct packet *p, double t_us, const struct chip_sample *m)
{
	struct quat q = chip_orientation(&dot->base, t_us);
	struct vec3 acc = {m->acc_mps2[0], m->acc_mps2[1], m->acc_mps2[2]}, v;
	double euler[3];

	switch (field) {
	case 'q':
		put_quat(p, q);
		break;
	case 'e':
		chip_euler_deg(q, euler);
		packet_f32_axes(p, euler);
		break;
	case 'f':
		put_vec(p, vec3_sub(quat_rotate(q, acc), (struct vec3){0, 0, GRAVITY_MPS2}));
		break;
	case 'a':
		packet_f32_axes(p, m->acc_mps2);
		break;
	case 'g':
		packet_f32_axes(p, m->gyr_dps);
		break;
	case 'd':
		put_quat(p, quat_mul(quat_conj(dot->last), q));
		break;
	case 'v':
		put_vec(p, vec3_scale(acc, 1.0 / device_dot_control_rate_hz(dot)));
		break;
	case 'm':
		v = vec3_scale(chip_magnetic_ut(&dot->base, t_us), 4096.0 / MAG_UNIT_UT);
		packet_i16_axes(p, (const double[]){v.x, v.y, v.z});
		break;
	case 's':
		put_status(dot, p, m);
		break;
	}
}

static void send_payload(struct dot *dot, double t_us)
{
	static const size_t size_of[] = {[DOT_LONG] = 63, [DOT_MEDIUM] = 40, [DOT_SHORT] = 20};
	struct packet p = {.n = 0};
	struct chip_sample m;

	chip_measure(&dot->base, t_us, &m);
	packet_u32(&p, (uint32_t)(uint64_t)floor(device_clock_us(&dot->base, t_us)));
	for (const char *field = dot->mode->fields; *field; field++)
		put_field(dot, *field, &p, t_us, &m);
	dot->last = chip_orientation(&dot->base, t_us);
	packet_pad(&p, size_of[dot->mode->to]);
	device_send(&dot->base, dot->mode->to, p.b, p.n);
}

/* A click is reported when the button is released, on a clock of its own, in milliseconds. */
static void send_click(struct dot *dot, int64_t t_us)
{
	const struct device_epoch *epoch = device_epoch_at(&dot->base, t_us);
	struct packet p = {.n = 0};

	packet_u8(&p, BUTTON);
	packet_u8(&p, 4);
	packet_u32(&p, (uint32_t)((t_us - epoch->since_us) / 1000));
	packet_pad(&p, REPORT_SIZE);
	device_send(&dot->base, DOT_REPORT, p.b, p.n);
}

static int64_t dot_next(const struct device *device)
{
	const struct dot *dot = (const struct dot *)device;
	int64_t next = beat_instant_us(beat_due_us(&dot->beat, device));
	int64_t button = button_due_us(&dot->button, device);

	return button < next ? button : next;
}

static void dot_advance(struct device *device, int64_t t_us)
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
			device_dot_control_stop(dot);
		else if (!device_is_still(device, sample_us))
			send_payload(dot, sample_us);
	}
}

const struct device_ops device_dot_ops = {
	.size = sizeof(struct dot),
	.characteristic = table,
	.n_characteristics = ARRAY_LEN(table),
	.open = dot_open,
	.advert = dot_advert,
	.link = dot_link,
	.read = dot_read,
	.write = device_dot_control_write,
	.next = dot_next,
	.advance = dot_advance,
};
