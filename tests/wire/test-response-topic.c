// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/response-topic.h"

#define BASE "coxa/v1/gym"

static void topics_of_clients_are_allowed(void **state)
{
	static const char *const topics[] = {BASE "/reply/tablet", BASE "/r", BASE "/gateways/x",
		BASE "/commands", BASE "/Zoë's tablet/1"};

	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		assert_true(response_topic_is_allowed(topics[i], BASE));
	assert_true(response_topic_is_allowed("gateway/reply/x", "gateway"));
}

static void all_others_are_not(void **state)
{
	static const char *const topics[] = {"", "/", "x", BASE, BASE "/", "/" BASE "/reply",
		BASE "X/reply/a", "coxa/v1/gymnasium/reply/a", "coxa/v1/reply/a", "coxa/v1/gy",
		"coxa/v2/gym/reply/a", "COXA/v1/gym/reply/a", "other/" BASE "/reply/a",
		BASE "/reply/+", BASE "/reply/#", BASE "/+", BASE "/#", "$SYS/x",
		"$share/g/" BASE "/reply/a", BASE "//reply", BASE "/reply//a", BASE "/reply/",
		BASE "/reply/a\tb", BASE "/reply/a\x7f", BASE "/reply/a\xc2\x85",
		BASE "/reply/\xef\xbf\xbf", BASE "/reply/\xff", BASE "/reply/\xe2\x80\x8b",
		BASE "/gateway/pi/status", BASE "/gateway/other/stats", BASE "/gateway",
		BASE "/wearable/3-hip/status", BASE "/kit/1/session", BASE "/kit/1/x",
		BASE "/athlete/ana/alert", BASE "/athlete/ana/alerts", BASE "/athlete",
		BASE "/command/override", BASE "/command/override/result", BASE "/command",
		BASE "/homeassistant/device/x/config"};

	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		if (response_topic_is_allowed(topics[i], BASE))
			fail_msg("allowed: %s", topics[i]);
	assert_false(response_topic_is_allowed("homeassistant/device/x/config", "homeassistant"));
	assert_false(response_topic_is_allowed("gateway/gateway/x", "gateway"));
}

static void a_topic_of_any_length_is_handled(void **state)
{
	static char topic[70000];

	memset(topic, 'a', sizeof(topic) - 1);
	memcpy(topic, BASE "/", sizeof(BASE));
	topic[511] = '\0';
	assert_true(response_topic_is_allowed(topic, BASE));
	topic[511] = 'a';
	assert_false(response_topic_is_allowed(topic, BASE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topics_of_clients_are_allowed),
		cmocka_unit_test(all_others_are_not),
		cmocka_unit_test(a_topic_of_any_length_is_handled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
