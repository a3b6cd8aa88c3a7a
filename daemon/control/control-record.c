// SPDX-License-Identifier: MIT
#include "daemon/control/control-record.h"

#include "coxad/base/units.h"
#include "daemon/control/control-call.h"

bool control_record_is_busy(const struct control_record *r)
{
	return r->call || r->is_ending;
}

static void begin_end(struct control_record *r)
{
	if (r->is_ending)
		return;
	sd_event_source_set_enabled(r->timer, SD_EVENT_OFF);
	r->is_ending = true;
	r->end(r->user);
}

static void forget_caller(struct control_record *r)
{
	r->call = sd_bus_message_unref(r->call);
	r->caller = sd_bus_track_unref(r->caller);
}

void control_record_clear(struct control_record *r)
{
	if (!r->call)
		return;
	forget_caller(r);
	begin_end(r);
}

void control_record_ended(struct control_record *r, const char *why)
{
	sd_event_source_set_enabled(r->timer, SD_EVENT_OFF);
	r->is_ending = false;
	if (r->call && why)
		sd_bus_reply_method_errorf(
			r->call, CONTROL_CALL_FAILED, "the recording ended early: %s", why);
	else if (r->call)
		sd_bus_reply_method_return(r->call, "");
	forget_caller(r);
}

static int on_time(sd_event_source *source, uint64_t usec, void *user)
{
	begin_end(user);
	return 0;
}

static int on_caller_gone(sd_bus_track *track, void *user)
{
	control_record_clear(user);
	return 0;
}

int control_record_start(
	struct control_record *r, sd_event *loop, void (*end)(void *user), void *user)
{
	int error;

	*r = (struct control_record){.end = end, .user = user};
	error = sd_event_add_time(loop, &r->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_time, r);
	return error < 0 ? error : sd_event_source_set_enabled(r->timer, SD_EVENT_OFF);
}

void control_record_stop(struct control_record *r)
{
	control_record_clear(r);
	r->timer = sd_event_source_disable_unref(r->timer);
}

int control_record_begin(struct control_record *r, sd_bus_message *call, unsigned seconds)
{
	int error = sd_bus_track_new(sd_bus_message_get_bus(call), &r->caller, on_caller_gone, r);

	r->call = sd_bus_message_ref(call);
	if (error >= 0)
		error = sd_bus_track_add_sender(r->caller, call);
	if (error < 0) {
		control_record_clear(r);
		return error;
	}
	if (!seconds)
		return 0;
	sd_event_source_set_time_relative(r->timer, (uint64_t)seconds * US_PER_S);
	return sd_event_source_set_enabled(r->timer, SD_EVENT_ONESHOT);
}
