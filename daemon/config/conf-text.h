// SPDX-License-Identifier: MIT
#pragma once
/* The forms of texts in the configuration: names, addresses, paths, brokers, topics, numbers. Pure.
 * On -EINVAL `error` (CONF_ERROR_SIZE bytes) says what is wrong and what is allowed.
 */
#include <stddef.h>

#define CONF_TEXT_NAME_RULE "1 to 32 bytes of UTF-8 without / + # or control characters"
#define CONF_TEXT_URL_RULE  "mqtt://HOST[:PORT], mqtts://, ws:// or wss://"

int conf_text_check_name(const char *text, char *error);
int conf_text_check_path(const char *text, char *error);
int conf_text_check_url(const char *text, char *error);
int conf_text_check_topic(const char *text, char *error);
int conf_text_check_driver(const char *text, char *error);
/* ret: ADDRESS_SIZE bytes, upper case. */
int conf_text_address(const char *text, char *ret, char *error);
/* ret: CONF_TEXT_SIZE bytes; "all", or the addresses in upper case, separated by one space. */
int conf_text_adapters(const char *text, char *ret, char *error);
/* The shortest decimal text that reads back to the same double. */
void conf_text_number(double value, char *ret, size_t size);
