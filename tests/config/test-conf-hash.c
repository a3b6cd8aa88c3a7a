// SPDX-License-Identifier: MIT
/* The hash tells verdicts apart that were made with other settings, whatever the file looks like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "daemon/config/conf-hash.h"
#include "tests/config/read-text.h"

static void hash_of(const char *text, char ret[static CONF_HASH_SIZE])
{
	struct conf *conf = read_text_good(text);

	memcpy(ret, conf->hash, CONF_HASH_SIZE);
	conf_free(conf);
}

static void the_hash_changes_with_every_value_but_no_order(void **state)
{
	static const char *const same[] = {
		"# comment\n" HIP KIT, /* the order of sections */
		KIT HIP "driver = auto\n",
		KIT HIP "[analysis]\nloss-tilt-share = 0.450\n",
	};
	static const char *const other[] = {
		KIT HIP "[mqtt]\nposture-rate = 1\nbroker = mqtt://a\n",
		KIT HIP "[gateway]\nname = other\nsite = other\n",
		KIT HIP "notify = signal\nbond = no\n",
		KIT
		"[wearable other]\naddress = c0:a5:00:00:09:03\nkit = 9\nplacement = hip-left\n",
		KIT HIP "[bluetooth]\nslots = 3\n[outbox]\nmax-age = 1h\n",
		KIT HIP "driver = coxa\n",
		KIT HIP "[analysis]\nloss-tilt-share = 0.46\n",
		KIT HIP "[kit 10]\n",
		"[kit 9]\nexercise = single\nathlete = bea\n" HIP,
		"[kit 9]\nexercise = hang\nathlete = tom\n" HIP,
		KIT "radio = mat-3\n" HIP,
		KIT "[wearable hip]\naddress = C0:A5:00:00:09:03\nkit = 9\nplacement = hip-right\n",
		KIT "[wearable hip]\naddress = C0:A5:00:00:09:04\nkit = 9\nplacement = hip-left\n",
		KIT,
	};
	char base[CONF_HASH_SIZE], hash[ARRAY_LEN(other)][CONF_HASH_SIZE], again[CONF_HASH_SIZE];

	hash_of(KIT HIP, base);
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		hash_of(same[i], again);
		assert_string_equal(again, base);
	}
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		hash_of(other[i], hash[i]);
		assert_string_not_equal(hash[i], base);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(hash[i], hash[j]);
	}
}

/* The hash distinguishes verdicts made with different thresholds. */
static void each_threshold_changes_the_hash(void **state)
{
	struct conf *conf = read_text_good(KIT HIP);
	char base[CONF_HASH_SIZE], other[CONF_HASH_SIZE];
	unsigned n = 0;

	conf_hash(conf, base);
	assert_string_equal(base, conf->hash);
#define X(field, name, def, min, max, unit, doc)                                                   \
	conf->analysis.field = (def) < (max) ? (max) : (min);                                      \
	conf_hash(conf, other);                                                                    \
	assert_string_not_equal(other, base);                                                      \
	conf->analysis.field = (def);                                                              \
	n++;
#include "coxad/core/analysis-list.h"
#undef X
	conf_hash(conf, other);
	assert_string_equal(other, base);
	assert_true(n > 150);
	conf_free(conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_changes_with_every_value_but_no_order),
		cmocka_unit_test(each_threshold_changes_the_hash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
