// SPDX-License-Identifier: MIT
/* A Movesense sensor with the GATT SensorData Protocol (GD-77 of Movesense): commands with a
 * reference, data under that reference, payloads longer than 150 bytes in two parts. Its wearer has
 * a resting heart rate.
 */
#include "gym/device-movesense.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/advert.h"
#include "gym/beat.h"
#include "gym/chip.h"
#include "gym/packet.h"

#define MOVESENSE_UUID(a, b)                                                                       \
	((struct uuid){{0x34, 0x80, a, b, 0x71, 0x85, 0x4d, 0x5d, 0xb4, 0x31, 0x63, 0x0e, 0x70,    \
		0x50, 0xe8, 0xf0}})

enum movesense_characteristic { WRITE_TO, NOTIFY, BATTERY };

static const struct device_characteristic table[] = {
	[WRITE_TO] = {MOVESENSE_UUID(0x22, 0x52), MOVESENSE_UUID(0x00, 0x01),
		DEVICE_WRITE | DEVICE_WRITE_COMMAND, false},
	[NOTIFY] = {MOVESENSE_UUID(0x22, 0x52), MOVESENSE_UUID(0x00, 0x02), DEVICE_NOTIFY, false},
	[BATTERY] = {UUID_SIG(0x180f), UUID_SIG(0x2a19), DEVICE_READ | DEVICE_NOTIFY, false},
};

#define RANGE_G           8
#define RANGE_DPS         2000
#define SUBSCRIPTIONS_MAX 4
#define PATH_MAX_SIZE     40
#define PART_SIZE         150
#define BASE_HZ           13 /* packets a second, if two parts can hold the samples */
#define SAMPLES_MAX       8
#define BEAT_S            0.904 /* 66 beats a minute */

enum gsp_command { HELLO, SUBSCRIBE, UNSUBSCRIBE, FETCH_LOG, GET };
enum gsp_answer { ANSWER = 1, DATA, DATA_REST };
enum gsp_status { STATUS_OK = 200, STATUS_BAD = 400, STATUS_NOT_FOUND = 404 };

static const struct {
	const char *name;
	bool acc, gyr, mag;
} resources[] = {
	{"Acc", true, false, false},
	{"Gyro", false, true, false},
	{"Magn", false, false, true},
	{"IMU6", true, true, false},
	{"IMU6m", true, false, true},
	{"IMU9", true, true, true},
};

struct subscription {
	uint8_t reference;  /* 0: free */
	int resource;       /* -1: heart rate */
	unsigned n_samples; /* in a packet */
	struct beat beat;   /* of packets */
	double sample_us;   /* by its own clock */
};

struct movesense {
	struct device base;
	struct subscription subscription[SUBSCRIPTIONS_MAX];
	struct random heart;
};

static struct movesense *movesense_of(struct device *device)
{
	return (struct movesense *)device;
}

static void unsubscribe_all(struct movesense *m)
{
	for (unsigned i = 0; i < SUBSCRIPTIONS_MAX; i++) {
		m->subscription[i].reference = 0;
		beat_stop(&m->subscription[i].beat);
	}
}

static int movesense_open(struct device *device, char *error, size_t error_size)
{
	struct movesense *m = movesense_of(device);

	chip_set_ranges(device, RANGE_G, RANGE_DPS);
	m->heart = device->random;
	m->heart.state ^= 0x48454152;
	unsubscribe_all(m);
	return 0;
}

/* Movesense's 16-bit service and Suunto's company number; the name is in the scan response. */
static size_t movesense_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_put(buffer, &n, ADVERT_ALL_UUIDS_16, "\xf3\xfd", 2);
	advert_put(buffer, &n, ADVERT_MANUFACTURER, "\x9f\x00\x01\x00", 4);
	return n;
}

static void movesense_link(struct device *device, int64_t t_us, bool is_up)
{
	unsubscribe_all(movesense_of(device));
}

static void answer(struct movesense *m, uint8_t reference, enum gsp_status status)
{
	struct packet p = {.n = 0};

	packet_u8(&p, ANSWER);
	packet_u8(&p, reference);
	packet_u16(&p, status);
	device_send(&m->base, NOTIFY, p.b, p.n);
}

