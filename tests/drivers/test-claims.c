// SPDX-License-Identifier: MIT
/* Which driver claims which advertisement: each wearable's as its maker documents it, and strangers'. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver-claim.h"
#include "coxad/drivers/driver-list.h"

struct advert {
	const char *driver; /* NULL: a stranger */
	enum driver_claim claim;
	const char *name, *service;
	const char *maker; /* bytes, company first */
	size_t n_maker;
};

#define MAKER(text) text, sizeof(text) - 1

static const struct advert adverts[] = {
	{"coxa", DRIVER_CLAIM_SURE, "Coxa-0301", "c0a50001-9bc6-4808-a8bd-20fbe3fc7d8c", NULL, 0},
	{"coxa", DRIVER_CLAIM_LIKELY, "Coxa-0301", NULL, NULL, 0},
	{"nordic-thingy52", DRIVER_CLAIM_SURE, "Thingy", "ef680100-9b35-4933-9b10-52ffa9740042",
		MAKER("\x59\x00\x12\x34\x56\x78")},
	{NULL, DRIVER_CLAIM_NONE, "Thingy", NULL, MAKER("\x59\x00\x12\x34\x56\x78")},
	{"movella-dot", DRIVER_CLAIM_SURE, "Xsens DOT", NULL, MAKER("\x86\x08\x01")},
	{"movella-dot", DRIVER_CLAIM_SURE, "Movella DOT", NULL, MAKER("\x86\x08")},
	{"movella-dot", DRIVER_CLAIM_LIKELY, "left thigh", NULL, MAKER("\x86\x08")},
	{"movella-dot", DRIVER_CLAIM_LIKELY, "Xsens DOT", NULL, NULL, 0},
	{"witmotion", DRIVER_CLAIM_LIKELY, "WT901BLE68", NULL, NULL, 0},
	{"witmotion", DRIVER_CLAIM_LIKELY, "BWT901BLE5.0", NULL, NULL, 0},
	{"movesense", DRIVER_CLAIM_LIKELY, "Movesense 204830000123", NULL, NULL, 0},
	{"movesense", DRIVER_CLAIM_SURE, "Movesense 204830000123",
		"0000fdf3-0000-1000-8000-00805f9b34fb", NULL, 0},
	{"mbient-metamotion", DRIVER_CLAIM_SURE, "left", "326a9000-85cb-9195-d9dd-464cfbbae75a",
		NULL, 0},
	{"mbient-metamotion", DRIVER_CLAIM_LIKELY, "MetaWear", NULL, NULL, 0},
	{"bbc-microbit", DRIVER_CLAIM_LIKELY, "BBC micro:bit", NULL, NULL, 0},
	{"bbc-microbit", DRIVER_CLAIM_LIKELY, "BBC micro:bit [zivov]", NULL, NULL, 0},
	{"arduino-nano33", DRIVER_CLAIM_SURE, "BLE Sense - 1A2B",
		"555a0002-0000-467a-9538-01f0652c74e8", NULL, 0},
	{"sig-heart-rate", DRIVER_CLAIM_SURE, "strap", "0000180d-0000-1000-8000-00805f9b34fb", NULL,
		0},
	/* BlueST protocol versions 1 and 2: bluest.md's vectors. */
	{"st-bluest", DRIVER_CLAIM_LIKELY, "BLUE", NULL,
		MAKER("\x01\x05\x6a\xfe\x05\x40\xc0\x83\x11\x22\x33\x44")},
	{"st-bluest", DRIVER_CLAIM_SURE, "AM1V420", NULL,
		MAKER("\x30\x00\x02\x02\x08\x00\x00\x00\xc0\x83\x11\x22\x33\x44")},
	/* Without an address it could be anybody's. */
	{NULL, DRIVER_CLAIM_NONE, "x", NULL, MAKER("\x01\x05\x6a\xfe\x05\x40")},
	/* ST's number, a device that is not known. */
	{NULL, DRIVER_CLAIM_NONE, "x", NULL, MAKER("\x30\x00\x02\x55\x08\x00\x00\x00")},
	/* Vibration sensors, and what people carry. */
	{NULL, DRIVER_CLAIM_NONE, "WTVB01-BT50", NULL, NULL, 0},
	{NULL, DRIVER_CLAIM_NONE, "WTF is this", NULL, NULL, 0},
	{NULL, DRIVER_CLAIM_NONE, "BBC micro:bitter", NULL, NULL, 0},
	{NULL, DRIVER_CLAIM_NONE, "Suunto 9", "0000fdf3-0000-1000-8000-00805f9b34fb", NULL, 0},
	{NULL, DRIVER_CLAIM_NONE, "Anna's phone", "0000fd6f-0000-1000-8000-00805f9b34fb",
		MAKER("\x4c\x00\x10\x05\x01\x98\x00\x00\x00")},
	{NULL, DRIVER_CLAIM_NONE, NULL, NULL, MAKER("\x75\x00\x42\x04\x01\x80\xac")},
	{NULL, DRIVER_CLAIM_NONE, NULL, NULL, MAKER("\x06\x00\x01\x09\x20\x02")},
	{NULL, DRIVER_CLAIM_NONE, "", NULL, NULL, 0},
	{NULL, DRIVER_CLAIM_NONE, NULL, NULL, NULL, 0},
};

