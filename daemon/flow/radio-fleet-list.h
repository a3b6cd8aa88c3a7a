// SPDX-License-Identifier: MIT
#pragma once
/* What each radio is told to do. */
#include "daemon/flow/radio-fleet-private.h"

/* Sends the lists that are no longer as they were sent. */
void radio_fleet_list_send(struct radio_fleet *fleet);
/* All are to be sent again. */
void radio_fleet_list_renew(struct radio_fleet *fleet);
