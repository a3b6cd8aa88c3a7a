// SPDX-License-Identifier: MIT
/* Nothing is allocated per sample: a session of leg raises goes through the gateway while every
 * allocation is counted; an event that publishes nothing must not make any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/source-replay.h"
#include "tests/flow/gym-capture.h"
#include "tests/flow/sanitized.h"

static unsigned long allocations;

#if !IS_SANITIZED
/* glibc's own entry points for a replacement of malloc (its manual, "Replacing malloc"). */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	allocations++;
	return __libc_realloc(old, size);
}
#endif

struct watch {
	unsigned long messages, quiet, loud;
};

static void on_message(void *user, const struct message *message)
{
	struct watch *watch = user;

	watch->messages++;
}

static const struct gateway_ops ops = {.message = on_message};

static char *make_capture(struct conf **ret_conf)
{
	char error[256] = "", *path;
	struct gym *gym = gym_load(TOP_SRCDIR "/gym/quickstart.gym", 1, error, sizeof(error));

	if (!gym)
		fail_msg("%s", error);
	path = gym_capture_make(gym, ret_conf);
	gym_free(gym);
	return path;
}

static void an_event_without_message_allocates_nothing(void **state)
{
	struct conf *conf = NULL;
	_auto_free_ char *path = NULL;
	struct gateway_settings settings = {.first_seq = 1};
	struct watch watch = {0};
	struct source_replay *source = NULL;
	struct capture_event event;
	struct gateway *gateway;

	if (IS_SANITIZED)
		skip();
	path = make_capture(&conf);
	settings.conf = conf;
	gateway = gateway_new(&settings, &ops, &watch);
	assert_int_equal(source_replay_new(path, &source), 0);
	while (source_replay_next(source, &event) > 0) {
		unsigned long before = allocations, messages = watch.messages;

		gateway_event(gateway, &event, NULL);
		if (watch.messages != messages)
			watch.loud++;
		else if (event.kind == CAPTURE_NOTIFY) {
			watch.quiet++;
			assert_int_equal(allocations, before);
		}
	}
	print_message("%lu events without a word, %lu with\n", watch.quiet, watch.loud);
	assert_true(watch.quiet > 1000);
	/* The counter works: messages do allocate. */
	assert_true(allocations > 1000);
	source_replay_free(source);
	gateway_free(gateway);
	conf_free(conf);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_without_message_allocates_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
