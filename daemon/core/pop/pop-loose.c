// SPDX-License-Identifier: MIT
#include "daemon/core/pop/pop-loose.h"

#include <math.h>

#include "coxad/base/order.h"

#define BEFORE_LEAST 3 /* sounds that show the contact before */
#define AFTER        2 /* that show it is lost: a single one may be another kind of pop */
/* Half a step of the byte in which a wearable reports the share. */
#define SHARE_LEAST (0.5 / 255)

static double high_db(const struct pop_features *f)
{
	return f->peak_dbfs + 10 * log10(fmax(f->hf_ratio, SHARE_LEAST));
}

static double low_db(const struct pop_features *f)
{
	return f->peak_dbfs + 10 * log10(fmax(1 - (double)f->hf_ratio, SHARE_LEAST));
}

bool pop_loose_has_lost_treble(
	const struct analysis_conf *a, const struct pop_features *const *sounds, unsigned n)
{
	double high[POP_LOOSE_SOUNDS_MAX], low[POP_LOOSE_SOUNDS_MAX], share[POP_LOOSE_SOUNDS_MAX];
	double high_before, low_before;
	unsigned before = n > AFTER ? n - AFTER : 0;

	if (before < BEFORE_LEAST || n > POP_LOOSE_SOUNDS_MAX)
		return false;
	for (unsigned i = 0; i < before; i++) {
		high[i] = high_db(sounds[i]);
		low[i] = low_db(sounds[i]);
		share[i] = sounds[i]->hf_ratio;
	}
	high_before = order_upper_median(high, before);
	low_before = order_upper_median(low, before);
	if (order_upper_median(share, before) < a->loose_treble_share)
		return false;
	for (unsigned i = before; i < n; i++)
		if (high_db(sounds[i]) > high_before - a->loose_treble_db ||
			low_db(sounds[i]) < low_before - a->loose_level_db)
			return false;
	return true;
}
