// SPDX-License-Identifier: MIT
#include "daemon/config/conf-text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* No name server knows a longer part of a name (RFC 1035, 2.3.4). */
#define LABEL_MAX 63

/* Between dots: 1 to 63 letters, digits, hyphens, and the underscores that names at home have. */
static bool is_host_name(const char *host)
{
	size_t length = 0;

	for (const char *c = host; *c; c++) {
		if (*c != '.' && *c != '-' && *c != '_' && !(isascii(*c) && isalnum(*c)))
			return false;
		if (*c == '.' && length == 0)
			return false;
		length = *c == '.' ? 0 : length + 1;
		if (length > LABEL_MAX)
			return false;
	}
	return host[0] && host[0] != '-';
}

static int check_host(const char *host, char *error)
{
	unsigned char address[16];

	if (!is_host_name(host)) {
		snprintf(error, CONF_ERROR_SIZE,
			"not a valid host; a name has letters, digits, - and . between them");
		return -EINVAL;
	}
	if (host[strspn(host, "0123456789.")] || inet_pton(AF_INET, host, address) == 1)
		return 0;
	snprintf(error, CONF_ERROR_SIZE,
		"not a valid IPv4 address; it has four numbers from 0 to 255, like 192.168.1.5");
	return -EINVAL;
}

static int refuse_host(char *error)
{
	snprintf(error, CONF_ERROR_SIZE, "not a valid host; allowed: %s", CONF_TEXT_URL_RULE);
	return -EINVAL;
}

/* [ADDRESS][:PORT], split in place. */
static int check_bracketed(char *text, char *error)
{
	char *end = strchr(text, ']');
	unsigned char address[16];

	if (!end || (end[1] && end[1] != ':'))
		return refuse_host(error);
	*end++ = '\0';
	if (inet_pton(AF_INET6, text + 1, address) == 1)
		return *end ? check_port(end + 1, error) : 0;
	snprintf(error, CONF_ERROR_SIZE,
		"not a valid IPv6 address; like [2001:db8::5], in brackets");
	return -EINVAL;
}

/* HOST[:PORT], split in place. */
static int check_authority(char *text, char *error)
{
	char *port = strchr(text, ':');
	unsigned char address[16];

	if (strchr(text, '%')) {
		snprintf(error, CONF_ERROR_SIZE,
			"contains a zone (%%); a link-local address cannot be used: give the broker's other address or its name");
		return -EINVAL;
	}
	if (text[0] == '[')
		return check_bracketed(text, error);
	if (inet_pton(AF_INET6, text, address) == 1) {
		snprintf(error, CONF_ERROR_SIZE, "an IPv6 address needs brackets: [%.60s]", text);
		return -EINVAL;
	}
	if (!text[0] || text[0] == ':')
		return refuse_host(error);
	if (port)
		*port++ = '\0';
	if (check_host(text, error) < 0)
		return -EINVAL;
	return port ? check_port(port, error) : 0;
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
	if ((size_t)(end - host) >= sizeof(rest) || strpbrk(text, " \t"))
		return refuse_host(error);
	snprintf(rest, sizeof(rest), "%.*s", (int)(end - host), host);
	return check_authority(rest, error);
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
	if (strcmp(text, "00:00:00:00:00:00") == 0 || strcasecmp(text, "FF:FF:FF:FF:FF:FF") == 0) {
		snprintf(error, CONF_ERROR_SIZE,
			"no device has this address; coxactl scan shows those of the wearables near by");
		return -EINVAL;
	}
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
