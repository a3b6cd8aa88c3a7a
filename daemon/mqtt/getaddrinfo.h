// SPDX-License-Identifier: MIT
#pragma once
/* Which address Paho connects to. Paho 1.3.12 resolves a name while it holds its lock, so that every
 * call into it waits for the name server, and of the answers it takes the first IPv4 address whether
 * that serves or not (paho.mqtt.c 1125, 1030). The name has to stay in its URI, as the certificate is
 * checked against it. So coxad resolves the name itself (resolver.h) and pins one address here: the
 * function getaddrinfo, which this file puts in front of the C library's, answers with it at once.
 * The pin is global, as getaddrinfo has no place for an owner; there is one connection at a time.
 */
#include <sys/socket.h>

/* From now on the host has this address. Any thread. */
void getaddrinfo_pin(const char *host, const struct sockaddr *address, socklen_t size);
