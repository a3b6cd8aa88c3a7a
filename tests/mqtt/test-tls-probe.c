// SPDX-License-Identifier: MIT
/* A process that ends while the probe shakes hands. OpenSSL's own end, at exit, would free what the
 * probe's thread reads.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/tls-probe.h"

#define TAKEN_DOWN 7

/* On loopback; it takes a connection and never answers. */
static int listen_silently(unsigned *ret_port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void on_openssl_end(void)
{
	_exit(TAKEN_DOWN);
}

static void end_amid_a_handshake(int listener, unsigned port)
{
	_auto_free_ char *broker = alloc_printf("mqtts://127.0.0.1:%u", port);
	const struct tls_files none = {NULL, NULL, NULL};
	struct tls_probe *probe = tls_probe_new(broker, &none);
	char byte;
	int fd;

	OPENSSL_atexit(on_openssl_end);
	tls_probe_start(probe);
	fd = accept(listener, NULL, NULL);
	if (fd < 0 || recv(fd, &byte, 1, MSG_PEEK) != 1)
		_exit(1);
	tls_probe_free(probe);
	exit(0);
}

static void openssl_outlasts_the_probe(void **state)
{
	unsigned port;
	int fd = listen_silently(&port), status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		end_amid_a_handshake(fd, port);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(openssl_outlasts_the_probe)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
