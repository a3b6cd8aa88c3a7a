// SPDX-License-Identifier: MIT
#include "daemon/mqtt/tls-probe.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/broker-url.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/thread.h"
#include "daemon/mqtt/tls-handshake.h"

#define REPEAT_US (600 * INT64_C(1000000))

struct tls_probe {
	atomic_int owners; /* the connection and the thread */
	atomic_bool is_running;
	struct tls_target target; /* strings owned */
	char *broker;
	pthread_mutex_t lock;                /* of `found` */
	char found[TLS_HANDSHAKE_TEXT_SIZE]; /* by the last handshake; empty: nothing */
	/* Of the thread: */
	int64_t told_us;
	char told[TLS_HANDSHAKE_TEXT_SIZE];
};

/* The process may end while the thread shakes hands, and OpenSSL must not be freed under it. Whoever
 * initializes OpenSSL first decides whether exit() does that: so, before main().
 */
static __attribute__((constructor)) void keep_openssl(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

struct tls_probe *tls_probe_new(const char *broker, const struct tls_files *files)
{
	struct tls_probe *probe = new0(struct tls_probe);

	atomic_init(&probe->owners, 1);
	atomic_init(&probe->is_running, false);
	pthread_mutex_init(&probe->lock, NULL);
	broker_url_read(broker, &probe->target.url);
	probe->target.files = (struct tls_files){alloc_text(files->ca_file),
		alloc_text(files->certificate_file), alloc_text(files->key_file)};
	probe->broker = alloc_text(broker);
	return probe;
}

struct tls_probe *tls_probe_free(struct tls_probe *probe)
{
	if (!probe || atomic_fetch_sub(&probe->owners, 1) > 1)
		return NULL;
	free((void *)probe->target.files.ca_file);
	free((void *)probe->target.files.certificate_file);
	free((void *)probe->target.files.key_file);
	free(probe->broker);
	pthread_mutex_destroy(&probe->lock);
	free(probe);
	return NULL;
}

static void tell(struct tls_probe *probe, const char *text)
{
	int64_t now_us = clock_now_us();

	if (strcmp(text, probe->told) == 0 && now_us - probe->told_us < REPEAT_US)
		return;
	snprintf(probe->told, sizeof(probe->told), "%s", text);
	probe->told_us = now_us;
	journal_write(LOG_ERR, "broker", "no encrypted connection to %s: %s", probe->broker, text);
}

static void keep(struct tls_probe *probe, const char *text)
{
	pthread_mutex_lock(&probe->lock);
	snprintf(probe->found, sizeof(probe->found), "%s", text);
	pthread_mutex_unlock(&probe->lock);
}

bool tls_probe_found(struct tls_probe *probe, char *ret_text, size_t size)
{
	bool is_found;

	pthread_mutex_lock(&probe->lock);
	is_found = probe->found[0] != '\0';
	if (is_found)
		snprintf(ret_text, size, "%s", probe->found);
	pthread_mutex_unlock(&probe->lock);
	return is_found;
}

static void *run(void *user)
{
	struct tls_probe *probe = user;
	char text[TLS_HANDSHAKE_TEXT_SIZE] = "";

	if (tls_files_are_dated(&probe->target.files, text) ||
		tls_handshake_explain(&probe->target, text))
		tell(probe, text);
	else
		text[0] = '\0';
	keep(probe, text);
	atomic_store(&probe->is_running, false);
	tls_probe_free(probe);
	return NULL;
}

void tls_probe_start(struct tls_probe *probe)
{
	if (atomic_exchange(&probe->is_running, true))
		return;
	atomic_fetch_add(&probe->owners, 1);
	if (thread_start_detached("coxad-tls-probe", run, probe) < 0) {
		atomic_store(&probe->is_running, false);
		tls_probe_free(probe);
	}
}
