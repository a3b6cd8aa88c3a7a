// SPDX-License-Identifier: MIT
/* What a brain and its radios say beside events: whoever reads it, what is accepted stays the same when it
 * is written and read again, and fits into the longest that there may be. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/config/conf-name.h"
#include "coxad/wire/radio-brain.h"
#include "coxad/wire/radio-heard.h"
#include "coxad/wire/radio-list.h"
#include "coxad/wire/radio-order.h"
#include "coxad/wire/radio-status.h"

static char first[RADIO_HEARD_MAX], again[RADIO_HEARD_MAX];

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void must_be_same(size_t size, size_t size_again)
{
	must(size == size_again && memcmp(first, again, size) == 0);
}

static void status(const char *text, size_t size)
{
	struct radio_status value;

	if (radio_status_read(text, size, &value) < 0)
		return;
	must(value.protocol > 0 && value.n_adapters <= RADIO_STATUS_ADAPTERS_MAX);
	must(memchr(value.version, 0, sizeof(value.version)) != NULL);
	if (!value.boot)
		return;
	size = radio_status_write(&value, first);
	must(radio_status_read(first, size, &value) == 0);
	must_be_same(size, radio_status_write(&value, again));
}

static void heard(const char *text, size_t size)
{
	static struct radio_heard value;

	if (radio_heard_read(text, size, &value) < 0)
		return;
	must(value.n <= RADIO_LIST_WEARABLES_MAX);
	size = radio_heard_write(&value, first);
	must(radio_heard_read(first, size, &value) == 0);
	must_be_same(size, radio_heard_write(&value, again));
}

static void list(const char *text, size_t size)
{
	static struct radio_list value;

	if (radio_list_read(text, size, &value) < 0)
		return;
	must(value.epoch > 0 && value.n <= RADIO_LIST_WEARABLES_MAX);
	for (unsigned i = 0; i < value.n; i++)
		must(!*value.wearable[i].radio ||
			(!value.wearable[i].is_served &&
				conf_name_is_valid(value.wearable[i].radio)));
	size = radio_list_write(&value, first);
	must(radio_list_read(first, size, &value) == 0);
	must_be_same(size, radio_list_write(&value, again));
}

static void order(const char *text, size_t size)
{
	struct radio_order value;

	if (radio_order_read(text, size, &value) < 0)
		return;
	must(value.number > 0 && value.size > 0 && value.size <= RADIO_ORDER_BYTES_MAX);
	size = radio_order_write(&value, first);
	must(radio_order_read(first, size, &value) == 0);
	must_be_same(size, radio_order_write(&value, again));
}

static void answer(const char *text, size_t size)
{
	struct radio_order_answer value, back;

	if (radio_order_read_answer(text, size, &value) < 0)
		return;
	must(value.number > 0 && value.error <= 0);
	size = radio_order_write_answer(&value, first);
	must(radio_order_read_answer(first, size, &back) == 0);
	must(back.number == value.number && back.error == value.error);
}

static void brain(const char *text, size_t size)
{
	struct radio_brain value;

	if (radio_brain_read(text, size, &value) < 0)
		return;
	must(value.epoch > 0 && value.protocol > 0);
	size = radio_brain_write(&value, first);
	must(radio_brain_read(first, size, &value) == 0);
	must_be_same(size, radio_brain_write(&value, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	status(text, size);
	heard(text, size);
	list(text, size);
	order(text, size);
	answer(text, size);
	brain(text, size);
	return 0;
}
