// SPDX-License-Identifier: MIT
/* The outbox on a disk that takes its time: the loop turns, nothing is sent before its commit, nothing
 * is lost, and a disk that does not answer at all is not waited for. The test's own fdatasync() stands
 * in the place of the kernel's. Run it under ThreadSanitizer too (--enable-sanitizers=thread).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "tests/store/store-rig.h"

/* How long the disk takes, and how long the loop may. */
#define DISK_US      (4 * US_PER_S)
#define STALL_US     (100 * US_PER_MS)
#define TURN_US      (2 * US_PER_MS)
#define BEFORE_US    (200 * US_PER_MS)
#define TURNS_A_PUSH 5

static atomic_bool is_slow;  /* the next sync takes DISK_US */
static atomic_bool is_stuck; /* syncs do not return */
static atomic_bool is_bad;   /* the next sync fails, once it is not stuck */
static atomic_uint n_waiting, n_slow;
static atomic_uint n_moved; /* syncs of outbox.db itself: what was in its log is there now */

/* The files in the order of their syncs, while it is wanted. */
static struct {
	bool is_wanted;
	char name[12][64];
	unsigned n;
} synced;

static void note(int fd)
{
	char link[64], path[256] = {0};
	const char *name;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) < 0)
		return;
	name = strrchr(path, '/');
	n_moved += name && !strcmp(name, "/outbox.db");
	if (!synced.is_wanted || synced.n == ARRAY_LEN(synced.name))
		return;
	snprintf(synced.name[synced.n++], sizeof(synced.name[0]), "%s", name ? name + 1 : path);
}

