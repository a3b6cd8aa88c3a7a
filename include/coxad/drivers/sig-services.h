// SPDX-License-Identifier: MIT
#pragma once
/* Standard services of the Bluetooth SIG that any wearable may have in addition to its own: battery
 * level, device information, heart rate, current time, digital inputs. The intake asks here first,
 * then the driver. Layouts: GATT Specification Supplement, by the 16-bit number of the characteristic.
 * Pure functions, no state.
 */
#include "coxad/drivers/driver.h"

/* A battery level that is not known. */
#define SIG_SERVICES_NO_BATTERY 255

bool sig_services_claim(const struct uuid *characteristic);
/* Like driver.decode. -REASON_TYPE for what is not claimed. */
int sig_services_decode(const struct driver_input *in, driver_emit_fn emit, void *user);

/* What is known already and need not be read. */
struct sig_services_known {
	bool battery; /* bluetoothd has told its level */
	bool about;
};
/* Step `index` of reading what the peer has and its driver does not claim: 1, or 0 at the end. Device
 * information is for recordings, so that they say which device they are from. */
int sig_services_plan(const struct driver *driver, const struct driver_peer *peer,
	struct sig_services_known already, unsigned index, struct driver_step *ret);
