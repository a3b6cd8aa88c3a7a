# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/drivers/driver.h include/coxad/drivers/driver-list.h daemon/drivers/driver-list.c \
	include/coxad/drivers/ima-adpcm.h daemon/drivers/ima-adpcm.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-coxa.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-st-bluest.c
