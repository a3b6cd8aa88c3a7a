// SPDX-License-Identifier: MIT
#include "gym/gym.h"
#include "gym/gym-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/kind.h"

#define ROOM_FARTHER_DB 39 /* skin to 1 m of air, decision-model.md 1.1 */
#define OFF_AT_REBOOT_S 1.5

/* Bits of Sensor Information (wearable-profile.md). */
#define STREAM_ACOUSTIC_BIT 4
#define STREAM_SYMPTOM_BIT  8

struct maker {
	struct gym *gym;
	const struct script *script;
	const struct timeline *timeline;
	char *error;
	size_t error_size;
};

static const struct kind *kind_of(const struct script_wearable *w)
{
	return kind_by_name(w->kind);
}

static unsigned acoustic_sensor_of(const struct script_wearable *w)
{
	if (w->acoustic_sensor)
		return w->acoustic_sensor;
	if (kind_of(w)->streams && !(kind_of(w)->streams & STREAM_ACOUSTIC_BIT))
		return 0;
	return placement_is_pad(w->worn) ? 2 : w->placement == PLACEMENT_ROOM ? 1 : 0;
}

/* Bits of Sensor Information: 1 motion, 2 pop, 4 acoustic, 8 symptom, 16 haptic. */
static unsigned streams_of(const struct script_wearable *w)
{
	if (w->has_streams)
		return w->streams;
	if (kind_of(w)->streams)
		return kind_of(w)->streams;
	return placement_is_pad(w->worn) ? 1 | 2 | 8 | 16 : w->placement == PLACEMENT_ROOM ? 2 : 1;
}

