// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-order.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "daemon/wire/payload.h"
#include "daemon/wire/radio-json.h"

#define WORD_SIZE 33

static const struct {
	int error;
	const char *word;
} words[] = {
	{-ENOTCONN, "not_connected"}, {-EAGAIN, "busy"}, {-ENODEV, "not_served"}, {-EIO, "failed"}};

size_t radio_order_write(const struct radio_order *order, char ret[static RADIO_ORDER_MAX])
{
	char uuid[UUID_TEXT_SIZE], value[2 * RADIO_ORDER_BYTES_MAX + 1];
	json_t *o = json_object();

	uuid_to_string(&order->characteristic, uuid);
	hex_encode(order->bytes, order->size, value);
	payload_set_integer(o, "n", order->number);
	payload_set_text(o, "w", order->address);
	payload_set_text(o, "c", uuid);
	payload_set_text(o, "v", value);
	payload_set_bool(o, "response", order->wants_response);
	if (order->reply) {
		payload_set_integer(o, "reply", order->reply);
		payload_set_integer(o, "busy", order->busy);
	}
	return radio_json_write(o, ret, RADIO_ORDER_MAX);
}

size_t radio_order_write_answer(
	const struct radio_order_answer *answer, char ret[static RADIO_ORDER_MAX])
{
	const char *word = answer->error ? "failed" : NULL;
	json_t *o = json_object();

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (answer->error == words[i].error)
			word = words[i].word;
	payload_set_integer(o, "n", answer->number);
	payload_set_text(o, "error", word);
	return radio_json_write(o, ret, RADIO_ORDER_MAX);
}

static bool take_number(const json_t *o, int64_t *ret)
{
	*ret = 0;
	return radio_json_take_number(o, "n", 1, RADIO_JSON_NUMBER_MAX, ret) && *ret;
}

static bool take_value(const json_t *o, struct radio_order *order)
{
	char text[2 * RADIO_ORDER_BYTES_MAX + 1] = "";
	int n;

	if (!radio_json_take_text(o, "v", text, sizeof(text)))
		return false;
	n = hex_decode(text, strlen(text), order->bytes, sizeof(order->bytes));
	order->size = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool take_reply(const json_t *o, struct radio_order *order)
{
	unsigned reply = 0, busy = 0;

	if (!radio_json_take_unsigned(o, "reply", UINT8_MAX, &reply) ||
		!radio_json_take_unsigned(o, "busy", UINT8_MAX, &busy))
		return false;
	order->reply = (uint8_t)reply;
	order->busy = reply ? (uint8_t)busy : 0;
	return true;
}

static bool take(const json_t *o, struct radio_order *order)
{
	char uuid[UUID_TEXT_SIZE] = "";

	return take_number(o, &order->number) && radio_json_take_address(o, "w", order->address) &&
	       radio_json_take_text(o, "c", uuid, sizeof(uuid)) &&
	       uuid_from_string(uuid, &order->characteristic) == 0 && take_value(o, order) &&
	       radio_json_take_bool(o, "response", &order->wants_response) && take_reply(o, order);
}

int radio_order_read(const char *text, size_t size, struct radio_order *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_ORDER_MAX);
	struct radio_order order = {0};
	bool is_good = o && take(o, &order);

	json_decref(o);
	if (!is_good)
		return -EINVAL;
	*ret = order;
	return 0;
}

/* A word that this coxad does not know is an error, too. */
static int error_of(const char *word)
{
	if (!*word)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].error;
	return -EIO;
}

int radio_order_read_answer(const char *text, size_t size, struct radio_order_answer *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_ORDER_MAX);
	char word[WORD_SIZE] = "";
	int64_t number;
	bool is_good = o && take_number(o, &number) &&
		       radio_json_take_text(o, "error", word, sizeof(word));

	json_decref(o);
	if (!is_good)
		return -EINVAL;
	*ret = (struct radio_order_answer){number, error_of(word)};
	return 0;
}
