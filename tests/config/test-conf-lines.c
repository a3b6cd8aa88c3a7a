// SPDX-License-Identifier: MIT
/* What editors, web pages and other systems make of a line: bytes that are no text, quotes, signs that
 * cannot be seen, other line ends, and lines too long to be read whole.
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
#include "coxad/config/conf-read.h"
#include "tests/config/read-text.h"

static void bytes_that_are_not_text_are_reported(void **state)
{
	static const char nul[] = "[gateway]\nname = a\0b\n";
	static const char *const nul_error[] = {
		"a.conf:2: contains a NUL byte; save the file as UTF-8 text"};
	static const char *const big_error[] = {
		"a.conf: file too large: 1048577 bytes; allowed: 1048576"};
	char *big = alloc_zero(1, CONF_FILE_MAX + 1);

	read_text_bad(nul, sizeof(nul) - 1, nul_error, 1);
	BAD("[gateway]\nname = \xc3(\n", "a.conf:2: not valid UTF-8; save the file as UTF-8 text");
	BAD("[gateway]\nname = \x1b[1m\n",
		"a.conf:2: contains a control character (0x1b); remove it");
	memset(big, '\n', CONF_FILE_MAX + 1);
	read_text_bad(big, CONF_FILE_MAX + 1, big_error, 1);
	free(big);
}

static void quotes_are_not_taken_for_a_part_of_a_value(void **state)
{
	BAD("[gateway]\nname = \"gw\"\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\nname: 'gw'\n", "a.conf:2: quotes are not needed; write: name: gw");
	BAD("[gateway]\nname = “gw” # x\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\nname = „gw“\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\nname = ‘gw’\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\nname = «gw»\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\nname = gw`\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\n\"name\" = gw\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[gateway]\n'name' = gw\n", "a.conf:2: quotes are not needed; write: name = gw");
	BAD("[kit '9']\n", "a.conf:1: quotes are not needed; write: [kit 9]");
	BAD("[\"gateway\"]\n", "a.conf:1: quotes are not needed; write: [gateway]");
	BAD("[mqtt]\nposture-rate = \"3\"\n",
		"a.conf:2: quotes are not needed; write: posture-rate = 3");
	BAD("[mqtt]\nbroker = \"mqtt://tom:secret@a\"\n",
		"a.conf:2: quotes are not needed; write: the line without it");
}

static void what_cannot_be_a_host_is_refused(void **state)
{
#define LONG64  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NO_HOST "not a valid host; a name has letters, digits, - and . between them"
#define NO_FOUR "not a valid IPv4 address; it has four numbers from 0 to 255, like 192.168.1.5"
#define NO_SIX  "not a valid IPv6 address; like [2001:db8::5], in brackets"
#define ZONE                                                                                       \
	"contains a zone (%); a link-local address cannot be used: give the broker's other "       \
	"address or its name"
	static const char *const row[][2] = {{"h?x=1", NO_HOST}, {"h#x", NO_HOST},
		{"h\\x", NO_HOST}, {".", NO_HOST}, {".h", NO_HOST}, {"a..b", NO_HOST},
		{"-h", NO_HOST}, {"br\303\266k.test", NO_HOST}, {"a,b", NO_HOST},
		{LONG64 ".test", NO_HOST}, {"1.2.3.999", NO_FOUR}, {"1.2.3", NO_FOUR},
		{"1.2.3.4.5", NO_FOUR}, {"1883", NO_FOUR}, {"010.0.0.1.:1883", NO_FOUR},
		{"[1:2]", NO_SIX}, {"[]", NO_SIX}, {"[h]:1883", NO_SIX}, {"[127.0.0.1]", NO_SIX},
		{"[1:2:3:4:5:6:7:8:9]:1883", NO_SIX}, {"[fe80::1%eth0]:1883", ZONE},
		{"2001:db8::5", "an IPv6 address needs brackets: [2001:db8::5]"},
		{"[::1",
			"not a valid host; allowed: mqtt://HOST[:PORT], mqtts://, ws:// or wss://"}};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char text[200], error[400];
		const char *errors[] = {error};

		snprintf(text, sizeof(text), "[mqtt]\nbroker = mqtt://%s\n", row[i][0]);
		snprintf(error, sizeof(error), "a.conf:2: broker = mqtt://%s: %s", row[i][0],
			row[i][1]);
		read_text_bad(text, strlen(text), errors, 1);
	}
}

static void whatever_a_host_may_be_is_accepted(void **state)
{
	static const char *const host[] = {"h", "H.test.", "a-b.c_d.9", "192.168.1.5", "0.0.0.0",
		"[::1]", "[2001:DB8::5]:1883", "[::ffff:1.2.3.4]", "1.2.3.4.test:1", "3com.test"};

	for (size_t i = 0; i < ARRAY_LEN(host); i++) {
		char text[200];

		snprintf(text, sizeof(text), "[mqtt]\nbroker = mqtt://%s\n", host[i]);
		conf_free(read_text_good(text));
	}
}

static void an_address_that_no_device_has_is_refused(void **state)
{
#define NOBODY "no device has this address; coxactl scan shows those of the wearables near by"
#define REST   "\nkit = 9\nplacement = hip-left\n"
	BAD(KIT "[wearable a]\naddress = 00:00:00:00:00:00" REST,
		"a.conf:5: address = 00:00:00:00:00:00: " NOBODY);
	BAD(KIT "[wearable a]\naddress = ff:ff:FF:ff:ff:ff" REST,
		"a.conf:5: address = ff:ff:FF:ff:ff:ff: " NOBODY);
}

static void an_apostrophe_may_be_part_of_a_name(void **state)
{
	struct conf *conf =
		read_text_good("[gateway]\nname = Bea's\nsite = Müller’s gym # \"x\" \xc2\xa0\n");

	assert_string_equal(conf->gateway.name, "Bea's");
	assert_string_equal(conf->gateway.site, "Müller’s gym");
	conf_free(conf);
}

static void characters_that_cannot_be_seen_are_refused(void **state)
{
#define HIDDEN "contains a character that cannot be seen "
	BAD("[gateway]\nname = g\342\200\213w\n", "a.conf:2: " HIDDEN "(U+200B); write: name = gw");
	BAD("[gateway]\nname = gw\342\200\216\n", "a.conf:2: " HIDDEN "(U+200E); write: name = gw");
	BAD("[gateway]\nname =\302\240gw\n", "a.conf:2: " HIDDEN "(U+00A0); write: name = gw");
	BAD("[gateway]\nname = g\302\205w\n", "a.conf:2: " HIDDEN "(U+0085); write: name = gw");
	BAD("[gateway]\nname = g\357\267\220w\n", "a.conf:2: " HIDDEN "(U+FDD0); write: name = gw");
	BAD("[mqtt]\nbase = g\357\277\277w\n", "a.conf:2: " HIDDEN "(U+FFFF); write: base = gw");
	BAD("[kit g\364\217\277\276w]\n", "a.conf:1: " HIDDEN "(U+10FFFE); write: [kit gw]");
	BAD("[gateway]\nsite = a\343\200\200b\n",
		"a.conf:2: " HIDDEN "(U+3000); write: site = a b");
	BAD("[gateway]\n\302\240name = gw\n", "a.conf:2: " HIDDEN "(U+00A0); write: name = gw");
	BAD("[gateway]\nname = g\302\255w\n", "a.conf:2: " HIDDEN "(U+00AD); write: name = gw");
	BAD("[gateway]\nname = g\342\201\246w\n", "a.conf:2: " HIDDEN "(U+2066); write: name = gw");
	BAD("[gateway]\nname = g\363\240\201\201w\n",
		"a.conf:2: " HIDDEN "(U+E0041); write: name = gw");
	BAD("[gateway]\nname = g\xc2\x85w\n", "a.conf:2: " HIDDEN "(U+0085); write: name = gw");
	BAD("[kit\302\2409]\n", "a.conf:1: " HIDDEN "(U+00A0); write: [kit 9]");
	/* Once at the beginning of a file it is the mark of an editor. */
	BAD("\357\273\277\357\273\277[gateway]\nname = gw\n",
		"a.conf:1: " HIDDEN "(U+FEFF); write: [gateway]",
		"a.conf:2: 'name' comes before the first section; put [gateway] or another "
		"section above it");
	BAD("[gateway]\n\357\273\277name = gw\n", "a.conf:2: " HIDDEN "(U+FEFF); write: name = gw");
}

