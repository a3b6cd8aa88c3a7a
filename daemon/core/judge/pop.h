// SPDX-License-Identifier: MIT
#pragma once
/* One sound, or one symptom's own event, with all that is known of it and the verdict on it. Plain
 * data of an athlete.
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
	struct pop_result
		result;       /* as last published; id, t_pop_us and levels from the beginning */
	bool has_sound;       /* false: a symptom's own event */
	bool takes_symptom;   /* a rejected sound that stands for a symptom */
	bool is_red;          /* never lowered but by a person */
	bool is_red_by_trend; /* and by nothing else */
	bool is_late;         /* came from a wearable's memory or after its time */
	bool is_answered;     /* "no pain" */
	bool is_overridden;
	bool kinematic_done;
	bool is_restored; /* of an earlier run: its facts are gone, its verdict stands */
	unsigned kit;
	uint32_t session;
	enum exercise exercise; /* of its session, which may have ended since */
	double calibration;     /* confidence of the kit's when judged first, NAN before */
	unsigned wearable;      /* that heard it loudest */
	int64_t unc_us;
	int64_t base_us; /* not judged before */
	int64_t wake_us; /* the next thing to do */
	int64_t red_us;  /* when it became one */
	struct pop_features features;
	double contact_air_db;
	int origin; /* ORIGIN_POP or a code */
	struct posture_at posture;
	struct form_score form;
	double span_deg, control_angle_deg;
	double sparc, sparc_baseline; /* of its repetition, NAN until that is over */
	uint64_t kinematic, trends, notes;
	bool is_wearer_unsure; /* whose it is: the kit changed hands, or its sides do not fit */
	/* Where the ladder stood when it was judged first: its own repetition moves the ladder on.
	 */
	bool has_step, is_persistent;
	enum cue_step step;
	double range_deg;
};

/* A real pop whose verdict is out. */
static inline bool pop_is_real(const struct pop *pop)
{
	return (pop->stage == POP_STAGE_OPEN || pop->stage == POP_STAGE_FINAL) && pop->has_sound &&
	       pop->origin < 0;
}
