// SPDX-License-Identifier: MIT
#pragma once
/* A real mosquitto on a free port of loopback, and other programs beside it: started, read line by
 * line, killed. Nothing here sleeps: every wait is for a line or an end, with a generous deadline
 * that fails the test. All children are read while any is waited for, so none blocks on its pipe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CHILDREN_MAX 8

struct child {
	const char *name;
	pid_t pid; /* 0: not running */
	int fd;    /* its output and error; -1: at its end */
	int status;
	char **line;
	size_t n, room;
	char *rest;
	size_t rest_size;
};

struct broker {
	char *directory; /* of the test: configuration, certificates, state */
	unsigned port;
	struct child mosquitto;
	struct child *child[CHILDREN_MAX];
	size_t n_children;
	char *extra;    /* configuration beside the listener */
	char *listener; /* options of the listener */
};

/* Makes the directory. Exits with 77 (skipped) where there is no mosquitto. */
void broker_init(struct broker *broker);
/* Kills what is left, removes the directory. */
void broker_done(struct broker *broker);
/* Until it listens; the same port again after the first time. The log grows on. */
void broker_start(struct broker *broker);
/* As broker_start, but false where this mosquitto cannot do what the configuration asks. */
bool broker_can_start(struct broker *broker);
void broker_kill(struct broker *broker, int signal);

/* argv ends with NULL; argv[0] is looked up on the path and in sbin. */
void child_start(
	struct broker *broker, struct child *child, const char *name, const char *const *argv);
/* The index behind the first line from `from` on that contains text. Fails the test after 60 s. */
size_t child_wait(struct broker *broker, struct child *child, size_t from, const char *text);
/* As it is now, without waiting: whether a line contains text. */
bool child_has(const struct child *child, const char *text);
size_t child_count(const struct child *child, const char *text);
/* Waits for its end; the exit status, or 128 + signal. */
int child_end(struct broker *broker, struct child *child);
void child_kill(struct broker *broker, struct child *child, int signal);
void child_done(struct child *child);
/* Reads what is there, for at most ms. */
void broker_read(struct broker *broker, int ms);

/* The pusher against this broker, with more options (ends with NULL). */
void pusher_start(struct broker *broker, struct child *child, const char *const *options);
long pusher_gauge(const struct child *child, const char *name);
