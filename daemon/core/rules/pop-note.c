// SPDX-License-Identifier: MIT
#include "daemon/core/rules/pop-note.h"

#include "coxad/base/list.h"

void pop_note_insert(struct pop_note *notes, unsigned *n, unsigned max, const struct pop_note *note)
{
	unsigned at;

	if (*n == max) {
		if (note->t_us <= notes[0].t_us)
			return;
		list_drop(notes, *n, 0);
	}
	for (at = (*n)++; at > 0 && notes[at - 1].t_us > note->t_us; at--)
		notes[at] = notes[at - 1];
	notes[at] = *note;
}
