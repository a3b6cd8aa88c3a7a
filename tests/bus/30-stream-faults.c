// SPDX-License-Identifier: MIT
/* Faults while preparing and streaming: each case ends up streaming again. */
#include "tests/bus/bus-test.h"

#include <stdio.h>
#include <time.h>

static void acquire_is_never_answered_on_old_bluez(void **state)
{
	struct bus_test t;

	/* There the characteristic answers NotPermitted until bluetoothd is restarted. */
	bus_test_begin(&t, &(struct bus_test_options){.notify = NOTIFY_MODE_FD,
				   .door.modalias = MODALIAS_566,
				   .script = "fault AcquireNotify * mute x1\n"
					     "fault AcquireNotify * error NotPermitted\n"});
	UNTIL(&t, t.w[0].connected && bus_test_order(&t, "count AcquireNotify"));
	bus_test_order(&t, "fault StartNotify * error NotPermitted");
	UNTIL(&t, bus_test_state(&t, 0) == LINK_STATE_QUARANTINED);
	assert_string_equal(t.w[0].why, "poisoned");
	/* Neither of these is safe there. */
	assert_int_equal(bus_test_order(&t, "count StopNotify"), 0);
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 0);
	bus_test_order(&t, "clear");
	bus_test_order(&t, "restart 20");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void acquire_is_never_answered(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault AcquireNotify * mute"});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(
		bus_test_order(&t, "count Connect"), 1); /* falls back to signals at once */
	bus_test_end(&t);
}

static void acquire_is_refused(const char *error)
{
	struct bus_test t;
	char script[96];

	snprintf(script, sizeof(script), "fault AcquireNotify * error %s x1", error);
	bus_test_begin(&t, &(struct bus_test_options){.script = script});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Connect"), 1);
	bus_test_end(&t);
}

static void each_refusal_of_acquire(void **state)
{
	acquire_is_refused("NotPermitted");
	acquire_is_refused("NotSupported");
	acquire_is_refused("InProgress");
	acquire_is_refused("Failed");
}

static void socket_ends_soon(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault stream * eof 100 x1"});
	UNTIL(&t, bus_test_order(&t, "count StartNotify") >= 2); /* falls back to signals */
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Connect"), 1);
	bus_test_end(&t);
}

static void each_refusal_of_start_notify(void **state)
{
	static const char *const errors[] = {
		"InProgress", "NotPermitted", "NotSupported", "Failed"};

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct bus_test t;
		char script[96];

		snprintf(script, sizeof(script), "fault StartNotify * error %s x1", errors[i]);
		bus_test_begin(&t,
			&(struct bus_test_options){.notify = NOTIFY_MODE_SIGNAL, .script = script});
		UNTIL_STREAMS(&t, 1, 10);
		bus_test_end(&t);
	}
}

static void silent_stream_is_subscribed_again(void **state)
{
	enum notify_mode modes[] = {NOTIFY_MODE_FD, NOTIFY_MODE_SIGNAL};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct bus_test t;
		unsigned before;

		bus_test_begin(&t, &(struct bus_test_options){.notify = modes[i]});
		UNTIL_STREAMS(&t, 1, 10);
		before = bus_test_order(&t, "count Connect");
		bus_test_order(&t, "fault stream * mute");
		UNTIL(&t, bus_test_state(&t, 0) == LINK_STATE_STALLED);
		bus_test_order(&t, "clear");
		UNTIL_STREAMS(&t, 1, 10);
		assert_int_equal(bus_test_order(&t, "count Connect"), before);
		bus_test_end(&t);
	}
}

static void removed_after_lasting_silence(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){0});
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_order(&t, "fault stream * mute");
	UNTIL(&t, bus_test_order(&t, "count RemoveDevice") >= 1);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void stopped_reader_loses_data_and_goes_on(void **state)
{
	struct timespec pause = {.tv_sec = 1, .tv_nsec = 600000000};
	struct bus_test t;

	/* 278 messages fit the socket: at 400/s it is full after 0.7 s. The pause is the fault. */
	bus_test_begin(&t, &(struct bus_test_options){.gym = "1 400"});
	UNTIL_STREAMS(&t, 1, 10);
	nanosleep(&pause, NULL);
	UNTIL_STREAMS(&t, 1, 500);
	assert_true(bus_test_order(&t, "count lost") > 0);
	assert_int_equal(t.w[0].repeated, 0);
	bus_test_end(&t);
}

static void dying_wearable_does_not_freeze_the_others(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "3 100",
			    .notify = NOTIFY_MODE_SIGNAL,
			    .script = "fault StopNotify * mute\nfault Disconnect * mute x2"});
	UNTIL_STREAMS(&t, 3, 10);
	bus_test_order(&t, "drop C0:A5:00:00:00:00");
	UNTIL_STREAMS(&t, 3, 20);
	assert_int_equal(t.w[1].disconnected + t.w[2].disconnected, 0);
	bus_test_end(&t);
}

static void disconnect_does_nothing(void **state)
{
	struct bus_test t;

	/* The link survives our disconnect: it is found and used again. */
	bus_test_begin(&t, &(struct bus_test_options){0});
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_order(&t, "fault Disconnect * pretend x1");
	bus_test_order(&t, "fault stream * mute");
	UNTIL(&t, bus_test_order(&t, "count Disconnect") >= 1);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void reads_and_writes_fail_at_first(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.script = "fault ReadValue * error Failed x1\n"
							 "fault WriteValue * error Failed x1\n"
							 "fault ReadValue * mute x1"});
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void link_is_lost_repeatedly(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	for (unsigned i = 0; i < 5; i++) {
		UNTIL_STREAMS(&t, 2, 3);
		bus_test_order(&t, "drop *");
		UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
	}
	UNTIL_STREAMS(&t, 2, 10);
	assert_int_equal(t.w[0].repeated + t.w[1].repeated, 0);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acquire_is_never_answered_on_old_bluez),
		cmocka_unit_test(acquire_is_never_answered),
		cmocka_unit_test(each_refusal_of_acquire),
		cmocka_unit_test(socket_ends_soon),
		cmocka_unit_test(each_refusal_of_start_notify),
		cmocka_unit_test(silent_stream_is_subscribed_again),
		cmocka_unit_test(removed_after_lasting_silence),
		cmocka_unit_test(stopped_reader_loses_data_and_goes_on),
		cmocka_unit_test(dying_wearable_does_not_freeze_the_others),
		cmocka_unit_test(disconnect_does_nothing),
		cmocka_unit_test(reads_and_writes_fail_at_first),
		cmocka_unit_test(link_is_lost_repeatedly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
