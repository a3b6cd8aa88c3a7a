// SPDX-License-Identifier: MIT
#pragma once
/* The script of a gym: who wears what, and what happens, as text (coxa-gym(1)). This module reads
 * it into plain data; timeline.c plays it. Owns all strings. An error names file and line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/terms.h"
#include "gym/sound.h"

#define SCRIPT_HEARD_MAX 6

struct script_athlete {
	char *name;
	double span_deg;             /* pelvic tilt at rest against flat back */
	double breath_deg, breath_s; /* the pelvis moves with the breath */
	double heading_deg;          /* NAN: at random */
	double lordosis;             /* share of the tilt that the lumbar curve takes up */
};

struct script_kit {
	char *name;
	enum exercise exercise;
	size_t athlete; /* SIZE_MAX: none */
};

enum script_mount {
	SCRIPT_MOUNT_ANY,     /* turned at random */
	SCRIPT_MOUNT_DEFAULT, /* x towards the head, z out of the skin */
	SCRIPT_MOUNT_TURNED,  /* by an angle about an axis */
};

/* NAN: at random. */
struct script_wearable {
	const char *path; /* file and line that define it */
	unsigned line;
	char *name, *address, *kind, *local_name, *playback;
	size_t kit;
	size_t athlete; /* who really wears it; SIZE_MAX: the kit's athlete */
	enum placement placement, worn;
	enum script_mount mount;
	double mount_axis[3], mount_deg;
	double rate_hz, range_g, range_dps;
	double noise_mg, noise_dps, bias_mg, bias_dps;
	double ppm, clock_us;
	double interval_ms, loss, supervision_ms;
	double jitter_ms, spikes;
	double mtu, rssi_dbm, battery, advert_ms, pops_kept;
	double acoustic_hz, acoustic_noise_db;
	unsigned acoustic_sensor, streams;
	bool has_streams, has_public_address;
};

enum script_when_kind {
	SCRIPT_WHEN_HERE,    /* where the timeline has got to */
	SCRIPT_WHEN_START,   /* since the script began */
	SCRIPT_WHEN_POP,     /* since the last pop or sound of this timeline */
	SCRIPT_WHEN_SYMPTOM, /* since the last symptom */
	SCRIPT_WHEN_REP,     /* in a repetition of the last set */
};

struct script_when {
	enum script_when_kind kind;
	double offset_s;
	unsigned rep;
	enum phase phase;
	double elevation_deg;
};

enum script_item_kind {
	SCRIPT_WAIT,
	SCRIPT_LIE,
	SCRIPT_HOOK,
	SCRIPT_STAND,
	SCRIPT_WALK,
	SCRIPT_TILT,
	SCRIPT_CALIBRATE,
	SCRIPT_SET,
	SCRIPT_FLUTTER,
	SCRIPT_TRAIN, /* so many sets (value) as people do them */
	SCRIPT_SOUND, /* pops and other sounds */
	SCRIPT_SYMPTOM,
	SCRIPT_SEND,
	SCRIPT_FAULT,
	SCRIPT_EXPECT,
};

struct script_set {
	double count, range_deg, raise_s, top_s, lower_s, bottom_s, tilt_deg;
	double arch_deg, arch_from_deg, arch_to_deg; /* arch_deg NAN: the back stays flat */
	double tremor_deg, tremor_hz, asymmetry_deg, roll_deg;
	enum side side; /* SIDE_UNKNOWN: left and right in turn */
};

struct script_sound {
	struct sound sound;
	enum placement site;
	size_t wearable; /* tap, rub, burst: on this one; SIZE_MAX: at the site or everywhere */
	double shock_g;  /* felt by the body's segments */
	double arrest_ms, surge; /* the leg is held for so long; its speed is multiplied */
	double heard_db[SCRIPT_HEARD_MAX], heard_ms[SCRIPT_HEARD_MAX];
	enum placement heard[SCRIPT_HEARD_MAX];
	unsigned n_heard;
};

struct script_symptom {
	unsigned code, site, side, intensity;
	bool is_command;
	char *source; /* of a command: athlete, trainer */
};

enum script_fault_kind {
	SCRIPT_FAULT_OFF,
	SCRIPT_FAULT_AWAY,
	SCRIPT_FAULT_SILENT,
	SCRIPT_FAULT_LOOSE,
	SCRIPT_FAULT_FROZEN,
	SCRIPT_FAULT_REBOOT,
	SCRIPT_FAULT_SHIFT, /* degrees */
	SCRIPT_FAULT_CLOCK, /* milliseconds */
	SCRIPT_FAULT_LATE,
	SCRIPT_FAULT_SHAKEN,
	/* Defects in the order of enum sensor_defect. */
	SCRIPT_FAULT_GYRO_DEAD,
	SCRIPT_FAULT_GYRO_WHIRLS,
	SCRIPT_FAULT_GYRO_MIRRORED,
	SCRIPT_FAULT_GYRO_SCALE,
	SCRIPT_FAULT_ACC_WEAK,
	SCRIPT_FAULT_ACC_SCALE,
	SCRIPT_FAULT_ACC_OFFSET,
	SCRIPT_FAULT_ACC_LIMIT,
};

struct script_item {
	enum script_item_kind kind;
	unsigned line;
	size_t athlete; /* whose timeline; SIZE_MAX: the room's */
	struct script_when when;
	double seconds, value;
	char *text; /* calibration step, command, expectation */
	char *json; /* payload of a command */
	struct script_set set;
	struct script_sound sound;
	struct script_symptom symptom;
	enum script_fault_kind fault;
	size_t wearable;
};

struct script {
	char *path;  /* of the script itself, which has all timelines */
	char **file; /* paths of the files that it includes */
	size_t n_files;
	char *name, *what, *gateway, *site, *wall;
	double tail_s; /* keeps playing this long after the last movement */
	struct script_athlete *athlete;
	size_t n_athletes;
	struct script_kit *kit;
	size_t n_kits;
	struct script_wearable *wearable;
	size_t n_wearables;
	struct script_item *item;
	size_t n_items;
};

/* NULL, and an error as "path:line: what", if there is a mistake. */
struct script *script_read(const char *path, char *ret_error, size_t error_size);
/* Like script_read, from memory; path is for the errors. */
struct script *script_parse(const char *path, const char *text, char *ret_error, size_t error_size);
struct script *script_free(struct script *script);
