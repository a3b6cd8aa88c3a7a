// SPDX-License-Identifier: MIT
#pragma once
/* Adds what happens to a timeline while a script is played. */
#include "gym/timeline.h"

void timeline_add_rep(struct timeline *t, const struct timeline_rep *rep);
/* rep: SIZE_MAX outside repetitions. */
void timeline_add_sound(struct timeline *t, double t_s, const struct script_item *item, size_t rep);
void timeline_add_symptom(struct timeline *t, double t_s, const struct script_item *item);
void timeline_add_fault(struct timeline *t, double t_s, const struct script_item *item);
/* A command of coxad's MQTT interface; takes the payload. */
void timeline_add_command(struct timeline *t, double t_s, const char *verb, char *payload);
/* Expectations of the same sound or symptom are joined. */
void timeline_add_expect(
	struct timeline *t, size_t sound, size_t symptom, const struct script_item *item);
