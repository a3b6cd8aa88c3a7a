// SPDX-License-Identifier: MIT
#pragma once
/* Building an advertising packet out of AD structures (Core Supplement Part A). Each call appends
 * one at *n; a structure that no longer fits in the 31 bytes is left out. Pure.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"

#define ADVERT_SIZE 31

enum advert_type {
	ADVERT_FLAGS = 0x01,
	ADVERT_ALL_UUIDS_16 = 0x03,
	ADVERT_SOME_UUIDS_128 = 0x06,
	ADVERT_ALL_UUIDS_128 = 0x07,
	ADVERT_SHORT_NAME = 0x08,
	ADVERT_FULL_NAME = 0x09,
	ADVERT_MANUFACTURER = 0xff,
};

void advert_put(uint8_t buffer[ADVERT_SIZE], size_t *n, enum advert_type type, const void *data,
	size_t size);
/* General discoverable, LE only. */
void advert_flags(uint8_t buffer[ADVERT_SIZE], size_t *n);
void advert_uuid(
	uint8_t buffer[ADVERT_SIZE], size_t *n, enum advert_type type, const struct uuid *uuid);
/* Shortened to what fits. */
void advert_name(uint8_t buffer[ADVERT_SIZE], size_t *n, const char *name);