int fdatasync(int fd)
{
	const struct timespec slow = {.tv_sec = DISK_US / US_PER_S}, moment = {.tv_nsec = 1000000};

	n_waiting++;
	note(fd);
	if (atomic_exchange(&is_slow, false))
		n_slow += !nanosleep(&slow, NULL);
	while (is_stuck)
		nanosleep(&moment, NULL);
	n_waiting--;
	if (atomic_exchange(&is_bad, false)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static struct {
	struct store_rig rig;
	sd_event_source *timer;
	int64_t begin_us, last_us, last_delay_us, longest_us;
	uint64_t turns, sent;
	bool was_slow;
	uint64_t most_waiting;
} t;

/* For how long this thread was ready to run and did not: the machine's doing, not ours. */
static int64_t run_delay_us(void)
{
	long long ran_ns, delay_ns = 0;
	FILE *file = fopen("/proc/thread-self/schedstat", "re");

	if (file && fscanf(file, "%lld %lld", &ran_ns, &delay_ns) != 2)
		delay_ns = 0;
	if (file)
		fclose(file);
	return delay_ns / 1000;
}

static void enter(const char *text)
{
	logbook_persister_add(
		t.rig.logbook, &(struct logbook_entry){.at_ms = clock_wall_us() / US_PER_MS,
				       .kind = LOGBOOK_KIND_ALERT,
				       .athlete = "ana",
				       .text = text,
				       .size = strlen(text)});
}

/* The event, what coxad remembers of it, and its entry in the logbook. */
static void push(void)
{
	char payload[64];
	struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
		.class = 4,
		.seq = ++t.rig.seq,
		.topic = "base/athlete/ana/alert",
		.id = "id",
		.payload = payload};

	item.size = (size_t)snprintf(payload, sizeof(payload), "{\"seq\":%u}", (unsigned)item.seq);
	if (t.rig.history)
		history_persister_put(
			t.rig.history, HISTORY_KIND_ATHLETE, "ana", payload, item.size);
	if (t.rig.logbook)
		enter(payload);
	outbox_persister_added(
		t.rig.persister, outbox_add(t.rig.outbox, clock_now_us(), &item, false));
	outbox_persister_settle(t.rig.persister);
}

/* A broker that answers at once. */
static void send_all(void)
{
	struct outbox_entry *entry;

	outbox_persister_settle(t.rig.persister);
	while ((entry = outbox_next(t.rig.outbox, clock_now_us()))) {
		assert_true(entry->is_stored);
		assert_int_equal(entry->item.seq, ++t.sent);
		outbox_acked(t.rig.outbox, entry->token);
	}
}

static void begin_all(void)
{
	memset(&t, 0, sizeof(t));
	store_rig_is_threaded = store_rig_has_books = true;
	store_rig_begin(&t.rig);
}

static void measure(int64_t now_us)
{
	int64_t delay_us = run_delay_us();
	int64_t stall_us = now_us - t.last_us - TURN_US - (delay_us - t.last_delay_us);

	if (t.last_us && stall_us > t.longest_us)
		t.longest_us = stall_us;
	t.last_us = now_us;
	t.last_delay_us = delay_us;
}

static int on_turn(sd_event_source *source, uint64_t usec, void *user)
{
	int64_t now_us = clock_now_us();
	uint64_t waiting = store_rig_not_on_disk(&t.rig);

	measure(now_us);
	if (!t.was_slow && now_us - t.begin_us > BEFORE_US)
		is_slow = t.was_slow = true;
	if (t.turns++ % TURNS_A_PUSH == 0)
		push();
	send_all();
	assert_true(store_thread_is_alive(t.rig.thread));
	t.most_waiting = waiting > t.most_waiting ? waiting : t.most_waiting;
	sd_event_source_set_time(source, (uint64_t)(now_us + TURN_US));
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void the_loop_does_not_wait_for_a_slow_disk(void **state)
{
	begin_all();
	outbox_connection(t.rig.outbox, 0, OUTBOX_WINDOW_MAX);
	t.begin_us = clock_now_us();
	assert_true(
		sd_event_add_time(t.rig.loop, &t.timer, CLOCK_MONOTONIC, 0, 1, on_turn, NULL) >= 0);
	while (clock_now_us() - t.begin_us < 2 * BEFORE_US + DISK_US)
		assert_true(sd_event_run(t.rig.loop, UINT64_MAX) >= 0);
	sd_event_source_disable_unref(t.timer);
	outbox_persister_flush(t.rig.persister);
	send_all();
	print_message(
		"a sync of %.1f s: longest stall of the loop %.1f ms, %u events waited, %u sent\n",
		(double)DISK_US / US_PER_S, (double)t.longest_us / US_PER_MS,
		(unsigned)t.most_waiting, (unsigned)t.sent);
	assert_int_equal(n_slow, 1);
	assert_true(t.longest_us < STALL_US);
	assert_true(t.most_waiting > 1);
	assert_int_equal(t.sent, t.rig.seq);
	store_rig_end(&t.rig);
}

static void wait_for_the_disk(void)
{
	while (!n_waiting)
		sd_event_run(t.rig.loop, (uint64_t)US_PER_MS);
}

/* For minutes: after ten seconds memory has to do, with its limits; then all is written. */
static void a_disk_that_does_not_answer_is_not_waited_for(void **state)
{
	memset(&t, 0, sizeof(t));
	store_rig_is_threaded = true;
	store_rig_begin(&t.rig);
	outbox_connection(t.rig.outbox, 0, OUTBOX_WINDOW_MAX);
	is_stuck = true;
	push();
	wait_for_the_disk();
	push();
	outbox_persister_tick(t.rig.persister);
	assert_null(outbox_next(t.rig.outbox, clock_now_us()));
	store_rig_now_step_us += OUTBOX_PERSISTER_PATIENCE_US;
	outbox_persister_tick(t.rig.persister);
	assert_true(store_thread_is_alive(t.rig.thread));
	assert_false(outbox_persister_is_safe(t.rig.persister));
	push();
	for (unsigned i = 0; i < 2; i++)
		assert_non_null(outbox_next(t.rig.outbox, clock_now_us()));
	outbox_connection(t.rig.outbox, clock_now_us(), 0);
	is_stuck = false;
	outbox_persister_flush(t.rig.persister);
	assert_true(outbox_persister_is_safe(t.rig.persister));
	store_rig_end(&t.rig);
	store_rig_begin(&t.rig);
	assert_int_equal(outbox_n_events(t.rig.outbox), 3);
	store_rig_end(&t.rig);
}

/* What is dropped, acknowledged or replaced while it is being written does not come back. */
static void what_is_gone_while_it_is_written_stays_gone(void **state)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = "base/kit/3/session",
		.payload = "old",
		.size = 3,
		.retain = true};
	struct outbox_limits few = {.max_events = 1, .max_bytes = 1 << 20};
	struct outbox_entry *entry;

	memset(&t, 0, sizeof(t));
	store_rig_is_threaded = true;
	store_rig_begin(&t.rig);
	is_stuck = true;
	outbox_add(t.rig.outbox, clock_now_us(), &item, false);
	push();
	wait_for_the_disk();
	push();
	outbox_set_limits(t.rig.outbox, &few);
	item.payload = "new";
	outbox_add(t.rig.outbox, clock_now_us(), &item, false);
	is_stuck = false;
	outbox_persister_flush(t.rig.persister);
	outbox_connection(t.rig.outbox, 0, OUTBOX_WINDOW_MAX);
	entry = outbox_next(t.rig.outbox, 0);
	assert_int_equal(entry->item.seq, 2);
	outbox_acked(t.rig.outbox, entry->token);
	entry = outbox_next(t.rig.outbox, 0);
	assert_memory_equal(entry->item.payload, "new", 3);
	outbox_acked(t.rig.outbox, entry->token);
	store_rig_end(&t.rig);
	assert_int_equal(store_rig_number("SELECT count(*) FROM outbox"), 0);
	assert_int_equal(store_rig_number("SELECT count(*) FROM state"), 0);
}

