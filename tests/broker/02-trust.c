// SPDX-License-Identifier: MIT
/* Permissions: refusals by the broker, encryption, passwords, two clients with one id. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/broker/broker.h"

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct broker b;
static struct child pusher, other;
static char *store, *where;

static int set_up(void **state)
{
	broker_init(&b);
	pusher = other = (struct child){.fd = -1};
	store = alloc_printf("%s/state", b.directory);
	where = alloc_printf("%s/file", b.directory);
	return 0;
}

static int tear_down(void **state)
{
	broker_done(&b);
	free(store);
	free(where);
	return 0;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static __attribute__((format(printf, 1, 2))) void shell(const char *format, ...)
{
	_auto_free_ char *line = NULL;
	struct child child = {.fd = -1};
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&line, format, args) > 0);
	va_end(args);
	child_start(&b, &child, "sh", OPTIONS("sh", "-ec", line));
	assert_int_equal(child_end(&b, &child), 0);
	child_done(&child);
	b.n_children--;
}

static long count_rows(const char *sql)
{
	_auto_free_ char *path = alloc_printf("%s/outbox.db", store);
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	long n;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	n = (long)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return n;
}

static void refused_messages_are_held_until_allowed(void **state)
{
	write_file(where, "topic readwrite test/status\ntopic read test/command/#\n"
			  "topic write test/athlete/0/#\n");
	b.extra = alloc_printf("allow_anonymous true\nacl_file %s", where);
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "30", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	/* Only one of three athletes is allowed. */
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 10);
	assert_int_equal(pusher_gauge(&pusher, "outbox_refused"), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_held"), 20);
	assert_true(child_has(&pusher, "for now (not authorized (0x87))"));
	assert_int_equal(count_rows("SELECT count(*) FROM outbox"), 20);
	broker_kill(&b, SIGTERM);
	write_file(where, "topic readwrite test/#\n");
	broker_start(&b);
	child_done(&pusher);
	pusher_start(&b, &pusher, OPTIONS("--n", "1", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 21);
	assert_int_equal(count_rows("SELECT count(*) FROM outbox"), 0);
}

static void a_message_too_large_does_not_block(void **state)
{
	b.extra = alloc_text("allow_anonymous true\nmax_packet_size 2000");
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "5", "--size", "4000", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_refused"), 5);
	assert_true(child_has(&pusher, "(the packet is too large (0x95)): set aside"));
	/* They are kept. */
	assert_int_equal(count_rows("SELECT count(*) FROM outbox"), 5);
	child_done(&pusher);
	pusher_start(&b, &pusher, OPTIONS("--n", "5", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 5);
}

static void a_message_that_ends_the_connection_is_found(void **state)
{
	broker_start(&b);
	/* A wildcard in a topic: MQTT 5 brokers hang up on it. */
	pusher_start(&b, &pusher,
		OPTIONS("--n", "3", "--topic", "test/+/bad", "--state", store, "--stay",
			"--aside-ms", "600000"));
	for (size_t i = 0, at = 0; i < 3; i++)
		at = child_wait(&b, &pusher, at, "(protocol error (0x82)): set aside");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_refused"), 3);
	assert_int_equal(count_rows("SELECT count(*) FROM outbox"), 3);
}

static void change_rows(const char *sql)
{
	_auto_free_ char *path = alloc_printf("%s/outbox.db", store);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* One flipped bit on disk in a topic, and one topic that was no text when it was written. */
static void a_damaged_row_holds_up_nothing(void **state)
{
	pusher_start(&b, &pusher,
		OPTIONS("--n", "6", "--class", "5", "--bad-topic", "3", "--state", store,
			"--stay"));
	child_wait(&b, &pusher, 0, "id run-6");
	child_kill(&b, &pusher, SIGKILL);
	child_done(&pusher);
	change_rows("UPDATE outbox SET topic = CAST(X'74657374ff' AS TEXT) WHERE seq = 2");
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "0", "--state", store, "--stay"));
	for (int i = 4; i <= 6; i++) {
		_auto_free_ char *id = alloc_printf("/pop/run-%d'", i);

		child_wait(&b, &b.mosquitto, 0, id);
	}
	child_wait(&b, &pusher, 0, "health store_damaged");
	child_wait(&b, &pusher, 0, "health messages_set_aside");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 4);
	assert_int_equal(pusher_gauge(&pusher, "outbox_set_aside"), 1);
	assert_int_equal(pusher_gauge(&pusher, "outbox_damaged"), 1);
	assert_int_equal(pusher_gauge(&pusher, "broker_connections"), 1);
	assert_true(child_has(&pusher, "alive 1"));
}

