// SPDX-License-Identifier: MIT
/* Scripts of the virtual gym: what is refused says why, and what is accepted can be freed. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "gym/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), error[256] = "";
	struct script *script = script_parse("fuzz.gym", text, error, sizeof(error));

	if (!script && !error[0])
		abort();
	script_free(script);
	free(text);
	return 0;
}
