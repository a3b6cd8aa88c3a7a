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
#include "tests/gym/device-sold.h"

#define META_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0x32, 0x6a, 0x90, x, 0x85, 0xcb, 0x91, 0x95, 0xd9, 0xdd, 0x46, 0x4c, 0xfb, \
				0xba, 0xe7, 0x5a                                                   \
		}                                                                                  \
	}

enum meta_characteristic { COMMAND, NOTIFY, MODEL, FIRMWARE, MAKER };

static const struct gym_characteristic table[] = {
	[COMMAND] = {META_UUID(0x00), META_UUID(0x01), GYM_WRITE | GYM_WRITE_COMMAND, false},
	[NOTIFY] = {META_UUID(0x00), META_UUID(0x06), GYM_NOTIFY, false},
	[MODEL] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a24), GYM_READ, false},
	[FIRMWARE] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a26), GYM_READ, false},
	[MAKER] = {SOLD_SIG(0x180a), SOLD_SIG(0x2a29), GYM_READ, false},
};

enum module {
	MODULE_SWITCH = 0x01,
	MODULE_ACC = 0x03,
	MODULE_PROCESSOR = 0x09,
	MODULE_EVENT = 0x0a,
	MODULE_LOG = 0x0b,
	MODULE_SETTINGS = 0x11,
	MODULE_GYR = 0x13,
	MODULE_FUSION = 0x19,
};

#define READ           0x80
#define TICK_US        (48e6 / 32768)
#define PACKED         3
#define PROCESSORS_MAX 4
#define FUSION_US      10000
#define SETTLE_US      2000 /* from a command to what it brings */

/* The chip's streams: one sample, or three. */
struct meta_sensor {
	bool is_enabled, is_started, wants_single, wants_packed;
	uint8_t config[2];
	struct beat beat;
	struct measured packed[PACKED];
	unsigned n_packed;
};

struct meta {
	struct gym_device base;
	bool is_r;
	struct meta_sensor acc, gyr;
	bool wants_button, wants_processors;
	struct {
		bool is_there, is_on;
	} processor[PROCESSORS_MAX]; /* accounters over single acceleration */
	struct {
		uint8_t mode, ranges, outputs, subscribed;
		bool is_started;
		struct beat beat;
	} fusion;
	struct button button;
	uint32_t boot;
};

static struct meta *meta_of(struct gym_device *device)
{
	return (struct meta *)device;
}

static struct gym_device *meta_new(void)
{
	return &new0(struct meta)->base;
}

static struct gym_device *meta_r_new(void)
{
	struct meta *meta = new0(struct meta);

	meta->is_r = true;
	return &meta->base;
}

static void meta_free(struct gym_device *device)
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

static int meta_open(struct gym_device *device, char *error, size_t error_size)
{
	struct meta *meta = meta_of(device);

	device->characteristic = table;
	device->n_characteristics = ARRAY_LEN(table);
	meta->boot = device->config.epoch[0].boot;
	boot(meta);
	device_set_ranges(device, 2, 2000);
	return 0;
}

static size_t meta_advert(const struct gym_device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_uuid(buffer, &n, 0x07, &table[COMMAND].service);
	return n;
}

static int meta_read(struct gym_device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[GYM_VALUE_MAX])
{
	return device_read_standard(device, characteristic, "MbientLab Inc",
		meta_of(device)->is_r ? "5" : "8", "1.7.3", value);
}

static void say(struct meta *meta, const uint8_t *bytes, size_t n)
{
	device_send(&meta->base, NOTIFY, bytes, n);
}

/* ---- what the configuration means */

static double acc_range_g(const struct meta *meta)
{
	static const double r_g[16] = {[3] = 2, [5] = 4, [8] = 8, [12] = 16};
	static const double s_g[4] = {2, 4, 8, 16};

	return meta->is_r ? r_g[meta->acc.config[1] & 15] : s_g[meta->acc.config[1] & 3];
}

static double gyr_range_dps(const struct meta *meta)
{
	return 2000.0 / (1u << (meta->gyr.config[1] & 7));
}

/* Low nibble: 100 Hz is 8, each step doubles or halves. */
static double interval_us(const struct meta_sensor *sensor)
{
	return 1e4 * pow(2, 8 - (sensor->config[0] & 15));
}

/* Both sensors of the chip are sampled at the same instants (BMI160 data sheet: synchronised on
 * hardware level). */
static double first_sample_us(
	const struct meta *meta, const struct meta_sensor *sensor, int64_t t_us)
{
	const struct meta_sensor *other = sensor == &meta->acc ? &meta->gyr : &meta->acc;
	double start_us = (double)t_us + SETTLE_US, step_us = interval_us(sensor);
	double other_us = beat_due_us(&other->beat, &meta->base);

	if (other_us >= INFINITY)
		return start_us;
	step_us /= 1 + meta->base.config.ppm * 1e-6;
	return other_us + ceil((start_us - other_us) / step_us) * step_us;
}

