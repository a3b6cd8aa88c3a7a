// SPDX-License-Identifier: MIT
#include "daemon/mqtt/paho.h"

#include <MQTTAsync.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "coxad/base/alloc.h"
#include "daemon/mqtt/paho-arrival.h"

/* Paho's own queue, which is also used while connected: larger than our window and samples together,
 * so that Paho never decides what is dropped. */
#define PAHO_BUFFER 512
/* MQTT 5.0, 3.1.2.11.3: the receive maximum of a broker that states none. */
#define RECEIVE_MAXIMUM_DEFAULT 65535

struct paho {
	MQTTAsync handle;
	struct mailbox *mailbox;
	bool is_v5;
	size_t arrival_max;
};

/* The URI in Paho's form (returns-owned), or NULL if it is none of the four kinds. */
static char *paho_uri(const char *broker)
{
	static const struct {
		const char *scheme, *paho;
		unsigned port;
	} kinds[] = {{"mqtt://", "tcp://", 1883}, {"mqtts://", "ssl://", 8883},
		{"ws://", "ws://", 80}, {"wss://", "wss://", 443}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *host, *end, *colon;

		if (strncasecmp(broker, kinds[i].scheme, strlen(kinds[i].scheme)))
			continue;
		host = broker + strlen(kinds[i].scheme);
		end = host + strcspn(host, "/");
		/* An IPv6 address has its colons in brackets. */
		colon = memchr(host, ']', (size_t)(end - host));
		colon = memchr(colon ? colon : host, ':', (size_t)(end - (colon ? colon : host)));
		if (end == host)
			return NULL;
		if (colon)
			return alloc_printf("%s%s", kinds[i].paho, host);
		return alloc_printf(
			"%s%.*s:%u%s", kinds[i].paho, (int)(end - host), host, kinds[i].port, end);
	}
	return NULL;
}

static void post(struct paho *paho, enum paho_mail kind, int64_t number, int64_t detail, void *data)
{
	struct mail mail = {.kind = kind, .number = number, .detail = detail, .data = data};

	mailbox_post(paho->mailbox, &mail, kind == PAHO_MAIL_TLS);
}

static int64_t property_of(MQTTProperties *properties, enum MQTTPropertyCodes code, int64_t none)
{
	return MQTTProperties_hasProperty(properties, code)
		       ? MQTTProperties_getNumericValue(properties, code)
		       : none;
}

static void post_connected(struct paho *paho, const struct paho_offer *offer)
{
	struct paho_offer *copy = new0(struct paho_offer);

	*copy = *offer;
	post(paho, PAHO_MAIL_CONNECTED, 0, 0, copy);
}

static void on_connected5(void *context, MQTTAsync_successData5 *response)
{
	MQTTProperties *properties = &response->properties;
	struct paho_offer offer = {
		.receive_maximum = property_of(
			properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, RECEIVE_MAXIMUM_DEFAULT),
		.packet_max = property_of(properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, 0),
		.maximum_qos = (unsigned)property_of(properties, MQTTPROPERTY_CODE_MAXIMUM_QOS, 2),
		.has_retain = property_of(properties, MQTTPROPERTY_CODE_RETAIN_AVAILABLE, 1) != 0};

	post_connected(context, &offer);
}

static void on_connected(void *context, MQTTAsync_successData *response)
{
	static const struct paho_offer offer = {
		.receive_maximum = RECEIVE_MAXIMUM_DEFAULT, .maximum_qos = 2, .has_retain = true};

	post_connected(context, &offer);
}

/* What the broker says about it; returns-owned, or NULL. It may be anything. */
static char *said_in(const MQTTProperties *properties)
{
	MQTTProperty *said = MQTTProperties_getProperty(
		(MQTTProperties *)properties, MQTTPROPERTY_CODE_REASON_STRING);

	return said && said->value.data.len > 0
		       ? alloc_printf("%.*s", said->value.data.len, said->value.data.data)
		       : NULL;
}

/* Paho 1.3.12 leaves reasonCode 0 and has that of CONNACK in code. */
static int reason_of(const MQTTAsync_failureData5 *response)
{
	if (response->reasonCode >= 0x80)
		return (int)response->reasonCode;
	return response->code >= 0x80 && response->code <= 0xff ? response->code : 0;
}

