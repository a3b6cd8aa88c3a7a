// SPDX-License-Identifier: MIT
#pragma once
/* What both files of the Movella DOT driver need. Only the decoder writes the state. */
#include "coxad/drivers/driver.h"

#define DOT_DEVICE  0x1002
#define DOT_REPORT  0x1004
#define DOT_CONTROL 0x2001
#define DOT_LONG    0x2002
#define DOT_MEDIUM  0x2003
#define DOT_SHORT   0x2004
#define DOT_RESET   0x2006
#define DOT_RESULT  0x2007
#define DOT_BATTERY 0x3001
#define DOT_MESSAGE 0x7001
#define DOT_ACK     0x7002
#define DOT_NOTIFY  0x7003

#define DOT_MODE_QUATERNION 5
#define DOT_MODE_RATE       21 /* acceleration and rate of turn */
#define DOT_MESSAGE_SYNC    2

static const struct uuid dot_service = {{0x15, 0x17, 0x10, 0x00, 0x49, 0x47, 0x11, 0xe9, 0x86, 0x46,
	0xd6, 0x63, 0xbd, 0x87, 0x3d, 0x93}};

struct dot_state {
	uint8_t mode; /* 0 unknown */
	bool has_time;
	uint32_t time_us;
	double interval_us;
	bool has_click;
	uint32_t click_ms;
	bool has_sync_result;
	unsigned told_unsynced; /* how often it has reported that it is not synchronised */
	struct motion_sample sample;
	float quat[1][4];
};

static inline struct uuid dot_uuid_of(unsigned number)
{
	return uuid_with_number(dot_service, number);
}
