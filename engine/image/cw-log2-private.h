/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-clones.h"

#include <glib.h>

/* Logarithm and power of two for loops over pixels: plain arithmetic, so that such loops become
 * vectors and give the same bits on every machine, which those of libm need not. */

typedef union
{
  float value;
  gint32 bits;
} CwFloatBits;

/* Of a positive normal number, to 2e-7 (absolute near 1, else relative). */
CW_INLINE float
_cw_log2 (float x)
{
  CwFloatBits m = { .value = x };
  /* Counted from sqrt 1/2, so that the rest is as near to 1 as can be. */
  gint32 exponent = (m.bits - 0x3f3504f3) >> 23;
  float s, q;

  m.bits -= exponent * (1 << 23);
  s = (m.value - 1.0f) / (m.value + 1.0f);
  q = s * s;
  /* The series of 2 artanh s / log 2. */
  return (float) exponent
         + s * (2.885390082f
                + q * (0.961796694f + q * (0.577078016f + q * (0.412198583f + q * 0.320598898f))));
}

/* For -126 < x < 126, to 2e-7 relative. */
CW_INLINE float
_cw_exp2 (float x)
{
  /* Adding 1.5 * 2^23 rounds to a whole number. */
  float whole = (x + 12582912.0f) - 12582912.0f, t = x - whole;
  CwFloatBits scale = { .bits = ((gint32) whole + 127) * (1 << 23) };
  float p = 0.0013333558f + t * (1.5403530e-4f + t * 1.5252734e-5f);

  /* The series of 2^t, |t| <= 1/2. */
  p = 0.24022651f + t * (0.055504109f + t * (0.0096181291f + t * p));
  return scale.value * (1.0f + t * (0.69314718f + t * p));
}
