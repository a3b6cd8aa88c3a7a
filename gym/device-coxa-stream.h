// SPDX-License-Identifier: MIT
#pragma once
/* What a virtual Coxa wearable sends: motion, pops, symptoms and sound, as wearable-profile.md lays
 * them out. `due` functions say when the next one is complete; the others build and queue it.
 */
#include "gym/device-coxa-private.h"

/* Starts the packet after now, one sample interval later. */
void device_coxa_stream_restart_motion(struct coxa *coxa, int64_t t_us);
double device_coxa_stream_motion_due_us(const struct coxa *coxa);
void device_coxa_stream_send_motion(struct coxa *coxa);

int64_t device_coxa_stream_pop_due_us(const struct coxa *coxa);
/* Detects the next sound of the script as a pop, if it is loud enough. */
void device_coxa_stream_send_pop(struct coxa *coxa);
/* Number of kept pops after a sequence number; sends them again unless it is a dry run. */
unsigned device_coxa_stream_resend_pops(struct coxa *coxa, uint16_t after, bool is_dry_run);

int64_t device_coxa_stream_symptom_due_us(const struct coxa *coxa);
/* Takes the next button press of the script. */
void device_coxa_stream_press(struct coxa *coxa);
/* Sends the oldest unconfirmed symptom, unless it is on its way already. */
void device_coxa_stream_offer_symptom(struct coxa *coxa);
/* The gateway has the oldest symptom. */
void device_coxa_stream_forget_symptom(struct coxa *coxa);

double device_coxa_stream_acoustic_due_us(const struct coxa *coxa);
void device_coxa_stream_send_acoustic(struct coxa *coxa);
