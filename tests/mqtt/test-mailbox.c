// SPDX-License-Identifier: MIT
/* Several threads post, one takes: run it under ThreadSanitizer too (--enable-sanitizers=thread).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/mailbox.h"

#define THREADS  4
#define MAILS    20000
#define CAPACITY 64
#define BYTES    4096
/* On a machine this slow to start a thread the test covers less, but stays valid. */
#define FIRST_MS 200

struct poster {
	pthread_t thread;
	struct mailbox *box;
	unsigned kind;
	uint64_t kept;
};

static void *post_all(void *user)
{
	struct poster *poster = user;

	for (int64_t i = 1; i <= MAILS; i++) {
		struct mail mail = {
			.kind = poster->kind, .number = i, .data = alloc_zero(1, 8), .size = 8};

		poster->kept += mailbox_post(poster->box, &mail, poster->kind % 2);
	}
	return NULL;
}

static void threads_post_whole_records(void **state)
{
	struct poster poster[THREADS] = {0};
	int64_t last[THREADS] = {0};
	uint64_t taken[THREADS] = {0};
	struct mailbox *box;
	struct mail mail;

	assert_int_equal(mailbox_new(CAPACITY, BYTES, &box), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		poster[i].box = box;
		poster[i].kind = i;
		assert_int_equal(pthread_create(&poster[i].thread, NULL, post_all, &poster[i]), 0);
	}
	/* The first round runs while they post, the second takes the rest. */
	for (unsigned round = 0; round < 2; round++) {
		struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};

		while (poll(&fd, 1, round ? 0 : FIRST_MS) > 0) {
			while (mailbox_take(box, &mail)) {
				assert_true(mail.kind < THREADS);
				assert_true(mail.number > last[mail.kind]);
				last[mail.kind] = mail.number;
				taken[mail.kind]++;
				free(mail.data);
			}
		}
		for (unsigned i = 0; !round && i < THREADS; i++)
			pthread_join(poster[i].thread, NULL);
	}
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(taken[i], poster[i].kept);
	mailbox_free(box);
}

static void take_all(struct mailbox *box)
{
	struct mail mail;

	while (mailbox_take(box, &mail))
		free(mail.data);
}

static void a_full_box_reports_overflow_once(void **state)
{
	struct mail mail = {.kind = 1};
	struct mailbox *box;
	unsigned n = 0;

	assert_int_equal(mailbox_new(CAPACITY, BYTES, &box), 0);
	for (unsigned i = 0; i < CAPACITY; i++)
		n += mailbox_post(box, &mail, false);
	assert_int_equal(n, CAPACITY);
	assert_false(mailbox_take_overflow(box));
	assert_false(mailbox_post(box, &mail, false));
	assert_true(mailbox_take_overflow(box));
	assert_false(mailbox_take_overflow(box));
	/* The other share is untouched. */
	assert_true(mailbox_post(box, &mail, true));
	take_all(box);
	assert_true(mailbox_post(box, &mail, false));
	mailbox_free(box);
}

static unsigned post_large(struct mailbox *box, size_t size, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		struct mail mail = {.data = alloc_zero(1, size), .size = size};

		kept += mailbox_post(box, &mail, true);
	}
	return kept;
}

/* However many there are, and however large: what keeping them takes is counted too. */
static void what_is_from_outside_is_bounded_in_bytes(void **state)
{
	struct mailbox *box;

	assert_int_equal(mailbox_new(CAPACITY, BYTES, &box), 0);
	assert_in_range(post_large(box, BYTES / 4, 10), 2, 3);
	assert_in_range(mailbox_dropped(box), 7, 8);
	assert_false(mailbox_take_overflow(box));
	take_all(box);
	assert_int_equal(post_large(box, BYTES, 1), 0); /* never fits */
	assert_in_range(post_large(box, 1, BYTES), BYTES / 128, BYTES / 32);
	take_all(box);
	/* All that was taken is free again. */
	assert_in_range(post_large(box, BYTES / 4, 10), 2, 3);
	mailbox_free(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_post_whole_records),
		cmocka_unit_test(a_full_box_reports_overflow_once),
		cmocka_unit_test(what_is_from_outside_is_bounded_in_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
