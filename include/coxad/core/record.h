// SPDX-License-Identifier: MIT
#pragma once
/* What a driver decodes from bytes: records in SI units, stamped with the wearable's raw tick. The
 * intake converts ticks to host time (clock-sync) and passes the record to the pipeline. Records
 * are plain values; arrays in them are borrowed for the duration of the call. Sensor frame: as the
 * wearable defines it, right-handed, any mounting; a sensor at rest with an axis pointing up reads
 * +1 g on it (specific force). Drivers convert other conventions to this one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/terms.h"

/* More samples than any known packet carries. */
#define MOTION_SAMPLES_MAX 64
#define AUDIO_SAMPLES_MAX  1024

/* X(id, bit, name), in the order in which people read them */
#define STREAM_LIST(X)                                                                             \
	X(MOTION, 0, "motion")                                                                     \
	X(ORIENTATION, 5, "orientation")                                                           \
	X(POP, 1, "pop")                                                                           \
	X(ACOUSTIC, 2, "acoustic")                                                                 \
	X(LEVEL, 6, "level")                                                                       \
	X(SYMPTOM, 3, "symptom")                                                                   \
	X(HAPTIC, 4, "haptic") /* what it takes rather than gives */                               \
	X(HEART_RATE, 7, "heart-rate")

enum stream {
#define STREAM_ENUM_(id, bit, name) STREAM_##id = 1 << (bit),
	STREAM_LIST(STREAM_ENUM_)
#undef STREAM_ENUM_
};

enum sample_flag {
	SAMPLE_ACC_CLIPPED = 1 << 0, /* at full scale; the true value lies beyond */
	SAMPLE_GYR_CLIPPED = 1 << 1,
};

struct motion_sample {
	float acc_mps2[3];
	float gyr_rps[3];
	uint8_t flags; /* enum sample_flag */
};

/* n samples, the first at the record's tick, the next each interval_us later. */
struct motion_block {
	unsigned n;
	double interval_us;
	uint16_t lost_packets; /* gap in the sequence before this block */
	bool has_gyr;          /* false: an accelerometer alone; gyr_rps is 0 */
	const struct motion_sample *samples;
};

/* The wearable's own orientation: unit quaternion w x y z, sensor to an earth frame with z up. */
struct orientation_block {
	unsigned n;
	double interval_us;
	uint16_t lost_packets;
	uint8_t flags; /* enum sample_flag of what it was made from */
	const float (*quat_wxyz)[4];
};

enum acoustic_sensor {
	ACOUSTIC_SENSOR_NONE,
	ACOUSTIC_SENSOR_AIR,
	ACOUSTIC_SENSOR_CONTACT,
	ACOUSTIC_SENSOR_ACCELEROMETER,
};

/* How a sound relates to its surroundings, known only from a stream. Levels are over 2 ms; peak:
 * the maximum. */
struct pop_shape {
	float peak_hz;        /* of its spectrum */
	float pulse_kurtosis; /* of the loudest pulse alone, padded with silence to 60 ms */
	float span_ms;        /* from the onset to the end of the last loud pulse */
	float sag_db;      /* median level over the span, below the peak: how deep the pauses are */
	float harmonicity; /* periodicity of the level at the pitch of a voice, 0..1 */
	float lead_db;     /* maximum of its first 6 ms, below the peak */
	float bend_db;     /* rms deviation of the decay from a straight line */
	float before_db;   /* level just before the onset, above the background */
	float after_db; /* level at the end of the event or after it, the greater, above the background */
	float busy_share; /* of a click within other sound: how much of that is nearly as loud, 0..1 */
};

/* Features of one pop, as wearable-profile.md 0005 and decision-model.md 7.2; NAN where not
 * known. */
