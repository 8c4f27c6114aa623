/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-rng.h"

#include "base/cw-clones.h"
#include "base/cw-rng-private.h"

#include <math.h>
#include <string.h>

CW_EXACT

/* Blocks formed side by side. */
#define BLOCKS 32
#define CHUNK (4 * BLOCKS)

#define SQRT_2 1.41421356f
#define SQRT_HALF_BITS 0x3F3504F3

/* @words: the numbers of BLOCKS blocks from counter @ctr on, in the order of the stream. */
CW_CLONES static void
make_words (const uint32_t ctr[4], uint64_t seed, uint32_t words[CHUNK])
{
  uint32_t c0[BLOCKS], c1[BLOCKS], c2[BLOCKS], c3[BLOCKS];
  uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);

  for (uint32_t i = 0; i < BLOCKS; i++)
    {
      c0[i] = ctr[0] + i;
      c1[i] = ctr[1];
      c2[i] = ctr[2];
      c3[i] = ctr[3];
    }
  for (int round = 0; round < 10; round++)
    {
      for (int i = 0; i < BLOCKS; i++)
        _cw_philox_round (&c0[i], &c1[i], &c2[i], &c3[i], k0, k1);
      k0 += CW_PHILOX_W0;
      k1 += CW_PHILOX_W1;
    }
  for (int i = 0; i < BLOCKS; i++)
    {
      words[4 * i] = c0[i];
      words[4 * i + 1] = c1[i];
      words[4 * i + 2] = c2[i];
      words[4 * i + 3] = c3[i];
    }
}

/* The natural logarithm of 2^-24 < @a <= 1, after Moshier's Cephes: a = 2^e m, m around 1. */
CW_INLINE float
logarithm (float a)
{
  int32_t bits, e;
  float m, z, y;

  memcpy (&bits, &a, sizeof bits);
  e = (bits - SQRT_HALF_BITS) >> 23;
  bits -= e * (1 << 23);
  memcpy (&m, &bits, sizeof m);
  m -= 1.0f;
  z = m * m;
  y = 7.0376836292e-2f;
  y = y * m - 1.1514610310e-1f;
  y = y * m + 1.1676998740e-1f;
  y = y * m - 1.2420140846e-1f;
  y = y * m + 1.4249322787e-1f;
  y = y * m - 1.6668057665e-1f;
  y = y * m + 2.0000714765e-1f;
  y = y * m - 2.4999993993e-1f;
  y = y * m + 3.3333331174e-1f;
  y = y * m * z - 2.12194440e-4f * (float) e - 0.5f * z;
  return m + y + 0.693359375f * (float) e;
}

/* The inverse of the error function after Giles, "Approximating the erfinv function" (GPU Computing
 * Gems, 2011), single precision: erfinv (x) = x p(w) with w = -log (1 - x^2). */
CW_INLINE float
middle (float w)
{
  float v = w - 2.5f, p = 2.81022636e-8f;

  p = p * v + 3.43273939e-7f;
  p = p * v - 3.5233877e-6f;
  p = p * v - 4.39150654e-6f;
  p = p * v + 2.1858087e-4f;
  p = p * v - 1.25372503e-3f;
  p = p * v - 4.17768164e-3f;
  p = p * v + 2.46640727e-1f;
  return p * v + 1.50140941f;
}

static float
tail (float w)
{
  float v = sqrtf (w) - 3.0f, p = -2.00214257e-4f;

  p = p * v + 1.00950558e-4f;
  p = p * v + 1.34934322e-3f;
  p = p * v - 3.67342844e-3f;
  p = p * v + 5.73950773e-3f;
  p = p * v - 7.6224613e-3f;
  p = p * v + 9.43887047e-3f;
  p = p * v + 1.00167406f;
  return p * v + 2.83297682f;
}

/* From the upper 24 bits, as the middle of their interval: never -1 nor 1. */
CW_CLONES static void
make_normal (const uint32_t words[CHUNK], float out[CHUNK])
{
  float x[CHUNK], w[CHUNK];

  for (int i = 0; i < CHUNK; i++)
    {
      x[i] = (float) ((int32_t) (words[i] >> 8) * 2 + 1 - (1 << 24)) * (1.0f / 16777216.0f);
      w[i] = -logarithm ((1.0f - x[i]) * (1.0f + x[i]));
      out[i] = SQRT_2 * (middle (w[i]) * x[i]);
    }
  /* One in three hundred. */
  for (int i = 0; i < CHUNK; i++)
    {
      if (w[i] >= 5.0f)
        out[i] = SQRT_2 * (tail (w[i]) * x[i]);
    }
}

void
cw_rng_fill_normal (CwRng *rng, float *out, size_t n)
{
  uint32_t words[CHUNK];
  float normal[CHUNK];

  rng->used = 4;
  while (n > 0)
    {
      size_t m = n < CHUNK ? n : CHUNK;

      make_words (rng->ctr, rng->seed, words);
      make_normal (words, normal);
      memcpy (out, normal, m * sizeof *out);
      rng->ctr[0] += (uint32_t) (m + 3) / 4;
      out += m;
      n -= m;
    }
}
