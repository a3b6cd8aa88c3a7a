// SPDX-License-Identifier: MIT
#include "gym/gym-fault.h"

#include <math.h>

#include "coxad/base/units.h"

#define REBOOT_S 1.5 /* how long it is off */

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

static bool add_looseness(struct sensor *sensor, double from_s, double seconds)
{
	if (sensor->n_loose == SENSOR_FAULTS_MAX)
		return false;
	sensor->loose[sensor->n_loose].from_s = from_s;
	sensor->loose[sensor->n_loose++].to_s = from_s + seconds;
	return true;
}

static bool add_freeze(struct sensor *sensor, double from_s, double seconds)
{
	if (sensor->n_frozen == SENSOR_FAULTS_MAX)
		return false;
	sensor->frozen[sensor->n_frozen].from_s = from_s;
	sensor->frozen[sensor->n_frozen++].to_s = from_s + seconds;
	return true;
}

static bool add_defect(struct sensor *sensor, double from_s, const struct script_item *item)
{
	if (sensor->n_defects == SENSOR_FAULTS_MAX)
		return false;
	sensor->defect[sensor->n_defects].kind =
		(enum sensor_defect)(item->fault - SCRIPT_FAULT_GYRO_DEAD);
	sensor->defect[sensor->n_defects].from_s = from_s;
	sensor->defect[sensor->n_defects].to_s = from_s + item->seconds;
	sensor->defect[sensor->n_defects++].value = item->value;
	return true;
}

/* About the body's left-right axis. */
static bool add_slip(struct sensor *sensor, double at_s, double deg)
{
	struct quat turn = quat_from_axis_angle((struct vec3){0, 1, 0}, deg * RAD_PER_DEG);

	if (sensor->n_slips == SENSOR_FAULTS_MAX)
		return false;
	sensor->slip[sensor->n_slips].at_s = at_s;
	sensor->slip[sensor->n_slips++].turn =
		quat_mul(quat_conj(sensor->mount), quat_mul(turn, sensor->mount));
	return true;
}

static bool add_clock_jump(struct device_config *config, double at_s, double jump_ms)
{
	const struct device_epoch *last = &config->epoch[config->n_epochs - 1];
	double own_us =
		last->device_us + (at_s * 1e6 - (double)last->since_us) * (1 + config->ppm * 1e-6);

	return add_epoch(config, at_s, own_us + jump_ms * 1e3, false);
}

static bool add_off(struct device_config *config, double from_s, double seconds)
{
	return add_gap(config, DEVICE_GAP_OFF, from_s, seconds) &&
	       add_epoch(config, fmin(from_s + seconds, 9e12), 0, true);
}

static bool add_fault(struct device_config *config, const struct timeline_fault *fault)
{
	const struct script_item *item = fault->item;

	switch (item->fault) {
	case SCRIPT_FAULT_OFF:
		return add_off(config, fault->t_s, item->seconds);
	case SCRIPT_FAULT_REBOOT:
		return add_off(config, fault->t_s, REBOOT_S);
	case SCRIPT_FAULT_AWAY:
		return add_gap(config, DEVICE_GAP_AWAY, fault->t_s, item->seconds);
	case SCRIPT_FAULT_SILENT:
		return add_gap(config, DEVICE_GAP_SILENT, fault->t_s, item->seconds);
	case SCRIPT_FAULT_LATE:
		return add_gap(config, DEVICE_GAP_LATE, fault->t_s, item->seconds);
	case SCRIPT_FAULT_LOOSE:
		return add_looseness(&config->sensor, fault->t_s, item->seconds);
	case SCRIPT_FAULT_SHAKEN:
		sensor_shake(&config->sensor, fault->t_s, item->seconds);
		return true;
	case SCRIPT_FAULT_FROZEN:
		return add_freeze(&config->sensor, fault->t_s, item->seconds);
	case SCRIPT_FAULT_SHIFT:
		return add_slip(&config->sensor, fault->t_s, item->value);
	case SCRIPT_FAULT_CLOCK:
		return add_clock_jump(config, fault->t_s, item->value);
	case SCRIPT_FAULT_GYRO_DEAD:
	case SCRIPT_FAULT_GYRO_WHIRLS:
	case SCRIPT_FAULT_GYRO_MIRRORED:
	case SCRIPT_FAULT_GYRO_SCALE:
	case SCRIPT_FAULT_ACC_WEAK:
	case SCRIPT_FAULT_ACC_SCALE:
	case SCRIPT_FAULT_ACC_OFFSET:
	case SCRIPT_FAULT_ACC_LIMIT:
		return add_defect(&config->sensor, fault->t_s, item);
	}
	return false;
}

const struct timeline_fault *gym_fault_add_all(
	struct device_config *config, const struct gym *gym, size_t wearable)
{
	for (size_t i = 0; i < gym->timeline->n_faults; i++) {
		const struct timeline_fault *fault = &gym->timeline->fault[i];

		if (fault->item->wearable == wearable && !add_fault(config, fault))
			return fault;
	}
	return NULL;
}
