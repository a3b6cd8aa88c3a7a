// SPDX-License-Identifier: MIT
#include "ctl/verbs-restore.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/out.h"
#include "ctl/program.h"
#include "ctl/restore-stage.h"
#include "ctl/state-lock.h"

static int64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static int systemctl(const char *verb, const char *unit)
{
	const char *const words[] = {"systemctl", verb, unit, NULL};

	out_message("systemctl %s %s", verb, unit);
	return program_run(words, NULL);
}

static int carry_out(const struct restore_plan *plan)
{
	int r = restore_plan_carry_out(plan);

	if (!r)
		return CTL_OK;
	out_message(
		"%s: some files are those of the backup and some are not; until sudo coxactl restore "
		"has finished it, coxad does not start",
		strerror(-r));
	return CTL_FAILED;
}

/* Of an earlier run; there may be none. */
static int finish(const char *config, bool *ret_was_there)
{
	struct restore_plan plan;
	int r, status = CTL_OK;

	restore_plan_begin(&plan, config);
	r = restore_plan_load(&plan);
	*ret_was_there = r != -ENOENT;
	if (r == -EBADMSG) {
		out_message(
			"%s/journal cannot be read; it is the list of files that were to be moved",
			plan.folder);
		status = CTL_FAILED;
	} else if (!r) {
		out_message("finishing a restore that was interrupted");
		status = carry_out(&plan);
	}
	restore_plan_done(&plan);
	return status;
}

/* The databases of before and those of the backup may be in different directories. */
static int hold(const struct restore_stage *s)
{
	int r = state_lock_take(s->here->state);

	return r ? r : state_lock_take(s->there.state);
}

static int put_in_place(const struct restore_stage *s)
{
	int r = hold(s);

	if (!r)
		r = restore_plan_commit(&s->plan);
	if (!r)
		return carry_out(&s->plan);
	restore_plan_clean(&s->plan);
	if (r == -EBUSY)
		out_message(
			"coxad is running, and nothing was changed. sudo coxactl --stop restore FILE stops it, "
			"restores, and starts it again");
	else
		out_message("nothing was changed: %s", strerror(-r));
	return CTL_FAILED;
}

/* What no backup has, and what a key cannot do. */
static void print_what_is_left(const struct restore_stage *s)
{
	const char *const words[] = {"coxad", "--check-config", "--config", s->here->config, NULL};
	_auto_free_ char *output = NULL;
	json_t *name;
	size_t i;

	if (program_run(words, &output) != 0)
		out_message("the configuration needs something that is not part of a backup:\n%s",
			output);
	json_array_foreach(s->unpaired, i, name)
		out_message("%s has to be paired again: its key is for an adapter that is not here",
			json_string_value(name));
}

static int start_again(const struct restore_stage *s)
{
	/* It reads keys only when it starts. */
	if (s->n_bonds && systemctl("try-restart", "bluetooth.service") != 0)
		out_message("restart bluetooth.service, which then knows the keys");
	if (systemctl("start", "coxad.service") == 0)
		return CTL_OK;
	out_message("restored, but coxad does not start: systemctl status coxad says why");
	return CTL_FAILED;
}

static int restore(const struct ctl *ctl, struct restore_stage *s)
{
	_auto_free_ char *why = restore_stage_make(s, wall_us());
	int status;

	if (why) {
		out_message("nothing was changed. %s", why);
		return CTL_FAILED;
	}
	if (ctl->is_stop && systemctl("stop", "coxad.service") != 0) {
		restore_plan_clean(&s->plan);
		out_message("coxad could not be stopped, and nothing was changed");
		return CTL_FAILED;
	}
	status = put_in_place(s);
	if (status != CTL_OK && ctl->is_stop)
		systemctl("start", "coxad.service");
	if (status != CTL_OK)
		return status;
	if (!ctl->is_json)
		printf("Restored. What was there is kept beside it, as NAME.before-DATE.\n");
	print_what_is_left(s);
	return ctl->is_stop ? start_again(s) : CTL_OK;
}

int verbs_restore_run(struct ctl *ctl, int argc, char **argv)
{
	_auto_free_ char *errors = NULL;
	struct backup_place place;
	struct restore_stage stage = {.archive = argv[1], .here = &place};
	bool was_there;
	int status;

	backup_place_find(&place, ctl->config, &errors);
	status = finish(place.config, &was_there);
	if (status == CTL_OK && argc > 1) {
		status = restore(ctl, &stage);
		restore_stage_done(&stage);
	} else if (status == CTL_OK && !ctl->is_json)
		printf("%s\n", was_there ? "The restore that was interrupted is complete now."
					 : "No restore was interrupted.");
	backup_place_done(&place);
	return status;
}
