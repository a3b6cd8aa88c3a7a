// SPDX-License-Identifier: MIT
#pragma once
/* The radio of the fake org.bluez: links that come up, carry data and end, adverts, unknown
 * devices.
 */
#include "gym/door-private.h"

/* Nothing is subscribed any more; the link stays. */
void door_radio_end_subscriptions(struct door_device *device);
/* Of its connection. */
int64_t door_radio_interval_us(const struct door *door, const struct door_device *device);
void door_radio_link_down(struct door *door, struct door_device *device);
void door_radio_set_power(struct door *door, struct door_adapter *adapter, bool is_on);
/* Ends what AcquireNotify has opened. */
void door_radio_close_notify(struct door_device *device, struct door_char *c);
/* Both do what is due, and return when something is due next. */
int64_t door_radio_step_device(struct door *door, struct door_device *device, int64_t now_us);
int64_t door_radio_step_strangers(struct door *door, int64_t now_us);
