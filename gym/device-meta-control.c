// SPDX-License-Identifier: MIT
#include "gym/device-meta-control.h"

#include <math.h>
#include <string.h>

#include "gym/packet.h"

#define READ      0x80
#define FUSION_US 10000
#define SETTLE_US 2000 /* from a command to its effect */

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

/* Both sensors of the chip are sampled at the same instants (BMI160 data sheet: synchronised in
 * hardware). */
static double first_sample_us(
	const struct meta *meta, const struct meta_sensor *sensor, int64_t t_us)
{
	const struct meta_sensor *other = sensor == &meta->acc ? &meta->gyr : &meta->acc;
	double start_us = (double)t_us + SETTLE_US, step_us = interval_us(sensor);
	double other_us = beat_due_us(&other->beat, &meta->base);

	if (other_us >= INFINITY)
		return start_us;
	step_us /= device_clock_rate(&meta->base);
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

static bool is_valid_range(
	const struct meta *meta, const struct meta_sensor *sensor, unsigned range)
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

	meta_send(meta, reply, is_there ? sizeof(reply) : 2); /* 2 bytes: no such module */
}

/* A command to one of the two sensors, and the registers of its two streams. */
struct sensor_command {
	struct meta_sensor *sensor;
	unsigned single, packed;
	const uint8_t *bytes;
	size_t n;
};

static void run_sensor(struct meta *meta, const struct sensor_command *command, int64_t t_us)
{
	struct meta_sensor *sensor = command->sensor;
	const uint8_t *c = command->bytes;
	const uint8_t config[] = {c[0], 0x03 | READ, sensor->config[0], sensor->config[1]};

	if (c[1] == (0x03 | READ))
		meta_send(meta, config, sizeof(config));
	else if (c[1] == 0x03 && command->n == 4 && is_valid_range(meta, sensor, c[3]))
		memcpy(sensor->config, c + 2, 2);
	else if (c[1] == 0x01 && command->n == 3)
		set_running(meta, sensor, c[2] == 1, t_us);
	else if (c[1] == 0x02 && command->n == 4)
		sensor->is_enabled = c[2] ? true : c[3] ? false : sensor->is_enabled;
	else if (c[1] == command->single && command->n == 3)
		sensor->wants_single = c[2] == 1;
	else if (c[1] == command->packed && command->n == 3)
		sensor->wants_packed = c[2] == 1;
	chip_set_ranges(&meta->base, acc_range_g(meta), gyr_range_dps(meta));
}

/* The accounter, the only processor that it supports: over acceleration (6 bytes), with a 4-byte
 * tick at prescale 3. */
static void add_processor(struct meta *meta, const uint8_t *c, size_t n)
{
	static const uint8_t accounter[] = {0x09, 0x02, 0x03, 0x04, 0xff, 0xa0, 0x11, 0x31, 0x03};

	if (n != sizeof(accounter) || memcmp(c, accounter, n) != 0)
		return;
	for (uint8_t i = 0; i < META_PROCESSORS_MAX; i++)
		if (!meta->processor[i].is_there) {
			meta->processor[i].is_there = true;
			meta_send(meta, (const uint8_t[]){0x09, 0x02, i}, 3);
			return;
		}
}

static void processor_command(struct meta *meta, const uint8_t *c, size_t n)
{
	if (c[1] == 0x02)
		add_processor(meta, c, n);
	else if (c[1] == 0x03 && n == 3)
		meta->wants_processors = c[2] == 1;
	else if (c[1] == 0x07 && n == 4 && c[2] < META_PROCESSORS_MAX)
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

	meta_send(meta,
		(const uint8_t[]){MODULE_SETTINGS, 0x0c | READ, (uint8_t)percent, (uint8_t)mv,
			(uint8_t)(mv >> 8)},
		5);
}

static void reply_tick(struct meta *meta, int64_t t_us)
{
	struct packet p = {.n = 0};

	packet_u8(&p, MODULE_LOG);
	packet_u8(&p, 0x04 | READ);
	packet_u32(&p, (uint32_t)(uint64_t)floor(
			       device_clock_us(&meta->base, (double)t_us) / META_TICK_US));
	packet_u8(&p, meta->boot & 0xff);
	meta_send(meta, p.b, p.n);
}

static void run_acc(struct meta *meta, const uint8_t *c, size_t n, int64_t t_us)
{
	run_sensor(meta, &(struct sensor_command){&meta->acc, 0x04, meta->is_r ? 0x1c : 0x05, c, n},
		t_us);
}

static void run_gyr(struct meta *meta, const uint8_t *c, size_t n, int64_t t_us)
{
	run_sensor(meta,
		&(struct sensor_command){
			&meta->gyr, meta->is_r ? 0x05 : 0x04, meta->is_r ? 0x07 : 0x05, c, n},
		t_us);
}

static void run_command(struct meta *meta, const uint8_t *c, size_t n, int64_t t_us)
{
	switch (c[0]) {
	case MODULE_ACC:
		run_acc(meta, c, n, t_us);
		break;
	case MODULE_GYR:
		run_gyr(meta, c, n, t_us);
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
}

int device_meta_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct meta *meta = (struct meta *)device;

	if (size < 2 || size > 20)
		return 0;
	if (value[1] == (0 | READ))
		reply_info(meta, value[0]);
	else
		run_command(meta, value, size, t_us);
	return 0;
}
