// SPDX-License-Identifier: MIT
#pragma once
/* A sound, or a symptom's own event, with everything known about it and its verdict. Plain data.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/record.h"
#include "coxad/core/result.h"
#include "daemon/core/rules/cue.h"
#include "daemon/core/rules/form-score.h"
#include "daemon/core/rules/posture-at.h"

/*   sound --> PENDING --(posture and companions, 1.4 s at most)--> OPEN --(30 s, 120 s)--> FINAL
 *                                             symptom by itself --^                         |
 *             a symptom, a person, late data: the next revision, in either <----------------'  */
enum pop_stage { POP_STAGE_FREE, POP_STAGE_PENDING, POP_STAGE_OPEN, POP_STAGE_FINAL };

struct pop {
	enum pop_stage stage;
	struct pop_result result; /* as last published; id, t_pop_us and levels from the start */
	bool has_sound;           /* false: a symptom's own event */
	bool takes_symptom;       /* a rejected sound that represents a symptom */
	bool is_red;              /* only a person lowers it */
	bool is_red_by_trend;     /* by a trend alone */
	bool is_late;             /* from a wearable's memory, or after its deadline */
	bool is_answered;         /* "no pain" */
	bool is_overridden;
	bool kinematic_done;
	bool is_restored; /* from an earlier run: its facts are lost, its verdict holds */
	unsigned kit;     /* or JUDGE_NO_KIT, if it is restored or a symptom's own */
	uint32_t session;
	enum exercise exercise; /* of its session, which may have ended */
	double calibration;     /* the kit's confidence when first judged; NAN before */
	unsigned wearable;      /* with the loudest report */
	int64_t unc_us;
	int64_t base_us; /* not to be judged before */
	int64_t wake_us; /* when something is due */
	int64_t red_us;  /* when it became red */
	struct pop_features features;
	double contact_air_db;
	int origin; /* ORIGIN_POP or a code */
	struct posture_at posture;
	struct form_score form;
	double span_deg, control_angle_deg;
	double sparc, sparc_baseline; /* of its repetition; NAN until that is over */
	uint64_t kinematic, trends, notes;
	double crepitus_db;    /* as counted in the session's crepitus; NAN: not counted */
	bool is_wearer_unsure; /* the kit changed hands, or its sides do not match */
	/* Of the ladder when first judged, because the pop's own repetition moves the ladder on.
	 */
	bool has_step, is_persistent;
	enum cue_step step;
	double range_deg;
};

/* A real pop with a published verdict. */
static inline bool pop_is_real(const struct pop *pop)
{
	return (pop->stage == POP_STAGE_OPEN || pop->stage == POP_STAGE_FINAL) && pop->has_sound &&
	       pop->origin < 0;
}

/* One of many clicks in one swing. */
static inline bool pop_is_crepitus(const struct pop *pop)
{
	return pop->result.pattern == PATTERN_CREPITUS;
}