/* Protocol version, then zero-terminated strings; no status. */
static void say_hello(struct movesense *m, uint8_t reference)
{
	const char *texts[] = {
		m->base.config.name, "Movesense", m->base.config.address, "gsp", "2.3"};
	struct packet p = {.n = 0};

	packet_u8(&p, ANSWER);
	packet_u8(&p, reference);
	packet_u8(&p, 1);
	for (unsigned i = 0; i < ARRAY_LEN(texts); i++)
		packet_bytes(&p, texts[i], strlen(texts[i]) + 1);
	device_send(&m->base, NOTIFY, p.b, p.n);
}

static struct subscription *subscription_of(struct movesense *m, uint8_t reference)
{
	for (unsigned i = 0; i < SUBSCRIPTIONS_MAX; i++)
		if (m->subscription[i].reference == reference)
			return &m->subscription[i];
	return NULL;
}

/* Rates are 13 Hz times a power of 2, up to 1666: GD-77. */
static bool find_rate(const char *text, unsigned *ret_hz)
{
	static const unsigned rates[] = {13, 26, 52, 104, 208};
	char *end;
	unsigned long hz = strtoul(text, &end, 10);

	for (unsigned i = 0; i < ARRAY_LEN(rates); i++)
		if (*text && !*end && hz == rates[i]) {
			*ret_hz = rates[i];
			return true;
		}
	return false;
}

static enum gsp_status subscribe(
	struct movesense *m, struct subscription *s, const char *path, int64_t t_us)
{
	unsigned hz;

	if (strcmp(path, "/Meas/HR") == 0) {
		s->resource = -1;
		beat_start(&s->beat, (double)t_us + BEAT_S * 1e6, BEAT_S * 1e6);
		return STATUS_OK;
	}
	for (unsigned i = 0; i < ARRAY_LEN(resources); i++) {
		char head[16];
		size_t n = (size_t)snprintf(head, sizeof(head), "/Meas/%s/", resources[i].name);

		if (strncmp(path, head, n) != 0)
			continue;
		if (!find_rate(path + n, &hz))
			return STATUS_BAD;
		s->resource = (int)i;
		s->n_samples = hz / BASE_HZ < SAMPLES_MAX ? hz / BASE_HZ : SAMPLES_MAX;
		s->sample_us = 1e6 / hz;
		beat_start(&s->beat, (double)t_us, s->n_samples * s->sample_us);
		return STATUS_OK;
	}
	return STATUS_NOT_FOUND;
}

static void obey_subscribe(struct movesense *m, uint8_t reference, const char *path, int64_t t_us)
{
	struct subscription *s;
	enum gsp_status status;

	if (subscription_of(m, reference)) {
		answer(m, reference, STATUS_BAD);
		return;
	}
	s = subscription_of(m, 0);
	if (!s) { /* no free slot: 507, high byte first as in the firmware */
		device_send(&m->base, NOTIFY, (const uint8_t[]){ANSWER, reference, 0x01, 0xfb}, 4);
		return;
	}
	status = subscribe(m, s, path, t_us);
	if (status == STATUS_OK)
		s->reference = reference;
	answer(m, reference, status);
}

static void obey_get(struct movesense *m, uint8_t reference, const char *path)
{
	struct packet p = {.n = 0};

	if (strcmp(path, "/System/Energy/Level") != 0) {
		answer(m, reference, STATUS_NOT_FOUND);
		return;
	}
	packet_u8(&p, ANSWER);
	packet_u8(&p, reference);
	packet_u16(&p, STATUS_OK);
	packet_u8(&p, m->base.config.battery_percent);
	device_send(&m->base, NOTIFY, p.b, p.n);
}

static int movesense_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct movesense *m = movesense_of(device);
	char path[PATH_MAX_SIZE] = "";
	struct subscription *s;

	if (characteristic != WRITE_TO || size < 2 || size - 2 >= sizeof(path))
		return -ATT_ERROR_INVALID_LENGTH;
	memcpy(path, value + 2, size - 2);
	if (value[1] == 0) {
		answer(m, 0, STATUS_BAD);
		return 0;
	}
	switch (value[0]) {
	case HELLO:
		say_hello(m, value[1]);
		return 0;
	case SUBSCRIBE:
		obey_subscribe(m, value[1], path, t_us);
		return 0;
	case UNSUBSCRIBE:
		s = subscription_of(m, value[1]);
		answer(m, value[1], s ? STATUS_OK : STATUS_NOT_FOUND);
		if (s) {
			s->reference = 0;
			beat_stop(&s->beat);
		}
		return 0;
	case GET:
		obey_get(m, value[1], path);
		return 0;
	default:
		answer(m, value[1], STATUS_BAD);
		return 0;
	}
}

