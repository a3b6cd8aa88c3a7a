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
		struct mail mail = {.kind = poster->kind, .number = i, .data = alloc_zero(1, 8)};

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

	assert_int_equal(mailbox_new(CAPACITY, &box), 0);
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

static void a_full_box_reports_overflow_once(void **state)
{
	struct mail mail = {.kind = 1};
	struct mailbox *box;
	unsigned n = 0;

	assert_int_equal(mailbox_new(CAPACITY, &box), 0);
	/* Commands fill half of it and are counted; the rest is for acknowledgements. */
	for (unsigned i = 0; i < CAPACITY; i++)
		n += mailbox_post(box, &mail, true);
	assert_int_equal(n, CAPACITY / 2);
	assert_int_equal(mailbox_dropped(box), CAPACITY / 2);
	assert_false(mailbox_take_overflow(box));
	for (unsigned i = 0; i < CAPACITY; i++)
		n += mailbox_post(box, &mail, false);
	assert_int_equal(n, CAPACITY);
	assert_true(mailbox_take_overflow(box));
	assert_false(mailbox_take_overflow(box));
	while (mailbox_take(box, &mail))
		n--;
	assert_int_equal(n, 0);
	mailbox_free(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_post_whole_records),
		cmocka_unit_test(a_full_box_reports_overflow_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
