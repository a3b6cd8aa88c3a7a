// SPDX-License-Identifier: MIT
#include "tests/broker/broker.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

#define DEADLINE_S 240
#define ARGS_MAX   48

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void add_line(struct child *child, const char *text, size_t size)
{
	if (child->n == child->room) {
		child->room = child->room ? child->room * 2 : 256;
		child->line = reallocarray(child->line, child->room, sizeof(char *));
		if (!child->line)
			abort();
	}
	child->line[child->n++] = alloc_printf("%.*s", (int)size, text);
}

static void add_bytes(struct child *child, const char *bytes, size_t size)
{
	char *end, *at;

	child->rest = realloc(child->rest, child->rest_size + size);
	if (!child->rest)
		abort();
	memcpy(child->rest + child->rest_size, bytes, size);
	child->rest_size += size;
	at = child->rest;
	while ((end = memchr(at, '\n', child->rest_size - (size_t)(at - child->rest)))) {
		add_line(child, at, (size_t)(end - at));
		at = end + 1;
	}
	child->rest_size -= (size_t)(at - child->rest);
	memmove(child->rest, at, child->rest_size);
}

static void read_child(struct child *child)
{
	char bytes[16384];
	ssize_t n = read(child->fd, bytes, sizeof(bytes));

	if (n > 0) {
		add_bytes(child, bytes, (size_t)n);
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close(child->fd);
	child->fd = -1;
}

void broker_read(struct broker *broker, int ms)
{
	struct pollfd fds[CHILDREN_MAX];
	struct child *of[CHILDREN_MAX];
	nfds_t n = 0;

	for (size_t i = 0; i < broker->n_children; i++) {
		if (broker->child[i]->fd < 0)
			continue;
		of[n] = broker->child[i];
		fds[n++] = (struct pollfd){.fd = broker->child[i]->fd, .events = POLLIN};
	}
	if (poll(fds, n, ms) <= 0)
		return;
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents)
			read_child(of[i]);
}

static void enlist(struct broker *broker, struct child *child)
{
	for (size_t i = 0; i < broker->n_children; i++)
		if (broker->child[i] == child)
			return;
	assert_true(broker->n_children < CHILDREN_MAX);
	broker->child[broker->n_children++] = child;
}

static void run_child(int fd, const char *const *argv)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", 1);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

void child_start(
	struct broker *broker, struct child *child, const char *name, const char *const *argv)
{
	int fds[2];

	assert_int_equal(child->pid, 0);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	child->name = name;
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (!child->pid)
		run_child(fds[1], argv);
	close(fds[1]);
	child->fd = fds[0];
	enlist(broker, child);
}

static const char *find_line(const struct child *child, size_t from, const char *text, size_t *ret)
{
	for (size_t i = from; i < child->n; i++) {
		if (strstr(child->line[i], text)) {
			*ret = i + 1;
			return child->line[i];
		}
	}
	return NULL;
}

static void print_all(const struct broker *broker)
{
	for (size_t i = 0; i < broker->n_children; i++) {
		const struct child *child = broker->child[i];

		for (size_t k = child->n > 30 ? child->n - 30 : 0; k < child->n; k++)
			print_error("%s: %s\n", child->name, child->line[k]);
	}
}

size_t child_wait(struct broker *broker, struct child *child, size_t from, const char *text)
{
	double until_s = now_s() + DEADLINE_S;
	size_t index;

	for (;;) {
		if (find_line(child, from, text, &index))
			return index;
		if (now_s() > until_s || child->fd < 0) {
			print_all(broker);
			fail_msg("%s did not say \"%s\"", child->name, text);
		}
		broker_read(broker, 100);
	}
}

bool child_has(const struct child *child, const char *text)
{
	size_t index;

	return find_line(child, 0, text, &index) != NULL;
}

size_t child_count(const struct child *child, const char *text)
{
	size_t n = 0, from = 0;

	while (find_line(child, from, text, &from))
		n++;
	return n;
}

