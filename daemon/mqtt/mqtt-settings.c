// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/broker-url.h"

const struct mqtt_timing mqtt_settings_timing = {
	.ack_us = 10 * US_PER_S,
	.backoff_min_us = US_PER_S / 2,
	.backoff_max_us = 10 * US_PER_S,
	.takeover_us = 15 * US_PER_S,
	.connect_s = 10,
	.keep_alive_s = 15,
	.hold_min_us = 5 * US_PER_S,
	.hold_max_us = 300 * US_PER_S,
	.aside_min_us = 30 * US_PER_S,
	.aside_max_us = INT64_C(3600) * US_PER_S,
};

static int credential(const char *name, struct secret *ret, char *ret_error)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	_auto_free_ char *path = NULL;

	if (!directory) {
		snprintf(ret_error, FILE_TEXT_ERROR_SIZE,
			"password-credential: systemd gave coxad no credentials: add LoadCredential=%.128s "
			"to the service, or use password-file",
			name);
		return -ENOENT;
	}
	path = alloc_printf("%s/%s", directory, name);
	return secret_read("password-credential", path, ret, ret_error);
}

static int password(const struct mqtt_settings *settings, struct secret *ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	if (settings->password_credential)
		return credential(settings->password_credential, ret, ret_error);
	if (settings->password_file)
		return secret_read("password-file", settings->password_file, ret, ret_error);
	return 0;
}

static struct tls_files tls_files_of(const struct mqtt_settings *settings)
{
	return (struct tls_files){settings->connect.ca_file, settings->connect.certificate_file,
		settings->connect.key_file};
}

int mqtt_settings_open(const struct mqtt_settings *settings, struct secret *ret_password,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	const struct tls_files files = tls_files_of(settings);
	int r = settings->probe ? tls_files_check(&files, ret_error) : 0;

	*ret_password = (struct secret){0};
	return r < 0 ? r : password(settings, ret_password, ret_error);
}

int mqtt_settings_check(
	const struct mqtt_settings *settings, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	struct secret unused;
	int r = mqtt_settings_open(settings, &unused, ret_error);

	secret_done(&unused);
	return r;
}

void mqtt_settings_explain(const struct mqtt_settings *settings)
{
	if (settings->probe)
		tls_probe_start(settings->probe);
}

/* The strings that the settings own. */
static const size_t strings[] = {
	offsetof(struct mqtt_settings, connect.broker),
	offsetof(struct mqtt_settings, connect.client_id),
	offsetof(struct mqtt_settings, connect.username),
	offsetof(struct mqtt_settings, connect.ca_file),
	offsetof(struct mqtt_settings, connect.certificate_file),
	offsetof(struct mqtt_settings, connect.key_file),
	offsetof(struct mqtt_settings, connect.will.topic),
	offsetof(struct mqtt_settings, password_credential),
	offsetof(struct mqtt_settings, password_file),
	offsetof(struct mqtt_settings, extra),
#define FILTER(i) offsetof(struct mqtt_settings, filter[i])
	FILTER(0),
	FILTER(1),
	FILTER(2),
	FILTER(3),
	FILTER(4),
	FILTER(5),
	FILTER(6),
	FILTER(7),
};

static const char **string_at(struct mqtt_settings *settings, size_t i)
{
	return (const char **)(void *)((char *)settings + strings[i]);
}

static const char *string_of(const struct mqtt_settings *settings, size_t i)
{
	return *(const char *const *)(const void *)((const char *)settings + strings[i]);
}

static struct tls_probe *make_probe(const struct mqtt_settings *settings)
{
	const struct tls_files files = tls_files_of(settings);

	return tls_probe_new(settings->connect.broker, &files);
}

static struct paho_connect connect_of(const struct conf *conf, const struct mqtt_use *use)
{
	const struct message *will = use->will;

	return (struct paho_connect){.broker = conf->mqtt.broker,
		.client_id = conf->mqtt.client_id,
		.version = conf->mqtt.version,
		.username = conf->mqtt.username,
		.ca_file = conf->mqtt.ca_file,
		.certificate_file = conf->mqtt.certificate_file,
		.key_file = conf->mqtt.key_file,
		.connect_s = use->timing->connect_s,
		.keep_alive_s = use->timing->keep_alive_s,
		.arrival_max = use->arrival_max,
		.packet_max = use->packet_max,
		.will = {.topic = will->topic,
			.size = will->size,
			.qos = will->qos,
			.retain = will->retain}};
}

static void *copy_payload(const struct message *message)
{
	void *payload = alloc_zero(1, message->size);

	if (message->size)
		memcpy(payload, message->payload, message->size);
	return payload;
}

void mqtt_settings_init(
	struct mqtt_settings *ret, const struct conf *conf, const struct mqtt_use *use)
{
	struct broker_url url;

	*ret = (struct mqtt_settings){.connect = connect_of(conf, use),
		.password_credential = conf->mqtt.password_credential,
		.password_file = conf->mqtt.password_file,
		.n_filters = use->n_filters,
		.incoming = use->incoming,
		.waiting_max = use->waiting_max,
		.timing = *use->timing};
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		*string_at(ret, i) = alloc_text(string_of(ret, i));
	ret->connect.will.payload = copy_payload(use->will);
	if (use->client_suffix) {
		free((void *)ret->connect.client_id);
		ret->connect.client_id =
			alloc_printf("%s%s", conf->mqtt.client_id, use->client_suffix);
	}
	for (size_t i = 0; i < use->n_filters; i++)
		ret->filter[i] = alloc_printf("%s/%s", conf->mqtt.base, use->filters[i]);
	if (use->extra)
		ret->extra = alloc_printf("%s/%s", conf->mqtt.base, use->extra);
	if (!broker_url_read(conf->mqtt.broker, &url))
		return;
	memcpy(ret->host, url.host, sizeof(ret->host));
	if (url.is_tls)
		ret->probe = make_probe(ret);
}

void mqtt_settings_done(struct mqtt_settings *settings)
{
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		free((void *)string_of(settings, i));
	free((void *)settings->connect.will.payload);
	tls_probe_free(settings->probe);
	*settings = (struct mqtt_settings){0};
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool mqtt_settings_is_same(const struct mqtt_settings *a, const struct mqtt_settings *b)
{
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		if (!is_same_text(string_of(a, i), string_of(b, i)))
			return false;
	return a->connect.version == b->connect.version;
}
