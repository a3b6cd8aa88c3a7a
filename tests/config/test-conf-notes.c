// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/broker-url.h"
#include "coxad/config/conf-notes.h"
#include "coxad/config/conf-read.h"

static void a_url_has_parts(void **state)
{
	static const struct {
		const char *text, *host;
		unsigned port;
		bool is_tls, is_local;
	} cases[] = {
		{"mqtt://gym.example", "gym.example", 1883, false, false},
		{"mqtts://gym.example", "gym.example", 8883, true, false},
		{"ws://gym.example:8080/mqtt", "gym.example", 8080, false, false},
		{"wss://gym.example/mqtt", "gym.example", 443, true, false},
		{"MQTTS://[2001:db8::1]:1884", "2001:db8::1", 1884, true, false},
		{"mqtt://[::1]", "::1", 1883, false, true},
		{"mqtt://127.0.0.1:99", "127.0.0.1", 99, false, true},
		{"mqtt://127.200.3.4", "127.200.3.4", 1883, false, true},
		{"mqtt://127.example", "127.example", 1883, false, false},
		{"mqtt://Localhost", "Localhost", 1883, false, true},
		{"mqtt://localhost.example", "localhost.example", 1883, false, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct broker_url url;

		assert_true(broker_url_read(cases[i].text, &url));
		assert_string_equal(url.host, cases[i].host);
		assert_int_equal(url.port, cases[i].port);
		assert_int_equal(url.is_tls, cases[i].is_tls);
		assert_int_equal(broker_url_is_local(&url), cases[i].is_local);
	}
	assert_false(broker_url_read("tcp://a", &(struct broker_url){0}));
	assert_false(broker_url_read("mqtt://", &(struct broker_url){0}));
}

static void add(void *user, enum conf_note_kind kind, const char *note)
{
	strcat(user, kind == CONF_NOTE_POSSIBLE ? "perhaps " : "");
	strcat(user, note);
	strcat(user, "\n");
}

static void expect(const char *text, const char *note)
{
	const struct conf_source file = {"a.conf", text, strlen(text)};
	struct conf_errors *errors = new0(struct conf_errors);
	char notes[4096] = "";
	struct conf *conf;

	assert_int_equal(conf_read(&file, 1, &conf, errors), 0);
	conf_notes(conf, add, notes);
	if (note)
		assert_non_null(strstr(notes, note));
	else
		assert_string_equal(notes, "");
	conf_free(conf);
	free(errors);
}

static void what_is_perhaps_not_meant_is_noted(void **state)
{
	expect("", NULL);
	expect("[mqtt]\nbroker = mqtt://far\n", NULL);
	expect("[mqtt]\nbroker = mqtt://far\nusername = a\npassword-file = /p\n", "unencrypted");
	expect("[mqtt]\nbroker = ws://far\nusername = a\npassword-credential = p\n", "unencrypted");
	expect("[mqtt]\nbroker = mqtts://far\nusername = a\npassword-file = /p\n", NULL);
	expect("[mqtt]\nbroker = mqtt://[::1]\nusername = a\npassword-file = /p\n", NULL);
	expect("[mqtt]\nbroker = mqtts://far\npassword-file = /p\n", "set username");
	expect("[mqtt]\nbroker = mqtt://far\nca-file = /p\n", "ca-file has no effect");
}

#define WEARABLE "[kit 1]\n[wearable a]\naddress = C0:A5:00:00:01:01\nkit = 1\nplacement = pelvis\n"

/* With the defaults, the wearable that coxad has a profile for. */
static void pairing_is_noted_where_a_bond_is_needed(void **state)
{
	static const char *const paired = "[bluetooth]\npairing = configured\n";
	char text[512];

	expect(WEARABLE, "perhaps pairing = never: of the 1 wearables with driver = auto");
	expect(WEARABLE "driver = coxa\n", "pairing = never: the 1 wearables that need a bond");
	expect(WEARABLE "bond = yes\n", "pairing = never: the 1 wearables that need a bond");
	expect(WEARABLE "driver = witmotion\n", NULL);
	snprintf(text, sizeof(text), "%s" WEARABLE "driver = coxa\n", paired);
	expect(text, NULL);
	snprintf(text, sizeof(text), "%s" WEARABLE, paired);
	expect(text, NULL);
	expect("[bluetooth]\nrequire-encryption = yes\n" WEARABLE "driver = witmotion\n",
		"set pairing = configured");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_has_parts),
		cmocka_unit_test(pairing_is_noted_where_a_bond_is_needed),
		cmocka_unit_test(what_is_perhaps_not_meant_is_noted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