static const struct driver *find(const struct advert *advert, enum driver_claim *ret)
{
	struct uuid service;
	struct driver_sighting sighting = {.name = advert->name,
		.services = &service,
		.maker = (const uint8_t *)advert->maker,
		.n_maker = advert->n_maker};

	if (advert->service) {
		assert_int_equal(uuid_from_string(advert->service, &service), 0);
		sighting.n_services = 1;
	}
	return driver_claim_find(&sighting, ret);
}

static void documented_adverts_are_claimed_and_no_others(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(adverts); i++) {
		enum driver_claim claim;
		const struct driver *driver = find(&adverts[i], &claim);

		print_message("%s\n", adverts[i].name ? adverts[i].name : "(no name)");
		assert_string_equal(driver ? driver->id : "nobody",
			adverts[i].driver ? adverts[i].driver : "nobody");
		assert_int_equal(claim, adverts[i].claim);
	}
}

static void each_driver_has_an_advert_above(void **state)
{
	size_t n;
	const struct driver *const *list = driver_list(&n);

	for (size_t i = 0; i < n; i++) {
		bool is_there = false;

		for (size_t k = 0; k < ARRAY_LEN(adverts); k++)
			is_there |=
				adverts[k].driver && strcmp(adverts[k].driver, list[i]->id) == 0;
		if (!is_there)
			fail_msg("%s: what does it advertise?", list[i]->id);
	}
}

/* What makes a wearable shine, buzz or scroll, byte by byte; nothing else can. */
static void orders_are_the_makers(void **state)
{
	static const struct {
		const char *driver;
		unsigned index;
		const char *bytes;
		size_t size;
	} writes[] = {
		{"coxa", 0, MAKER("\x07\x05")},
		{"nordic-thingy52", 0, MAKER("\x03\x07\x64")},
		{"movella-dot", 0, MAKER("\x01\x00\x15")},
		{"movella-dot", 1,
			MAKER("\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x3c\0\0\0\0\0\0\0")},
		{"movella-dot", 2, MAKER("\x01\x01\x15")},
		{"mbient-metamotion", 0,
			MAKER("\x02\x03\x00\x02\x1f\0\0\0\x32\0\0\0\xf4\x01\0\0\x0a")},
		{"mbient-metamotion", 1, MAKER("\x02\x01\x01")},
		{"bbc-microbit", 0, MAKER("COXA")},
	};
	size_t n, n_writes = 0;
	const struct driver *const *list = driver_list(&n);

	for (size_t i = 0; i < n; i++) {
		void *own = alloc_zero(1, list[i]->state_size);
		struct driver_step step;

		for (unsigned k = 0; list[i]->order &&
				     list[i]->order(own, DRIVER_ORDER_IDENTIFY, 5, k, &step) == 1;
			k++, n_writes++) {
			assert_true(n_writes < ARRAY_LEN(writes));
			assert_string_equal(list[i]->id, writes[n_writes].driver);
			assert_int_equal(k, writes[n_writes].index);
			assert_int_equal(step.size, writes[n_writes].size);
			assert_memory_equal(step.bytes, writes[n_writes].bytes, step.size);
		}
		free(own);
	}
	assert_int_equal(n_writes, ARRAY_LEN(writes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documented_adverts_are_claimed_and_no_others),
		cmocka_unit_test(each_driver_has_an_advert_above),
		cmocka_unit_test(orders_are_the_makers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