static void send_data(struct movesense *m, uint8_t reference, const struct packet *payload)
{
	for (size_t at = 0; at < payload->n; at += PART_SIZE) {
		struct packet p = {.n = 0};

		packet_u8(&p, at ? DATA_REST : DATA);
		packet_u8(&p, reference);
		packet_bytes(&p, payload->b + at,
			payload->n - at < PART_SIZE ? payload->n - at : PART_SIZE);
		device_send(&m->base, NOTIFY, p.b, p.n);
	}
}

static double sample_instant(const struct movesense *m, const struct subscription *s, unsigned i)
{
	double first_us = beat_due_us(&s->beat, &m->base);

	return first_us + i * s->sample_us / device_clock_rate(&m->base);
}

/* A packet is sent when its last sample is complete; its time is that of the first, in whole
 * milliseconds since the start. First all accelerations, then all rates of turn. */
static void send_motion(struct movesense *m, const struct subscription *s)
{
	double first_us = beat_due_us(&s->beat, &m->base);
	struct chip_sample sample[SAMPLES_MAX];
	struct packet p = {.n = 0};

	packet_u32(&p, (uint32_t)(uint64_t)floor(device_clock_us(&m->base, first_us) / 1000));
	for (unsigned i = 0; i < s->n_samples; i++)
		chip_measure(&m->base, sample_instant(m, s, i), &sample[i]);
	for (unsigned i = 0; i < s->n_samples && resources[s->resource].acc; i++)
		packet_f32_axes(&p, sample[i].acc_mps2);
	for (unsigned i = 0; i < s->n_samples && resources[s->resource].gyr; i++)
		packet_f32_axes(&p, sample[i].gyr_dps);
	for (unsigned i = 0; i < s->n_samples && resources[s->resource].mag; i++) {
		struct vec3 north = chip_magnetic_ut(&m->base, sample_instant(m, s, i));

		packet_f32_axes(&p, (const double[]){north.x, north.y, north.z});
	}
	send_data(m, s->reference, &p);
}

static void send_heart(struct movesense *m, const struct subscription *s)
{
	double ms = BEAT_S * 1000 + 20 * random_normal(&m->heart);
	struct packet p = {.n = 0};

	packet_f32(&p, 60000 / ms);
	packet_u16(&p, (unsigned)lrint(ms));
	send_data(m, s->reference, &p);
}

static double due_us(const struct movesense *m, const struct subscription *s)
{
	if (!s->reference)
		return INFINITY;
	return s->resource < 0 ? beat_due_us(&s->beat, &m->base)
			       : sample_instant(m, s, s->n_samples - 1);
}

static const struct subscription *first_due(const struct movesense *m)
{
	const struct subscription *first = &m->subscription[0];

	for (unsigned i = 1; i < SUBSCRIPTIONS_MAX; i++)
		if (due_us(m, &m->subscription[i]) < due_us(m, first))
			first = &m->subscription[i];
	return first;
}

static int64_t movesense_next(const struct device *device)
{
	const struct movesense *m = (const struct movesense *)device;

	return beat_instant_us(due_us(m, first_due(m)));
}

static void movesense_advance(struct device *device, int64_t t_us)
{
	struct movesense *m = movesense_of(device);

	while (movesense_next(device) <= t_us) {
		struct subscription *s = &m->subscription[first_due(m) - m->subscription];
		double at_us = due_us(m, s);

		if (device_is_in_gap(device, DEVICE_GAP_OFF, (int64_t)at_us)) {
			unsubscribe_all(m);
			return;
		}
		if (s->resource < 0)
			send_heart(m, s);
		else if (!device_is_still(device, at_us))
			send_motion(m, s);
		s->beat.n++;
	}
}

const struct device_ops device_movesense_ops = {
	.size = sizeof(struct movesense),
	.characteristic = table,
	.n_characteristics = ARRAY_LEN(table),
	.maker = "Suunto",
	.open = movesense_open,
	.advert = movesense_advert,
	.link = movesense_link,
	.write = movesense_write,
	.next = movesense_next,
	.advance = movesense_advance,
};
