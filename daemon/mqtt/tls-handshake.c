// SPDX-License-Identifier: MIT
#include "daemon/mqtt/tls-handshake.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/tls-text.h"

#define CONNECT_S 5
/* With TLS 1.3 a broker refuses the client's certificate after the handshake. */
#define REFUSAL_S  2
#define HOSTS_SIZE 160

#define RECORD_HEADER_SIZE 5 /* RFC 8446, 5.1; OpenSSL judges no less */
#define NO_TLS                                                                                       \
	"what listens at that port does not speak TLS: correct the port (8883 is usual), or switch " \
	"TLS on in the broker"

struct handshake {
	const struct tls_target *target;
	int verify_error, depth; /* the first: X509_V_ERR_..., or X509_V_OK */
	X509 *certificate;       /* with that error, owned */
	bool is_asked;           /* for a client certificate */
	bool is_failed;
	uint64_t n_read; /* bytes that came before the handshake failed */
	bool is_late;    /* it failed because nothing more came in time */
	int reason;      /* SSL_R_... of the end, or 0 */
};

static int on_verify(int is_good, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct handshake *h = SSL_get_app_data(ssl);

	if (!is_good && h->verify_error == X509_V_OK) {
		h->verify_error = X509_STORE_CTX_get_error(store);
		h->depth = X509_STORE_CTX_get_error_depth(store);
		h->certificate = X509_STORE_CTX_get_current_cert(store);
		if (h->certificate)
			X509_up_ref(h->certificate);
	}
	return 1; /* to see what else the broker wants */
}

static int on_certificate_request(SSL *ssl, void *user)
{
	struct handshake *h = user;

	h->is_asked = true;
	return 1;
}

static SSL_CTX *context_new(struct handshake *h)
{
	const struct tls_files *files = &h->target->files;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context)
		return NULL;
	if (files->ca_file)
		SSL_CTX_load_verify_locations(context, files->ca_file, NULL);
	else
		SSL_CTX_set_default_verify_paths(context);
	if (files->certificate_file) {
		SSL_CTX_use_certificate_chain_file(context, files->certificate_file);
		SSL_CTX_use_PrivateKey_file(context, files->key_file, SSL_FILETYPE_PEM);
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
	SSL_CTX_set_cert_cb(context, on_certificate_request, h);
	ERR_clear_error();
	return context;
}

static void set_timeout(int fd, int seconds)
{
	struct timeval tv = {.tv_sec = seconds};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

/* The first address that answers, or -1. */
static int connect_to(const struct broker_url *url)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
	char port[8];
	int fd = -1;

	snprintf(port, sizeof(port), "%u", url->port);
	if (getaddrinfo(url->host, port, &hints, &list) != 0)
		return -1;
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd < 0)
			continue;
		set_timeout(fd, CONNECT_S);
		if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	return fd;
}

static bool is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static void expect_host(SSL *ssl, const char *host)
{
	if (is_address(host)) {
		X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	} else {
		SSL_set1_host(ssl, host);
		SSL_set_tlsext_host_name(ssl, host);
	}
}

static void shake_hands(struct handshake *h, SSL *ssl, int fd)
{
	char byte;
	int r;

	SSL_set_app_data(ssl, h);
	SSL_set_fd(ssl, fd);
	expect_host(ssl, h->target->url.host);
	ERR_clear_error();
	r = SSL_connect(ssl);
	if (r == 1) {
		set_timeout(fd, REFUSAL_S);
		if (h->is_asked && h->verify_error == X509_V_OK)
			SSL_read(ssl, &byte, 1);
	} else {
		h->is_failed = true;
		h->n_read = BIO_number_read(SSL_get_rbio(ssl));
		h->is_late = SSL_get_error(ssl, r) == SSL_ERROR_WANT_READ;
	}
	h->reason = ERR_GET_REASON(ERR_peek_last_error());
	ERR_clear_error();
}

static const char *client_fault(const struct handshake *h)
{
	bool has_own = h->target->files.certificate_file;

	switch (h->reason) {
	case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
	case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		if (!h->is_asked)
			return NULL;
		return has_own ? "the broker does not accept the client certificate in certificate-file"
			       : "the broker demands a client certificate: set certificate-file and key-file";
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
		return "the broker does not know the authority that issued the client certificate: "
		       "add it to the broker's authorities (mosquitto: cafile)";
	case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
		return "the broker says that the client certificate has expired: renew it, or set the "
		       "broker's clock";
	case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
		return "the broker says that the client certificate is revoked: get another one";
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
	case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
	case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
	case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
		return "the broker does not accept the client certificate in certificate-file";
	}
	return NULL;
}

