// SPDX-License-Identifier: MIT
#include "coxad/base/rate.h"

bool rate_take(struct rate *rate, const struct rate_limit *limit, int64_t t_us)
{
	if (!rate->is_begun)
		*rate = (struct rate){.is_begun = true, .last_us = t_us, .full_us = t_us};
	if (t_us > rate->last_us)
		rate->last_us = t_us;
	if (rate->full_us < rate->last_us)
		rate->full_us = rate->last_us;
	if (rate->full_us - rate->last_us > limit->interval_us * ((int64_t)limit->burst - 1))
		return false;
	rate->full_us += limit->interval_us;
	return true;
}
