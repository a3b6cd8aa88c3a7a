// SPDX-License-Identifier: MIT
#include "coxad/config/conf-errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"

void conf_errors_done(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->text[i]);
	*errors = (struct conf_errors){0};
}

void conf_errors_take(struct conf_errors *errors, char *text)
{
	if (errors->n == CONF_ERRORS_MAX) {
		errors->n_more++;
		free(text);
	} else {
		errors->text[errors->n++] = text;
	}
}

void conf_errors_add(struct conf_errors *errors, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	conf_errors_take(errors, alloc_text(text));
}
