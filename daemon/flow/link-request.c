// SPDX-License-Identifier: MIT
#include "daemon/flow/link-request.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/flow/link-action.h"

static const struct link_request_end goes_on = {.error = LINK_ERROR_NONE};

static void enqueue(struct link_requests *q, const struct link_request *request)
{
	if (q->n < LINK_REQUESTS_MAX)
		q->waiting[q->n++] = *request;
}

static void enqueue_first(struct link_requests *q, const struct link_request *request)
{
	if (q->n == LINK_REQUESTS_MAX)
		return;
	memmove(&q->waiting[1], &q->waiting[0], q->n * sizeof(*request));
	q->waiting[0] = *request;
	q->n++;
}

static struct link_request dequeue(struct link_requests *q, size_t at)
{
	struct link_request request = q->waiting[at];

	q->n--;
	memmove(&q->waiting[at], &q->waiting[at + 1], (q->n - at) * sizeof(request));
	return request;
}

/* The one of this kind and opcode that was answered "busy", or NULL. */
static struct link_request *find_busy(
	struct link_requests *q, enum link_request_kind kind, const struct driver_step *step)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->waiting[i].kind == kind && q->waiting[i].tries > 0 && step->answer &&
			q->waiting[i].step.bytes[0] == step->bytes[0])
			return &q->waiting[i];
	return NULL;
}

static void send(struct link *link, int64_t now_us, const struct link_request *request)
{
	struct link_requests *q = &link->requests;

	q->current = *request;
	q->is_written = false;
	q->is_answered = !request->step.answer;
	/* The caller reports a timeout itself; this is for when it reports nothing at all. */
	q->until_us = now_us + link->timing.step_us + link->timing.step_us / 4;
	q->ticket = link_action_await(link, &(struct link_action){.kind = LINK_ACTION_WRITE,
						    .timeout_us = link->timing.step_us,
						    .is_order = request->kind == LINK_REQUEST_ORDER,
						    .step = request->step});
}

/* An order of several writes, as to pause, show itself and go on, is of no use in another sequence. */
static bool keeps_sequence(const struct link_request *request)
{
	return request->kind == LINK_REQUEST_ORDER && !request->step.answer;
}

static int64_t due_of(const struct link_requests *q, size_t at)
{
	int64_t due_us = q->waiting[at].due_us;

	for (size_t i = 0; i < at && keeps_sequence(&q->waiting[at]); i++)
		if (keeps_sequence(&q->waiting[i]) && q->waiting[i].due_us > due_us)
			due_us = q->waiting[i].due_us;
	return due_us;
}

static void pump(struct link *link, int64_t now_us)
{
	struct link_requests *q = &link->requests;

	for (size_t i = 0; i < q->n && q->until_us == T_NEVER; i++) {
		if (due_of(q, i) > now_us)
			continue;
		struct link_request next = dequeue(q, i);
		send(link, now_us, &next);
	}
}

static int64_t next_wait(struct link *link, unsigned tries)
{
	struct backoff backoff = {.random = link->backoff.random, .tries = tries};
	int64_t wait_us =
		backoff_next(&backoff, link->timing.wait_transient_us, link->timing.wait_most_us);

	link->backoff.random = backoff.random;
	return wait_us;
}

/* Busy: to be made again. True where its plan waits for that. */
static bool again(struct link *link, int64_t now_us, struct link_request request)
{
	bool does_plan_wait = request.kind == LINK_REQUEST_PLAN && !request.step.is_optional;

	if (request.kind == LINK_REQUEST_ABANDONED)
		return false;
	if (request.kind == LINK_REQUEST_PLAN && request.step.is_optional)
		request.kind = LINK_REQUEST_LEFT_BEHIND;
	request.due_us = now_us + next_wait(link, request.tries);
	request.tries++;
	if (keeps_sequence(&request))
		enqueue_first(&link->requests, &request);
	else
		enqueue(&link->requests, &request);
	return does_plan_wait;
}

static struct link_request_end finish(
	struct link *link, int64_t now_us, enum link_error error, bool is_busy)
{
	struct link_requests *q = &link->requests;
	struct link_request_end end = {q->current.kind == LINK_REQUEST_PLAN, error};

	q->until_us = T_NEVER;
	q->ticket = 0;
	if (is_busy && again(link, now_us, q->current))
		end = goes_on;
	pump(link, now_us);
	return end;
}

