// SPDX-License-Identifier: MIT
/* What a configuration says: keys, values, defaults, and what depends on each other; an error names the
 * file, the line and what to write instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "tests/config/read-text.h"

static int read_files(
	const char *const *texts, size_t n, struct conf **ret, struct conf_errors *errors)
{
	static const char *const names[] = {"a.conf", "b.conf", "c.conf"};
	struct conf_source files[3];

	for (size_t i = 0; i < n; i++)
		files[i] = (struct conf_source){names[i], texts[i], strlen(texts[i])};
	return conf_read(files, n, ret, errors);
}

static void no_file_gives_the_defaults(void **state)
{
	struct conf_errors errors = {0};
	struct conf *conf;

	assert_int_equal(conf_read(NULL, 0, &conf, &errors), 0);
	assert_string_equal(conf->gateway.name, "coxad");
	assert_int_equal(conf->gateway.role, GATEWAY_ROLE_ALL);
	assert_string_equal(conf->mqtt.base, "coxa/v1/gym");
	assert_string_equal(conf->mqtt.client_id, "coxad-coxad");
	assert_null(conf->mqtt.broker);
	assert_int_equal(conf->mqtt.version, 5);
	assert_true(conf->mqtt.posture_rate_hz == 10 && conf->mqtt.stats_interval_s == 10);
	assert_int_equal(conf->outbox.max_events, 10000);
	assert_int_equal(conf->outbox.max_bytes, 8 << 20);
	assert_true(conf->outbox.max_age_s == 7 * 86400);
	assert_string_equal(conf->bluetooth.adapters, "all");
	assert_int_equal(conf->bluetooth.slots, 7);
	assert_int_equal(conf->bluetooth.notify, NOTIFY_MODE_AUTO);
	assert_true(conf->analysis.loss_tilt_share == 0.45);
	assert_int_equal(strlen(conf->hash), 16);
	conf_free(conf);
}

static void every_key_is_read(void **state)
{
	struct conf *conf = read_text_good(
		"; comment\n[gateway]\nname=mat-2\n  site = north gym # of two\n"
		"role = brain\nstate-directory = /var/lib/coxad\n"
		"[mqtt]\nbroker: wss://broker.example:443/mqtt\nbase = a/b\nversion = 3.1.1\n"
		"client-id = x\nusername = u\npassword-credential = c\nca-file = /ca\n"
		"certificate-file = /cert\nkey-file = /key\nposture-rate = 2.5\n"
		"stats-interval = 1.5 min\nhome-assistant = TRUE\n"
		"[outbox]\nmax-events = 50\nmax-bytes = 1MiB\nmax-age = 2h\n"
		"[bluetooth]\nadapters = 00:1a:7d:da:71:13,00:1A:7D:DA:71:14\nslots = 4\n"
		"notify = fd\nrequire-encryption = yes\npairing = configured\n"
		"[analysis]\nloss-tilt-share = 0.5\n" KIT "radio = mat-3\n"
		"[wearable Hüfte]\naddress = c0:a5:00:00:09:03\nkit = 9\nplacement = hip-left\n"
		"driver = coxa\nnotify = signal\nbond = true\n"
		"[wearable mic]\naddress = C0:A5:00:00:09:04\nkit = 9\nplacement = room\n");

	assert_string_equal(conf->gateway.name, "mat-2");
	assert_string_equal(conf->gateway.site, "north gym");
	assert_int_equal(conf->gateway.role, GATEWAY_ROLE_BRAIN);
	assert_string_equal(conf->gateway.state_directory, "/var/lib/coxad");
	assert_string_equal(conf->mqtt.broker, "wss://broker.example:443/mqtt");
	assert_string_equal(conf->mqtt.base, "a/b");
	assert_int_equal(conf->mqtt.version, 4);
	assert_string_equal(conf->mqtt.key_file, "/key");
	assert_true(conf->mqtt.posture_rate_hz == 2.5 && conf->mqtt.stats_interval_s == 90);
	assert_true(conf->mqtt.home_assistant);
	assert_int_equal(conf->outbox.max_bytes, 1 << 20);
	assert_true(conf->outbox.max_age_s == 7200);
	assert_string_equal(conf->bluetooth.adapters, "00:1A:7D:DA:71:13 00:1A:7D:DA:71:14");
	assert_int_equal(conf->bluetooth.notify, NOTIFY_MODE_FD);
	assert_int_equal(conf->bluetooth.pairing, PAIRING_MODE_CONFIGURED);
	assert_true(conf->bluetooth.require_encryption);
	assert_true(conf->analysis.loss_tilt_share == 0.5);
	assert_int_equal(conf->kit[0].exercise, EXERCISE_HANG);
	assert_string_equal(conf->kit[0].athlete, "bea");
	assert_string_equal(conf->kit[0].radio, "mat-3");
	assert_int_equal(conf_find_wearable(conf, "Hüfte"), 0);
	assert_int_equal(conf_find_address(conf, "C0:a5:00:00:09:03"), 0);
	assert_string_equal(conf->wearable[0].address, "C0:A5:00:00:09:03");
	assert_string_equal(conf->wearable[0].driver, "coxa");
	assert_true(conf->wearable[0].has_notify && conf->wearable[0].bond);
	assert_false(conf->wearable[1].has_notify);
	assert_null(conf->wearable[1].driver);
	conf_free(conf);
}

static void errors_name_line_and_nearest(void **state)
{
	BAD("[gatway]\nname = x\n", "a.conf:1: unknown section [gatway]; did you mean [gateway]?");
	BAD("[wearabel 3]\n",
		"a.conf:1: unknown section [wearabel 3]; did you mean [wearable NAME]?");
	BAD("\n\n[mqtt]\nbrocker = mqtt://a\n",
		"a.conf:4: unknown key 'brocker' in [mqtt]; did you mean broker?");
	BAD("[analysis]\nloss_tilt_share = 1\n",
		"a.conf:2: unknown key 'loss_tilt_share' in [analysis]; did you mean loss-tilt-share?");
	BAD("[mqtt]\nposture-rate = 11\n",
		"a.conf:2: posture-rate = 11: out of range; nearest allowed: 10 (0 to 10 Hz)");
	BAD("[bluetooth]\nslots = 1.5\n",
		"a.conf:2: slots = 1.5: not a whole number; allowed: 1 to 32");
	BAD("[bluetooth]\nslots = 0x7\nnotify = singal\n",
		"a.conf:2: slots = 0x7: not a whole number; allowed: 1 to 32",
		"a.conf:3: notify = singal: unknown value; did you mean signal? (allowed: auto, fd, signal)");
	BAD("[kit 9]\nexercise = supine\n",
		"a.conf:2: exercise = supine: unknown value; did you mean supine-straight? "
		"(allowed: supine-straight, supine-bent, single, hang, flutter, generic-core)");
	BAD("[gateway]\nname = a/b\nsite =\n",
		"a.conf:2: name = a/b: not a valid name; allowed: 1 to 32 bytes of UTF-8 without / + # or "
		"control characters",
		"a.conf:3: site = : no value; leave the line out to use the default");
	BAD("[mqtt]\nbroker = mqqt://a\n",
		"a.conf:2: broker = mqqt://a: not a broker URL; did you mean mqtt://a? (allowed: "
		"mqtt://HOST[:PORT], mqtts://, ws:// or wss://)");
	BAD("[mqtt]\nbroker = htp://tom:secret@a\n",
		"a.conf:2: broker = (not shown): contains a user or password; use username and "
		"password-credential instead");
}

static void invalid_lines_are_reported(void **state)
{
	BAD("name = x\n[gateway]\nname\n[mqtt\n",
		"a.conf:1: 'name' comes before the first section; put [gateway] or another section above it",
		"a.conf:3: neither a section nor a setting; allowed: [SECTION] or KEY = VALUE",
		"a.conf:4: a section ends with ]; did you mean [mqtt]?");
	BAD("[gateway] x\n", "a.conf:1: a section ends with ]; did you mean [gateway]?");
	BAD("[gateway]\n= x\n", "a.conf:2: unknown key '' in [gateway]; did you mean name?");
	BAD("[kit]\n",
		"a.conf:1: [kit]: not a valid name; allowed: 1 to 32 bytes of UTF-8 without / + # or "
		"control characters, as in [kit NAME]");
	BAD("[gateway]\nname = last line without newline is too long for a name",
		"a.conf:2: name = last line without newline is too long for a name: too long; "
		"allowed: 32 bytes");
}

static void dependencies_between_keys_are_checked(void **state)
{
	BAD(KIT "[wearable hip]\naddress = C0:A5:00:00:09:03\nplacement = hip-left\n",
		"a.conf:4: [wearable hip] has no kit; set kit to one of: 9");
	BAD("[kit 10]\n" HIP, "a.conf:4: kit = 9: there is no section [kit 9]; did you mean 10?");
	BAD(KIT HIP "[wearable b]\naddress = c0:a5:00:00:09:03\nkit = 9\nplacement = hip-left\n",
		"a.conf:9: address = C0:A5:00:00:09:03: already used by [wearable hip]; each wearable "
		"needs its own",
		"a.conf:11: placement = hip-left: already taken by [wearable hip] of kit 9; free: "
		"pelvis, "
		"lumbar, thigh-left, thigh-right, hip-right, low-back, room");
	BAD("[kit 9]\nathlete = bea\n" HIP,
		"a.conf:1: [kit 9] has an athlete but no exercise; set exercise to one of: supine-straight, "
		"supine-bent, single, hang, flutter, generic-core");
	BAD("[mqtt]\npassword-credential = ../x\n",
		"a.conf:2: password-credential = ../x: not the name of a credential; for a path use "
		"password-file");
	BAD("[mqtt]\npassword-credential = ..\n",
		"a.conf:2: password-credential = ..: not the name of a credential; for a path use "
		"password-file");
	BAD("[mqtt]\npassword-file = /p\npassword-credential = c\nkey-file = /k\n",
		"a.conf:2: both password-file and password-credential are set; keep one of them",
		"a.conf:4: key-file is set without certificate-file; set both or neither");
	BAD(KIT "[wearable x]\nkit = 9\n",
		"a.conf:4: [wearable x] has no address; add one, like address = C0:A5:00:00:03:01",
		"a.conf:4: [wearable x] has no placement; set placement to one of: pelvis, lumbar, thigh-left, "
		"thigh-right, hip-left, hip-right, low-back, room");
}

static void a_radio_has_a_broker_and_no_kits(void **state)
{
	BAD("[gateway]\nrole = radio\n",
		"a.conf:2: role = radio: radios and their brain meet at a broker; set broker in [mqtt]");
	BAD("[gateway]\nrole = brain\n" KIT HIP,
		"a.conf:2: role = brain: radios and their brain meet at a broker; set broker in [mqtt]");
	BAD("[gateway]\nrole = radio\n[mqtt]\nbroker = mqtt://a\n" KIT HIP,
		"a.conf:5: [kit 9]: with role = radio the brain has the kits; move it to the brain",
		"a.conf:8: [wearable hip]: with role = radio the brain has the wearables; move it to "
		"the brain");
	conf_free(read_text_good("[gateway]\nrole = radio\n[mqtt]\nbroker = mqtt://a\n"));
}

static void encryption_needs_a_bond(void **state)
{
	struct conf_source file = {.name = "a.conf",
		.data = "[bluetooth]\nrequire-encryption = yes\n[kit k]\n[wearable w]\n"
			"address = C0:A5:00:00:03:01\nkit = k\nplacement = pelvis\n"};
	struct conf_errors errors = {0};
	struct conf *conf;

	BAD("[bluetooth]\nrequire-encryption = yes\n[kit k]\n[wearable w]\n"
	    "address = C0:A5:00:00:03:01\nkit = k\nplacement = pelvis\nbond = no\n",
		"a.conf:8: bond = no: require-encryption = yes takes nothing from a wearable "
		"without a bond; allowed: yes, or leave it out");
	file.size = strlen(file.data);
	assert_int_equal(conf_read(&file, 1, &conf, &errors), 0); /* left out */
	conf_free(conf);
}

