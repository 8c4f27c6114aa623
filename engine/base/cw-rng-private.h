/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#define CW_PHILOX_W0 0x9E3779B9u
#define CW_PHILOX_W1 0xBB67AE85u

/* One of the ten rounds of Philox 4x32; the key then grows by W0 and W1. */
static inline __attribute__ ((always_inline)) void
_cw_philox_round (uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1)
{
  uint64_t p0 = (uint64_t) 0xD2511F53u * *c0;
  uint64_t p1 = (uint64_t) 0xCD9E8D57u * *c2;

  *c0 = (uint32_t) (p1 >> 32) ^ *c1 ^ k0;
  *c1 = (uint32_t) p1;
  *c2 = (uint32_t) (p0 >> 32) ^ *c3 ^ k1;
  *c3 = (uint32_t) p0;
}
