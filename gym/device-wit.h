// SPDX-License-Identifier: MIT
#pragma once
#include "gym/device-private.h"

extern const struct device_ops device_wit_ops, device_wit_logger_ops;