static void set_running(
	struct meta *meta, struct meta_sensor *sensor, bool is_started, int64_t t_us)
{
	sensor->is_started = is_started;
	sensor->n_packed = 0;
	if (is_started && sensor->is_enabled)
		beat_start(&sensor->beat, first_sample_us(meta, sensor, t_us), interval_us(sensor));
	else
		beat_stop(&sensor->beat);
}

/* ---- commands */

static bool is_good_range(const struct meta *meta, const struct meta_sensor *sensor, unsigned range)
{
	if (sensor == &meta->gyr)
		return range <= 4;
	return meta->is_r ? range == 3 || range == 5 || range == 8 || range == 12 : range <= 3;
}

static void reply_info(struct meta *meta, uint8_t module)
{
	bool is_there = module == MODULE_SWITCH || module == MODULE_ACC ||
			module == MODULE_PROCESSOR || module == MODULE_EVENT ||
			module == MODULE_LOG || module == MODULE_SETTINGS || module == MODULE_GYR ||
			module == MODULE_FUSION;
	uint8_t implementation = module == MODULE_ACC   ? (meta->is_r ? 1 : 4)
				 : module == MODULE_GYR ? (meta->is_r ? 0 : 1)
							: 0;
	const uint8_t reply[] = {module, 0 | READ, implementation, 1};

	say(meta, reply, is_there ? sizeof(reply) : 2); /* two bytes: no such module */
}

static void sensor_command(struct meta *meta, struct meta_sensor *sensor, unsigned single,
	unsigned packed, const uint8_t *c, size_t n, int64_t t_us)
{
	const uint8_t config[] = {c[0], 0x03 | READ, sensor->config[0], sensor->config[1]};

	if (c[1] == (0x03 | READ))
		say(meta, config, sizeof(config));
	else if (c[1] == 0x03 && n == 4 && is_good_range(meta, sensor, c[3]))
		memcpy(sensor->config, c + 2, 2);
	else if (c[1] == 0x01 && n == 3)
		set_running(meta, sensor, c[2] == 1, t_us);
	else if (c[1] == 0x02 && n == 4)
		sensor->is_enabled = c[2] ? true : c[3] ? false : sensor->is_enabled;
	else if (c[1] == single && n == 3)
		sensor->wants_single = c[2] == 1;
	else if (c[1] == packed && n == 3)
		sensor->wants_packed = c[2] == 1;
	device_set_ranges(&meta->base, acc_range_g(meta), gyr_range_dps(meta));
}

/* Over acceleration, of 6 bytes, with a tick of 4 bytes at prescale 3: the accounter. */
static void add_processor(struct meta *meta, const uint8_t *c, size_t n)
{
	static const uint8_t accounter[] = {0x09, 0x02, 0x03, 0x04, 0xff, 0xa0, 0x11, 0x31, 0x03};

	if (n != sizeof(accounter) || memcmp(c, accounter, n) != 0)
		return;
	for (uint8_t i = 0; i < PROCESSORS_MAX; i++)
		if (!meta->processor[i].is_there) {
			meta->processor[i].is_there = true;
			say(meta, (const uint8_t[]){0x09, 0x02, i}, 3);
			return;
		}
}

static void processor_command(struct meta *meta, const uint8_t *c, size_t n)
{
	if (c[1] == 0x02)
		add_processor(meta, c, n);
	else if (c[1] == 0x03 && n == 3)
		meta->wants_processors = c[2] == 1;
	else if (c[1] == 0x07 && n == 4 && c[2] < PROCESSORS_MAX)
		meta->processor[c[2]].is_on = c[3] == 1 && meta->processor[c[2]].is_there;
	else if (c[1] == 0x08)
		memset(meta->processor, 0, sizeof(meta->processor));
}

static void fusion_command(struct meta *meta, const uint8_t *c, size_t n, int64_t t_us)
{
	if (c[1] == 0x02 && n == 4) {
		meta->fusion.mode = c[2];
		meta->fusion.ranges = c[3];
	} else if (c[1] == 0x03 && n == 4) {
		meta->fusion.outputs = (uint8_t)((meta->fusion.outputs | c[2]) & ~c[3]);
	} else if (c[1] == 0x01 && n == 3) {
		meta->fusion.is_started = c[2] == 1 && meta->fusion.mode >= 1;
		if (meta->fusion.is_started)
			beat_start(&meta->fusion.beat, (double)t_us + SETTLE_US, FUSION_US);
		else
			beat_stop(&meta->fusion.beat);
	} else if (c[1] >= 0x04 && c[1] <= 0x0a && n == 3) {
		uint8_t bit = (uint8_t)(1u << (c[1] - 4));

		meta->fusion.subscribed = (uint8_t)(c[2] ? meta->fusion.subscribed | bit
							 : meta->fusion.subscribed & ~bit);
	}
}