struct pop_features {
	float peak_dbfs;       /* dB below full scale as a negative number */
	float background_dbfs; /* in the 2 s before */
	float rise_ms;
	float t10_ms; /* time above -10 dB of the peak */
	float centroid_hz;
	float kurtosis;
	float hf_ratio; /* share of energy above 1 kHz, 0..1 */
	float lf_ratio; /* share of energy below 100 Hz, 0..1 */
	unsigned sub_pulses;
	float contact_air_db; /* contact minus air level, NAN without an air microphone */
	float knock_g;        /* high-passed acceleration peak within 5 ms */
	float flatness;       /* 0..1 */
	bool clipped;
	bool is_streamed;       /* measured by the gateway from a stream */
	bool crowded;           /* of a stream: not alone, sound goes on before or after */
	bool is_within;         /* of a stream: a click within sound that goes on; its background
				   are the 200 ms before it */
	struct pop_shape shape; /* of a stream */
};

struct pop_report {
	uint16_t sequence;
	bool has_sequence;
	bool resent; /* from the wearable's memory after a lost link */
	struct pop_features features;
};

struct symptom_report {
	uint16_t sequence;
	enum symptom_code code;
	enum body_site site;
	enum side side;
	int intensity; /* 0..10; -1: unknown */
};

/* Decoded sound, mono, first sample at the record's tick. */
struct audio_block {
	unsigned n;
	double rate_hz;
	uint32_t lost_samples; /* missing before this block, 0 where unknown */
	const int16_t *samples;
};

/* What the wearable reports about itself. */
struct wearable_info {
	uint32_t streams; /* mask of enum stream */
	uint32_t boot;
	bool has_boot;
	float acc_range_g;
	float gyr_range_dps;
	float rate_hz;
	enum acoustic_sensor acoustic;
	float acoustic_rate_hz;
	uint16_t pops_kept;
	uint16_t last_pop;
};

/* Which of the events that the wearable numbers and keeps have been taken: enough to request the
 * missing ones after a restart of coxad, and to recognise those already taken. */
struct wearable_memory {
	uint32_t boot;      /* epoch of the wearable's clock and numbers */
	uint16_t pop_after; /* the last before the first that is missing */
	uint64_t pops_seen; /* bit i: the one i + 1 after it has been taken */
};

/* Another measurement, not used downstream: for people, in the inspect mode. */
struct quantity {
	const char *name; /* lower case with underscores; a constant string */
	const char *unit; /* "" without one */
	unsigned n;
	const double *values;
};

/* A text about itself: maker, firmware. UTF-8 without a terminator. */
struct about {
	const char *name;
	const char *text;
	size_t size;
};

enum record_kind {
	RECORD_INFO,
	RECORD_MOTION,
	RECORD_ORIENTATION,
	RECORD_POP,
	RECORD_SYMPTOM,
	RECORD_AUDIO,
	RECORD_CLOCK, /* answer to a clock request: only a pair for clock-sync */
	RECORD_BATTERY,
	RECORD_HEART_RATE,
	RECORD_LEVEL, /* microphone level without a signal */
	RECORD_LOST,  /* pops known to be lost: more than the wearable could keep */
	RECORD_QUANTITY,
	RECORD_ABOUT,
};

struct record {
	enum record_kind kind;
	/* The wearable's raw counter at the event or the first sample, in the driver's ticks. The
	 * driver sets it. has_tick false: the packet has no time, the intake uses the arrival. */
	uint64_t tick;
	bool has_tick;
	/* Set by the intake, not by the driver. */
	unsigned wearable; /* index in the configuration */
	int64_t t_us;      /* host time of the event or the first sample */
	int64_t t_unc_us;  /* half-width that holds the true instant in 95 of 100 */
	int64_t arrival_us;
	double interval_host_us; /* interval_us on the host's clock */
	bool clock_stepped;      /* the wearable's clock has stepped recently, or seems to have */
	union {
		struct wearable_info info;
		struct motion_block motion;
		struct orientation_block orientation;
		struct pop_report pop;
		struct symptom_report symptom;
		struct audio_block audio;
		float battery_percent;
		float heart_rate_bpm;
		float level_db;
		uint32_t lost_pops;
		struct quantity quantity;
		struct about about;
	};
};
