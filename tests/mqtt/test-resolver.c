// SPDX-License-Identifier: MIT
/* Names are looked up on a thread, while the owner waits, leaves before, or leaves in that instant:
 * run it under ThreadSanitizer too (--enable-sanitizers=thread). The name server is here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/paho.h"
#include "daemon/mqtt/resolver.h"

#define ROUNDS 300
#define WAIT_S 60 /* longer than any machine takes; what is late fails */

static sem_t asked, may_answer;

static struct addrinfo *answer(unsigned n)
{
	struct addrinfo *all = n ? alloc_zero(n, sizeof(*all)) : NULL;
	struct sockaddr_in *four = n ? alloc_zero(n, sizeof(*four)) : NULL;

	for (unsigned i = 0; i < n; i++) {
		four[i].sin_family = AF_INET;
		four[i].sin_addr.s_addr = htonl(0x7F000001 + i);
		all[i].ai_addr = (struct sockaddr *)&four[i];
		all[i].ai_addrlen = sizeof(four[i]);
		all[i].ai_next = i + 1 < n ? &all[i + 1] : NULL;
	}
	return all;
}

/* In place of the C library's. `N.test` has N addresses, after a word if it is `slow-N.test`. */
int getaddrinfo(
	const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	unsigned n = (unsigned)strtoul(host + (host[0] == 's' ? strlen("slow-") : 0), NULL, 10);

	if (!strcmp(host, "none.test"))
		return EAI_AGAIN;
	if (host[0] == 's') {
		sem_post(&asked);
		while (sem_wait(&may_answer) && errno == EINTR)
			;
	}
	*ret = answer(n);
	return 0;
}

void freeaddrinfo(struct addrinfo *all)
{
	if (all)
		free(all->ai_addr);
	free(all);
}

static struct mailbox *box;

static int set_up(void **state)
{
	assert_int_equal(mailbox_new(8, 0, &box), 0);
	return 0;
}

static int tear_down(void **state)
{
	box = mailbox_free(box);
	return 0;
}

static struct resolver *look_up(const char *host)
{
	struct resolver *resolver = NULL;

	assert_int_equal(resolver_new(host, box, &resolver), 0);
	return resolver;
}

static void wait_asked(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	assert_int_equal(sem_timedwait(&asked, &until), 0);
}

static struct resolver_result *wait_result(void)
{
	struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};
	struct mail mail;

	/* What says that there is no mail resets the descriptor. */
	while (!mailbox_take(box, &mail))
		assert_int_equal(poll(&fd, 1, WAIT_S * 1000), 1);
	assert_int_equal(mail.kind, PAHO_MAIL_RESOLVED);
	return mail.data;
}

static void check_result(const char *host, int error, unsigned n)
{
	struct resolver *resolver = look_up(host);
	_auto_free_ struct resolver_result *result = wait_result();

	assert_int_equal(result->error, error);
	assert_int_equal(result->n, n);
	for (unsigned i = 0; i < n; i++)
		assert_true(result->found[i].size >= sizeof(struct sockaddr_in));
	resolver_free(resolver);
}

static void the_result_comes_by_mail(void **state)
{
	check_result("1.test", 0, 1);
	check_result("3.test", 0, 3);
	check_result("40.test", 0, RESOLVER_ADDRESSES_MAX);
	check_result("0.test", EAI_NONAME, 0);
	check_result("none.test", EAI_AGAIN, 0);
	check_result("127.0.0.1", 0, 1);
	check_result("::1", 0, 1);
}

/* The answer comes to nobody: the mailbox may be gone by then. */
static void who_left_gets_no_mail(void **state)
{
	struct resolver *resolver = look_up("slow-2.test");

	wait_asked();
	resolver_free(resolver);
	tear_down(state);
	sem_post(&may_answer);
	set_up(state);
	check_result("1.test", 0, 1);
}

/* In any order of the two: at most one mail, and nothing is touched afterwards. */
static void who_leaves_as_the_answer_comes_is_well(void **state)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct resolver *resolver = look_up("slow-2.test");
		struct mail mail;
		unsigned n = 0;

		wait_asked();
		sem_post(&may_answer);
		for (volatile unsigned k = 0; k < i * 20; k++)
			;
		resolver_free(resolver);
		while (mailbox_take(box, &mail)) {
			free(mail.data);
			n++;
		}
		assert_in_range(n, 0, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(the_result_comes_by_mail),
		TEST(who_left_gets_no_mail),
		TEST(who_leaves_as_the_answer_comes_is_well),
	};

	sem_init(&asked, 0, 0);
	sem_init(&may_answer, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
