// SPDX-License-Identifier: MIT
/* What must hold for every driver in the list, for the template and for the standard services: cut,
 * damaged, repeated, reordered and foreign packets, made from their vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "coxad/base/utf8.h"
#include "coxad/base/generator.h"
#include "coxad/drivers/driver-list.h"
#include "tests/drivers/sig-driver.h"
#include "tests/drivers/vectors.h"

#define PACKETS_MAX 4096
#define LENGTH_MAX  513
#define DRIVERS_MAX 64

extern const struct driver drv_template;

struct subject {
	const struct driver *driver;
	struct vector_packet *packets;
	size_t n_packets;
};

static struct subject subjects[DRIVERS_MAX];
static size_t n_subjects;

static void add_subject(const struct driver *driver)
{
	struct subject *s = &subjects[n_subjects];
	int n;

	assert_true(n_subjects < DRIVERS_MAX);
	s->driver = driver;
	s->packets = alloc_zero(PACKETS_MAX, sizeof(s->packets[0]));
	n = vector_packets_read(driver->id, s->packets, PACKETS_MAX);
	if (n <= 0)
		fail_msg("tests/vectors/%s: no packets, or one that cannot be read", driver->id);
	s->n_packets = (size_t)n;
	n_subjects++;
}

/* running a driver, and what must hold whatever comes in */

struct bench {
	const struct subject *subject;
	void *state;
	int64_t arrival_us;
	unsigned records;
	bool has_event;
};

static void check_number(double value)
{
	assert_true(isfinite(value));
}

static void check_record(const struct record *r, void *user)
{
	struct bench *bench = user;
	const struct driver *driver = bench->subject->driver;

	bench->records++;
	if (r->has_tick && driver->tick_bits < 64)
		assert_true(r->tick >> driver->tick_bits == 0);
	switch (r->kind) {
	case RECORD_MOTION:
		assert_in_range(r->motion.n, 1, MOTION_SAMPLES_MAX);
		check_number(r->motion.interval_us);
		for (unsigned i = 0; i < r->motion.n; i++)
			for (unsigned k = 0; k < 3; k++) {
				check_number(r->motion.samples[i].acc_mps2[k]);
				check_number(r->motion.samples[i].gyr_rps[k]);
			}
		break;
	case RECORD_ORIENTATION:
		assert_in_range(r->orientation.n, 1, MOTION_SAMPLES_MAX);
		for (unsigned i = 0; i < r->orientation.n; i++) {
			double square = 0;

			for (unsigned k = 0; k < 4; k++)
				square += r->orientation.quat_wxyz[i][k] *
					  r->orientation.quat_wxyz[i][k];
			assert_true(square > 0.8 && square < 1.2);
		}
		break;
	case RECORD_AUDIO:
		assert_in_range(r->audio.n, 1, AUDIO_SAMPLES_MAX);
		assert_true(r->audio.rate_hz > 0);
		break;
	case RECORD_POP:
		bench->has_event = true;
		check_number(r->pop.features.peak_dbfs);
		assert_in_range(r->pop.features.hf_ratio, 0, 1);
		break;
	case RECORD_SYMPTOM:
		bench->has_event = true;
		assert_in_range(r->symptom.code, 1, SYMPTOM_COUNT - 1);
		assert_in_range(r->symptom.site, 0, BODY_SITE_COUNT - 1);
		assert_in_range(r->symptom.side, 0, SIDE_COUNT - 1);
		break;
	case RECORD_BATTERY:
		assert_true(r->battery_percent >= 0 && r->battery_percent <= 100);
		break;
	case RECORD_LEVEL:
		check_number(r->level_db);
		break;
	case RECORD_HEART_RATE:
		check_number(r->heart_rate_bpm);
		break;
	case RECORD_INFO:
	case RECORD_CLOCK:
		break;
	case RECORD_LOST:
		assert_true(r->lost_pops > 0);
		break;
	case RECORD_QUANTITY:
		assert_true(*r->quantity.name && r->quantity.n > 0);
		for (unsigned i = 0; i < r->quantity.n; i++)
			check_number(r->quantity.values[i]);
		break;
	case RECORD_ABOUT:
		assert_true(*r->about.name && utf8_is_valid(r->about.text, r->about.size));
		break;
	}
}

