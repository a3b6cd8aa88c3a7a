// SPDX-License-Identifier: MIT
#pragma once
/* org.coxad.Gateway1: what a trainer asks for. */
#include <systemd/sd-bus.h>

/* The user is the struct control. Private to the room: see control-private.h. */
extern const sd_bus_vtable control_gateway_methods[];
