// SPDX-License-Identifier: MIT
/* The configuration: two files with a record separator (0x1e) between them. What is accepted can be
 * printed and read again, with the same hash.
 */
#include "tests/fuzz/fuzz-main.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "coxad/config/conf-reload.h"

static void check_round_trip(const struct conf *conf)
{
	char *text = conf_print(conf);
	struct conf_source source = {"printed", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *again = NULL;

	if (conf_read(&source, 1, &again, &errors) < 0 || strcmp(conf->hash, again->hash) != 0)
		abort();
	conf_free(again);
	free(text);
}

static void on_refused(void *user, const char *name, const char *reason)
{
	++*(size_t *)user;
	if (!name[0] || !reason[0])
		abort();
}

/* From the first file to both, as a reload does: each refusal has a name, and what is not refused is
 * as in the new one. */
static void check_reload(const struct conf_source *first, struct conf *fresh)
{
	struct conf_errors errors = {0};
	struct conf *running = NULL;
	static struct conf_change change;
	size_t named = 0;

	if (conf_read(first, 1, &running, &errors) >= 0) {
		if (conf_reload_refused(running, fresh, 0, on_refused, &named) != named)
			abort();
		if (!named)
			conf_reload_adopt(running, fresh, 0, &change);
		if (!named && strcmp(running->hash, fresh->hash) != 0)
			abort();
		if (!named)
			check_round_trip(running);
		free(conf_merge_describe(running, &change));
		conf_merge_done(&change);
	}
	conf_free(running);
	conf_errors_done(&errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0x1e, size) : NULL;
	size_t first = cut ? (size_t)(cut - data) : size;
	struct conf_source files[2] = {
		{"a.conf", (const char *)data, first},
		{"b.conf", (const char *)data + first + 1, cut ? size - first - 1 : 0},
	};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;
	int r = conf_read(files, cut ? 2 : 1, &conf, &errors);

	if ((r < 0) != (errors.n > 0) || (r < 0) != (conf == NULL))
		abort();
	if (conf)
		check_round_trip(conf);
	if (conf && cut)
		check_reload(files, conf);
	conf_free(conf);
	conf_errors_done(&errors);
	return 0;
}
