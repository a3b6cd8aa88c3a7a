// SPDX-License-Identifier: MIT
#pragma once
/* What the kinds that can be bought share behind device-inner.h: bytes put in order, a beat on the
 * wearable's own clock, what its chip measures, its button, its microphone, the standard services.
 * Times are gym time in microseconds. Values without ownership.
 */
#include "gym/adpcm.h"
#include "gym/device-private.h"

/* ATT errors of a write: Core Vol 3 Part F 3.4.1.1, and Core Supplement Part B 1.2. */
#define ATT_WRITE_REFUSED -0x03
#define ATT_BAD_LENGTH    -0x0d
#define ATT_BAD_VALUE     -0x13
#define ATT_NO_CCC        -0xfd

#define SOLD_SIG(x)                                                                                \
	{                                                                                          \
		{                                                                                  \
			0, 0, (x) >> 8, (x)&0xff, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b,     \
				0x34, 0xfb                                                         \
		}                                                                                  \
	}

/* A packet under construction, little-endian. */
struct packet {
	uint8_t b[DEVICE_VALUE_MAX];
	size_t n;
};

void packet_u8(struct packet *p, unsigned value);
void packet_u16(struct packet *p, unsigned value);
void packet_u32(struct packet *p, uint32_t value);
/* Rounded and held within the 16 bits. */
void packet_i16(struct packet *p, double value);
void packet_f32(struct packet *p, double value);
/* Zeros up to a length. */
void packet_pad(struct packet *p, size_t n);

/* Instants first_us + n x interval, the interval counted by the wearable's clock. */
struct beat {
	double first_us, interval_us; /* first_us INFINITY: stands still */
	uint64_t n;                   /* number of the next */
};

void beat_start(struct beat *beat, double first_us, double interval_us);
void beat_stop(struct beat *beat);
double beat_due_us(const struct beat *beat, const struct device *device);
/* First whole microsecond at or after; T_NEVER for INFINITY. */
int64_t beat_instant(double t_us);

/* What the chip measures, after its range, noise and steps. */
struct measured {
	int16_t raw[6]; /* acceleration, rate of turn; full scale 32768 */
	double acc_mps2[3], gyr_dps[3];
};

void device_set_ranges(struct device *device, double range_g, double range_dps);
void device_measure(struct device *device, double t_us, struct measured *ret);
/* From the sensor's frame to the room's, z up; what a fusion of it would say. */
struct quat device_orientation(const struct device *device, double t_us);
/* Microtesla in the sensor's frame, as in middle Europe. */
struct vec3 device_magnetic(const struct device *device, double t_us);
/* Roll, pitch, yaw in degrees: x, y, z, turned z first. */
void device_euler(struct quat q, double ret_deg[3]);
/* True where the wearable is switched off, or is to send no motion. */
bool device_is_still(const struct device *device, double t_us);
/* What its microphone hears at an instant, full scale 32767. */
int16_t device_hear(const struct device_config *config, struct random *noise, double t_us);

/* Each symptom of the script is a press of the one button, and a release. */
struct button {
	size_t at;
};

int64_t button_due_us(const struct button *button, const struct device *device);
/* Takes what is due: true a press, false a release. */
bool button_take(struct button *button);

/* Battery level, maker, model, firmware by their assigned numbers; -0x02 for others. */
int device_read_standard(const struct device *device, unsigned characteristic, const char *maker,
	const char *model, const char *firmware, uint8_t value[DEVICE_VALUE_MAX]);

/* AD structures (Core Supplement Part A): each appends at *n as far as 31 bytes go. */
void advert_flags(uint8_t buffer[31], size_t *n);
void advert_put(uint8_t buffer[31], size_t *n, unsigned type, const void *data, size_t size);
void advert_uuid(uint8_t buffer[31], size_t *n, unsigned type, const struct uuid *uuid);
void advert_name(uint8_t buffer[31], size_t *n, const struct device *device);
