/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-rng.h"

#include "base/cw-rng-private.h"

#include <math.h>

void
cw_rng_philox (const uint32_t ctr[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t c0 = ctr[0], c1 = ctr[1], c2 = ctr[2], c3 = ctr[3];
  uint32_t k0 = key[0], k1 = key[1];

  for (int round = 0; round < 10; round++)
    {
      _cw_philox_round (&c0, &c1, &c2, &c3, k0, k1);
      k0 += CW_PHILOX_W0;
      k1 += CW_PHILOX_W1;
    }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

CwRng
cw_rng_new (uint64_t seed, CwRngPurpose purpose, uint32_t step, uint32_t epoch, uint32_t item,
            uint32_t view)
{
  CwRng rng = { .seed = seed, .used = 4 };

  rng.ctr[0] = 0;
  rng.ctr[1] = ((uint32_t) purpose << 24) | ((step & 0xFFu) << 16) | (view & 0xFFFFu);
  rng.ctr[2] = item;
  rng.ctr[3] = epoch;
  return rng;
}

uint32_t
cw_rng_next (CwRng *rng)
{
  if (rng->used == 4)
    {
      const uint32_t key[2] = { (uint32_t) rng->seed, (uint32_t) (rng->seed >> 32) };

      cw_rng_philox (rng->ctr, key, rng->block);
      rng->ctr[0]++;
      rng->used = 0;
    }
  return rng->block[rng->used++];
}

float
cw_rng_uniform (CwRng *rng)
{
  return (float) (cw_rng_next (rng) >> 8) * (1.0f / 16777216.0f);
}

float
cw_rng_range (CwRng *rng, float lo, float hi)
{
  float u = cw_rng_uniform (rng);

  return hi > lo ? lo + (hi - lo) * u : lo;
}

uint32_t
cw_rng_below (CwRng *rng, uint32_t n)
{
  /* Lemire's multiply-and-reject. */
  uint64_t m = (uint64_t) cw_rng_next (rng) * n;
  uint32_t low = (uint32_t) m;

  if (low < n)
    {
      uint32_t threshold = -n % n;

      while (low < threshold)
        {
          m = (uint64_t) cw_rng_next (rng) * n;
          low = (uint32_t) m;
        }
    }
  return (uint32_t) (m >> 32);
}

float
cw_rng_normal (CwRng *rng)
{
  /* 1 - u keeps the logarithm's argument in (0, 1]. */
  float u1 = 1.0f - cw_rng_uniform (rng);
  float u2 = cw_rng_uniform (rng);

  return sqrtf (-2.0f * logf (u1)) * cosf (6.28318530718f * u2);
}

void
cw_rng_shuffle (CwRng *rng, uint32_t *values, uint32_t n)
{
  for (uint32_t i = n; i > 1; i--)
    {
      uint32_t j = cw_rng_below (rng, i);
      uint32_t swap = values[i - 1];

      values[i - 1] = values[j];
      values[j] = swap;
    }
}
