// SPDX-License-Identifier: MIT
#include "daemon/main/manager-fleet-show.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway-radios.h"
#include "coxad/flow/radio-fleet-radios.h"

static uint64_t n_refused(const struct radio_hub_status *status)
{
	uint64_t n = 0;

	for (unsigned i = RADIO_REASON_NONE + 1; i < RADIO_REASON_COUNT; i++)
		n += status->count[i];
	return n;
}

static void add_status(struct radio_fleet_radios *radios, const struct radio_hub_status *status)
{
	for (unsigned i = 0; i < radios->message.n_radios; i++) {
		if (strcmp(radios->radio[i].name, status->name) != 0)
			continue;
		radios->radio[i].unc_us = status->unc_us;
		radios->radio[i].lost = status->lost;
		radios->radio[i].refused = n_refused(status);
	}
}

void manager_fleet_show(struct manager_fleet *f, int64_t now_us)
{
	_auto_free_ struct radio_fleet_radios *radios = new0(struct radio_fleet_radios);
	struct radio_hub_status status;

	radio_fleet_radios_describe(f->radios, now_us, radios);
	for (unsigned i = 0; radio_hub_status(f->hub, i, &status); i++)
		add_status(radios, &status);
	gateway_radios_publish(f->manager->gateway, now_us, &radios->message);
}
