// SPDX-License-Identifier: MIT
#include "daemon/drivers/drv-st-bluest-plan.h"

#include "daemon/drivers/drv-st-bluest-advert.h"
#include "daemon/drivers/drv-st-bluest-feature.h"

/* 0: not wanted. Raw motion ranks above the node's own fusion. Only the best is subscribed, as the
 * node splits its radio time between all that are on. */
static unsigned motion_rank(uint32_t mask)
{
	if (mask & FEATURE_ACC)
		return mask & FEATURE_GYR ? 4 : 2;
	return mask == FEATURE_COMPACT ? 3 : mask == FEATURE_FLOAT ? 1 : 0;
}

static uint32_t best_of(const struct driver_peer *peer, uint32_t on)
{
	uint32_t best = 0;

	for (size_t i = 0; i < peer->n_characteristics; i++) {
		const struct uuid *u = &peer->characteristics[i];

		if (drv_st_bluest_feature_has(u) && !(drv_st_bluest_feature_mask(u) & ~on) &&
			motion_rank(drv_st_bluest_feature_mask(u)) > motion_rank(best))
			best = drv_st_bluest_feature_mask(u);
	}
	return best;
}

/* Among what is present, prefer what the advertisement says is on; if that matches nothing, take
 * any. */
static uint32_t best_motion(const struct driver_peer *peer)
{
	const uint32_t axes = FEATURE_ACC | FEATURE_GYR | FEATURE_MAG;
	struct bluest_advert advert = {0};
	uint32_t best = 0;
	bool has_mask = peer->advert &&
			drv_st_bluest_advert_read(peer->advert, peer->n_advert, &advert) == 0 &&
			advert.has_mask;

	if (peer->characteristics) {
		best = has_mask ? best_of(peer, advert.mask) : 0;
		return best ? best : best_of(peer, UINT32_MAX);
	}
	if (!has_mask || advert.mask & FEATURE_ACC)
		return has_mask ? advert.mask & axes : axes;
	return advert.mask & FEATURE_COMPACT ? FEATURE_COMPACT : advert.mask & FEATURE_FLOAT;
}

static bool is_present(const struct driver_peer *peer, uint32_t mask)
{
	struct uuid u = drv_st_bluest_feature_uuid(mask);

	return driver_peer_has(peer, &u);
}

int drv_st_bluest_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	uint32_t wanted[6];
	unsigned n = 0;

	if (plan != DRIVER_PLAN_START)
		return 0;
	wanted[n++] = best_motion(peer);
	if (wanted[0] == 0)
		n = 0;
	/* The codec's state before the sound; the node sends neither unless both are on. */
	if (driver_wants_sound(peer, 0) && is_present(peer, FEATURE_AUDIO) &&
		is_present(peer, FEATURE_SYNC)) {
		wanted[n++] = FEATURE_SYNC;
		wanted[n++] = FEATURE_AUDIO;
	} else if (is_present(peer, FEATURE_LEVEL)) {
		wanted[n++] = FEATURE_LEVEL;
	}
	if (is_present(peer, FEATURE_BATTERY))
		wanted[n++] = FEATURE_BATTERY;
	if (is_present(peer, FEATURE_SWITCH))
		wanted[n++] = FEATURE_SWITCH;
	if (index >= n)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE,
		.characteristic = drv_st_bluest_feature_uuid(wanted[index]),
		.is_optional = index > 0};
	return 1;
}
