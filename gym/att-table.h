// SPDX-License-Identifier: MIT
#pragma once
/* The attributes of one wearable in the order of their handles: the services that the specification
 * requires (Generic Access, Generic Attribute), then the device's own characteristics with their
 * declarations and configuration descriptors (Core Vol 3 Part G 3). Built once from a device, then
 * only read. A service that the device has itself is not added a second time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "gym/device.h"

#define ATT_FIXED_MAX 24 /* bytes of a characteristic that never changes */

enum att_kind {
	ATT_KIND_SERVICE,
	ATT_KIND_CHARACTERISTIC, /* the declaration */
	ATT_KIND_VALUE,
	ATT_KIND_CCC,
};

struct att_characteristic {
	struct uuid service, uuid;
	unsigned properties;
	bool needs_encryption;
	int device_index; /* the device's characteristic; -1: the value is `fixed` */
	uint8_t fixed[ATT_FIXED_MAX];
	size_t fixed_size;
	uint16_t value_handle, ccc_handle; /* 0: none */
};

struct att_attribute {
	enum att_kind kind;
	unsigned characteristic; /* index; of a service, its first one */
	uint16_t end;            /* of a service: the last handle in it */
};

struct att_table {
	size_t n_characteristics;
	struct att_characteristic *characteristic;
	size_t n_attributes; /* handle h is attribute[h - 1] */
	struct att_attribute *attribute;
};

void att_table_init(struct att_table *table, const struct device *device);
void att_table_done(struct att_table *table);
/* NULL if there is no such handle. */
const struct att_attribute *att_table_get(const struct att_table *table, unsigned handle);
/* The attribute's type. */
struct uuid att_table_type(const struct att_table *table, const struct att_attribute *attribute);
/* The value of a service or characteristic declaration. Returns its length. */
size_t att_table_declaration(
	const struct att_table *table, const struct att_attribute *attribute, uint8_t ret[19]);
/* A UUID as in packets. Returns the number of bytes: 2 if it is on the base UUID, else 16. */
size_t att_table_put_uuid(const struct uuid *uuid, uint8_t ret[16]);
/* False if the size is neither 2 nor 16. */
bool att_table_get_uuid(const uint8_t *data, size_t size, struct uuid *ret);