static void line_ends_of_other_systems_are_accepted(void **state)
{
	struct conf *conf =
		read_text_good("\xef\xbb\xbf[gateway]\r\nname = a\r\n\r\n# x\r\nsite = b\r\n");

	assert_string_equal(conf->gateway.name, "a");
	assert_string_equal(conf->gateway.site, "b");
	conf_free(conf);
}

/* libinih would cut such a line, and read the rest as another key. */
static void long_lines_are_refused_not_cut(void **state)
{
	char text[1024] = "[mqtt]\nusername = ", expected[64];
	size_t n = strlen(text);
	const char *errors[] = {expected};
	struct conf *conf;

	memset(text + n, 'x', 300);
	strcpy(text + n + 300, "\nposture-rate = 3\n");
	snprintf(expected, sizeof(expected), "a.conf:2: line too long: 311 bytes; allowed: 198");
	read_text_bad(text, strlen(text), errors, 1);

	strcpy(text, "[mqtt]\n# ");
	n = strlen(text);
	memset(text + n, 'x', 300); /* a comment may have any length */
	strcpy(text + n + 300, "\nposture-rate = 3\n");
	conf = read_text_good(text);
	assert_true(conf->mqtt.posture_rate_hz == 3);
	conf_free(conf);

	memset(text, 0, sizeof(text));
	snprintf(text, sizeof(text), "[mqtt]\nca-file = /%0185d\nposture-rate = 3\n", 0);
	snprintf(expected, sizeof(expected), "a.conf:2: ca-file = /%.20s", "00000000000000000000");
	{
		struct conf_source file = {"a.conf", text, strlen(text)};
		struct conf_errors found = {0};

		assert_true(conf_read(&file, 1, &conf, &found) < 0);
		assert_int_equal(found.n, 1);
		assert_int_equal(strncmp(found.text[0], expected, strlen(expected)), 0);
		conf_errors_done(&found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_that_are_not_text_are_reported),
		cmocka_unit_test(quotes_are_not_taken_for_a_part_of_a_value),
		cmocka_unit_test(what_cannot_be_a_host_is_refused),
		cmocka_unit_test(whatever_a_host_may_be_is_accepted),
		cmocka_unit_test(an_address_that_no_device_has_is_refused),
		cmocka_unit_test(an_apostrophe_may_be_part_of_a_name),
		cmocka_unit_test(characters_that_cannot_be_seen_are_refused),
		cmocka_unit_test(line_ends_of_other_systems_are_accepted),
		cmocka_unit_test(long_lines_are_refused_not_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
