// SPDX-License-Identifier: MIT
/* An MbientLab MetaMotion: the S (BMI270), and the R (BMI160), which has other registers and ranges
 * (MetaWear-SDK-Cpp, its cppdocs and tests). Commands are module, register, bytes; a register with
 * bit 7 set is a read, and its reply bears the same number. Nothing streams that was not
 * subscribed to, enabled and started, and what a central made stays after its link is gone.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/device-meta-private.h"

#define META_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0x32, 0x6a, 0x90, x, 0x85, 0xcb, 0x91, 0x95, 0xd9, 0xdd, 0x46, 0x4c, 0xfb, \
				0xba, 0xe7, 0x5a                                                   \
		}                                                                                  \
	}

static const struct device_characteristic table[] = {
	[META_COMMAND] = {META_UUID(0x00), META_UUID(0x01), DEVICE_WRITE | DEVICE_WRITE_COMMAND,
		false},
	[META_NOTIFY] = {META_UUID(0x00), META_UUID(0x06), DEVICE_NOTIFY, false},
	[META_MODEL] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a24), DEVICE_READ, false},
	[META_FIRMWARE] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a26), DEVICE_READ, false},
	[META_MAKER] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a29), DEVICE_READ, false},
};

static struct meta *meta_of(struct device *device)
{
	return (struct meta *)device;
}

static struct device *meta_new(void)
{
	return &new0(struct meta)->base;
}

static struct device *meta_r_new(void)
{
	struct meta *meta = new0(struct meta);

	meta->is_r = true;
	return &meta->base;
}

static void meta_free(struct device *device)
{
	free(meta_of(device));
}

/* As after power on. */
static void boot(struct meta *meta)
{
	struct meta_sensor off = {.is_enabled = false};

	beat_stop(&off.beat);
	meta->acc = meta->gyr = off;
	memcpy(meta->acc.config, meta->is_r ? "\x28\x03" : "\xa8\x00", 2);
	memcpy(meta->gyr.config, "\x28\x00", 2);
	memset(meta->processor, 0, sizeof(meta->processor));
	memset(&meta->fusion, 0, sizeof(meta->fusion));
	beat_stop(&meta->fusion.beat);
	meta->wants_button = meta->wants_processors = false;
}

static int meta_open(struct device *device, char *error, size_t error_size)
{
	struct meta *meta = meta_of(device);

	device->characteristic = table;
	device->n_characteristics = ARRAY_LEN(table);
	meta->boot = device->config.epoch[0].boot;
	boot(meta);
	device_set_ranges(device, 2, 2000);
	return 0;
}

static size_t meta_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_uuid(buffer, &n, 0x07, &table[META_COMMAND].service);
	return n;
}

static int meta_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	return device_read_standard(device, characteristic, "MbientLab Inc",
		meta_of(device)->is_r ? "5" : "8", "1.7.3", value);
}

void device_meta_say(struct meta *meta, const uint8_t *bytes, size_t n)
{
	device_send(&meta->base, META_NOTIFY, bytes, n);
}

static void put_axes(struct packet *p, const struct measured *m, bool is_gyr)
{
	for (unsigned i = 0; i < 3; i++)
		packet_i16(p, m->raw[is_gyr ? 3 + i : i]);
}

/* 16.4 LSB/dps at 2000 dps: the chip's full scale is 32800 steps, the model's 32768. */
static void scale_gyr(struct measured *m)
{
	for (unsigned i = 3; i < 6; i++)
		m->raw[i] = (int16_t)lrint(
			fmax(INT16_MIN, fmin(INT16_MAX, m->raw[i] * 32800.0 / 32768)));
}

static void send_processed(struct meta *meta, const struct measured *m, double t_us)
{
	for (uint8_t i = 0; i < META_PROCESSORS_MAX; i++) {
		struct packet p = {.n = 0};

		if (!meta->processor[i].is_on || !meta->wants_processors)
			continue;
		packet_u8(&p, MODULE_PROCESSOR);
		packet_u8(&p, 0x03);
		packet_u8(&p, i);
		packet_u32(&p, (uint32_t)(uint64_t)floor(
				       device_clock_us(&meta->base, t_us) / META_TICK_US));
		put_axes(&p, m, false);
		device_meta_say(meta, p.b, p.n);
	}
}

static void send_sample(struct meta *meta, struct meta_sensor *sensor, double t_us)
{
	bool is_gyr = sensor == &meta->gyr;
	unsigned single = is_gyr && meta->is_r ? 0x05 : 0x04;
	unsigned packed = !meta->is_r ? 0x05 : is_gyr ? 0x07 : 0x1c;
	struct packet p = {.n = 0};
	struct measured m;

	device_measure(&meta->base, t_us, &m);
	if (is_gyr)
		scale_gyr(&m);
	packet_u8(&p, is_gyr ? MODULE_GYR : MODULE_ACC);
	packet_u8(&p, single);
	put_axes(&p, &m, is_gyr);
	if (sensor->wants_single)
		device_meta_say(meta, p.b, p.n);
	if (!is_gyr)
		send_processed(meta, &m, t_us);
	sensor->packed[sensor->n_packed++] = m;
	if (sensor->n_packed < META_PACKED)
		return;
	sensor->n_packed = 0;
	p.b[1] = (uint8_t)packed;
	p.n = 2;
	for (unsigned i = 0; i < META_PACKED; i++)
		put_axes(&p, &sensor->packed[i], is_gyr);
	if (sensor->wants_packed)
		device_meta_say(meta, p.b, p.n);
}

