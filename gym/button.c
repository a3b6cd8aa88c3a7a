// SPDX-License-Identifier: MIT
#include "gym/button.h"

#include "coxad/base/units.h"

#define PRESS_US 250000

int64_t button_due_us(const struct button *button, const struct device *device)
{
	const struct device_config *config = &device->config;

	if (button->at / 2 >= config->n_symptoms)
		return T_NEVER;
	return config->symptom[button->at / 2].t_us + (button->at % 2 ? PRESS_US : 0);
}

bool button_take(struct button *button)
{
	return button->at++ % 2 == 0;
}
