// SPDX-License-Identifier: MIT
#pragma once
/* What the kinds of played wearables have in common behind device.h: identity, reachability, the
 * clock, the queue of things to send. A kind fills in the ops; device.c does the rest.
 */
#include "coxad/core/terms.h"
#include "gym/device.h"
#include "gym/random.h"
#include "gym/sensor.h"
#include "gym/sound.h"

#define DEVICE_QUEUE_MAX           64
#define DEVICE_CHARACTERISTICS_MAX 32
#define DEVICE_EPOCHS_MAX          16
#define DEVICE_GAPS_MAX            16

/* What a wearable hears or is told, on gym time. */
struct device_sound {
	int64_t t_us;
	struct sound sound;
};

struct device_symptom {
	int64_t t_us;
	uint8_t code, site, side, intensity; /* numbers of wearable-profile.md, 0007 */
};

/* A stretch of the wearable's clock. device_us counts from since_us at 1 + ppm / 1e6. */
struct device_epoch {
	int64_t since_us;
	double device_us;
	uint32_t boot;
	bool is_reboot;
};

enum device_gap_kind {
	DEVICE_GAP_OFF,    /* switched off: boots anew afterwards */
	DEVICE_GAP_AWAY,   /* out of range, runs on */
	DEVICE_GAP_SILENT, /* link stands, no motion comes */
};

struct device_gap {
	enum device_gap_kind kind;
	int64_t from_us, to_us;
};

/* What the gateway had it do, for the truth. */
struct device_order {
	int64_t t_us;
	uint8_t opcode, argument;
};

/* Everything a kind needs, made from the script. */
struct device_config {
	const char *name, *address, *kit;
	const char *athlete;      /* who wears it; NULL the room */
	enum placement placement; /* as configured */
	enum placement worn;      /* where it is in fact */
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

struct device_ops {
	struct device *(*new)(void);
	void (*free)(struct device *device);
	/* Once, after the config is in place. -errno and a text where it cannot play. */
	int (*open)(struct device *device, char *error, size_t error_size);
	size_t (*advert)(const struct device *device, uint8_t buffer[31]);
	/* NULL: the local name alone. */
	size_t (*scan_response)(const struct device *device, uint8_t buffer[31]);
	void (*link)(struct device *device, int64_t t_us, bool is_up);
	int (*read)(struct device *device, int64_t t_us, unsigned characteristic,
		uint8_t value[DEVICE_VALUE_MAX]);
	int (*write)(struct device *device, int64_t t_us, unsigned characteristic,
		const uint8_t *value, size_t size);
	void (*confirmed)(struct device *device, int64_t t_us, unsigned characteristic);
	/* When something of its own next happens: it is advanced to that instant before. */
	int64_t (*next)(const struct device *device);
	/* Does what is due up to t, in order, by device_send. */
	void (*advance)(struct device *device, int64_t t_us);
};

extern const struct device_ops device_coxa_ops, device_bluest_ops, device_playback_ops;
extern const struct device_ops device_thingy_ops, device_dot_ops, device_movesense_ops;
extern const struct device_ops device_wit_ops, device_wit_logger_ops;
extern const struct device_ops device_meta_ops, device_meta_r_ops;

struct device {
	const struct device_ops *ops;
	struct device_config config;
	const struct device_characteristic *characteristic;
	size_t n_characteristics;
	uint8_t ccc[DEVICE_CHARACTERISTICS_MAX];
	unsigned mtu;
	bool is_connected;
	bool awaits_confirmation;
	int64_t now_us;
	struct random random; /* radio and the like; the sensor has its own */
	struct {
		struct device_pdu pdu[DEVICE_QUEUE_MAX];
		size_t first, n;
		uint64_t dropped;
	} queue;
	struct device_order *order;
	size_t n_orders;
};

struct device *device_new(const struct device_ops *ops, const struct device_config *config,
	uint64_t seed, char *error, size_t error_size);
struct device *device_free(struct device *device);
/* Queues a value, cut to what the MTU lets (Core Vol 3 Part F 3.4.7.1); where the queue is full the
 * oldest goes and is counted. False where the central is not subscribed. */
bool device_send(struct device *device, unsigned characteristic, const uint8_t *value, size_t size);
void device_note_order(struct device *device, int64_t t_us, uint8_t opcode, uint8_t argument);
/* The wearable's clock, not wrapped, and which stretch of it. */
const struct device_epoch *device_epoch_at(const struct device *device, int64_t t_us);
double device_clock_us(const struct device *device, double t_us);
bool device_is_in_gap(const struct device *device, enum device_gap_kind kind, int64_t t_us);

/* For kinds that have nothing to do there; ATT's answer to what cannot be read or written. */
void device_no_link(struct device *device, int64_t t_us, bool is_up);
int device_no_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX]);
int device_no_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
void device_no_confirmed(struct device *device, int64_t t_us, unsigned characteristic);
