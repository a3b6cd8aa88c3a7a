// SPDX-License-Identifier: MIT
#pragma once
/* The host's commands, by Core Vol 4 Part E 7. What Linux sends is in one table; everything else is
 * answered with Unknown HCI Command.
 */
#include "gym/hci-private.h"

/* Carries out and answers one command. */
void hci_commands_run(struct hci_controller *c, uint16_t opcode, const uint8_t *data, size_t size);
/* The state after power on, and after Reset. */
void hci_commands_reset(struct hci_controller *c);