static void fusion_header(struct packet *p, unsigned reg)
{
	p->n = 0;
	packet_u8(p, MODULE_FUSION);
	packet_u8(p, reg);
}

static void fusion_vector(struct meta *meta, unsigned reg, struct vec3 v, bool has_accuracy)
{
	struct packet p;

	if (!(meta->fusion.outputs & meta->fusion.subscribed & (1u << (reg - 4))))
		return;
	fusion_header(&p, reg);
	packet_f32(&p, v.x);
	packet_f32(&p, v.y);
	packet_f32(&p, v.z);
	if (has_accuracy)
		packet_u8(&p, 3);
	device_meta_say(meta, p.b, p.n);
}

static void fusion_four(struct meta *meta, unsigned reg, const double v[4])
{
	struct packet p;

	if (!(meta->fusion.outputs & meta->fusion.subscribed & (1u << (reg - 4))))
		return;
	fusion_header(&p, reg);
	for (unsigned i = 0; i < 4; i++)
		packet_f32(&p, v[i]);
	device_meta_say(meta, p.b, p.n);
}

static void send_fusion(struct meta *meta, double t_us)
{
	struct quat q = device_orientation(&meta->base, t_us);
	struct vec3 up = quat_rotate(quat_conj(q), (struct vec3){0, 0, GRAVITY_MPS2}), acc;
	struct measured m;
	double deg[3];

	device_measure(&meta->base, t_us, &m);
	device_euler(q, deg);
	acc = (struct vec3){m.acc_mps2[0], m.acc_mps2[1], m.acc_mps2[2]};
	fusion_vector(meta, 0x04, vec3_scale(acc, 1000 / GRAVITY_MPS2), true); /* mg */
	fusion_vector(meta, 0x05, (struct vec3){m.gyr_dps[0], m.gyr_dps[1], m.gyr_dps[2]}, true);
	fusion_vector(meta, 0x06, device_magnetic(&meta->base, t_us), true);
	fusion_four(meta, 0x07, (const double[]){q.w, q.x, q.y, q.z});
	fusion_four(meta, 0x08,
		(const double[]){fmod(360 - deg[2], 360), deg[1], deg[0], fmod(360 - deg[2], 360)});
	fusion_vector(meta, 0x09, up, false);
	fusion_vector(meta, 0x0a, vec3_sub(acc, up), false);
}

static int64_t meta_next(const struct device *device)
{
	const struct meta *meta = (const struct meta *)device;
	double stream = fmin(
		fmin(beat_due_us(&meta->acc.beat, device), beat_due_us(&meta->gyr.beat, device)),
		beat_due_us(&meta->fusion.beat, device));
	int64_t next = beat_instant(stream), button = button_due_us(&meta->button, device);

	return button < next ? button : next;
}

static void press(struct meta *meta, int64_t t_us)
{
	const uint8_t told[] = {MODULE_SWITCH, 0x01, button_take(&meta->button)};

	if (meta->wants_button && !device_is_in_gap(&meta->base, DEVICE_GAP_OFF, t_us))
		device_meta_say(meta, told, sizeof(told));
}

/* The rate of turn goes before the acceleration of the same instant. */
static void step(struct meta *meta, int64_t t_us)
{
	struct device *device = &meta->base;
	struct beat *beats[] = {&meta->gyr.beat, &meta->acc.beat, &meta->fusion.beat};
	bool is_still = !device->is_connected || device_is_still(device, (double)t_us);

	for (unsigned i = 0; i < ARRAY_LEN(beats); i++) {
		double at_us = beat_due_us(beats[i], device);

		if (ceil(at_us) > (double)t_us)
			continue;
		if (!is_still && i == 2)
			send_fusion(meta, at_us);
		else if (!is_still)
			send_sample(meta, i ? &meta->acc : &meta->gyr, at_us);
		beats[i]->n++;
	}
}

static void meta_advance(struct device *device, int64_t t_us)
{
	struct meta *meta = meta_of(device);

	for (int64_t due = meta_next(device); due <= t_us; due = meta_next(device)) {
		if (button_due_us(&meta->button, device) <= due)
			press(meta, due);
		else
			step(meta, due);
	}
	if (device_epoch_at(device, t_us)->boot != meta->boot) {
		meta->boot = device_epoch_at(device, t_us)->boot;
		boot(meta);
	}
}

#define META_OPS(new_)                                                                             \
	{                                                                                          \
		.new = new_, .free = meta_free, .open = meta_open, .advert = meta_advert,          \
		.link = device_no_link, .read = meta_read, .write = device_meta_write,             \
		.confirmed = device_no_confirmed, .next = meta_next, .advance = meta_advance,      \
	}
const struct device_ops device_meta_ops = META_OPS(meta_new);
const struct device_ops device_meta_r_ops = META_OPS(meta_r_new);
