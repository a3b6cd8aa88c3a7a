// SPDX-License-Identifier: MIT
#pragma once
/* Services of the Bluetooth SIG that any wearable may have beside its own: battery level, device
 * information, heart rate, current time, digital inputs. The intake looks here before it asks the
 * driver. Layouts: GATT Specification Supplement, by the 16-bit number of the characteristic.
 * Pure functions, no state.
 */
#include "coxad/drivers/driver.h"

bool sig_services_claim(const struct uuid *characteristic);
/* As a driver's decode. -REASON_TYPE for what is not claimed. */
int sig_services_decode(const struct driver_input *in, driver_emit_fn emit, void *user);

/* What need not be read again. */
struct sig_services_known {
	bool battery; /* bluetoothd has told its level */
	bool about;
};
/* Step `index` of what is worth having of a peer and its driver does not claim: 1, or 0 at the
 * end. Device information is for recordings: who looks at one later knows what spoke. */
int sig_services_plan(const struct driver *driver, const struct driver_peer *peer,
	struct sig_services_known already, unsigned index, struct driver_step *ret);
