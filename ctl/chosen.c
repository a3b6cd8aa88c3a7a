// SPDX-License-Identifier: MIT
#include "ctl/chosen.h"

#include <math.h>

#include "ctl/nearby.h"
#include "ctl/topic.h"

/* Within two seconds. A hand turns a sensor by 500 to 800 degrees; one on a table stays below 5, and one on
 * somebody who walks by below 150. */
#define SHAKEN_DEG   240
#define ALONE_FACTOR 3
#define CLOSER_DB    10
/* Without any other: at arm's length. */
#define LEAST_DBM (-65)

bool chosen_is_shaken(double turned_deg)
{
	return turned_deg >= SHAKEN_DEG;
}

const json_t *chosen_by_shaking(const json_t *held)
{
	const json_t *most = NULL;
	double first_deg = 0, second_deg = 0;
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)held, i, one)
	{
		double turned_deg = topic_number(one, "turned_deg");

		if (turned_deg > first_deg) {
			second_deg = first_deg;
			first_deg = turned_deg;
			most = one;
		} else {
			second_deg = fmax(second_deg, turned_deg);
		}
	}
	return chosen_is_shaken(first_deg) && first_deg >= ALONE_FACTOR * second_deg ? most : NULL;
}

const json_t *chosen_by_distance(const json_t *candidates)
{
	const json_t *nearest = NULL;
	double nearest_dbm = -INFINITY, next_dbm = -INFINITY;
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)candidates, i, one)
	{
		double rssi_dbm = nearby_rssi_dbm(one);

		/* Somebody's heart rate strap is no rival. */
		if (!json_is_true(json_object_get(one, "has_motion")))
			continue;
		if (rssi_dbm > nearest_dbm) {
			next_dbm = nearest_dbm;
			nearest_dbm = rssi_dbm;
			nearest = one;
		} else {
			next_dbm = fmax(next_dbm, rssi_dbm);
		}
	}
	return nearest_dbm >= fmax(next_dbm + CLOSER_DB, LEAST_DBM) ? nearest : NULL;
}
