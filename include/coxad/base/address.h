// SPDX-License-Identifier: MIT
#pragma once
/* Bluetooth device addresses as text, "C0:A5:00:00:03:01". Pure. */
#include <stdint.h>

#define ADDRESS_SIZE       18
#define ADDRESS_SHORT_SIZE 5

/* Takes either case and writes upper case. -EINVAL, and ret untouched, where text is no address. */
int address_from_string(const char *text, char ret[static ADDRESS_SIZE]);
/* The six bytes in the order of the text, which address_from_string has accepted. */
void address_to_bytes(const char *address, uint8_t ret[static 6]);
/* Its last two bytes, "0301": enough to tell a machine's adapters apart, as an address never leaves the
 * gateway. Empty if the text is too short for an address. */
void address_shorten(const char *address, char ret[static ADDRESS_SHORT_SIZE]);