static void on_refused5(void *context, MQTTAsync_failureData5 *response)
{
	const char *text =
		response->message ? response->message : MQTTAsync_strerror(response->code);
	int reason = reason_of(response);

	if (reason)
		post(context, PAHO_MAIL_REFUSED, reason, 0, said_in(&response->properties));
	else
		post(context, PAHO_MAIL_REFUSED, 0, 0, alloc_text(text));
}

static void on_refused(void *context, MQTTAsync_failureData *response)
{
	const char *text =
		response->message ? response->message : MQTTAsync_strerror(response->code);

	/* 1 to 5 are the broker's return codes (MQTT 3.1.1, table 3.1). */
	if (response->code >= 1 && response->code <= 5)
		post(context, PAHO_MAIL_REFUSED, response->code, 0, NULL);
	else
		post(context, PAHO_MAIL_REFUSED, 0, 0, alloc_text(text));
}

static void on_lost(void *context, char *cause)
{
	post(context, PAHO_MAIL_LOST, 0, 0, NULL);
}

static void on_broker_disconnected(
	void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
	post(context, PAHO_MAIL_LOST, reason, 0, said_in(properties));
}

static void on_disconnected5(void *context, MQTTAsync_successData5 *response)
{
	post(context, PAHO_MAIL_DISCONNECTED, 0, 0, NULL);
}

static void on_disconnect_failed5(void *context, MQTTAsync_failureData5 *response)
{
	post(context, PAHO_MAIL_DISCONNECTED, 0, 0, NULL);
}

static void on_disconnected(void *context, MQTTAsync_successData *response)
{
	post(context, PAHO_MAIL_DISCONNECTED, 0, 0, NULL);
}

static void on_disconnect_failed(void *context, MQTTAsync_failureData *response)
{
	post(context, PAHO_MAIL_DISCONNECTED, 0, 0, NULL);
}

static int on_tls(const char *line, size_t size, void *context)
{
	post(context, PAHO_MAIL_TLS, 0, 0, alloc_printf("%.*s", (int)size, line));
	return 1;
}

static void on_sent5(void *context, MQTTAsync_successData5 *response)
{
	post(context, PAHO_MAIL_SENT, response->token, 0, NULL);
}

static void on_sent(void *context, MQTTAsync_successData *response)
{
	post(context, PAHO_MAIL_SENT, response->token, 0, NULL);
}

/* Also called, with a negative code, when the connection is lost: that is not a refusal. */
static void on_send_failed5(void *context, MQTTAsync_failureData5 *response)
{
	if (response->code == 0 && response->reasonCode >= 0x80)
		post(context, PAHO_MAIL_SEND_REFUSED, response->token, response->reasonCode,
			said_in(&response->properties));
	else
		post(context, PAHO_MAIL_SEND_FAILED, response->token, 0, NULL);
}

static void on_send_failed(void *context, MQTTAsync_failureData *response)
{
	post(context, PAHO_MAIL_SEND_FAILED, response->token, 0, NULL);
}

static void on_subscribed5(void *context, MQTTAsync_successData5 *response)
{
	post(context, PAHO_MAIL_SUBSCRIBED, response->reasonCode, response->token, NULL);
}

static void on_subscribe_failed5(void *context, MQTTAsync_failureData5 *response)
{
	post(context, PAHO_MAIL_SUBSCRIBED,
		response->reasonCode >= 0x80 ? (int64_t)response->reasonCode : 0x80,
		response->token, said_in(&response->properties));
}

static void on_subscribed(void *context, MQTTAsync_successData *response)
{
	post(context, PAHO_MAIL_SUBSCRIBED, response->alt.qos, response->token, NULL);
}

static void on_subscribe_failed(void *context, MQTTAsync_failureData *response)
{
	post(context, PAHO_MAIL_SUBSCRIBED, 0x80, response->token, NULL);
}

static void post_arrival(struct paho *paho, const char *topic, const MQTTAsync_message *message)
{
	struct mail mail = {.kind = PAHO_MAIL_ARRIVED};

	mail.data = paho_arrival_new(topic, message, paho->arrival_max, &mail.size);
	mailbox_post(paho->mailbox, &mail, true);
}

