// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-erase.h"

#include <string.h>

#include "daemon/flow/gateway-private.h"
#include "daemon/flow/gateway-retained.h"

static const char *athlete_of(const struct gateway *g, unsigned kit)
{
	return g->pipeline && !g->conf->kit[kit].is_gone ? pipeline_athlete(g->pipeline, kit)
							 : NULL;
}

const char *gateway_erase_kit(const struct gateway *g, const char *athlete)
{
	for (unsigned i = 0; i < g->conf->n_kits; i++) {
		const char *name = athlete_of(g, i);

		if (name && strcmp(name, athlete) == 0)
			return g->conf->kit[i].name;
	}
	return NULL;
}

bool gateway_erase_has_session(const struct gateway *g)
{
	for (unsigned i = 0; i < g->conf->n_kits; i++)
		if (athlete_of(g, i))
			return true;
	return false;
}

void gateway_erase(struct gateway *g, const char *athlete)
{
	if (g->pipeline)
		pipeline_erase(g->pipeline, g->now_us, athlete);
}

void gateway_erase_topic(struct gateway *g, const char *topic)
{
	gateway_retained_remove(g, topic);
}