/* It ended before what came could be told from TLS. */
static const char *early_end(const struct handshake *h)
{
	if (h->n_read)
		return NO_TLS;
	return h->is_late
		       ? "what listens at that port does not answer a TLS handshake: correct the port (8883 is "
			 "usual), switch TLS on in the broker, or see whether the broker hangs"
		       : "what listens at that port hangs up at a TLS handshake: correct the port (8883 is "
			 "usual), or switch TLS on in the broker";
}

static const char *protocol_fault(const struct handshake *h)
{
	switch (h->reason) {
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
		return NO_TLS;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED: /* TLS 1.1 and older sign with SHA-1 */
		return "the broker has only TLS versions that are too old: allow TLS 1.2 or 1.3 in it "
		       "(mosquitto: tls_version)";
	case SSL_R_NO_SHARED_CIPHER:
	case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
	case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
	case SSL_R_DH_KEY_TOO_SMALL:
		return "the broker and this computer share no encryption that is strong enough: update the "
		       "broker, or its list of ciphers";
	}
	return h->is_failed && h->n_read < RECORD_HEADER_SIZE ? early_end(h) : NULL;
}

static void explain_dates(
	const struct handshake *h, bool is_early, char ret[static TLS_HANDSHAKE_TEXT_SIZE])
{
	const char *whose =
		h->depth ? "the certificate of the broker's authority" : "the broker's certificate";
	char instant[TLS_TEXT_TIME_SIZE], now[TLS_TEXT_TIME_SIZE];

	tls_text_time(
		is_early ? X509_get0_notBefore(h->certificate) : X509_get0_notAfter(h->certificate),
		instant);
	tls_text_now(now);
	if (is_early)
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"%s is not valid before %s, and this computer's clock says %s: the clock may be "
			"wrong, check it (timedatectl)",
			whose, instant, now);
	else
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"%s expired on %s, and this computer's clock says %s: renew it, or correct the "
			"clock",
			whose, instant, now);
}

static void explain_authority(const struct handshake *h, char ret[static TLS_HANDSHAKE_TEXT_SIZE])
{
	char issuer[TLS_TEXT_NAME_SIZE];
	const char *ca_file = h->target->files.ca_file;

	tls_text_name(X509_get_issuer_name(h->certificate), issuer);
	if (ca_file)
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"the broker's certificate was issued by \"%s\", which is not in ca-file (%.150s): "
			"put that authority's certificate there",
			issuer, ca_file);
	else
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"the broker's certificate was issued by \"%s\", which this computer does not know: "
			"set ca-file to that authority's certificate",
			issuer);
}

static void explain_certificate(const struct handshake *h, char ret[static TLS_HANDSHAKE_TEXT_SIZE])
{
	char hosts[HOSTS_SIZE];

	switch (h->verify_error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		explain_dates(h, h->verify_error == X509_V_ERR_CERT_NOT_YET_VALID, ret);
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_CERT_UNTRUSTED:
		explain_authority(h, ret);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		tls_text_hosts(h->certificate, hosts, sizeof(hosts));
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"the broker's certificate is for %s, not for %.100s: write one of its names in "
			"broker, or have it issued for that name",
			hosts, h->target->url.host);
		break;
	default:
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE,
			"the broker's certificate is not accepted (%s): have another one issued",
			X509_verify_cert_error_string(h->verify_error));
	}
}

static bool explain(const struct handshake *h, char ret[static TLS_HANDSHAKE_TEXT_SIZE])
{
	const char *fault;

	if (h->verify_error != X509_V_OK && h->certificate) {
		explain_certificate(h, ret);
		return true;
	}
	fault = client_fault(h);
	if (!fault)
		fault = protocol_fault(h);
	if (fault)
		snprintf(ret, TLS_HANDSHAKE_TEXT_SIZE, "%s", fault);
	return fault;
}

bool tls_handshake_explain(
	const struct tls_target *target, char ret_text[static TLS_HANDSHAKE_TEXT_SIZE])
{
	struct handshake h = {.target = target, .verify_error = X509_V_OK};
	int fd = connect_to(&target->url);
	SSL_CTX *context;
	SSL *ssl = NULL;
	bool is_found = false;

	if (fd < 0)
		return false;
	context = context_new(&h);
	if (context)
		ssl = SSL_new(context);
	if (ssl) {
		shake_hands(&h, ssl, fd);
		is_found = explain(&h, ret_text);
	}
	X509_free(h.certificate);
	SSL_free(ssl);
	SSL_CTX_free(context);
	close(fd);
	return is_found;
}
