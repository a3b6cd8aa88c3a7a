// SPDX-License-Identifier: MIT
#pragma once
/* What all kinds of virtual wearables share behind device.h: identity, reachability, the clock, the
 * queue of things to send. A kind fills in a device_ops; device.c does the rest.
 */
#include "coxad/core/terms.h"
#include "gym/device.h"
#include "gym/random.h"
#include "gym/sensor.h"
#include "gym/sound.h"

#define DEVICE_QUEUE_MAX           256
#define DEVICE_CHARACTERISTICS_MAX 32
#define DEVICE_EPOCHS_MAX          16
#define DEVICE_GAPS_MAX            16

/* Sounds and button presses that reach a wearable, in gym time. */
struct device_sound {
	int64_t t_us;
	struct sound sound;
};

struct device_symptom {
	int64_t t_us;
	uint8_t code, site, side, intensity; /* as in wearable-profile.md, 0007 */
};

/* A stretch of the wearable's clock between two jumps: at since_us it shows device_us, and from
 * then on it runs at 1 + ppm / 1e6. */
struct device_epoch {
	int64_t since_us;
	double device_us;
	uint32_t boot;
	bool is_reboot;
};

enum device_gap_kind {
	DEVICE_GAP_OFF,    /* switched off: reboots afterwards */
	DEVICE_GAP_AWAY,   /* out of range, but running */
	DEVICE_GAP_SILENT, /* still connected, but sends no motion */
	DEVICE_GAP_LATE,   /* what it says arrives afterwards, and whole */
};

struct device_gap {
	enum device_gap_kind kind;
	int64_t from_us, to_us;
};

/* A command of the gateway, recorded for the truth. */
struct device_order {
	int64_t t_us;
	uint8_t opcode, argument;
};

/* Everything that a kind needs from the script. */
struct device_config {
	const char *name, *address, *kit;
	const char *athlete;      /* who wears it; NULL: it stands in the room */
	enum placement placement; /* as configured */
	enum placement worn;      /* where it really is */
	bool has_random_address;
	struct device_radio radio;
	int64_t jitter_mean_us;
	double spike_share;
	int64_t advert_interval_us;
	int rssi_dbm;
	unsigned mtu_max;
	double ppm;
	double rate_hz;
	unsigned streams; /* bits of Sensor Information */
	unsigned acc_range_g, gyr_range_dps;
	unsigned acoustic_sensor;
	double acoustic_rate_hz, acoustic_noise_db;
	unsigned pops_kept;
	bool has_air_microphone;
	uint8_t battery_percent;
	const char *playback; /* path */
	struct sensor sensor;
	struct device_sound *sound;
	size_t n_sounds;
	struct device_symptom *symptom;
	size_t n_symptoms;
	struct device_epoch epoch[DEVICE_EPOCHS_MAX];
	size_t n_epochs; /* at least one, since_us 0 */
	struct device_gap gap[DEVICE_GAPS_MAX];
	size_t n_gaps;
};

/* Optional where it says so. */
struct device_ops {
	size_t size; /* of the kind's own struct, which begins with a struct device */
	const struct device_characteristic *characteristic;
	size_t n_characteristics;
	/* Read by their assigned numbers, like the battery level; NULL: an empty string. */
	const char *maker, *model, *firmware;
	/* Optional. Once, after the config is in place. -errno and a message if it cannot play. */
	int (*open)(struct device *device, char *error, size_t error_size);
	/* Optional. Frees what open allocated, but not the device. */
	void (*close)(struct device *device);
	size_t (*advert)(const struct device *device, uint8_t buffer[31]);
	/* Optional: the local name. */
	size_t (*scan_response)(const struct device *device, uint8_t buffer[31]);
	/* Optional: a link came up or went down. */
	void (*link)(struct device *device, int64_t t_us, bool is_up);
	/* Optional; of the characteristics that have no assigned number above. */
	int (*read)(struct device *device, int64_t t_us, unsigned characteristic,
		uint8_t value[DEVICE_VALUE_MAX]);
	/* Optional. */
	int (*write)(struct device *device, int64_t t_us, unsigned characteristic,
		const uint8_t *value, size_t size);
	/* Optional: an indication was confirmed. */
	void (*confirmed)(struct device *device, int64_t t_us, unsigned characteristic);
	/* When it next does something by itself: it is advanced to that instant first. */
	int64_t (*next)(const struct device *device);
	/* Does what is due up to t, in order, by device_send. */
	void (*advance)(struct device *device, int64_t t_us);
};

struct device {
	const struct device_ops *ops;
	struct device_config config;
	uint8_t ccc[DEVICE_CHARACTERISTICS_MAX];
	unsigned mtu;
	bool is_connected;
	bool awaits_confirmation;
	int64_t now_us;
	struct random random; /* for the radio; the sensor has its own */
	struct {
		struct device_pdu pdu[DEVICE_QUEUE_MAX];
		size_t first, n;
	} queue;
	struct device_order *order;
	size_t n_orders;
};

struct device *device_new(const struct device_ops *ops, const struct device_config *config,
	uint64_t seed, char *error, size_t error_size);
struct device *device_free(struct device *device);
/* Queues a value, cut to the MTU (Core Vol 3 Part F 3.4.7.1). If the queue is full, the oldest
 * value is dropped. False if the central is not subscribed. */
bool device_send(struct device *device, unsigned characteristic, const uint8_t *value, size_t size);
void device_note_order(struct device *device, int64_t t_us, uint8_t opcode, uint8_t argument);
/* The wearable's clock, not wrapped; the stretch of it at an instant; how fast it runs. */
double device_clock_us(const struct device *device, double t_us);
const struct device_epoch *device_epoch_at(const struct device *device, int64_t t_us);
double device_clock_rate(const struct device *device);
bool device_is_in_gap(const struct device *device, enum device_gap_kind kind, int64_t t_us);
/* Switched off, or ordered to send no motion. */
bool device_is_still(const struct device *device, double t_us);
