// SPDX-License-Identifier: MIT
#pragma once
/* Why an action failed, whatever words the other side has for it. */

enum link_error {
	LINK_ERROR_NONE,
	LINK_ERROR_FAILED,
	LINK_ERROR_TIMEOUT, /* no reply within the action's deadline */
	LINK_ERROR_IN_PROGRESS,
	LINK_ERROR_UNKNOWN_OBJECT, /* bluetoothd has forgotten the wearable */
	LINK_ERROR_NOT_READY,      /* the adapter is off */
	LINK_ERROR_NOT_PERMITTED,
	LINK_ERROR_NOT_SUPPORTED,
	LINK_ERROR_NOT_CONNECTED,
	LINK_ERROR_NO_LINK, /* reported as connected, but is not */
	LINK_ERROR_AUTHENTICATION,
	LINK_ERROR_LIMIT, /* the controller has no room for another connection */
	LINK_ERROR_NO_CHARACTERISTIC
};

const char *link_error_to_string(enum link_error error);
