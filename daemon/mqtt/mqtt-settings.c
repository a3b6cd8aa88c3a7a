// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

const struct mqtt_timing mqtt_timing_default = {
	.ack_us = 10 * US_PER_S,
	.backoff_min_us = US_PER_S / 2,
	.backoff_max_us = 10 * US_PER_S,
	.takeover_us = 15 * US_PER_S,
	.connect_s = 10,
	.keep_alive_s = 15,
};

/* One line of a file into the buffer, without its end of line. */
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

void mqtt_settings_copy(struct mqtt_settings *to, const struct mqtt_settings *from)
{
	const struct paho_connect *c = &from->connect;
	char *will = alloc_zero(1, c->will.size);

	*to = *from;
	if (c->will.size)
		memcpy(will, c->will.payload, c->will.size);
	to->connect.will.payload = will;
	to->connect.will.topic = alloc_text(c->will.topic);
	to->connect.broker = alloc_text(c->broker);
	to->connect.client_id = alloc_text(c->client_id);
	to->connect.username = alloc_text(c->username);
	to->connect.password = NULL;
	to->connect.ca_file = alloc_text(c->ca_file);
	to->connect.certificate_file = alloc_text(c->certificate_file);
	to->connect.key_file = alloc_text(c->key_file);
	to->password_credential = alloc_text(from->password_credential);
	to->password_file = alloc_text(from->password_file);
	to->subscription = alloc_text(from->subscription);
}

void mqtt_settings_done(struct mqtt_settings *settings)
{
	const struct paho_connect *c = &settings->connect;
	const void *const owned[] = {c->will.payload, c->will.topic, c->broker, c->client_id,
		c->username, c->ca_file, c->certificate_file, c->key_file,
		settings->password_credential, settings->password_file, settings->subscription};

	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
		free((void *)owned[i]);
}
