// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

const struct mqtt_timing mqtt_settings_timing = {
	.ack_us = 10 * US_PER_S,
	.backoff_min_us = US_PER_S / 2,
	.backoff_max_us = 10 * US_PER_S,
	.takeover_us = 15 * US_PER_S,
	.connect_s = 10,
	.keep_alive_s = 15,
	.hold_min_us = 5 * US_PER_S,
	.hold_max_us = 300 * US_PER_S,
	.aside_us = 300 * US_PER_S,
};

/* The first line of a file, without its end of line. */
static int read_secret(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buffer, size - 1);
	close(fd);
	if (n < 0)
		return -EIO;
	buffer[n] = '\0';
	buffer[strcspn(buffer, "\r\n")] = '\0';
	return 0;
}

int mqtt_settings_password(const struct mqtt_settings *settings, char *buffer, size_t size)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	const char *credential = settings->password_credential;
	_auto_free_ char *path = NULL;

	if (credential && directory) {
		path = alloc_printf("%s/%s", directory, credential);
		return read_secret(path, buffer, size);
	}
	if (settings->password_file)
		return read_secret(settings->password_file, buffer, size);
	return credential ? -ENOENT : 0;
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
	offsetof(struct mqtt_settings, subscription),
};

static const char **string_at(struct mqtt_settings *settings, size_t i)
{
	return (const char **)(void *)((char *)settings + strings[i]);
}

static const char *string_of(const struct mqtt_settings *settings, size_t i)
{
	return *(const char *const *)(const void *)((const char *)settings + strings[i]);
}

void mqtt_settings_init(struct mqtt_settings *ret, const struct conf *conf,
	const struct message *will, const struct mqtt_timing *timing)
{
	void *payload = alloc_zero(1, will->size);

	if (will->size)
		memcpy(payload, will->payload, will->size);
	*ret = (struct mqtt_settings){.connect = {.broker = conf->mqtt.broker,
					      .client_id = conf->mqtt.client_id,
					      .version = conf->mqtt.version,
					      .username = conf->mqtt.username,
					      .ca_file = conf->mqtt.ca_file,
					      .certificate_file = conf->mqtt.certificate_file,
					      .key_file = conf->mqtt.key_file,
					      .connect_s = timing->connect_s,
					      .keep_alive_s = timing->keep_alive_s,
					      .will = {.topic = will->topic,
						      .payload = payload,
						      .size = will->size,
						      .qos = will->qos,
						      .retain = will->retain}},
		.password_credential = conf->mqtt.password_credential,
		.password_file = conf->mqtt.password_file,
		.timing = *timing};
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		*string_at(ret, i) = alloc_text(string_of(ret, i));
	ret->subscription = alloc_printf("%s/command/#", conf->mqtt.base);
}

void mqtt_settings_done(struct mqtt_settings *settings)
{
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		free((void *)string_of(settings, i));
	free((void *)settings->connect.will.payload);
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
