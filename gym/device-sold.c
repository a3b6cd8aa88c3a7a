// SPDX-License-Identifier: MIT
#include "gym/device-sold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"

#define PRESS_US 250000

void packet_u8(struct packet *p, unsigned value)
{
	if (p->n < sizeof(p->b))
		p->b[p->n++] = (uint8_t)value;
}

void packet_u16(struct packet *p, unsigned value)
{
	packet_u8(p, value & 0xff);
	packet_u8(p, value >> 8);
}

void packet_u32(struct packet *p, uint32_t value)
{
	packet_u16(p, value & 0xffff);
	packet_u16(p, value >> 16);
}

void packet_i16(struct packet *p, double value)
{
	packet_u16(p, (uint16_t)(int16_t)lrint(fmax(INT16_MIN, fmin(INT16_MAX, value))));
}

void packet_f32(struct packet *p, double value)
{
	float narrow = (float)value;
	uint32_t bits;

	memcpy(&bits, &narrow, sizeof(bits));
	packet_u32(p, bits);
}

void packet_pad(struct packet *p, size_t n)
{
	while (p->n < n)
		packet_u8(p, 0);
}

void beat_start(struct beat *beat, double first_us, double interval_us)
{
	*beat = (struct beat){first_us, interval_us, 0};
}

void beat_stop(struct beat *beat)
{
	beat->first_us = INFINITY;
}

double beat_due_us(const struct beat *beat, const struct device *device)
{
	return beat->first_us +
	       (double)beat->n * beat->interval_us / (1 + device->config.ppm * 1e-6);
}

int64_t beat_instant(double t_us)
{
	return t_us < 9e18 ? (int64_t)ceil(t_us) : T_NEVER;
}

void device_set_ranges(struct device *device, double range_g, double range_dps)
{
	device->config.sensor.acc_range_mps2 = range_g * GRAVITY_MPS2;
	device->config.sensor.gyr_range_rps = range_dps * RAD_PER_DEG;
}

void device_measure(struct device *device, double t_us, struct measured *ret)
{
	struct sensor *sensor = &device->config.sensor;

	sensor_sample(sensor, t_us / 1e6, ret->raw);
	for (unsigned i = 0; i < 3; i++) {
		ret->acc_mps2[i] = ret->raw[i] * sensor->acc_range_mps2 / 32768;
		ret->gyr_dps[i] = ret->raw[3 + i] * sensor->gyr_range_rps / RAD_PER_DEG / 32768;
	}
}

struct quat device_orientation(const struct device *device, double t_us)
{
	return sensor_orientation(&device->config.sensor, t_us / 1e6);
}

struct vec3 device_magnetic(const struct device *device, double t_us)
{
	return quat_rotate(quat_conj(device_orientation(device, t_us)), (struct vec3){20, 0, -43});
}

void device_euler(struct quat q, double ret_deg[3])
{
	double sine = 2 * (q.w * q.y - q.z * q.x);

	ret_deg[0] =
		atan2(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y)) / RAD_PER_DEG;
	ret_deg[1] = asin(fmax(-1, fmin(1, sine))) / RAD_PER_DEG;
	ret_deg[2] =
		atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z)) / RAD_PER_DEG;
}

bool device_is_still(const struct device *device, double t_us)
{
	return device_is_in_gap(device, DEVICE_GAP_OFF, (int64_t)t_us) ||
	       device_is_in_gap(device, DEVICE_GAP_SILENT, (int64_t)t_us);
}

int16_t device_hear(const struct device_config *config, struct random *noise, double t_us)
{
	double normal = random_normal(noise);
	double sum = pow(10, config->acoustic_noise_db / 20) * normal, since_s;

	for (size_t i = 0; i < config->n_sounds; i++) {
		since_s = (t_us - (double)config->sound[i].t_us) / 1e6;
		if (since_s > 0 && since_s < sound_length_s(&config->sound[i].sound))
			sum += sound_wave(&config->sound[i].sound, since_s, normal);
	}
	return (int16_t)lrint(fmax(-1, fmin(1, sum)) * 32767);
}

int64_t button_due_us(const struct button *button, const struct device *device)
{
	const struct device_config *config = &device->config;

	if (button->at / 2 >= config->n_symptoms)
		return T_NEVER;
	return config->symptom[button->at / 2].t_us + (button->at % 2 ? PRESS_US : 0);
}

bool button_take(struct button *button)
{
	return button->at++ % 2 == 0;
}

static int read_text(const char *text, uint8_t value[DEVICE_VALUE_MAX])
{
	return snprintf((char *)value, DEVICE_VALUE_MAX, "%s", text);
}

int device_read_standard(const struct device *device, unsigned characteristic, const char *maker,
	const char *model, const char *firmware, uint8_t value[DEVICE_VALUE_MAX])
{
	const struct uuid *uuid = &device->characteristic[characteristic].uuid;

	switch (uuid->b[2] << 8 | uuid->b[3]) { /* Assigned Numbers 3.8 */
	case 0x2a19:
		value[0] = device->config.battery_percent;
		return 1;
	case 0x2a29:
		return read_text(maker, value);
	case 0x2a24:
		return read_text(model, value);
	case 0x2a26:
		return read_text(firmware, value);
	default:
		return -0x02;
	}
}

void advert_put(uint8_t buffer[31], size_t *n, unsigned type, const void *data, size_t size)
{
	if (*n + 2 + size > 31)
		return;
	buffer[*n] = (uint8_t)(size + 1);
	buffer[*n + 1] = (uint8_t)type;
	memcpy(buffer + *n + 2, data, size);
	*n += 2 + size;
}

void advert_flags(uint8_t buffer[31], size_t *n)
{
	advert_put(buffer, n, 0x01, "\x06", 1); /* general discoverable, LE only */
}

void advert_uuid(uint8_t buffer[31], size_t *n, unsigned type, const struct uuid *uuid)
{
	uint8_t reversed[16];

	for (unsigned i = 0; i < 16; i++)
		reversed[i] = uuid->b[15 - i];
	advert_put(buffer, n, type, reversed, 16);
}

void advert_name(uint8_t buffer[31], size_t *n, const struct device *device)
{
	size_t size = strlen(device->config.name), room = 31 - *n;

	if (room > 2) /* complete, or as much of it as there is room for */
		advert_put(buffer, n, size <= room - 2 ? 0x09 : 0x08, device->config.name,
			size <= room - 2 ? size : room - 2);
}