static void room_microphones_share_a_kit(void **state)
{
	struct conf *conf = read_text_good(
		"[kit room]\n"
		"[wearable a]\naddress=C0:A5:00:00:00:01\nkit=room\nplacement=room\n"
		"[wearable b]\naddress=C0:A5:00:00:00:02\nkit=room\nplacement=room\n");

	assert_int_equal(conf->kit[0].exercise, EXERCISE_NONE);
	conf_free(conf);
}

static void a_later_file_wins_key_by_key(void **state)
{
	const char *texts[] = {KIT HIP "[gateway]\nname = a\nsite = s\n",
		"[gateway]\nname = b\n[wearable hip]\nplacement = hip-right\n",
		"[wearable hip]\naddress = C0:A5:00:00:09:04\n"};
	struct conf_errors errors = {0};
	struct conf *conf;

	assert_int_equal(read_files(texts, 3, &conf, &errors), 0);
	assert_string_equal(conf->gateway.name, "b");
	assert_string_equal(conf->gateway.site, "s");
	assert_int_equal(conf->wearable[0].placement, PLACEMENT_HIP_RIGHT);
	assert_string_equal(conf->wearable[0].address, "C0:A5:00:00:09:04");
	conf_free(conf);
}

static void a_key_twice_in_one_file_is_an_error(void **state)
{
	const char *texts[] = {
		"[gateway]\nname = a\n", "[gateway]\nname = b\n[mqtt]\n[gateway]\nname = c\n"};
	struct conf_errors errors = {0};
	struct conf *conf;

	assert_true(read_files(texts, 2, &conf, &errors) < 0);
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.text[0],
		"b.conf:5: name is set twice in this file, first on line "
		"2; remove one of the two");
	conf_errors_done(&errors);
}

