// SPDX-License-Identifier: MIT
#include "ctl/nearby.h"

#include <stdlib.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "ctl/client.h"

#define LEASE_S 5 /* how long it looks on when nobody asks again */

double nearby_rssi_dbm(const json_t *candidate)
{
	const json_t *rssi = json_object_get(candidate, "rssi_dbm");

	return json_is_number(rssi) ? json_number_value(rssi) : -128;
}

static int by_distance(const void *a, const void *b)
{
	double x = nearby_rssi_dbm(*(json_t *const *)a), y = nearby_rssi_dbm(*(json_t *const *)b);

	return (x < y) - (x > y);
}

json_t *nearby_sorted(const json_t *candidates)
{
	size_t n = json_array_size(candidates);
	json_t **one = alloc_zero(n + 1, sizeof(json_t *)), *list = json_array();

	for (size_t i = 0; i < n; i++)
		one[i] = json_array_get(candidates, i);
	qsort(one, n, sizeof(json_t *), by_distance);
	for (size_t i = 0; i < n; i++)
		json_array_append(list, one[i]);
	free(one);
	return list;
}

static int ask(struct ctl *ctl, json_t **ret)
{
	struct client_call call = {CLIENT_ADMIN, "Scan", 0};
	sd_bus_message *reply = NULL;
	int status = client_run(ctl, &call, &reply, "u", (uint32_t)LEASE_S);

	if (status == CTL_OK)
		status = client_parse(reply, ret);
	sd_bus_message_unref(reply);
	return status;
}

int nearby_look(struct ctl *ctl, unsigned seconds, json_t **ret)
{
	json_t *answer = NULL;
	int status = ask(ctl, &answer);

	for (unsigned i = 0; i < seconds && status == CTL_OK; i++) {
		nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
		json_decref(answer);
		answer = NULL;
		status = ask(ctl, &answer);
	}
	if (status == CTL_OK)
		*ret = nearby_sorted(json_object_get(answer, "candidates"));
	json_decref(answer);
	return status;
}
