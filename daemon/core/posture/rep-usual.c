// SPDX-License-Identifier: MIT
#include "daemon/core/posture/rep-usual.h"

#include <math.h>
#include <string.h>

#include "coxad/base/order.h"
#include "coxad/base/units.h"

/* Earlier repetitions of the session that tell what is usual. */
#define SESSION_LEAST 3

void rep_usual_init(struct rep_usual *usual)
{
	*usual = (struct rep_usual){.median_deg = NAN};
}

static double median_of(const double *value, unsigned n, unsigned most)
{
	double sorted[REP_USUAL_SESSION];

	memcpy(sorted, value, most * sizeof(*value));
	return order_median(sorted, n < most ? n : most);
}

void rep_usual_row(
	struct rep_usual *usual, const struct analysis_conf *conf, int64_t t_us, bool is_moving)
{
	if (is_moving || usual->set_n == 0)
		usual->moved_us = t_us;
	if ((double)(t_us - usual->moved_us) < conf->rep_forget_s * US_PER_S)
		return;
	usual->set_n = 0;
	usual->median_deg = NAN;
}

double rep_usual_count_deg(
	const struct rep_usual *usual, const struct analysis_conf *conf, double least_deg)
{
	return usual->set_n ? fmax(least_deg, conf->rep_range_share * usual->median_deg)
			    : least_deg;
}

double rep_usual_range_deg(const struct rep_usual *usual)
{
	return usual->median_deg;
}

static unsigned kinds_of(const struct rep_usual *usual, const struct analysis_conf *conf,
	double range_deg, double time_s)
{
	unsigned kinds = 0, n = usual->session_n;

	if (n < SESSION_LEAST)
		return 0;
	if (range_deg < conf->rep_low_share * median_of(usual->session_deg, n, REP_USUAL_SESSION))
		kinds |= REP_KIND_BIT(REP_KIND_LOW_AMPLITUDE);
	if (time_s < conf->rep_fast_share * median_of(usual->session_s, n, REP_USUAL_SESSION))
		kinds |= REP_KIND_BIT(REP_KIND_FAST);
	return kinds;
}

unsigned rep_usual_add(
	struct rep_usual *usual, const struct analysis_conf *conf, double range_deg, double time_s)
{
	unsigned kinds = kinds_of(usual, conf, range_deg, time_s);

	usual->set_deg[usual->set_n++ % REP_USUAL_SET] = range_deg;
	usual->median_deg = median_of(usual->set_deg, usual->set_n, REP_USUAL_SET);
	/* Those that stand out do not become what is usual. */
	if (!kinds) {
		usual->session_deg[usual->session_n % REP_USUAL_SESSION] = range_deg;
		usual->session_s[usual->session_n++ % REP_USUAL_SESSION] = time_s;
	}
	return kinds;
}
