// SPDX-License-Identifier: MIT
/* The message health: what is wrong now, on every change but at most once a second, live only. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "coxad/base/units.h"
#include "coxad/flow/gateway-health.h"
#include "tests/flow/gateway-rig.h"

static void report(struct gateway_rig *rig, int64_t now_us, enum health_code code, const char *text)
{
	gateway_health_note(rig->gateway, now_us, &(struct health_report){code, "broker", text});
	gateway_advance(rig->gateway, now_us);
}

static void publishes_what_is_wrong_on_change(void **state)
{
	static const char ok[] = "\"retain\":true,\"payload\":{\"state\":\"ok\",\"problems\":[]}";
	struct gateway_rig rig;

	gateway_rig_open_live(&rig);
	gateway_rig_begin(&rig);
	assert_non_null(strstr(rig.output.text, "/gateway/pi/health\",\"qos\":1,"));
	assert_non_null(strstr(rig.output.text, ok));
	gateway_rig_drop_output(&rig);
	report(&rig, 5 * US_PER_S, HEALTH_MESSAGES_HELD, "first");
	assert_non_null(strstr(rig.output.text,
		"{\"state\":\"warning\",\"problems\":[{\"code\":\"messages_held\",\"severity\":"
		"\"warning\",\"subject\":\"broker\",\"since\":\"2026-11-22T"));
	gateway_rig_drop_output(&rig);
	/* At most one a second; the newest, the worst first. */
	report(&rig, 5 * US_PER_S + 1, HEALTH_MESSAGES_HELD, "second");
	report(&rig, 5 * US_PER_S + 2, HEALTH_MESSAGES_SET_ASIDE, "third");
	report(&rig, 5 * US_PER_S + 3, HEALTH_MESSAGES_SET_ASIDE, "third");
	assert_null(rig.output.text);
	gateway_advance(rig.gateway, 6 * US_PER_S);
	assert_int_equal(rig.output.n, 1);
	assert_true(strstr(rig.output.text, "third") < strstr(rig.output.text, "second"));
	assert_non_null(strstr(rig.output.text, "{\"state\":\"failure\""));
	gateway_rig_drop_output(&rig);
	report(&rig, 9 * US_PER_S, HEALTH_MESSAGES_HELD, NULL);
	report(&rig, 10 * US_PER_S, HEALTH_MESSAGES_SET_ASIDE, NULL);
	assert_non_null(strstr(rig.output.text, ok));
	gateway_rig_close(&rig);
}

static void a_replay_publishes_no_health(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, "r");
	gateway_rig_begin(&rig);
	report(&rig, 5 * US_PER_S, HEALTH_MESSAGES_HELD, "first");
	assert_null(strstr(rig.output.text, "health"));
	gateway_rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(publishes_what_is_wrong_on_change),
		cmocka_unit_test(a_replay_publishes_no_health),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