static struct bench bench_of(const struct subject *subject)
{
	struct bench bench = {.subject = subject,
		.arrival_us = 1000000,
		.state = alloc_zero(1, subject->driver->state_size)};

	if (subject->driver->connected)
		subject->driver->connected(bench.state, 247);
	return bench;
}

static int feed(
	struct bench *bench, const struct uuid *characteristic, const uint8_t *data, size_t size)
{
	/* Of its exact size on the heap, so that a sanitizer sees a read past the end. */
	uint8_t *copy = malloc(size ? size : 1);
	int r;

	assert_non_null(copy);
	if (size)
		memcpy(copy, data, size);
	bench->records = 0;
	bench->has_event = false;
	bench->arrival_us += 20000;
	r = bench->subject->driver->decode(bench->state,
		&(struct driver_input){
			characteristic, DRIVER_ORIGIN_NOTIFY, copy, size, bench->arrival_us},
		check_record, bench);
	free(copy);
	assert_true(r > -REASON_COUNT);
	if (r < 0)
		assert_int_equal(bench->records, 0);
	else
		assert_int_equal(bench->records, r);
	return r;
}

static int feed_packet(struct bench *bench, const struct vector_packet *p)
{
	return feed(bench, &p->characteristic, p->data, p->size);
}

static uint64_t random_next(uint64_t *random)
{
	return generator_xorshift(random) >> 32;
}

