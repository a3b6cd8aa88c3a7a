// SPDX-License-Identifier: MIT
#include "daemon/mqtt/tcp-nodelay.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

static bool is_option(int fd, int option, int wanted)
{
	int value = 0;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

static bool is_tcp(int fd)
{
	return is_option(fd, SO_TYPE, SOCK_STREAM) &&
	       (is_option(fd, SO_DOMAIN, AF_INET) || is_option(fd, SO_DOMAIN, AF_INET6));
}

int tcp_nodelay_all(void)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;
	const int on = 1;
	int n = 0;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory))) {
		char *end;
		long fd = strtol(entry->d_name, &end, 10);

		if (end != entry->d_name && !*end && is_tcp((int)fd) &&
			setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0)
			n++;
	}
	closedir(directory);
	return n;
}
