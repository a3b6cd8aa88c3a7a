// SPDX-License-Identifier: MIT
#include "coxad/drivers/driver-list.h"

#include <string.h>

#include "coxad/base/alloc.h"

#define X(descriptor) extern const struct driver descriptor;
#include "daemon/drivers/drivers.list"
#undef X

static const struct driver *const list[] = {
#define X(descriptor) &descriptor,
#include "daemon/drivers/drivers.list"
#undef X
};

const struct driver *const *driver_list(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(list);
	return list;
}

const struct driver *driver_list_find(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (strcmp(list[i]->id, id) == 0)
			return list[i];
	return NULL;
}

const struct driver *driver_list_find_by_characteristic(const struct uuid *characteristic)
{
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (list[i]->claims(characteristic))
			return list[i];
	return NULL;
}
