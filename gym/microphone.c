// SPDX-License-Identifier: MIT
#include "gym/microphone.h"

#include <math.h>

int16_t microphone_sample(const struct device_config *config, struct random *noise, double t_us)
{
	double normal = random_normal(noise);
	double sum = pow(10, config->acoustic_noise_db / 20) * normal;

	for (size_t i = 0; i < config->n_sounds; i++) {
		double since_s = (t_us - (double)config->sound[i].t_us) / 1e6;

		if (since_s > 0 && since_s < sound_length_s(&config->sound[i].sound))
			sum += sound_wave(&config->sound[i].sound, since_s, normal);
	}
	return (int16_t)lrint(fmax(-1, fmin(1, sum)) * 32767);
}
