// SPDX-License-Identifier: MIT
/* An MbientLab MetaMotion: the S (BMI270), and the R (BMI160), which has other registers and ranges
 * (MetaWear-SDK-Cpp, its cppdocs and tests). A command is a module, a register and bytes; a
 * register with bit 7 set is a read, and the reply carries the same number. It streams only what
 * was subscribed to, enabled and started; what a central set up remains after its link has ended.
 */
#include "gym/device-meta.h"

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/advert.h"
#include "gym/device-meta-control.h"
#include "gym/device-meta-private.h"
#include "gym/packet.h"

#define META_UUID(x)                                                                               \
	((struct uuid){{0x32, 0x6a, 0x90, x, 0x85, 0xcb, 0x91, 0x95, 0xd9, 0xdd, 0x46, 0x4c, 0xfb, \
		0xba, 0xe7, 0x5a}})

static const struct device_characteristic table[] = {
	[META_COMMAND] = {META_UUID(0x00), META_UUID(0x01), DEVICE_WRITE | DEVICE_WRITE_COMMAND,
		false},
	[META_NOTIFY] = {META_UUID(0x00), META_UUID(0x06), DEVICE_NOTIFY, false},
	[META_MODEL] = {UUID_SIG(0x180a), UUID_SIG(0x2a24), DEVICE_READ, false},
	[META_FIRMWARE] = {UUID_SIG(0x180a), UUID_SIG(0x2a26), DEVICE_READ, false},
	[META_MAKER] = {UUID_SIG(0x180a), UUID_SIG(0x2a29), DEVICE_READ, false},
};

static struct meta *meta_of(struct device *device)
{
	return (struct meta *)device;
}

/* The state after power on. */
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

	meta->is_r = device->ops == &device_meta_r_ops;
	meta->boot = device->config.epoch[0].boot;
	boot(meta);
	chip_set_ranges(device, 2, 2000);
	return 0;
}

static size_t meta_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_uuid(buffer, &n, ADVERT_ALL_UUIDS_128, &table[META_COMMAND].service);
	return n;
}

static void put_axes(struct packet *p, const struct chip_sample *m, bool is_gyr)
{
	for (unsigned i = 0; i < 3; i++)
		packet_i16(p, m->raw[is_gyr ? 3 + i : i]);
}

/* 16.4 LSB/dps at 2000 dps: full scale is 32800 steps here, but 32768 in a chip_sample. */
static void scale_gyr(struct chip_sample *m)
{
	for (unsigned i = 3; i < 6; i++)
		m->raw[i] = (int16_t)lrint(
			fmax(INT16_MIN, fmin(INT16_MAX, m->raw[i] * 32800.0 / 32768)));
}

static void send_processed(struct meta *meta, const struct chip_sample *m, double t_us)
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
		meta_send(meta, p.b, p.n);
	}
}

static void send_sample(struct meta *meta, struct meta_sensor *sensor, double t_us)
{
	bool is_gyr = sensor == &meta->gyr;
	unsigned single = is_gyr && meta->is_r ? 0x05 : 0x04;
	unsigned packed = !meta->is_r ? 0x05 : is_gyr ? 0x07 : 0x1c;
	struct packet p = {.n = 0};
	struct chip_sample m;

	chip_measure(&meta->base, t_us, &m);
	if (is_gyr)
		scale_gyr(&m);
	packet_u8(&p, is_gyr ? MODULE_GYR : MODULE_ACC);
	packet_u8(&p, single);
	put_axes(&p, &m, is_gyr);
	if (sensor->wants_single)
		meta_send(meta, p.b, p.n);
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
		meta_send(meta, p.b, p.n);
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
	packet_f32_axes(&p, (const double[]){v.x, v.y, v.z});
	if (has_accuracy)
		packet_u8(&p, 3);
	meta_send(meta, p.b, p.n);
}

static void fusion_four(struct meta *meta, unsigned reg, const double v[4])
{
	struct packet p;

	if (!(meta->fusion.outputs & meta->fusion.subscribed & (1u << (reg - 4))))
		return;
	fusion_header(&p, reg);
	for (unsigned i = 0; i < 4; i++)
		packet_f32(&p, v[i]);
	meta_send(meta, p.b, p.n);
}

static void send_fusion(struct meta *meta, double t_us)
{
	struct quat q = chip_orientation(&meta->base, t_us);
	struct vec3 up = chip_up_mps2(&meta->base, t_us), acc;
	struct chip_sample m;
	double deg[3];

	chip_measure(&meta->base, t_us, &m);
	chip_euler_deg(q, deg);
	acc = (struct vec3){m.acc_mps2[0], m.acc_mps2[1], m.acc_mps2[2]};
	fusion_vector(meta, 0x04, vec3_scale(acc, 1000 / GRAVITY_MPS2), true); /* mg */
	fusion_vector(meta, 0x05, (struct vec3){m.gyr_dps[0], m.gyr_dps[1], m.gyr_dps[2]}, true);
	fusion_vector(meta, 0x06, chip_magnetic_ut(&meta->base, t_us), true);
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
	int64_t next = beat_instant_us(stream), button = button_due_us(&meta->button, device);

	return button < next ? button : next;
}

static void press(struct meta *meta, int64_t t_us)
{
	const uint8_t report[] = {MODULE_SWITCH, 0x01, button_take(&meta->button)};

	if (meta->wants_button && !device_is_in_gap(&meta->base, DEVICE_GAP_OFF, t_us))
		meta_send(meta, report, sizeof(report));
}

/* The rate of turn is sent before the acceleration of the same instant. */
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

#define META_OPS(model_)                                                                           \
	{                                                                                          \
		.size = sizeof(struct meta), .characteristic = table,                              \
		.n_characteristics = ARRAY_LEN(table), .maker = "MbientLab Inc", .model = model_,  \
		.firmware = "1.7.3", .open = meta_open, .advert = meta_advert,                     \
		.write = device_meta_control_write, .next = meta_next, .advance = meta_advance,    \
	}
const struct device_ops device_meta_ops = META_OPS("8");
const struct device_ops device_meta_r_ops = META_OPS("5");
