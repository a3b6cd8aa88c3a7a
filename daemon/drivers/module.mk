# SPDX-License-Identifier: MIT
include daemon/drivers/drivers.mk
libcoxad_pure_a_SOURCES += \
	include/coxad/drivers/button.h \
	include/coxad/drivers/driver-claim.h daemon/drivers/driver-claim.c \
	include/coxad/drivers/driver-list.h daemon/drivers/driver-list.c \
	daemon/drivers/drivers.list \
	include/coxad/drivers/driver.h \
	include/coxad/drivers/euler.h \
	include/coxad/drivers/ima-adpcm.h daemon/drivers/ima-adpcm.c \
	include/coxad/drivers/quantity.h \
	include/coxad/drivers/raw-axes.h \
	include/coxad/drivers/sample-count.h daemon/drivers/sample-count.c \
	include/coxad/drivers/sighting.h \
	include/coxad/drivers/sig-services.h daemon/drivers/sig-services.c

$(srcdir)/daemon/drivers/drivers.mk $(srcdir)/tests/fuzz/drivers.mk: \
		daemon/drivers/drivers.list tools/driver-fragments
	$(srcdir)/tools/driver-fragments
MAINTAINERCLEANFILES += $(srcdir)/daemon/drivers/drivers.mk $(srcdir)/tests/fuzz/drivers.mk
EXTRA_DIST += tools/driver-fragments