static uint64_t seed_of_run(void)
{
	const char *text = getenv("COXAD_TEST_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 20261122;

	print_message("COXAD_TEST_SEED=%llu\n", (unsigned long long)seed);
	return seed ? seed : 1;
}

/* the tests */

static void descriptors_are_whole(void **state)
{
	for (size_t i = 0; i < n_subjects; i++) {
		const struct driver *d = subjects[i].driver;

		assert_true(d->id && *d->id && d->name && *d->name);
		assert_true(d->state_size > 0);
		assert_true(d->streams != 0);
		assert_true(d->clock == DRIVER_CLOCK_ARRIVAL || d->tick_us > 0);
		assert_true(d->clock == DRIVER_CLOCK_ARRIVAL ||
			    (d->tick_bits > 0 && d->tick_bits <= 64 && d->max_skew_ppm > 0));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(d->id, subjects[k].driver->id);
		assert_true(d == &drv_template || d == &sig_driver || driver_list_find(d->id) == d);
	}
}

/* Whatever the wearable has sent, each plan ends. */
static void plans_end_whatever_came_before(void **state)
{
	for (size_t i = 0; i < n_subjects; i++) {
		const struct driver *d = subjects[i].driver;
		struct bench bench = bench_of(&subjects[i]);
		struct driver_peer peer = {.mtu = 247, .rate_hz = 100, .wants_acoustic = true};
		struct driver_step step;

		for (size_t k = 0; d->plan && k < subjects[i].n_packets; k++) {
			feed_packet(&bench, &subjects[i].packets[k]);
			for (int plan = DRIVER_PLAN_START; plan <= DRIVER_PLAN_STOP; plan++) {
				unsigned index = 0;

				while (d->plan(bench.state, &peer, (enum driver_plan)plan, index,
					       &step) == 1) {
					assert_true(++index < 64);
					assert_true(step.size <= DRIVER_WRITE_MAX);
				}
			}
		}
		free(bench.state);
	}
}

static void any_length_is_survived(void **state)
{
	uint64_t random = seed_of_run();
	static uint8_t data[LENGTH_MAX];

	for (size_t i = 0; i < n_subjects; i++) {
		struct bench bench = bench_of(&subjects[i]);
		const struct uuid *last = NULL;

		for (size_t k = 0; k < subjects[i].n_packets; k++) {
			const struct vector_packet *p = &subjects[i].packets[k];

			/* Once for each characteristic, in the state left by the packets before. */
			if (last && uuid_is_equal(last, &p->characteristic)) {
				if (k < 64)
					feed_packet(&bench, p);
				continue;
			}
			last = &p->characteristic;
			feed_packet(&bench, p);
			for (unsigned filling = 0; filling < 3; filling++)
				for (size_t size = 0; size < LENGTH_MAX; size++) {
					for (size_t at = 0; at < size; at++)
						data[at] = filling == 0 ? 0
							   : filling == 1
								   ? 0xff
								   : (uint8_t)random_next(&random);
					feed(&bench, &p->characteristic, data, size);
				}
		}
		free(bench.state);
	}
}

static void cut_and_flipped_packets_are_survived(void **state)
{
	uint64_t random = seed_of_run();

	for (size_t i = 0; i < n_subjects; i++) {
		struct bench bench = bench_of(&subjects[i]);

		for (size_t k = 0; k < subjects[i].n_packets; k++) {
			struct vector_packet p = subjects[i].packets[k];

			for (size_t size = 0; size < p.size; size++)
				feed(&bench, &p.characteristic, p.data, size);
			for (size_t at = 0; at < p.size && k < 200; at++) {
				uint8_t kept = p.data[at];

				p.data[at] ^= (uint8_t)(1u << random_next(&random) % 8);
				feed_packet(&bench, &p);
				p.data[at] = kept;
			}
			feed_packet(&bench, &p);
		}
		free(bench.state);
	}
}

static void a_repeated_packet_is_not_a_second_event(void **state)
{
	for (size_t i = 0; i < n_subjects; i++) {
		struct bench bench = bench_of(&subjects[i]);

		for (size_t k = 0; k < subjects[i].n_packets; k++) {
			if (feed_packet(&bench, &subjects[i].packets[k]) <= 0 || !bench.has_event)
				continue;
			feed_packet(&bench, &subjects[i].packets[k]);
			assert_false(bench.has_event);
		}
		free(bench.state);
	}
}

static void any_order_is_survived(void **state)
{
	uint64_t random = seed_of_run();

	for (size_t i = 0; i < n_subjects; i++) {
		struct bench bench = bench_of(&subjects[i]);

		for (size_t k = 4 * subjects[i].n_packets; k > 0; k--) {
			feed_packet(&bench,
				&subjects[i].packets[random_next(&random) % subjects[i].n_packets]);
			if (random_next(&random) % 64 == 0 && subjects[i].driver->connected)
				subjects[i].driver->connected(bench.state, 23);
		}
		free(bench.state);
	}
}

static void foreign_packets_yield_nothing(void **state)
{
	for (size_t i = 0; i < n_subjects; i++) {
		struct bench bench = bench_of(&subjects[i]);

		for (size_t other = 0; other < n_subjects; other++)
			for (size_t k = 0; k < subjects[other].n_packets; k++) {
				const struct vector_packet *p = &subjects[other].packets[k];
				bool claims = subjects[i].driver->claims(&p->characteristic);

				if (other == i)
					continue;
				assert_false(claims &&
					     subjects[other].driver->claims(&p->characteristic));
				if (!claims)
					assert_int_equal(feed_packet(&bench, p), -REASON_TYPE);
			}
		free(bench.state);
	}
}

static void characteristics_lead_to_their_driver(void **state)
{
	for (size_t i = 0; i < n_subjects; i++)
		for (size_t k = 0; k < subjects[i].n_packets; k++) {
			const struct uuid *u = &subjects[i].packets[k].characteristic;

			if (subjects[i].driver != &drv_template &&
				subjects[i].driver != &sig_driver && subjects[i].driver->claims(u))
				assert_ptr_equal(
					driver_list_find_by_characteristic(u), subjects[i].driver);
		}
	assert_null(driver_list_find_by_characteristic(&UUID_SIG(0xfff7)));
	assert_null(driver_list_find("none-such"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_are_whole),
		cmocka_unit_test(plans_end_whatever_came_before),
		cmocka_unit_test(any_length_is_survived),
		cmocka_unit_test(cut_and_flipped_packets_are_survived),
		cmocka_unit_test(a_repeated_packet_is_not_a_second_event),
		cmocka_unit_test(any_order_is_survived),
		cmocka_unit_test(foreign_packets_yield_nothing),
		cmocka_unit_test(characteristics_lead_to_their_driver),
	};
	size_t n;
	const struct driver *const *list = driver_list(&n);
	int failed;

	for (size_t i = 0; i < n; i++)
		add_subject(list[i]);
	add_subject(&drv_template);
	add_subject(&sig_driver);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < n_subjects; i++)
		free(subjects[i].packets);
	return failed;
}