int child_end(struct broker *broker, struct child *child)
{
	double until_s = now_s() + DEADLINE_S;

	while (child->fd >= 0) {
		if (now_s() > until_s) {
			print_all(broker);
			fail_msg("%s does not end", child->name);
		}
		broker_read(broker, 100);
	}
	if (child->pid)
		waitpid(child->pid, &child->status, 0);
	child->pid = 0;
	return WIFSIGNALED(child->status) ? 128 + WTERMSIG(child->status)
					  : WEXITSTATUS(child->status);
}

void child_kill(struct broker *broker, struct child *child, int signal)
{
	if (!child->pid)
		return;
	kill(child->pid, signal);
	if (signal == SIGKILL || signal == SIGTERM)
		child_end(broker, child);
}

void child_done(struct child *child)
{
	for (size_t i = 0; i < child->n; i++)
		free(child->line[i]);
	free(child->line);
	free(child->rest);
	*child = (struct child){.fd = -1};
}

static bool has_mosquitto(void)
{
	return !access("/usr/sbin/mosquitto", X_OK) || !access("/usr/local/sbin/mosquitto", X_OK) ||
	       !access("/usr/bin/mosquitto", X_OK);
}

static unsigned free_port(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	r = bind(fd, (struct sockaddr *)&address, size);
	if (!r)
		r = getsockname(fd, (struct sockaddr *)&address, &size);
	close(fd);
	assert_int_equal(r, 0);
	return ntohs(address.sin_port);
}

void broker_init(struct broker *broker)
{
	char template[] = "/tmp/coxad-broker-XXXXXX";

	if (!has_mosquitto()) {
		printf("no mosquitto here: skipped\n");
		exit(77);
	}
	signal(SIGPIPE, SIG_IGN);
	*broker = (struct broker){.mosquitto.fd = -1};
	broker->directory = alloc_text(mkdtemp(template));
	assert_non_null(broker->directory);
	broker->port = free_port();
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

void broker_done(struct broker *broker)
{
	for (size_t i = 0; i < broker->n_children; i++) {
		if (broker->child[i]->pid)
			kill(broker->child[i]->pid, SIGCONT);
		child_kill(broker, broker->child[i], SIGKILL);
		child_done(broker->child[i]);
	}
	nftw(broker->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(broker->directory);
	free(broker->extra);
	free(broker->listener);
	*broker = (struct broker){0};
}

bool broker_can_start(struct broker *broker)
{
	_auto_free_ char *path = alloc_printf("%s/mosquitto.conf", broker->directory);
	const char *argv[] = {"mosquitto", "-c", path, NULL};
	FILE *file = fopen(path, "we");
	size_t from, index;

	assert_non_null(file);
	fprintf(file,
		"user root\nlog_type all\nlog_dest stderr\npersistence false\n%s\n"
		"listener %u 127.0.0.1\n%s\n",
		broker->extra ? broker->extra : "allow_anonymous true", broker->port,
		broker->listener ? broker->listener : "");
	fclose(file);
	from = broker->mosquitto.n;
	child_start(broker, &broker->mosquitto, "mosquitto", argv);
	while (broker->mosquitto.fd >= 0) {
		if (find_line(&broker->mosquitto, from, " running", &index))
			return true;
		broker_read(broker, 100);
	}
	child_end(broker, &broker->mosquitto);
	return false;
}

void broker_start(struct broker *broker)
{
	if (broker_can_start(broker))
		return;
	print_all(broker);
	fail_msg("mosquitto does not start");
}

void broker_kill(struct broker *broker, int signal)
{
	child_kill(broker, &broker->mosquitto, signal);
}

void pusher_start(struct broker *broker, struct child *child, const char *const *options)
{
	_auto_free_ char *program = alloc_printf("%s/tests/broker/pusher", TOP_BUILDDIR);
	_auto_free_ char *port = alloc_printf("%u", broker->port);
	const char *argv[ARGS_MAX] = {program, "--port", port};
	size_t n = 3;

	while (*options && n < ARGS_MAX - 1)
		argv[n++] = *options++;
	child_start(broker, child, "pusher", argv);
}

long pusher_gauge(const struct child *child, const char *name)
{
	_auto_free_ char *text = alloc_printf("gauge %s ", name);
	size_t index;
	const char *line = find_line(child, 0, text, &index);

	assert_non_null(line);
	return strtol(line + strlen(text), NULL, 10);
}
