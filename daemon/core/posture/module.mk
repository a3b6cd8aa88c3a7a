# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/core/posture/kit-posture.h daemon/core/posture/kit-posture.c \
	daemon/core/posture/calibration.h daemon/core/posture/calibration.c \
	daemon/core/posture/kit-joint.h daemon/core/posture/kit-joint.c \
	daemon/core/posture/stuck-axes.h daemon/core/posture/stuck-axes.c \
	daemon/core/posture/gravity-check.h daemon/core/posture/gravity-check.c \
	daemon/core/posture/bustle.h daemon/core/posture/bustle.c \
	daemon/core/posture/calibration-movement.h daemon/core/posture/calibration-movement.c \
	daemon/core/posture/calibration-pose.h daemon/core/posture/calibration-pose.c \
	daemon/core/posture/calibration-run.h daemon/core/posture/calibration-run.c \
	daemon/core/posture/default-axes.h daemon/core/posture/default-axes.c \
	daemon/core/posture/frame-ring.h daemon/core/posture/frame-ring.c \
	daemon/core/posture/kit-calibration.h daemon/core/posture/kit-calibration.c \
	daemon/core/posture/kit-frame.h daemon/core/posture/kit-frame.c \
	daemon/core/posture/kit-measure.h daemon/core/posture/kit-measure.c \
	daemon/core/posture/kit-movement.h daemon/core/posture/kit-movement.c \
	daemon/core/posture/kit-posture-private.h \
	daemon/core/posture/leg-motion.h daemon/core/posture/leg-motion.c \
	daemon/core/posture/motion-sensor.h daemon/core/posture/motion-sensor.c \
	daemon/core/posture/orientation.h daemon/core/posture/orientation.c \
	daemon/core/posture/posture.h daemon/core/posture/posture.c \
	daemon/core/posture/rep-usual.h daemon/core/posture/rep-usual.c \
	daemon/core/posture/repetition.h daemon/core/posture/repetition.c \
	daemon/core/posture/segment-angles.h daemon/core/posture/segment-angles.c \
	daemon/core/posture/sensor-shift.h daemon/core/posture/sensor-shift.c \
	daemon/core/posture/smoothness.h daemon/core/posture/smoothness.c
