// SPDX-License-Identifier: MIT
#include "gym/advert.h"

#include <string.h>

void advert_put(uint8_t buffer[ADVERT_SIZE], size_t *n, enum advert_type type, const void *data,
	size_t size)
{
	if (*n + 2 + size > ADVERT_SIZE)
		return;
	buffer[*n] = (uint8_t)(size + 1);
	buffer[*n + 1] = (uint8_t)type;
	memcpy(buffer + *n + 2, data, size);
	*n += 2 + size;
}

void advert_flags(uint8_t buffer[ADVERT_SIZE], size_t *n)
{
	advert_put(buffer, n, ADVERT_FLAGS, "\x06", 1);
}

void advert_uuid(
	uint8_t buffer[ADVERT_SIZE], size_t *n, enum advert_type type, const struct uuid *uuid)
{
	uint8_t reversed[16];

	for (unsigned i = 0; i < 16; i++)
		reversed[i] = uuid->b[15 - i];
	advert_put(buffer, n, type, reversed, 16);
}

void advert_name(uint8_t buffer[ADVERT_SIZE], size_t *n, const char *name)
{
	size_t size = strlen(name), left = ADVERT_SIZE - *n;

	if (left <= 2)
		return;
	if (size <= left - 2)
		advert_put(buffer, n, ADVERT_FULL_NAME, name, size);
	else
		advert_put(buffer, n, ADVERT_SHORT_NAME, name, left - 2);
}
