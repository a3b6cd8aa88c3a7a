// SPDX-License-Identifier: MIT
/* Texts of one line: names, topics, addresses, UUIDs, times. What is accepted stays the same when it is
 * written and read again, and a name that is clean can be part of a message. */
#include "tests/fuzz/fuzz-main.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/hex.h"
#include "coxad/base/text.h"
#include "coxad/base/uuid.h"
#include "coxad/config/broker-url.h"
#include "coxad/wire/response-topic.h"
#include "coxad/wire/wall-text.h"

#define HEX_MAX 256

static void name(const char *text, size_t size)
{
	uint32_t character = 0;
	enum text_fault fault = text_check(text, size, &character);
	char words[TEXT_FAULT_SIZE] = "";
	json_t *json;

	if (text_is_clean(text, size) != (fault == TEXT_FAULT_NONE))
		abort();
	if (fault != TEXT_FAULT_NONE) {
		text_explain(fault, character, words);
		if (!words[0])
			abort();
		return;
	}
	json = json_stringn(text, size);
	if (!json || memchr(text, 0, size))
		abort();
	json_decref(json);
}

static void topic(const char *text)
{
	static const char base[] = "coxa/v1/s";
	size_t length = strlen(base);

	if (text_is_topic(text) && (!text[0] || strpbrk(text, "+#")))
		abort();
	if (response_topic_is_allowed(text, base) &&
		(strncmp(text, base, length) != 0 || text[length] != '/'))
		abort();
}

static void uuid(const char *text)
{
	struct uuid one, two;
	char again[UUID_TEXT_SIZE];

	if (uuid_from_string(text, &one) < 0)
		return;
	uuid_to_string(&one, again);
	if (uuid_from_string(again, &two) < 0 || !uuid_is_equal(&one, &two))
		abort();
}

static void address(const char *text)
{
	char one[ADDRESS_SIZE], two[ADDRESS_SIZE];
	uint8_t bytes[6];

	if (address_from_string(text, one) < 0)
		return;
	address_to_bytes(one, bytes);
	if (address_from_string(one, two) < 0 || strcmp(one, two) != 0)
		abort();
}

static void wall(const char *text)
{
	int64_t one_us, two_us;
	char again[WALL_TEXT_SIZE];

	if (wall_text_read(text, &one_us) < 0)
		return;
	wall_text_write(one_us, again);
	if (wall_text_read(again, &two_us) < 0 || llabs(one_us - two_us) > 1000)
		abort();
}

static void broker(const char *text)
{
	struct broker_url url;

	memset(&url, 0x7f, sizeof(url));
	if (!broker_url_read(text, &url))
		return;
	if (!memchr(url.host, 0, sizeof(url.host)))
		abort();
	broker_url_is_local(&url);
}

static void hex(const char *text, size_t size)
{
	uint8_t bytes[HEX_MAX];
	char again[2 * HEX_MAX + 1];
	int n = hex_decode(text, size, bytes, sizeof(bytes));

	if (n < 0)
		return;
	hex_encode(bytes, (size_t)n, again);
	if (strlen(again) != size || strncasecmp(again, text, size) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	name((const char *)data, size);
	topic(text);
	uuid(text);
	address(text);
	wall(text);
	broker(text);
	hex((const char *)data, size);
	free(text);
	return 0;
}
