// SPDX-License-Identifier: MIT
#include "daemon/main/last-words.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of what is safe in a signal's handler. malloc() set errno, and abort() leaves it. The signal may also
 * come from systemd's watchdog, so it is raised again, to end coxad as it would have without us. */
static void on_abort(int signal_)
{
	const char *words =
		errno == ENOMEM
			? "coxad: error: coxad: out of memory: ending, to be started again\n"
			: "coxad: error: coxad: a bug or a hang: ending, to be started again\n";

	(void)!write(STDERR_FILENO, words, strlen(words));
	raise(signal_);
}

static void *allocate(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		abort();
	return p;
}

void last_words_start(void)
{
	struct sigaction action = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGABRT, &action, NULL);
	json_set_alloc_funcs(allocate, free);
}
