// SPDX-License-Identifier: MIT
#pragma once
/* How a body trains as people do (person.h). Moves the athlete's clock to the end. */
#include "gym/timeline-private.h"

void timeline_person_train(struct player *p, const struct script_item *item);
