// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/hash.h"

/* Vectors from draft-eastlake-fnv, appendix C. */
static void published_vectors(void **state)
{
	assert_true(hash_text(HASH_START, "") == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_text(HASH_START, "a") == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_text(HASH_START, "foobar") == UINT64_C(0x85944171f73967e8));
}

static void parts_give_the_hash_of_the_whole(void **state)
{
	uint64_t hash = hash_bytes(HASH_START, "foo", 3);

	assert_true(hash_text(hash, "bar") == hash_text(HASH_START, "foobar"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors),
		cmocka_unit_test(parts_give_the_hash_of_the_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
