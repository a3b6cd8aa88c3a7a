// SPDX-License-Identifier: MIT
#include "daemon/config/conf-text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/config/conf-name.h"
#include "coxad/core/result.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/drivers/driver.h"
#include "daemon/config/conf-value.h"
#include "coxad/base/nearest.h"

int conf_text_check_name(const char *text, char *error)
{
	if (conf_name_is_valid(text))
		return 0;
	snprintf(error, CONF_ERROR_SIZE, "not a valid name; allowed: %s", CONF_TEXT_NAME_RULE);
	return -EINVAL;
}

int conf_text_check_path(const char *text, char *error)
{
	if (text[0] == '/')
		return 0;
	snprintf(error, CONF_ERROR_SIZE, "not an absolute path; did you mean /%.180s?", text);
	return -EINVAL;
}

static int check_port(const char *text, char *error)
{
	size_t length = strspn(text, "0123456789");

	if (length > 0 && length < 6 && !text[length] && atoi(text) >= 1 && atoi(text) <= 65535)
		return 0;
	snprintf(error, CONF_ERROR_SIZE, "not a valid port; allowed: 1 to 65535");
	return -EINVAL;
}

/* The scheme to suggest: what other programs call it, or what is spelled alike. */
static const char *nearest_scheme(const char *scheme)
{
	static const char *const schemes[] = {"mqtt", "mqtts", "ws", "wss"};
	static const char *const others[][2] = {{"tcp", "mqtt"}, {"mqtt+tcp", "mqtt"},
		{"ssl", "mqtts"}, {"tls", "mqtts"}, {"mqtt+ssl", "mqtts"}, {"mqtt+tls", "mqtts"},
		{"mqtt+ws", "ws"}, {"mqtt+wss", "wss"}, {"http", "ws"}, {"https", "wss"}};
	struct nearest nearest = {0};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcasecmp(scheme, others[i][0]) == 0)
			return others[i][1];
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		nearest_add(&nearest, scheme, schemes[i]);
	return nearest.word;
}

int conf_text_check_url(const char *text, char *error)
{
	const char *host = strstr(text, "://"), *end, *nearest;
	char scheme[16], rest[128];

	if (strchr(text, '@')) {
		snprintf(error, CONF_ERROR_SIZE,
			"contains a user or password; use username and password-credential instead");
		return -EINVAL;
	}
	snprintf(scheme, sizeof(scheme), "%.*s", host ? (int)(host - text) : 15, text);
	nearest = nearest_scheme(scheme);
	if (!host || strcmp(nearest, scheme) != 0) {
		snprintf(error, CONF_ERROR_SIZE,
			"not a broker URL; did you mean %s://%.100s? (allowed: %s)",
			host ? nearest : "mqtt", host ? host + 3 : text, CONF_TEXT_URL_RULE);
		return -EINVAL;
	}
	host += 3;
	end = host + strcspn(host, "/");
	if (*end == '/' && end[1] && scheme[0] != 'w') {
		snprintf(error, CONF_ERROR_SIZE,
			"contains a path; allowed only with ws:// and wss://");
		return -EINVAL;
	}
	if ((size_t)(end - host) >= sizeof(rest) || strpbrk(text, " \t")) {
		snprintf(error, CONF_ERROR_SIZE, "not a valid host; allowed: %s",
			CONF_TEXT_URL_RULE);
		return -EINVAL;
	}
	snprintf(rest, sizeof(rest), "%.*s", (int)(end - host), host);
	if (strchr(rest, '%')) {
		snprintf(error, CONF_ERROR_SIZE,
			"contains a zone (%%); a link-local address cannot be used: give the broker's other address or its name");
		return -EINVAL;
	}
	if (rest[0] == '[') { /* an IPv6 address */
		end = strchr(rest, ']');
		if (end && end > rest + 1 && !end[1])
			return 0;
		if (end && end > rest + 1 && end[1] == ':')
			return check_port(end + 2, error);
	} else if (rest[0] && rest[0] != ':') {
		end = strchr(rest, ':');
		return end ? check_port(end + 1, error) : 0;
	}
	snprintf(error, CONF_ERROR_SIZE, "not a valid host; allowed: %s", CONF_TEXT_URL_RULE);
	return -EINVAL;
}

int conf_text_check_topic(const char *text, char *error)
{
	size_t length = strlen(text);

	if (text[0] != '/' && text[length - 1] != '/' && text[0] != '$' && !strstr(text, "//") &&
		text_is_topic(text))
		return 0;
	snprintf(error, CONF_ERROR_SIZE,
		"not a valid topic prefix; allowed: levels separated by /, without + or #, like coxa/v1/gym");
	return -EINVAL;
}

int conf_text_check_driver(const char *text, char *error)
{
	struct nearest nearest = {0};
	const struct driver *const *drivers;
	size_t n;

	drivers = driver_list(&n);
	nearest_add(&nearest, text, "auto");
	for (size_t i = 0; i < n; i++)
		nearest_add(&nearest, text, drivers[i]->id);
	if (strcmp(nearest.word, text) == 0)
		return 0;
	snprintf(error, CONF_ERROR_SIZE, "unknown driver; did you mean %s?", nearest.word);
	return -EINVAL;
}

int conf_text_address(const char *text, char *ret, char *error)
{
	if (address_from_string(text, ret) == 0)
		return 0;
	snprintf(error, CONF_ERROR_SIZE,
		"not a Bluetooth address; allowed: six pairs of hexadecimal digits, like "
		"C0:A5:00:00:03:01");
	return -EINVAL;
}

int conf_text_adapters(const char *text, char *ret, char *error)
{
	char list[CONF_TEXT_SIZE] = "", word[ADDRESS_SIZE + 1], address[ADDRESS_SIZE];
	size_t length = 0;

	if (strcmp(text, "all") == 0) {
		strcpy(ret, text);
		return 0;
	}
	for (text += strspn(text, " ,\t"); *text; text += strspn(text, " ,\t")) {
		size_t n = strcspn(text, " ,\t");

		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		if (n > ADDRESS_SIZE || conf_text_address(word, address, error) < 0) {
			snprintf(error, CONF_ERROR_SIZE,
				"'%s' is not a Bluetooth address; allowed: all, or addresses like "
				"C0:A5:00:00:03:01 separated by spaces",
				word);
			return -EINVAL;
		}
		if (length + ADDRESS_SIZE >= sizeof(list))
			return -EINVAL; /* a line is shorter */
		length += (size_t)snprintf(
			list + length, sizeof(list) - length, "%s%s", length ? " " : "", address);
		text += n;
	}
	if (!length) {
		snprintf(error, CONF_ERROR_SIZE, "no adapter given; did you mean all?");
		return -EINVAL;
	}
	strcpy(ret, list);
	return 0;
}

void conf_text_number(double value, char *ret, size_t size)
{
	if (value > -1e15 && value < 1e15 && value == (double)(long long)value) {
		snprintf(ret, size, "%lld", (long long)value);
		return;
	}
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(ret, size, "%.*g", digits, value);
		if (strtod(ret, NULL) == value)
			return;
	}
}
