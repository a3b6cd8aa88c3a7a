// SPDX-License-Identifier: MIT
#include "gym/gym-config.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/kind.h"

/* Bits of Sensor Information. */
enum stream { MOTION = 1, POP = 2, ACOUSTIC = 4, SYMPTOM = 8, HAPTIC = 16 };

static unsigned acoustic_sensor_of(const struct script_wearable *w)
{
	unsigned streams = kind_by_name(w->kind)->streams;

	if (w->acoustic_sensor)
		return w->acoustic_sensor;
	if (streams && !(streams & ACOUSTIC))
		return 0;
	return placement_is_pad(w->worn) ? 2 : w->placement == PLACEMENT_ROOM ? 1 : 0;
}

unsigned gym_config_streams(const struct script_wearable *w)
{
	unsigned streams = kind_by_name(w->kind)->streams;

	if (w->has_streams)
		return w->streams;
	if (streams)
		return streams;
	if (placement_is_pad(w->worn))
		return MOTION | POP | SYMPTOM | HAPTIC;
	return w->placement == PLACEMENT_ROOM ? POP : MOTION;
}

/* A random rotation: Shoemake, Graphics Gems III, "Uniform random rotations". */
static struct quat any_rotation(struct random *random)
{
	double u = random_unit(random), a = 2 * M_PI * random_unit(random),
	       b = 2 * M_PI * random_unit(random);

	return (struct quat){
		sqrt(1 - u) * sin(a), sqrt(1 - u) * cos(a), sqrt(u) * sin(b), sqrt(u) * cos(b)};
}

static struct vec3 any_direction(struct random *random, double length)
{
	return vec3_scale(quat_rotate(any_rotation(random), (struct vec3){1, 0, 0}), length);
}

static struct sensor make_sensor(
	const struct gym *gym, const struct script_wearable *w, struct random *random)
{
	bool is_room = w->athlete == SIZE_MAX || w->worn == PLACEMENT_ROOM;
	struct quat any = any_rotation(random);
	struct vec3 axis =
		vec3_unit((struct vec3){w->mount_axis[0], w->mount_axis[1], w->mount_axis[2]});

	return (struct sensor){
		.body = gym->timeline->body[is_room ? gym->script->n_athletes : w->athlete],
		.segment = is_room ? BODY_SEGMENT_ROOM : body_segment_of(w->worn),
		.mount = w->mount == SCRIPT_MOUNT_ANY ? any
			 : w->mount == SCRIPT_MOUNT_DEFAULT
				 ? QUAT_IDENTITY
				 : quat_from_axis_angle(axis, w->mount_deg * RAD_PER_DEG),
		.lever_m = sensor_lever(w->worn),
		.acc_noise_mps2 = w->noise_mg * 1e-3 * GRAVITY_MPS2,
		.gyr_noise_rps = w->noise_dps * RAD_PER_DEG,
		.acc_bias_mps2 = any_direction(random, w->bias_mg * 1e-3 * GRAVITY_MPS2),
		.gyr_bias_rps = any_direction(random, w->bias_dps * RAD_PER_DEG),
		.acc_range_mps2 = w->range_g * GRAVITY_MPS2,
		.gyr_range_rps = w->range_dps * RAD_PER_DEG,
		.random = random_of(random_u64(random), w->address),
	};
}

static char *local_name(const struct kind *kind, const char *address)
{
	if (kind->local_name)
		return alloc_text(kind->local_name);
	return alloc_printf("Coxa-%.2s%.2s", address + 12, address + 15);
}

void gym_config_init(struct device_config *config, const struct gym *gym, struct script_wearable *w)
{
	const struct script *script = gym->script;
	const struct kind *kind = kind_by_name(w->kind);
	struct random random = random_of(gym->seed, w->address);
	double ppm = random_between(&random, -40, 40),
	       clock = random_between(&random, 0, 4294967295.0);
	double interval = random_unit(&random) < 0.5 ? 15 : 30;

	if (!w->local_name)
		w->local_name = local_name(kind, w->address);
	*config = (struct device_config){
		.name = w->local_name,
		.address = w->address,
		.kit = script->kit[w->kit].name,
		.athlete = w->athlete == SIZE_MAX ? NULL : script->athlete[w->athlete].name,
		.placement = w->placement,
		.worn = w->worn,
		.has_random_address = !w->has_public_address,
		.radio = {llrint((isnan(w->interval_ms) ? interval : w->interval_ms) * 1e3),
			w->loss, llrint(w->supervision_ms * 1e3)},
		.jitter_mean_us = llrint(w->jitter_ms * 1e3),
		.spike_share = w->spikes,
		.advert_interval_us = llrint(w->advert_ms * 1e3),
		.rssi_dbm = (int)w->rssi_dbm,
		.mtu_max = (unsigned)w->mtu,
		.ppm = isnan(w->ppm) ? ppm * kind->ppm_scale : w->ppm,
		.rate_hz = w->rate_hz,
		.streams = gym_config_streams(w),
		.acc_range_g = (unsigned)w->range_g,
		.gyr_range_dps = (unsigned)w->range_dps,
		.acoustic_sensor = acoustic_sensor_of(w),
		.acoustic_rate_hz = w->acoustic_hz > 0      ? w->acoustic_hz
				    : acoustic_sensor_of(w) ? 8000
							    : 0,
		.acoustic_noise_db = w->acoustic_noise_db,
		.pops_kept = (unsigned)w->pops_kept,
		.has_air_microphone = acoustic_sensor_of(w) != 0,
		.battery_percent = (uint8_t)w->battery,
		.playback = w->playback,
		.n_epochs = 1,
	};
	config->epoch[0] = (struct device_epoch){
		0, isnan(w->clock_us) ? clock : w->clock_us, (uint32_t)random_u64(&random), true};
	config->sensor = make_sensor(gym, w, &random);
}