static void begin_noting(void)
{
	synced.n = 0;
	synced.is_wanted = true;
}

/* The databases in the order of their syncs. */
static void end_noting(const char *expected)
{
	char names[sizeof(synced.name)] = "";

	synced.is_wanted = false;
	for (unsigned i = 0; i < synced.n; i++) {
		strncat(names, synced.name[i], strcspn(synced.name[i], "."));
		strcat(names, " ");
	}
	assert_string_equal(names, expected);
}

/* Killed in between, coxad remembers a symptom that it has not told, never the reverse. */
static void an_event_waits_for_one_sync(void **state)
{
	begin_all();
	outbox_persister_flush(t.rig.persister);
	begin_noting();
	for (unsigned i = 0; i < 3; i++) {
		push();
		store_rig_wait(&t.rig);
		assert_int_equal(store_rig_not_on_disk(&t.rig), 0);
	}
	end_noting("outbox outbox outbox ");
	begin_noting();
	ahead_flush(t.rig.ahead, 60 * US_PER_S);
	end_noting("history logbook ");
	assert_int_equal(logbook_persister_n_waiting(t.rig.logbook), 0);
	assert_int_equal(history_persister_not_on_disk(t.rig.history), 0);
	store_rig_end(&t.rig);
}

static void push_many(unsigned n)
{
	while (n--) {
		push();
		store_rig_wait(&t.rig);
	}
	assert_int_equal(store_rig_not_on_disk(&t.rig), 0);
}

/* It takes two syncs more: it comes when delivered events are deleted, or before the log grows too long. */
static void no_event_waits_for_a_checkpoint(void **state)
{
	begin_all();
	outbox_persister_flush(t.rig.persister);
	n_moved = 0;
	push_many(120);
	assert_int_equal(n_moved, 0);
	store_rig_deliver(&t.rig, 1);
	outbox_persister_flush(t.rig.persister);
	assert_int_equal(n_moved, 1);
	push_many(400);
	assert_true(n_moved > 1);
	assert_true(n_moved < 10);
	store_rig_end(&t.rig);
}

/* The answer to whoever reported it waits for that. */
static void nothing_that_is_kept_waits_for_a_checkpoint(void **state)
{
	begin_all();
	outbox_persister_flush(t.rig.persister);
	n_moved = 0;
	for (unsigned i = 0; i < 400; i++) {
		char text[16];

		history_persister_put(t.rig.history, HISTORY_KIND_ATHLETE, "ana", text,
			(size_t)snprintf(text, sizeof(text), "{\"n\":%u}", i));
		assert_true(ahead_keep(t.rig.ahead));
		store_rig_wait(&t.rig);
		assert_true(outbox_persister_is_safe(t.rig.persister));
	}
	assert_int_equal(n_moved, 0);
	store_rig_end(&t.rig);
}

static void on_page(void *user, int r, const struct logbook_page *page)
{
	char *texts = user;

	assert_int_equal(r, 0);
	for (size_t i = 0; i < page->n; i++)
		strncat(texts, page->entry[i].text, page->entry[i].size);
}

/* A commit fails, and the next one, which was under way already, does not. */
static void an_entry_that_failed_keeps_its_place(void **state)
{
	struct logbook_query query = {.athlete = "ana", .limit = 10};
	char texts[16] = "";
	_auto_free_ char *after = NULL;

	begin_all();
	outbox_persister_flush(t.rig.persister);
	is_stuck = true;
	enter("1");
	logbook_persister_settle(t.rig.logbook);
	wait_for_the_disk();
	enter("2");
	logbook_persister_settle(t.rig.logbook);
	assert_int_equal(logbook_persister_query(t.rig.logbook, &query, on_page, texts), 0);
	is_bad = true;
	is_stuck = false;
	store_rig_wait(&t.rig);
	assert_string_equal(texts, "12");
	assert_int_equal(logbook_persister_n_waiting(t.rig.logbook), 0);
	after = store_rig_entries(&t.rig, "ana");
	assert_string_equal(after, "12");
	store_rig_end(&t.rig);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(the_loop_does_not_wait_for_a_slow_disk),
		TEST(a_disk_that_does_not_answer_is_not_waited_for),
		TEST(what_is_gone_while_it_is_written_stays_gone),
		TEST(an_event_waits_for_one_sync),
		TEST(no_event_waits_for_a_checkpoint),
		TEST(nothing_that_is_kept_waits_for_a_checkpoint),
		TEST(an_entry_that_failed_keeps_its_place),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
