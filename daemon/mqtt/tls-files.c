// SPDX-License-Identifier: MIT
#include "daemon/mqtt/tls-files.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/tls-text.h"

/* A bundle of all public authorities has a quarter of it. */
#define PEM_BYTES_MAX (1 << 20)

static int fail(const char *what, const char *path, const char *why,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	snprintf(ret_error, FILE_TEXT_ERROR_SIZE, "%s: %.180s %s", what, path, why);
	return -EINVAL;
}

/* ret reads from *ret_file; both are returns-owned. */
static int open_pem(const char *what, const char *path, struct file_text *ret_file, BIO **ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	int r = file_text_read(what, path, PEM_BYTES_MAX, ret_file, ret_error);

	if (r < 0)
		return r;
	if (ret_file->size == 0)
		r = fail(what, path, "is empty", ret_error);
	else if (ret_file->text[0] == 0x30)
		r = fail(what, path,
			"is not PEM but DER: convert it with openssl x509 or openssl pkey",
			ret_error);
	if (r < 0) {
		free(ret_file->text);
		return r;
	}
	*ret = BIO_new_mem_buf(ret_file->text, (int)ret_file->size);
	if (!*ret)
		abort(); /* out of memory */
	return 0;
}

/* The first certificate, returns-owned. */
static int read_certificate(
	const char *what, const char *path, X509 **ret, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	struct file_text file;
	BIO *bio;
	int r = open_pem(what, path, &file, &bio, ret_error);

	if (r < 0)
		return r;
	*ret = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);
	ERR_clear_error();
	BIO_free(bio);
	free(file.text);
	return *ret ? 0
		    : fail(what, path,
			      "holds no certificate that can be read (PEM, BEGIN CERTIFICATE)",
			      ret_error);
}

/* Asked for the passphrase of an encrypted key: there is nobody to ask. */
static int on_passphrase(char *buffer, int size, int is_writing, void *user)
{
	bool *is_encrypted = user;

	*is_encrypted = true;
	return -1;
}

static int read_key(const char *path, EVP_PKEY **ret, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	bool is_encrypted = false;
	struct file_text file;
	BIO *bio;
	int r = open_pem("key-file", path, &file, &bio, ret_error);

	if (r < 0)
		return r;
	*ret = PEM_read_bio_PrivateKey(bio, NULL, on_passphrase, &is_encrypted);
	ERR_clear_error();
	BIO_free(bio);
	OPENSSL_cleanse(file.text, file.size);
	free(file.text);
	if (*ret)
		return 0;
	return fail("key-file", path,
		is_encrypted
			? "is encrypted, and coxad cannot ask for its passphrase: store it decrypted "
			  "(openssl pkey -in OLD -out NEW), owned by coxad, mode 0400"
			: "holds no private key that can be read (PEM, BEGIN PRIVATE KEY)",
		ret_error);
}

int tls_files_check_ca(const char *path, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	X509 *certificate = NULL;
	int r = read_certificate("ca-file", path, &certificate, ret_error);

	X509_free(certificate);
	return r;
}

int tls_files_check_pair(const struct tls_files *files, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int r = read_certificate(
		"certificate-file", files->certificate_file, &certificate, ret_error);

	if (r == 0)
		r = read_key(files->key_file, &key, ret_error);
	if (r == 0 && X509_check_private_key(certificate, key) != 1) {
		snprintf(ret_error, FILE_TEXT_ERROR_SIZE,
			"key-file: %.180s is not the key of the certificate in %.180s: one of them was "
			"replaced alone",
			files->key_file, files->certificate_file);
		r = -EINVAL;
	}
	ERR_clear_error();
	EVP_PKEY_free(key);
	X509_free(certificate);
	return r;
}

int tls_files_check(const struct tls_files *files, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	int r = files->ca_file ? tls_files_check_ca(files->ca_file, ret_error) : 0;

	if (r == 0 && files->certificate_file && files->key_file)
		r = tls_files_check_pair(files, ret_error);
	return r;
}

static bool is_dated(const char *what, const char *path, char ret_text[static FILE_TEXT_ERROR_SIZE])
{
	char instant[TLS_TEXT_TIME_SIZE], now[TLS_TEXT_TIME_SIZE];
	X509 *certificate = NULL;
	bool is_early, is_late;

	if (!path || read_certificate(what, path, &certificate, ret_text) < 0)
		return false;
	is_early = X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0;
	is_late = X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
	tls_text_time(is_early ? X509_get0_notBefore(certificate) : X509_get0_notAfter(certificate),
		instant);
	tls_text_now(now);
	if (is_early)
		snprintf(ret_text, FILE_TEXT_ERROR_SIZE,
			"%s: the certificate in %.180s is not valid before %s, and this computer's "
			"clock says %s: if the clock is wrong, set it (timedatectl)",
			what, path, instant, now);
	else if (is_late)
		snprintf(ret_text, FILE_TEXT_ERROR_SIZE,
			"%s: the certificate in %.180s expired on %s: renew it", what, path,
			instant);
	X509_free(certificate);
	return is_early || is_late;
}

bool tls_files_are_dated(const struct tls_files *files, char ret_text[static FILE_TEXT_ERROR_SIZE])
{
	return is_dated("ca-file", files->ca_file, ret_text) ||
	       is_dated("certificate-file", files->certificate_file, ret_text);
}
