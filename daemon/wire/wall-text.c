// SPDX-License-Identifier: MIT
#include "coxad/wire/wall-text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"

#define US_PER_DAY (INT64_C(86400) * US_PER_S)
/* 1970-01-01 to 9999-12-31, so that the year has four digits. */
#define WALL_MAX (INT64_C(2932897) * US_PER_DAY - 1)

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int64_t year, int month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January. */
static int64_t days_before_year(int64_t year)
{
	int64_t y = year - 1;

	return 365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - 477;
}

void wall_text_write(int64_t wall_us, char ret[static WALL_TEXT_SIZE])
{
	int64_t t = wall_us < 0 ? 0 : wall_us > WALL_MAX ? WALL_MAX : wall_us;
	int64_t day = t / US_PER_DAY;
	unsigned ms = (unsigned)(t % US_PER_DAY / US_PER_MS);
	int64_t year = 1970 + day / 366;
	int month = 1;

	while (days_before_year(year + 1) <= day)
		year++;
	day -= days_before_year(year);
	while (day >= days_of_month(year, month))
		day -= days_of_month(year, month++);
	snprintf(ret, WALL_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)year % 10000,
		(unsigned)month % 100, (unsigned)(day + 1) % 100, ms / 3600000 % 100,
		ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

/* n digits at *at as a number, -1 if there are none. */
static int digits(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		value = value * 10 + (**at - '0');
	}
	return value;
}

static bool is_char(const char **at, const char *any)
{
	if (!**at || !strchr(any, **at))
		return false;
	(*at)++;
	return true;
}

static int fraction(const char **at, int64_t *ret_us)
{
	int64_t unit = US_PER_S / 10;
	int n = 0;

	*ret_us = 0;
	if (!is_char(at, "."))
		return 0;
	for (; **at >= '0' && **at <= '9'; (*at)++, n++, unit /= 10)
		*ret_us += (**at - '0') * unit;
	return n >= 1 && n <= 9 ? 0 : -EINVAL;
}

static int offset(const char **at, int64_t *ret_us)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes;

	*ret_us = 0;
	if (is_char(at, "Zz"))
		return 0;
	if (!is_char(at, "+-"))
		return -EINVAL;
	hours = digits(at, 2);
	if (hours < 0 || !is_char(at, ":"))
		return -EINVAL;
	minutes = digits(at, 2);
	if (hours > 23 || minutes < 0 || minutes > 59)
		return -EINVAL;
	*ret_us = sign * (hours * INT64_C(3600) + minutes * 60) * US_PER_S;
	return 0;
}

int wall_text_read(const char *text, int64_t *ret_wall_us)
{
	int year = digits(&text, 4), month, day, hour, minute, second;
	int64_t us, zone, wall;

	if (year < 1970 || !is_char(&text, "-"))
		return -EINVAL;
	month = digits(&text, 2);
	if (month < 1 || month > 12 || !is_char(&text, "-"))
		return -EINVAL;
	day = digits(&text, 2);
	if (day < 1 || day > days_of_month(year, month) || !is_char(&text, "Tt "))
		return -EINVAL;
	hour = digits(&text, 2);
	if (hour < 0 || hour > 23 || !is_char(&text, ":"))
		return -EINVAL;
	minute = digits(&text, 2);
	if (minute < 0 || minute > 59 || !is_char(&text, ":"))
		return -EINVAL;
	second = digits(&text, 2); /* 60 is a leap second */
	if (second < 0 || second > 60 || fraction(&text, &us) < 0 || offset(&text, &zone) < 0 ||
		*text)
		return -EINVAL;
	wall = days_before_year(year);
	for (int m = 1; m < month; m++)
		wall += days_of_month(year, m);
	wall = (wall + day - 1) * US_PER_DAY +
	       ((hour * INT64_C(60) + minute) * 60 + second) * US_PER_S + us - zone;
	if (wall < 0)
		return -EINVAL;
	*ret_wall_us = wall;
	return 0;
}
