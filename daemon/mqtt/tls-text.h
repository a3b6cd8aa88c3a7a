// SPDX-License-Identifier: MIT
#pragma once
/* Certificates in words. */
#include <openssl/x509.h>
#include <stddef.h>

#define TLS_TEXT_TIME_SIZE 24
#define TLS_TEXT_NAME_SIZE 100

/* "2026-01-31 10:00 UTC" */
void tls_text_time(const ASN1_TIME *time, char ret[static TLS_TEXT_TIME_SIZE]);
void tls_text_now(char ret[static TLS_TEXT_TIME_SIZE]);
/* The common name, or the whole name. */
void tls_text_name(const X509_NAME *name, char ret[static TLS_TEXT_NAME_SIZE]);
/* The hosts that a certificate is for: "a.example, 10.0.0.1". */
void tls_text_hosts(const X509 *certificate, char *ret, size_t size);
