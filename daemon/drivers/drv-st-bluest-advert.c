// SPDX-License-Identifier: MIT
/* Layout: drv-st-bluest.c. */
#include "daemon/drivers/drv-st-bluest-advert.h"

#include <inttypes.h>
#include <stdio.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/sighting.h"

#define COMPANY_ST 0x0030

static const char *device_name(unsigned id)
{
	static const char *const names[] = {[0x01] = "WESU",
		[0x02] = "SensorTile",
		[0x03] = "BlueCoin",
		[0x05] = "BlueTile",
		[0x06] = "SensorTile.box",
		[0x08] = "STWIN",
		[0x09] = "STWIN",
		[0x0c] = "Astra",
		[0x0d] = "SensorTile.box PRO",
		[0x0e] = "STWIN.box",
		[0x0f] = "Proteus",
		[0x11] = "SensorTile.box PRO",
		[0x12] = "STWIN.box"};

	return id < ARRAY_LEN(names) ? names[id] : NULL;
}

/* Version 1 may come without the company's number. */
int drv_st_bluest_advert_read(const uint8_t *data, size_t size, struct bluest_advert *ret)
{
	struct bytes b = bytes_of(data, size);
	unsigned version, id;

	*ret = (struct bluest_advert){0};
	if (size > 2 && data[0] == 0x30 && data[1] == 0x00)
		bytes_take(&b, 2);
	version = bytes_u8(&b);
	id = bytes_u8(&b);
	if (version == 1) {
		/* In these ids bit 6 means that it sleeps. */
		ret->device = device_name(id & (id & 0x80 ? 0xffu : 0x3fu));
		ret->has_mask = true;
		ret->mask = bytes_be32(&b);
	} else if (version == 2 && b.at == data + 4) {
		ret->device = device_name(id);
		ret->firmware = bytes_u8(&b);
		for (unsigned i = 0; i < sizeof(ret->options); i++)
			ret->options[i] = bytes_u8(&b);
	} else {
		return -REASON_TYPE;
	}
	if (bytes_left(&b) != 0)
		ret->address = bytes_take(&b, 6);
	return b.failed || bytes_left(&b) != 0 ? -REASON_LENGTH : 0;
}

/* Version 1 has no maker's number, so only a known device with its address behind it is told from what
 * others send. Version 3 is broadcast without a connection. */
enum driver_claim drv_st_bluest_advert_sighted(const struct driver_sighting *sighting)
{
	struct bluest_advert advert;

	if (!sighting->maker ||
		drv_st_bluest_advert_read(sighting->maker, sighting->n_maker, &advert) < 0 ||
		!advert.device)
		return DRIVER_CLAIM_NONE;
	if (sighting_has_company(sighting, COMPANY_ST))
		return DRIVER_CLAIM_SURE;
	return advert.address ? DRIVER_CLAIM_LIKELY : DRIVER_CLAIM_NONE;
}

static int emit_features(uint32_t mask, driver_emit_fn emit, void *user)
{
	char text[9];

	snprintf(text, sizeof(text), "%08" PRIX32, mask);
	return quantity_emit_text(emit, user, "features", text, strlen(text));
}

static int emit_options(const uint8_t options[3], driver_emit_fn emit, void *user)
{
	char text[7];

	snprintf(text, sizeof(text), "%02X%02X%02X", options[0], options[1], options[2]);
	return quantity_emit_text(emit, user, "options", text, strlen(text));
}

static int emit_address(const uint8_t a[6], driver_emit_fn emit, void *user)
{
	char text[ADDRESS_SIZE];

	snprintf(text, sizeof(text), "%02X:%02X:%02X:%02X:%02X:%02X", a[0], a[1], a[2], a[3], a[4],
		a[5]);
	return quantity_emit_text(emit, user, "address", text, strlen(text));
}

int drv_st_bluest_advert_emit(const uint8_t *data, size_t size, driver_emit_fn emit, void *user)
{
	struct bluest_advert a;
	int n = 0, r = drv_st_bluest_advert_read(data, size, &a);

	if (r < 0)
		return r;
	if (a.device)
		n += quantity_emit_text(emit, user, "model", a.device, strlen(a.device));
	if (a.has_mask)
		n += emit_features(a.mask, emit, user);
	else
		n += quantity_emit_number(emit, user, "firmware", "", a.firmware) +
		     emit_options(a.options, emit, user);
	if (a.address)
		n += emit_address(a.address, emit, user);
	return n;
}