/* A rotation at will: Shoemake, Graphics Gems III, "Uniform random rotations". */
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
	const struct maker *m, const struct script_wearable *w, struct random *random)
{
	bool is_room = w->athlete == SIZE_MAX || w->worn == PLACEMENT_ROOM;
	struct quat any = any_rotation(random);
	struct vec3 axis =
		vec3_unit((struct vec3){w->mount_axis[0], w->mount_axis[1], w->mount_axis[2]});

	return (struct sensor){
		.body = m->timeline->body[is_room ? m->script->n_athletes : w->athlete],
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

static char *local_name(const struct script_wearable *w)
{
	if (kind_of(w)->local_name)
		return alloc_text(kind_of(w)->local_name);
	return alloc_printf(
		"Coxa-%c%c%c%c", w->address[12], w->address[13], w->address[15], w->address[16]);
}

static void make_config(
	const struct maker *m, struct script_wearable *w, struct device_config *config)
{
	struct random random = random_of(m->gym->seed, w->address);
	double ppm = random_between(&random, -40, 40),
	       clock = random_between(&random, 0, 4294967295.0);
	double interval = random_unit(&random) < 0.5 ? 15 : 30;

	if (!w->local_name)
		w->local_name = local_name(w);
	*config = (struct device_config){
		.name = w->local_name,
		.address = w->address,
		.kit = m->script->kit[w->kit].name,
		.athlete = w->athlete == SIZE_MAX ? NULL : m->script->athlete[w->athlete].name,
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
		.ppm = isnan(w->ppm) ? ppm * kind_of(w)->ppm_scale : w->ppm,
		.rate_hz = w->rate_hz,
		.streams = streams_of(w),
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
	config->sensor = make_sensor(m, w, &random);
}

/* ---- what each wearable hears */

static void add_sound(struct device_config *config, double t_s, struct sound sound)
{
	size_t at = config->n_sounds;

	config->sound = reallocarray(config->sound, at + 1, sizeof(*config->sound));
	if (!config->sound)
		abort();
	for (; at > 0 && (double)config->sound[at - 1].t_us > t_s * 1e6; at--)
		config->sound[at] = config->sound[at - 1];
	config->sound[at] = (struct device_sound){llrint(t_s * 1e6), sound};
	config->n_sounds++;
}

/* A sound in the room comes through the air: to a microphone sooner and louder than to a pad. */
static void hear_room(const struct maker *m, const struct script_wearable *w, size_t index,
	struct device_config *config, double t_s, struct sound sound)
{
	struct random random = random_of(m->gym->seed ^ index, w->address);

	if (w->placement == PLACEMENT_ROOM) {
		sound.peak_db = fmin(0, sound.peak_db - sound.car_db);
		sound.car_db = 0;
		sound.knock_g = 0;
		add_sound(config, t_s + 0.001, sound);
		return;
	}
	add_sound(config, t_s + random_between(&random, 0.003, 0.006), sound);
}

static void hear_body(const struct script_wearable *w, const struct script_sound *what,
	struct device_config *config, double t_s)
{
	struct sound sound = what->sound;

	if (w->worn == what->site) {
		add_sound(config, t_s, sound);
		return;
	}
	for (unsigned i = 0; i < what->n_heard; i++)
		if (what->heard[i] == w->worn) {
			sound.peak_db += what->heard_db[i];
			add_sound(config, t_s + what->heard_ms[i] / 1e3, sound);
		}
}

static void hear(const struct maker *m, size_t wearable, size_t index, struct device_config *config)
{
	const struct script_wearable *w = &m->script->wearable[wearable];
	const struct timeline_sound *s = &m->timeline->sound[index];
	const struct script_sound *what = &s->item->sound;
	bool is_mine = w->athlete == s->item->athlete && w->athlete != SIZE_MAX;
	struct sound far;

	if (s->item->kind == SCRIPT_CALIBRATE) {
		if (is_mine || w->placement == PLACEMENT_ROOM)
			hear_room(m, w, index, config, s->t_s, sound_usual(SOUND_CLAP));
		return;
	}
	if (what->wearable != SIZE_MAX) {
		if (what->wearable == wearable)
			add_sound(config, s->t_s, what->sound);
		return;
	}
	switch (what->sound.kind) {
	case SOUND_DROP:
	case SOUND_SPEECH:
	case SOUND_CLAP:
		hear_room(m, w, index, config, s->t_s, what->sound);
		return;
	case SOUND_HEEL:
		if (is_mine && placement_is_pad(w->worn))
			add_sound(config, s->t_s, what->sound);
		return;
	case SOUND_POP:
	case SOUND_CRACK:
	case SOUND_TAP:
	case SOUND_RUB:
	case SOUND_BURST:
	case SOUND_KIND_COUNT:
		break;
	}
	if (is_mine)
		hear_body(w, what, config, s->t_s);
	if (w->placement == PLACEMENT_ROOM) {
		far = what->sound;
		far.peak_db -= ROOM_FARTHER_DB;
		far.knock_g = 0;
		add_sound(config, s->t_s + 0.003, far);
	}
}

static void feel_tap(const struct maker *m, size_t wearable, size_t index, struct sensor *sensor)
{
	const struct timeline_sound *s = &m->timeline->sound[index];

	if (s->item->kind != SCRIPT_SOUND || s->item->sound.wearable != wearable ||
		s->item->sound.sound.knock_g == 0 || sensor->n_taps == SENSOR_TAPS_MAX)
		return;
	sensor->tap[sensor->n_taps].at_s = s->t_s;
	sensor->tap[sensor->n_taps].width_s = 0.03;
	sensor->tap[sensor->n_taps++].peak_mps2 = s->item->sound.sound.knock_g * GRAVITY_MPS2;
}

/* ---- faults */

static bool add_gap(
	struct device_config *config, enum device_gap_kind kind, double from_s, double seconds)
{
	if (config->n_gaps == DEVICE_GAPS_MAX)
		return false;
	config->gap[config->n_gaps++] = (struct device_gap){
		kind, llrint(from_s * 1e6), llrint(fmin(from_s + seconds, 9e12) * 1e6)};
	return true;
}

static bool add_epoch(struct device_config *config, double at_s, double own_us, bool is_reboot)
{
	const struct device_epoch *last = &config->epoch[config->n_epochs - 1];

	if (config->n_epochs == DEVICE_EPOCHS_MAX)
		return false;
	config->epoch[config->n_epochs++] = (struct device_epoch){llrint(at_s * 1e6), own_us,
		is_reboot ? last->boot * 2654435761u + 1 : last->boot, is_reboot};
	return true;
}

static bool add_fault(struct device_config *config, const struct timeline_fault *fault)
{
	const struct script_item *item = fault->item;
	const struct device_epoch *last = &config->epoch[config->n_epochs - 1];
	struct sensor *sensor = &config->sensor;
	double t_s = fault->t_s, own_us;

	switch (item->fault) {
	case SCRIPT_FAULT_OFF:
		return add_gap(config, DEVICE_GAP_OFF, t_s, item->seconds) &&
		       add_epoch(config, fmin(t_s + item->seconds, 9e12), 0, true);
	case SCRIPT_FAULT_REBOOT:
		return add_gap(config, DEVICE_GAP_OFF, t_s, OFF_AT_REBOOT_S) &&
		       add_epoch(config, t_s + OFF_AT_REBOOT_S, 0, true);
	case SCRIPT_FAULT_AWAY:
		return add_gap(config, DEVICE_GAP_AWAY, t_s, item->seconds);
	case SCRIPT_FAULT_SILENT:
		return add_gap(config, DEVICE_GAP_SILENT, t_s, item->seconds);
	case SCRIPT_FAULT_LOOSE:
		if (sensor->n_loose == SENSOR_FAULTS_MAX)
			return false;
		sensor->loose[sensor->n_loose].from_s = t_s;
		sensor->loose[sensor->n_loose++].to_s = t_s + item->seconds;
		return true;
	case SCRIPT_FAULT_SHIFT:
		if (sensor->n_slips == SENSOR_FAULTS_MAX)
			return false;
		sensor->slip[sensor->n_slips].at_s = t_s;
		sensor->slip[sensor->n_slips++].turn = quat_mul(quat_conj(sensor->mount),
			quat_mul(quat_from_axis_angle(
					 (struct vec3){0, 1, 0}, item->value * RAD_PER_DEG),
				sensor->mount));
		return true;
	case SCRIPT_FAULT_CLOCK:
		own_us = last->device_us +
			 (t_s * 1e6 - (double)last->since_us) * (1 + config->ppm * 1e-6);
		return add_epoch(config, t_s, own_us + item->value * 1e3, false);
	}
	return false;
}

static int add_faults(const struct maker *m, size_t wearable, struct device_config *config)
{
	for (size_t i = 0; i < m->timeline->n_faults; i++) {
		const struct timeline_fault *fault = &m->timeline->fault[i];
		if (fault->item->wearable == wearable && !add_fault(config, fault)) {
			snprintf(m->error, m->error_size, "%s:%u: too many faults", m->script->path,
				fault->item->line);
			return -1;
		}
	}
	return 0;
}

/* ---- buttons */

static size_t button_of(const struct maker *m, size_t athlete)
{
	for (size_t i = 0; i < m->script->n_wearables; i++)
		if (m->script->wearable[i].athlete == athlete &&
			streams_of(&m->script->wearable[i]) & STREAM_SYMPTOM_BIT)
			return i;
	return SIZE_MAX;
}

static int add_symptoms(const struct maker *m, struct device_config *config)
{
	for (size_t i = 0; i < m->timeline->n_symptoms; i++) {
		const struct timeline_symptom *s = &m->timeline->symptom[i];
		const struct script_symptom *what = &s->item->symptom;
		size_t button = button_of(m, s->item->athlete), n;
		struct device_config *c;

		if (what->is_command)
			continue;
		if (button == SIZE_MAX) {
			snprintf(m->error, m->error_size, "%s:%u: no wearable with a button",
				m->script->path, s->item->line);
			return -1;
		}
		if (kind_of(&m->script->wearable[button])->has_one_button &&
			(what->code != SYMPTOM_DISCOMFORT || what->intensity != 255)) {
			snprintf(m->error, m->error_size,
				"%s:%u: the button of %s can only say discomfort", m->script->path,
				s->item->line, m->script->wearable[button].name);
			return -1;
		}
		c = &config[button];
		n = c->n_symptoms;
		c->symptom = reallocarray(c->symptom, n + 1, sizeof(*c->symptom));
		if (!c->symptom)
			abort();
		for (; n > 0 && (double)c->symptom[n - 1].t_us > s->t_s * 1e6; n--)
			c->symptom[n] = c->symptom[n - 1];
		c->symptom[n] = (struct device_symptom){llrint(s->t_s * 1e6), (uint8_t)what->code,
			(uint8_t)what->site, (uint8_t)what->side, (uint8_t)what->intensity};
		c->n_symptoms++;
	}
	return 0;
}

static int make_devices(struct maker *m)
{
	struct gym *gym = m->gym;
	size_t n = m->script->n_wearables;
	_auto_free_ struct device_config *config = alloc_zero(n + 1, sizeof(*config));

	gym->device = alloc_zero(n + 1, sizeof(struct device *));
	for (size_t i = 0; i < n; i++) {
		struct script_wearable *w = &gym->script->wearable[i];

		if (!kind_of(w)) {
			snprintf(m->error, m->error_size, "%s:%u: wearable %s: kind is %s",
				m->script->path, w->line, w->name, kind_names());
			return -1;
		}
		make_config(m, w, &config[i]);
		for (size_t k = 0; k < m->timeline->n_sounds; k++) {
			if (config[i].acoustic_sensor)
				hear(m, i, k, &config[i]);
			feel_tap(m, i, k, &config[i].sensor);
		}
		if (add_faults(m, i, &config[i]) < 0)
			return -1;
	}
	if (add_symptoms(m, config) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct script_wearable *w = &gym->script->wearable[i];
		char why[256] = "";

		gym->device[i] =
			device_new(kind_of(w)->ops, &config[i], gym->seed, why, sizeof(why));
		if (!gym->device[i]) {
			snprintf(m->error, m->error_size, "%s:%u: wearable %s: %s", m->script->path,
				w->line, w->name, why);
			return -1;
		}
		gym->n_devices++;
	}
	return 0;
}

static struct gym *gym_of(struct script *script, uint64_t seed, char *ret_error, size_t error_size)
{
	struct gym *gym = new0(struct gym);
	struct maker maker = {.gym = gym, .error = ret_error, .error_size = error_size};

	gym->script = script;
	gym->seed = seed;
	gym->timeline = timeline_new(script, seed, ret_error, error_size);
	if (!gym->timeline)
		return gym_free(gym);
	maker.script = script;
	maker.timeline = gym->timeline;
	gym->end_us = llrint(gym->timeline->end_s * 1e6);
	if (make_devices(&maker) < 0)
		return gym_free(gym);
	return gym;
}

struct gym *gym_load(const char *path, uint64_t seed, char *ret_error, size_t error_size)
{
	struct script *script = script_read(path, ret_error, error_size);

	return script ? gym_of(script, seed, ret_error, error_size) : NULL;
}

struct gym *gym_from_text(
	const char *path, const char *text, uint64_t seed, char *ret_error, size_t error_size)
{
	struct script *script = script_parse(path, text, ret_error, error_size);

	return script ? gym_of(script, seed, ret_error, error_size) : NULL;
}

struct gym *gym_free(struct gym *gym)
{
	if (!gym)
		return NULL;
	for (size_t i = 0; i < gym->n_devices; i++)
		device_free(gym->device[i]);
	free(gym->device);
	timeline_free(gym->timeline);
	script_free(gym->script);
	free(gym);
	return NULL;
}

size_t gym_n_devices(const struct gym *gym)
{
	return gym->n_devices;
}

struct device *gym_get_device(struct gym *gym, size_t index)
{
	return index < gym->n_devices ? gym->device[index] : NULL;
}

int64_t gym_end_us(const struct gym *gym)
{
	return gym->end_us;
}

bool gym_get_command(const struct gym *gym, size_t index, struct gym_command *ret)
{
	const struct timeline *timeline = gym->timeline;

	if (index >= timeline->n_commands)
		return false;
	*ret = (struct gym_command){timeline->command[index].t_us, timeline->command[index].topic,
		timeline->command[index].payload};
	return true;
}
