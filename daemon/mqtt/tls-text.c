// SPDX-License-Identifier: MIT
#include "daemon/mqtt/tls-text.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "coxad/base/text.h"

static void print_time(const struct tm *tm, char ret[static TLS_TEXT_TIME_SIZE])
{
	if (!strftime(ret, TLS_TEXT_TIME_SIZE, "%Y-%m-%d %H:%M UTC", tm))
		snprintf(ret, TLS_TEXT_TIME_SIZE, "an unknown time");
}

void tls_text_time(const ASN1_TIME *time, char ret[static TLS_TEXT_TIME_SIZE])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm))
		print_time(&tm, ret);
	else
		snprintf(ret, TLS_TEXT_TIME_SIZE, "an unknown time");
}

void tls_text_now(char ret[static TLS_TEXT_TIME_SIZE])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	print_time(&tm, ret);
}

void tls_text_name(const X509_NAME *name, char ret[static TLS_TEXT_NAME_SIZE])
{
	if (X509_NAME_get_text_by_NID(name, NID_commonName, ret, TLS_TEXT_NAME_SIZE) <= 0)
		X509_NAME_oneline(name, ret, TLS_TEXT_NAME_SIZE);
	if (!text_is_clean(ret, strlen(ret)))
		snprintf(ret, TLS_TEXT_NAME_SIZE, "?");
}

static bool host_text(const GENERAL_NAME *name, char *ret, size_t size)
{
	const ASN1_STRING *data = name->d.ia5;
	int length;

	if (name->type == GEN_DNS) {
		length = ASN1_STRING_length(data);
		snprintf(ret, size, "%.*s", length, (const char *)ASN1_STRING_get0_data(data));
		return text_is_clean(ret, strlen(ret));
	}
	if (name->type != GEN_IPADD)
		return false;
	length = ASN1_STRING_length(name->d.iPAddress);
	return (length == 4 || length == 16) &&
	       inet_ntop(length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress),
		       ret, (socklen_t)size);
}

void tls_text_hosts(const X509 *certificate, char *ret, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	char host[TLS_TEXT_NAME_SIZE];
	size_t at = 0;

	ret[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && at < size; i++)
		if (host_text(sk_GENERAL_NAME_value(names, i), host, sizeof(host)))
			at += (size_t)snprintf(ret + at, size - at, "%s%s", at ? ", " : "", host);
	GENERAL_NAMES_free(names);
	if (at > 0)
		return;
	tls_text_name(X509_get_subject_name(certificate), host);
	snprintf(ret, size, "%s", host);
}