static void errors_come_in_the_order_of_files_and_lines(void **state)
{
	const char *texts[] = {
		"[wearable x]\naddress = nonsense\nkit = 1\n[mqtt]\nfoo = 1\n", "[bar]\n"};
	static const char *const begin[] = {
		"a.conf:1: ", "a.conf:2: ", "a.conf:3: ", "a.conf:5: ", "b.conf:1: "};
	struct conf_errors errors = {0};
	struct conf *conf;

	assert_true(read_files(texts, 2, &conf, &errors) < 0);
	assert_int_equal(errors.n, ARRAY_LEN(begin));
	for (size_t i = 0; i < errors.n; i++)
		assert_int_equal(strncmp(errors.text[i], begin[i], strlen(begin[i])), 0);
	conf_errors_done(&errors);
}

static void schemes_of_other_programs_are_known(void **state)
{
#define MEANT(scheme)                                                                              \
	"not a broker URL; did you mean " scheme                                                   \
	"://a:1? (allowed: mqtt://HOST[:PORT], mqtts://, ws:// or wss://)"
	BAD("[mqtt]\nbroker = tcp://a:1\n", "a.conf:2: broker = tcp://a:1: " MEANT("mqtt"));
	BAD("[mqtt]\nbroker = ssl://a:1\n", "a.conf:2: broker = ssl://a:1: " MEANT("mqtts"));
	BAD("[mqtt]\nbroker = TLS://a:1\n", "a.conf:2: broker = TLS://a:1: " MEANT("mqtts"));
	BAD("[mqtt]\nbroker = https://a:1\n", "a.conf:2: broker = https://a:1: " MEANT("wss"));
}

