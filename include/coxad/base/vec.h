// SPDX-License-Identifier: MIT
#pragma once
/* Vectors and unit quaternions (w, x, y, z; Hamilton). Pure values, double precision. */
#include <math.h>
#include <stdbool.h>

struct vec3 {
	double x, y, z;
};

struct quat {
	double w, x, y, z;
};

#define QUAT_IDENTITY ((struct quat){1, 0, 0, 0})

static inline struct vec3 vec3_add(struct vec3 a, struct vec3 b)
{
	return (struct vec3){a.x + b.x, a.y + b.y, a.z + b.z};
}
static inline struct vec3 vec3_sub(struct vec3 a, struct vec3 b)
{
	return (struct vec3){a.x - b.x, a.y - b.y, a.z - b.z};
}
static inline struct vec3 vec3_scale(struct vec3 a, double k)
{
	return (struct vec3){a.x * k, a.y * k, a.z * k};
}
static inline double vec3_dot(struct vec3 a, struct vec3 b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}
static inline struct vec3 vec3_cross(struct vec3 a, struct vec3 b)
{
	return (struct vec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
static inline double vec3_norm(struct vec3 a)
{
	return sqrt(vec3_dot(a, a));
}
/* The zero vector stays zero. */
static inline struct vec3 vec3_unit(struct vec3 a)
{
	double n = vec3_norm(a);
	return n > 0 ? vec3_scale(a, 1 / n) : a;
}
/* Unsigned angle between two vectors, radians. */
static inline double vec3_angle(struct vec3 a, struct vec3 b)
{
	return atan2(vec3_norm(vec3_cross(a, b)), vec3_dot(a, b));
}
static inline struct quat quat_mul(struct quat a, struct quat b)
{
	return (struct quat){
		a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
		a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
		a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
		a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
	};
}
static inline struct quat quat_conj(struct quat q)
{
	return (struct quat){q.w, -q.x, -q.y, -q.z};
}
static inline struct quat quat_unit(struct quat q)
{
	double n = sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
	return n > 0 ? (struct quat){q.w / n, q.x / n, q.y / n, q.z / n} : QUAT_IDENTITY;
}
/* q v q*: from the frame of q into the frame that q refers to. */
static inline struct vec3 quat_rotate(struct quat q, struct vec3 v)
{
	struct vec3 u = {q.x, q.y, q.z};
	struct vec3 t = vec3_scale(vec3_cross(u, v), 2);
	return vec3_add(vec3_add(v, vec3_scale(t, q.w)), vec3_cross(u, t));
}
static inline struct quat quat_from_axis_angle(struct vec3 unit_axis, double angle_rad)
{
	double s = sin(angle_rad / 2);
	return (struct quat){cos(angle_rad / 2), unit_axis.x * s, unit_axis.y * s, unit_axis.z * s};
}
