/* SPDX-License-Identifier: MIT */
#pragma once

/* Compiles a function for several instruction sets; the loader picks. Sanitizers run before the
 * choice could be made. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)         \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CW_CLONES                                                                                  \
  __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CW_CLONES
#endif

/* For what such a function calls in a loop: it is part of every clone. */
#define CW_INLINE static inline __attribute__ ((always_inline))

/* Before a loop, element-wise in place: no element depends on another one's result. */
#define CW_IVDEP _Pragma ("GCC ivdep")

/* At the head of a file, behind its includes: a product and a sum are rounded one by one, also where
 * the instruction set could do both at once, so that all clones give the same bits. For what files or
 * people remember, such as pixels; kernels whose sums are long anyway need no such thing. */
#if defined(__clang__)
#define CW_EXACT _Pragma ("STDC FP_CONTRACT OFF")
#else
#define CW_EXACT _Pragma ("GCC optimize (\"fp-contract=off\")")
#endif