static void printed_configuration_reads_back(void **state)
{
	struct conf *conf = read_text_good(
		"[gateway]\nname = mat-2\n[mqtt]\nstats-interval = 90\n"
		"posture-rate = 0.30000000000000004\n[outbox]\nmax-bytes = 70000\n"
		"max-age = 100.5\n[bluetooth]\nadapters = 00:1A:7D:DA:71:13\n"
		"[analysis]\nloss-tilt-share = 0.123456789\n" KIT HIP
		"notify = fd\nbond = yes\n[wearable Hüfte]\naddress = C0:A5:00:00:09:09\n"
		"kit = 9\nplacement = room\n");
	char *once = conf_print(conf), *twice;
	struct conf *again = read_text_good(once);

	twice = conf_print(again);
	assert_string_equal(once, twice);
	assert_string_equal(conf->hash, again->hash);
	assert_true(again->mqtt.posture_rate_hz == conf->mqtt.posture_rate_hz);
	assert_true(again->outbox.max_age_s == 100.5);
	assert_non_null(strstr(once, "\nstats-interval = 90s\n"));
	conf_free(conf);
	conf_free(again);
	free(once);
	free(twice);
}

static void too_many_errors_are_counted(void **state)
{
	char text[CONF_ERRORS_MAX * 8] = "[mqtt]\n";
	const char *texts[] = {text};
	struct conf_errors errors = {0};
	struct conf *conf;

	for (unsigned i = 0; i < CONF_ERRORS_MAX + 7; i++)
		strcat(text, "x=1\n");
	assert_true(read_files(texts, 1, &conf, &errors) < 0);
	assert_int_equal(errors.n, CONF_ERRORS_MAX);
	assert_int_equal(errors.n_more, 7);
	conf_errors_done(&errors);
}

static void too_many_sections_are_refused(void **state)
{
	char *text = alloc_zero(1, 65536);
	const char *texts[] = {text};
	struct conf_errors errors = {0};
	struct conf *conf;
	size_t at = 0;

	for (unsigned i = 0; i < CONF_KITS_MAX + 1; i++)
		at += (size_t)sprintf(text + at, "[kit %u]\n", i);
	assert_true(read_files(texts, 1, &conf, &errors) < 0);
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.text[0], "a.conf:129: too many kits; allowed: 128");
	conf_errors_done(&errors);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_gives_the_defaults),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(errors_name_line_and_nearest),
		cmocka_unit_test(invalid_lines_are_reported),
		cmocka_unit_test(dependencies_between_keys_are_checked),
		cmocka_unit_test(a_radio_has_a_broker_and_no_kits),
		cmocka_unit_test(encryption_needs_a_bond),
		cmocka_unit_test(room_microphones_share_a_kit),
		cmocka_unit_test(a_later_file_wins_key_by_key),
		cmocka_unit_test(a_key_twice_in_one_file_is_an_error),
		cmocka_unit_test(errors_come_in_the_order_of_files_and_lines),
		cmocka_unit_test(schemes_of_other_programs_are_known),
		cmocka_unit_test(printed_configuration_reads_back),
		cmocka_unit_test(too_many_errors_are_counted),
		cmocka_unit_test(too_many_sections_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
