/* SPDX-License-Identifier: MIT */
#pragma once

/* Eight floats that the compiler keeps in one register where there are such, in two where not. They are
 * handed around by pointer only: by value they would change the calling convention with the machine. */
typedef float CwVec __attribute__ ((vector_size (32), aligned (4), may_alias));

#define CW_VEC 8
#define CW_VEC_LOAD(from) (*(const CwVec *) (from))
#define CW_VEC_STORE(to, value) (*(CwVec *) (to) = (value))

#define CW_INLINE static inline __attribute__ ((always_inline))