static void make_certificates(void)
{
	shell("cd '%s'; for ca in ca wrong; do openssl req -x509 -newkey ec -pkeyopt "
	      "ec_paramgen_curve:prime256v1 -nodes -keyout $ca.key -out $ca.crt -subj /CN=$ca "
	      "-days 2; done; "
	      "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
	      "-keyout server.key -out server.csr -subj /CN=server; "
	      "echo subjectAltName=IP:127.0.0.1 > ext; "
	      "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial "
	      "-out server.crt -days 2 -extfile ext; "
	      "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
	      "-keyout client.key -out client.csr -subj /CN=pusher; "
	      "openssl x509 -req -in client.csr -CA ca.crt -CAkey ca.key -CAcreateserial "
	      "-out client.crt -days 2",
		b.directory);
}

static void tls_requires_the_right_ca(void **state)
{
	_auto_free_ char *ca = alloc_printf("%s/ca.crt", b.directory);
	_auto_free_ char *wrong = alloc_printf("%s/wrong.crt", b.directory);
	_auto_free_ char *certificate = alloc_printf("%s/client.crt", b.directory);
	_auto_free_ char *key = alloc_printf("%s/client.key", b.directory);

	make_certificates();
	b.listener =
		alloc_printf("cafile %s/ca.crt\ncertfile %s/server.crt\nkeyfile %s/server.key\n"
			     "require_certificate true",
			b.directory, b.directory, b.directory);
	broker_start(&b);
	pusher_start(&b, &pusher,
		OPTIONS("--n", "20", "--scheme", "mqtts", "--ca", ca, "--cert", certificate,
			"--key", key, "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 20);
	child_done(&pusher);
	/* A CA that did not sign the broker's certificate: nothing is sent, and the reason is logged. */
	pusher_start(&b, &pusher,
		OPTIONS("--n", "1", "--scheme", "mqtts", "--ca", wrong, "--cert", certificate,
			"--key", key, "--state", store, "--stay"));
	child_wait(&b, &pusher, 0, "certificate verify failed");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 0);
	child_done(&pusher);
	/* The name must match the certificate. */
	pusher_start(&b, &pusher,
		OPTIONS("--n", "0", "--scheme", "mqtts", "--ca", ca, "--cert", certificate, "--key",
			key, "--host", "localhost", "--state", store, "--stay"));
	child_wait(&b, &pusher, 0, "cannot connect to");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 0);
}

static void the_password_is_read_for_each_attempt(void **state)
{
	_auto_free_ char *passwords = alloc_printf("%s/passwords", b.directory);

	shell("mosquitto_passwd -c -b '%s' coxa right", passwords);
	b.extra = alloc_printf("allow_anonymous false\npassword_file %s", passwords);
	broker_start(&b);
	write_file(where, "wrong\n");
	pusher_start(&b, &pusher,
		OPTIONS("--n", "10", "--user", "coxa", "--password-file", where, "--state", store,
			"--stay"));
	child_wait(&b, &pusher, 0, "cannot connect to");
	assert_false(child_has(&pusher, "wrong"));
	write_file(where, "right\n");
	child_wait(&b, &pusher, 0, "connected to");
	child_wait(&b, &b.mosquitto, 0, "/pop/run-10'");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 10);
	/* It does not appear in the log. */
	assert_false(child_has(&pusher, "right"));
}

static void two_clients_with_one_id_are_reported(void **state)
{
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "0", "--stay", "--client", "same"));
	child_wait(&b, &pusher, 0, "online");
	pusher_start(&b, &other, OPTIONS("--n", "0", "--stay", "--client", "same"));
	child_wait(&b, &pusher, 0, "client-id \"same\"");
	child_kill(&b, &other, SIGTERM);
	child_kill(&b, &pusher, SIGTERM);
}

static void websockets_work_if_the_broker_supports_them(void **state)
{
	b.listener = alloc_text("protocol websockets");
	if (!broker_can_start(&b))
		skip();
	pusher_start(&b, &pusher, OPTIONS("--n", "10", "--scheme", "ws", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(refused_messages_are_held_until_allowed),
		TEST(a_message_too_large_does_not_block),
		TEST(a_message_that_ends_the_connection_is_found),
		TEST(a_damaged_row_holds_up_nothing),
		TEST(tls_requires_the_right_ca),
		TEST(the_password_is_read_for_each_attempt),
		TEST(two_clients_with_one_id_are_reported),
		TEST(websockets_work_if_the_broker_supports_them),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