static int on_arrived(void *context, char *topic, int topic_length, MQTTAsync_message *message)
{
	/* Paho gives a length only for a topic that contains a NUL: not one of ours. */
	if (!topic_length || strlen(topic) == (size_t)topic_length)
		post_arrival(context, topic, message);
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

void *paho_anchor_new(void)
{
	MQTTAsync handle = NULL;

	/* Without an anchor everything works, with pauses. */
	if (MQTTAsync_create(&handle, "tcp://127.0.0.1:1", "anchor", MQTTCLIENT_PERSISTENCE_NONE,
		    NULL) != MQTTASYNC_SUCCESS)
		return NULL;
	return handle;
}

void *paho_anchor_free(void *anchor)
{
	MQTTAsync handle = anchor;

	if (handle)
		MQTTAsync_destroy(&handle);
	return NULL;
}

static int create(struct paho *paho, const struct paho_connect *connect)
{
	MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
	_auto_free_ char *uri = paho_uri(connect->broker);

	if (!uri)
		return -EINVAL;
	options.MQTTVersion = paho->is_v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
	options.maxBufferedMessages = PAHO_BUFFER;
	options.sendWhileDisconnected = 0;
	if (MQTTAsync_createWithOptions(&paho->handle, uri, connect->client_id,
		    MQTTCLIENT_PERSISTENCE_NONE, NULL, &options) != MQTTASYNC_SUCCESS)
		return -EINVAL;
	MQTTAsync_setCallbacks(paho->handle, paho, on_lost, on_arrived, NULL);
	if (paho->is_v5)
		MQTTAsync_setDisconnected(paho->handle, paho, on_broker_disconnected);
	return 0;
}

static void add_packet_max(MQTTProperties *properties, unsigned bytes)
{
	MQTTProperty property = {.identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE};

	property.value.integer4 = bytes;
	MQTTProperties_add(properties, &property);
}

static int start(struct paho *paho, const struct paho_connect *connect)
{
	MQTTAsync_connectOptions v5 = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_connectOptions v3 = MQTTAsync_connectOptions_initializer;
	MQTTAsync_connectOptions *options = paho->is_v5 ? &v5 : &v3;
	MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
	MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
	MQTTProperties properties = MQTTProperties_initializer;
	int rc;

	/* MQTTVERSION_DEFAULT would make each attempt twice. */
	options->MQTTVersion = paho->is_v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
	options->keepAliveInterval = connect->keep_alive_s;
	options->connectTimeout = connect->connect_s;
	options->username = connect->username;
	options->password = connect->password;
	options->context = paho;
	if (paho->is_v5) {
		options->onSuccess5 = on_connected5;
		options->onFailure5 = on_refused5;
		options->connectProperties = &properties;
		if (connect->packet_max)
			add_packet_max(&properties, connect->packet_max);
	} else {
		options->onSuccess = on_connected;
		options->onFailure = on_refused;
	}
	if (connect->will.topic) {
		will.topicName = connect->will.topic;
		will.payload.data = connect->will.payload;
		will.payload.len = (int)connect->will.size;
		will.qos = (int)connect->will.qos;
		will.retained = connect->will.retain;
		options->will = &will;
	}
	tls.trustStore = connect->ca_file;
	tls.keyStore = connect->certificate_file;
	tls.privateKey = connect->key_file;
	tls.enableServerCertAuth = 1;
	tls.verify = 1;
	tls.sslVersion = MQTT_SSL_VERSION_DEFAULT;
	tls.ssl_error_cb = on_tls;
	tls.ssl_error_context = paho;
	if (!strncasecmp(connect->broker, "mqtts", 5) || !strncasecmp(connect->broker, "wss", 3))
		options->ssl = &tls;
	rc = MQTTAsync_connect(paho->handle, options);
	MQTTProperties_free(&properties);
	return rc == MQTTASYNC_SUCCESS ? 0 : -EIO;
}

int paho_new(const struct paho_connect *connect, struct mailbox *mailbox, struct paho **ret)
{
	struct paho *paho = alloc_zero(1, sizeof(*paho));
	int r;

	paho->mailbox = mailbox;
	paho->is_v5 = connect->version == 5;
	paho->arrival_max = connect->arrival_max;
	r = create(paho, connect);
	if (!r)
		r = start(paho, connect);
	if (r) {
		paho_free(paho);
		return r;
	}
	*ret = paho;
	return 0;
}

struct paho *paho_free(struct paho *paho)
{
	if (!paho)
		return NULL;
	if (paho->handle)
		MQTTAsync_destroy(&paho->handle);
	free(paho);
	return NULL;
}

int paho_subscribe(struct paho *paho, const char *filter)
{
	MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;

	options.context = paho;
	if (paho->is_v5) {
		options.onSuccess5 = on_subscribed5;
		options.onFailure5 = on_subscribe_failed5;
		/* The filter may also match what we publish. */
		options.subscribeOptions.noLocal = 1;
	} else {
		options.onSuccess = on_subscribed;
		options.onFailure = on_subscribe_failed;
	}
	return MQTTAsync_subscribe(paho->handle, filter, 1, &options) == MQTTASYNC_SUCCESS
		       ? options.token
		       : -EIO;
}

static void add_properties(MQTTProperties *properties, const struct paho_publish *publish)
{
	MQTTProperty property;

	if (publish->expiry_s) {
		property.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL;
		property.value.integer4 = publish->expiry_s;
		MQTTProperties_add(properties, &property);
	}
	if (publish->correlation_size) {
		property.identifier = MQTTPROPERTY_CODE_CORRELATION_DATA;
		property.value.data.data = (char *)publish->correlation;
		property.value.data.len = (int)publish->correlation_size;
		MQTTProperties_add(properties, &property);
	}
}

/* Of MQTTAsync_sendMessage: about the message, not about the connection or its queue. */
static bool is_permanent(int rc)
{
	switch (rc) {
	case MQTTASYNC_BAD_UTF8_STRING:
	case MQTTASYNC_NULL_PARAMETER:
	case MQTTASYNC_TOPICNAME_TRUNCATED:
	case MQTTASYNC_BAD_STRUCTURE:
	case MQTTASYNC_BAD_QOS:
	case MQTTASYNC_WRONG_MQTT_VERSION:
	case MQTTASYNC_BAD_MQTT_OPTION:
		return true;
	default:
		return false;
	}
}

int paho_publish(struct paho *paho, const struct paho_publish *publish)
{
	MQTTAsync_message message = MQTTAsync_message_initializer;
	MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
	int rc;

	message.payload = (void *)publish->payload;
	message.payloadlen = (int)publish->size;
	message.qos = (int)publish->qos;
	message.retained = publish->retain;
	options.context = paho;
	if (paho->is_v5) {
		options.onSuccess5 = on_sent5;
		options.onFailure5 = on_send_failed5;
		add_properties(&message.properties, publish);
	} else {
		options.onSuccess = on_sent;
		options.onFailure = on_send_failed;
	}
	rc = MQTTAsync_sendMessage(paho->handle, publish->topic, &message, &options);
	MQTTProperties_free(&message.properties);
	if (is_permanent(rc))
		return -EINVAL;
	return rc == MQTTASYNC_SUCCESS ? options.token : -EAGAIN;
}

int paho_disconnect(struct paho *paho, bool with_will)
{
	MQTTAsync_disconnectOptions v5 = MQTTAsync_disconnectOptions_initializer5;
	MQTTAsync_disconnectOptions v3 = MQTTAsync_disconnectOptions_initializer;
	MQTTAsync_disconnectOptions *options = paho->is_v5 ? &v5 : &v3;

	options->context = paho;
	if (paho->is_v5) {
		options->onSuccess5 = on_disconnected5;
		options->onFailure5 = on_disconnect_failed5;
		options->reasonCode = with_will ? MQTTREASONCODE_DISCONNECT_WITH_WILL_MESSAGE
						: MQTTREASONCODE_SUCCESS;
	} else {
		options->onSuccess = on_disconnected;
		options->onFailure = on_disconnect_failed;
	}
	return MQTTAsync_disconnect(paho->handle, options) == MQTTASYNC_SUCCESS ? 0 : -EIO;
}
