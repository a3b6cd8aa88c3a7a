// SPDX-License-Identifier: MIT
#include "tests/flow/gym-capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "gym/door-capture.h"
#include "gym/coxad-conf.h"

static char *temporary(void)
{
	char *path = alloc_text("/tmp/coxad-gym-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	return path;
}

static struct conf *read_conf(const char *path)
{
	struct conf_errors errors = {0};
	struct conf_source source = {.name = path};
	struct conf *conf = NULL;
	static char text[65536];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	source.data = text;
	source.size = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(conf_read(&source, 1, &conf, &errors), 0);
	conf_errors_done(&errors);
	return conf;
}

char *gym_capture_make(struct gym *gym, struct conf **ret_conf)
{
	_auto_free_ char *conf_path = temporary();
	char *path = temporary();

	assert_int_equal(coxad_conf_write(gym->script, NULL, conf_path), 0);
	*ret_conf = read_conf(conf_path);
	unlink(conf_path);
	assert_int_equal(door_capture_write(gym, path), 0);
	return path;
}
