// SPDX-License-Identifier: MIT
#include "ctl/ask.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/out.h"

bool ask_is_possible(void)
{
	return isatty(STDIN_FILENO) == 1 && out_is_terminal(stdout);
}

static char *read_line(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n = getline(&line, &size, stdin);

	if (n < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

char *ask_line(const char *question, const char *usual)
{
	char *line;

	printf("%s", question);
	if (usual[0]) {
		fputs(" [", stdout);
		out_clean(stdout, usual);
		putchar(']');
	}
	fputs(": ", stdout);
	fflush(stdout);
	line = read_line();
	if (!line)
		putchar('\n');
	if (!line || line[0])
		return line;
	free(line);
	return alloc_text(usual);
}

/* Ctrl-C waits for Enter, so that the terminal is left as it was. */
static char *read_unseen(const char *question)
{
	struct termios before, now;
	sigset_t set, mask;
	char *line;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGTSTP);
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return NULL;
	now = before;
	now.c_lflag &= ~(tcflag_t)ECHO;
	sigprocmask(SIG_BLOCK, &set, &mask);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
	printf("%s: ", question);
	fflush(stdout);
	line = read_line();
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	putchar('\n');
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return line;
}

char *ask_secret(const char *question)
{
	return ask_is_possible() ? read_unseen(question) : read_line();
}