static struct link_request_end finish_if_complete(struct link *link, int64_t now_us)
{
	struct link_requests *q = &link->requests;

	if (!q->is_written || !q->is_answered)
		return goes_on;
	return finish(link, now_us, LINK_ERROR_NONE,
		q->current.step.answer && q->status == q->current.step.busy);
}

bool link_request_plan(struct link *link, int64_t now_us)
{
	struct link_requests *q = &link->requests;
	struct link_request *busy = find_busy(q, LINK_REQUEST_LEFT_BEHIND, &link->step);

	if (busy) {
		busy->step = link->step;
		return false;
	}
	enqueue(q, &(struct link_request){
			   .kind = LINK_REQUEST_PLAN, .step = link->step, .due_us = now_us});
	pump(link, now_us);
	return true;
}

/* Those that wait or are under way. */
static unsigned count_orders(const struct link *link)
{
	const struct link_requests *q = &link->requests;
	unsigned n = q->until_us != T_NEVER && q->current.kind == LINK_REQUEST_ORDER;

	for (size_t i = 0; i < q->n; i++)
		n += q->waiting[i].kind == LINK_REQUEST_ORDER;
	return n;
}

int link_request_order(struct link *link, int64_t now_us, const struct driver_step *step)
{
	struct link_requests *q = &link->requests;
	struct link_request *busy = find_busy(q, LINK_REQUEST_ORDER, step);

	/* A cue that the wearable was too busy for gives way to the next one. */
	if (busy) {
		busy->step = *step;
		return 0;
	}
	if (count_orders(link) + step->n_follow >= LINK_ORDERS_MAX)
		return -EAGAIN;
	enqueue(q, &(struct link_request){
			   .kind = LINK_REQUEST_ORDER, .step = *step, .due_us = now_us});
	pump(link, now_us);
	return 0;
}

struct link_request_end link_request_written(
	struct link *link, int64_t now_us, enum link_error error)
{
	struct link_requests *q = &link->requests;

	q->ticket = 0;
	q->is_written = true;
	if (error != LINK_ERROR_NONE)
		return finish(link, now_us, error,
			error == LINK_ERROR_IN_PROGRESS &&
				(q->current.step.answer || q->current.kind == LINK_REQUEST_ORDER));
	return finish_if_complete(link, now_us);
}

bool link_request_is_answer(const struct link *link, const struct link_event *event)
{
	const struct link_requests *q = &link->requests;
	const struct driver_step *step = &q->current.step;

	return q->until_us != T_NEVER && step->answer && event->size >= 2 &&
	       event->data[0] == step->answer &&
	       uuid_is_equal(&event->characteristic, &step->characteristic);
}

struct link_request_end link_request_bytes(struct link *link, const struct link_event *event)
{
	struct link_requests *q = &link->requests;

	q->is_answered = true;
	q->status = event->data[1];
	return finish_if_complete(link, event->t_us);
}

struct link_request_end link_request_advance(struct link *link, int64_t now_us)
{
	const struct link_requests *q = &link->requests;

	if (q->until_us == T_NEVER) {
		pump(link, now_us);
		return goes_on;
	}
	if (now_us < q->until_us)
		return goes_on;
	/* Written, but never answered: what it was for shows whether it was heard. */
	return finish(link, now_us, q->is_written ? LINK_ERROR_NONE : LINK_ERROR_TIMEOUT, false);
}

void link_request_abandon(struct link *link)
{
	struct link_requests *q = &link->requests;

	if (q->current.kind == LINK_REQUEST_PLAN)
		q->current.kind = LINK_REQUEST_ABANDONED;
	for (size_t i = q->n; i-- > 0;)
		if (q->waiting[i].kind == LINK_REQUEST_PLAN)
			dequeue(q, i);
}

void link_request_reset(struct link *link)
{
	link->requests = (struct link_requests){.until_us = T_NEVER};
}

int64_t link_request_deadline(const struct link *link)
{
	const struct link_requests *q = &link->requests;
	int64_t at_us = q->until_us;

	for (size_t i = 0; i < q->n && q->until_us == T_NEVER; i++)
		if (due_of(q, i) < at_us)
			at_us = due_of(q, i);
	return at_us;
}
