// SPDX-License-Identifier: MIT
#include "gym/att-table.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static const struct {
	uint16_t service, uuid;
	unsigned properties;
	const char *text;
	uint8_t byte[2];
	uint8_t size; /* of `byte`, if there is no text */
} standard[] = {
	/* Assigned Numbers 3 */
	{0x1800, 0x2a00, DEVICE_READ, NULL, {0}, 0},          /* its name is filled in */
	{0x1800, 0x2a01, DEVICE_READ, NULL, {0x40, 0x05}, 2}, /* appearance: generic sensor */
	{0x1801, 0x2a05, DEVICE_INDICATE, NULL, {0}, 0},      /* service changed: never sent */
};

size_t att_table_put_uuid(const struct uuid *uuid, uint8_t ret[16])
{
	struct uuid base = UUID_SIG(0);

	if (memcmp(uuid->b, base.b, 2) == 0 && memcmp(uuid->b + 4, base.b + 4, 12) == 0) {
		ret[0] = uuid->b[3];
		ret[1] = uuid->b[2];
		return 2;
	}
	for (unsigned i = 0; i < 16; i++)
		ret[i] = uuid->b[15 - i];
	return 16;
}

bool att_table_get_uuid(const uint8_t *data, size_t size, struct uuid *ret)
{
	if (size == 2) {
		*ret = UUID_SIG(data[0] | data[1] << 8);
		return true;
	}
	if (size != 16)
		return false;
	for (unsigned i = 0; i < 16; i++)
		ret->b[i] = data[15 - i];
	return true;
}

static bool has_service(
	const struct device_characteristic *own, size_t n, const struct uuid *service)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_is_equal(&own[i].service, service))
			return true;
	return false;
}

static void add_standard(struct att_table *table, const struct device *device,
	const struct device_characteristic *own, size_t n_own)
{
	for (size_t i = 0; i < ARRAY_LEN(standard); i++) {
		struct att_characteristic *c = &table->characteristic[table->n_characteristics];
		const char *text = i == 0 ? device_name(device) : standard[i].text;

		c->service = UUID_SIG(standard[i].service);
		if (has_service(own, n_own, &c->service))
			continue;
		c->uuid = UUID_SIG(standard[i].uuid);
		c->properties = standard[i].properties;
		c->device_index = -1;
		c->fixed_size = text ? strnlen(text, ATT_FIXED_MAX) : standard[i].size;
		memcpy(c->fixed, text ? (const void *)text : standard[i].byte, c->fixed_size);
		table->n_characteristics++;
	}
}

static struct att_attribute *add_attribute(struct att_table *table, enum att_kind kind, size_t of)
{
	struct att_attribute *a = &table->attribute[table->n_attributes++];

	a->kind = kind;
	a->characteristic = (unsigned)of;
	return a;
}

static void lay_out(struct att_table *table)
{
	struct att_attribute *service = NULL;

	for (size_t i = 0; i < table->n_characteristics; i++) {
		struct att_characteristic *c = &table->characteristic[i];

		if (i == 0 || !uuid_is_equal(&c->service, &c[-1].service))
			service = add_attribute(table, ATT_KIND_SERVICE, i);
		add_attribute(table, ATT_KIND_CHARACTERISTIC, i);
		add_attribute(table, ATT_KIND_VALUE, i);
		c->value_handle = (uint16_t)table->n_attributes;
		if (c->properties & (DEVICE_NOTIFY | DEVICE_INDICATE)) {
			add_attribute(table, ATT_KIND_CCC, i);
			c->ccc_handle = (uint16_t)table->n_attributes;
		}
		service->end = (uint16_t)table->n_attributes;
	}
}

void att_table_init(struct att_table *table, const struct device *device)
{
	size_t n_own;
	const struct device_characteristic *own = device_characteristics(device, &n_own);
	size_t n = n_own + ARRAY_LEN(standard);

	memset(table, 0, sizeof(*table));
	table->characteristic = alloc_zero(n, sizeof(*table->characteristic));
	table->attribute = alloc_zero(4 * n, sizeof(*table->attribute));
	add_standard(table, device, own, n_own);
	for (size_t i = 0; i < n_own; i++)
		table->characteristic[table->n_characteristics++] = (struct att_characteristic){
			.service = own[i].service,
			.uuid = own[i].uuid,
			.properties = own[i].properties,
			.needs_encryption = own[i].needs_encryption,
			.device_index = (int)i,
		};
	lay_out(table);
}

void att_table_done(struct att_table *table)
{
	free(table->characteristic);
	free(table->attribute);
	memset(table, 0, sizeof(*table));
}

const struct att_attribute *att_table_get(const struct att_table *table, unsigned handle)
{
	return handle >= 1 && handle <= table->n_attributes ? &table->attribute[handle - 1] : NULL;
}

struct uuid att_table_type(const struct att_table *table, const struct att_attribute *attribute)
{
	switch (attribute->kind) {
	case ATT_KIND_SERVICE:
		return UUID_SIG(0x2800);
	case ATT_KIND_CHARACTERISTIC:
		return UUID_SIG(0x2803);
	case ATT_KIND_CCC:
		return UUID_SIG(0x2902);
	case ATT_KIND_VALUE:
		break;
	}
	return table->characteristic[attribute->characteristic].uuid;
}

size_t att_table_declaration(
	const struct att_table *table, const struct att_attribute *attribute, uint8_t ret[19])
{
	const struct att_characteristic *c = &table->characteristic[attribute->characteristic];

	if (attribute->kind == ATT_KIND_SERVICE)
		return att_table_put_uuid(&c->service, ret);
	ret[0] = (uint8_t)c->properties;
	ret[1] = (uint8_t)c->value_handle;
	ret[2] = (uint8_t)(c->value_handle >> 8);
	return 3 + att_table_put_uuid(&c->uuid, ret + 3);
}
