// SPDX-License-Identifier: MIT
#include "gym/timeline-add.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "gym/grow.h"

void timeline_add_rep(struct timeline *t, const struct timeline_rep *rep)
{
	t->rep = grow_array(t->rep, &t->n_reps, sizeof(*t->rep));
	t->rep[t->n_reps - 1] = *rep;
}

void timeline_add_sound(struct timeline *t, double t_s, const struct script_item *item, size_t rep)
{
	t->sound = grow_array(t->sound, &t->n_sounds, sizeof(*t->sound));
	t->sound[t->n_sounds - 1] = (struct timeline_sound){t_s, item, rep};
}

void timeline_add_symptom(struct timeline *t, double t_s, const struct script_item *item)
{
	t->symptom = grow_array(t->symptom, &t->n_symptoms, sizeof(*t->symptom));
	t->symptom[t->n_symptoms - 1] = (struct timeline_symptom){t_s, item};
}

void timeline_add_fault(struct timeline *t, double t_s, const struct script_item *item)
{
	t->fault = grow_array(t->fault, &t->n_faults, sizeof(*t->fault));
	t->fault[t->n_faults - 1] = (struct timeline_fault){t_s, item};
}

void timeline_add_command(struct timeline *t, double t_s, const char *verb, char *payload)
{
	t->command = grow_array(t->command, &t->n_commands, sizeof(*t->command));
	t->command[t->n_commands - 1] = (struct timeline_command){
		llrint(t_s * 1e6), alloc_printf("command/%s", verb), payload};
}

void timeline_add_expect(
	struct timeline *t, size_t sound, size_t symptom, const struct script_item *item)
{
	struct timeline_expect *last = t->n_expects ? &t->expect[t->n_expects - 1] : NULL;

	if (last && last->sound == sound && last->symptom == symptom) {
		char *joined = alloc_printf("%s %s", last->text, item->text);

		free(last->text);
		last->text = joined;
		return;
	}
	t->expect = grow_array(t->expect, &t->n_expects, sizeof(*t->expect));
	t->expect[t->n_expects - 1] =
		(struct timeline_expect){sound, symptom, alloc_text(item->text), item->line};
}