static void reply_battery(struct meta *meta)
{
	unsigned percent = meta->base.config.battery_percent, mv = 3300 + 8 * percent;

	say(meta,
		(const uint8_t[]){MODULE_SETTINGS, 0x0c | READ, (uint8_t)percent, (uint8_t)mv,
			(uint8_t)(mv >> 8)},
		5);
}

static void reply_tick(struct meta *meta, int64_t t_us)
{
	struct packet p = {.n = 0};

	packet_u8(&p, MODULE_LOG);
	packet_u8(&p, 0x04 | READ);
	packet_u32(&p,
		(uint32_t)(uint64_t)floor(device_clock_us(&meta->base, (double)t_us) / TICK_US));
	packet_u8(&p, meta->boot & 0xff);
	say(meta, p.b, p.n);
}

/* Writes without response have no answer: what is no command is dropped. */
static int meta_write(struct gym_device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *c, size_t n)
{
	struct meta *meta = meta_of(device);

	if (n < 2 || n > 20)
		return 0;
	if (c[1] == (0 | READ)) {
		reply_info(meta, c[0]);
		return 0;
	}
	switch (c[0]) {
	case MODULE_ACC:
		sensor_command(meta, &meta->acc, 0x04, meta->is_r ? 0x1c : 0x05, c, n, t_us);
		break;
	case MODULE_GYR:
		sensor_command(meta, &meta->gyr, meta->is_r ? 0x05 : 0x04, meta->is_r ? 0x07 : 0x05,
			c, n, t_us);
		break;
	case MODULE_PROCESSOR:
		processor_command(meta, c, n);
		break;
	case MODULE_FUSION:
		fusion_command(meta, c, n, t_us);
		break;
	case MODULE_SWITCH:
		if (c[1] == 0x01 && n == 3)
			meta->wants_button = c[2] == 1;
		break;
	case MODULE_SETTINGS:
		if (c[1] == (0x0c | READ))
			reply_battery(meta);
		break;
	case MODULE_LOG:
		if (c[1] == (0x04 | READ))
			reply_tick(meta, t_us);
		break;
	case MODULE_EVENT:
		break;
	}
	return 0;
}

/* ---- data */

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
	for (uint8_t i = 0; i < PROCESSORS_MAX; i++) {
		struct packet p = {.n = 0};

		if (!meta->processor[i].is_on || !meta->wants_processors)
			continue;
		packet_u8(&p, MODULE_PROCESSOR);
		packet_u8(&p, 0x03);
		packet_u8(&p, i);
		packet_u32(&p,
			(uint32_t)(uint64_t)floor(device_clock_us(&meta->base, t_us) / TICK_US));
		put_axes(&p, m, false);
		say(meta, p.b, p.n);
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
		say(meta, p.b, p.n);
	if (!is_gyr)
		send_processed(meta, &m, t_us);
	sensor->packed[sensor->n_packed++] = m;
	if (sensor->n_packed < PACKED)
		return;
	sensor->n_packed = 0;
	p.b[1] = (uint8_t)packed;
	p.n = 2;
	for (unsigned i = 0; i < PACKED; i++)
		put_axes(&p, &sensor->packed[i], is_gyr);
	if (sensor->wants_packed)
		say(meta, p.b, p.n);
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
	say(meta, p.b, p.n);
}

static void fusion_four(struct meta *meta, unsigned reg, const double v[4])
{
	struct packet p;

	if (!(meta->fusion.outputs & meta->fusion.subscribed & (1u << (reg - 4))))
		return;
	fusion_header(&p, reg);
	for (unsigned i = 0; i < 4; i++)
		packet_f32(&p, v[i]);
	say(meta, p.b, p.n);
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

static int64_t meta_next(const struct gym_device *device)
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
		say(meta, told, sizeof(told));
}

/* The rate of turn goes before the acceleration of the same instant. */
static void step(struct meta *meta, int64_t t_us)
{
	struct gym_device *device = &meta->base;
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

static void meta_advance(struct gym_device *device, int64_t t_us)
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
		.link = device_no_link, .read = meta_read, .write = meta_write,                    \
		.confirmed = device_no_confirmed, .next = meta_next, .advance = meta_advance,      \
	}
const struct device_ops device_meta_ops = META_OPS(meta_new);
const struct device_ops device_meta_r_ops = META_OPS(meta_r_new);
