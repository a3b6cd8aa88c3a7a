// SPDX-License-Identifier: MIT
#pragma once
/* org.bluez.Agent1, which bluetoothd asks while pairing: accepts the configured wearables if pairing
 * is configured, rejects everybody else. It can neither display nor enter a passkey.
 */
#include <dbus/dbus.h>

struct bluez_context;

/* On each new connection; the context outlives it. */
void bluez_agent_export(struct bluez_context *context, DBusConnection *connection);
/* Each time that bluetoothd comes, and when pairing may have become configured, or no longer is. */
void bluez_agent_register(struct bluez_context *context);
/* bluetoothd is gone, and with it what it was told. */
void bluez_agent_forget(struct bluez_context *context);
/* A wearable is on trial: bluetoothd pairs for nobody without an agent. */
void bluez_agent_offer(const struct bluez_context *context);
/* None is any more. */
void bluez_agent_withdraw(const struct bluez_context *context);
