// SPDX-License-Identifier: MIT
#pragma once
/* A real mosquitto on a free loopback port, and other programs: started, read line by line, killed.
 * Nothing sleeps: every wait is for a line or for an exit, with a generous deadline that fails the
 * test. All children are read while one is waited for, so that none blocks on its pipe.
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
	char *extra;    /* more configuration */
	char *listener; /* options of the listener */
};

/* Makes the directory. Exits with 77 (skipped) if there is no mosquitto. */
void broker_init(struct broker *broker);
/* Kills what is left, removes the directory. */
void broker_done(struct broker *broker);
/* Waits until it listens; keeps its port and its log when started again. */
void broker_start(struct broker *broker);
/* Like broker_start, but false if this mosquitto does not support the configuration. */
bool broker_can_start(struct broker *broker);
void broker_kill(struct broker *broker, int signal);

/* argv ends with NULL; argv[0] is searched for in PATH and sbin. */
void child_start(
	struct broker *broker, struct child *child, const char *name, const char *const *argv);
/* The index after the first line from `from` on that contains text. Fails the test after 60 s. */
size_t child_wait(struct broker *broker, struct child *child, size_t from, const char *text);
/* Whether a line contains text, without waiting. */
bool child_has(const struct child *child, const char *text);
size_t child_count(const struct child *child, const char *text);
/* Waits for it to exit; the exit status, or 128 + signal. */
int child_end(struct broker *broker, struct child *child);
void child_kill(struct broker *broker, struct child *child, int signal);
void child_done(struct child *child);
/* Reads what arrives, for at most ms. */
void broker_read(struct broker *broker, int ms);

/* Starts the pusher with this broker and more options (ending with NULL). */
void pusher_start(struct broker *broker, struct child *child, const char *const *options);
long pusher_gauge(const struct child *child, const char *name);
