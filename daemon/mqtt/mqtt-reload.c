// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-reload.h"

#include "coxad/loop/journal.h"

int mqtt_reload_check(const struct mqtt *mqtt, const struct mqtt_settings *settings)
{
	char error[FILE_TEXT_ERROR_SIZE];
	bool is_same;
	int r;

	if (!mqtt)
		return 1;
	is_same = mqtt_has_settings(mqtt, settings);
	r = mqtt_settings_check(settings, error);
	if (r < 0)
		journal_write(LOG_ERR, "config", "%s; %s", error,
			is_same ? "this connection goes on, but no other can be made"
				: "the previous connection goes on");
	if (is_same)
		return 0;
	return r < 0 ? r : 1;
}
