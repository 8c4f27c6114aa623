/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp-plugin.h>

/* The step of a CW_RNG_GENERATE stream: what it is for. Part of what a seed means: never renumber.
 * The item is the subject for what belongs to a person, else the index of the picture. */
enum
{
  GF_STREAM_PERSON = 0,
  GF_STREAM_LABELS = 1, /* the item is the block of eight pictures */
  GF_STREAM_EXPRESSION = 2,
  GF_STREAM_NUISANCE = 3,
  GF_STREAM_BACKGROUND = 4,
  GF_STREAM_NOISE = 5,
  GF_STREAM_TEXTURE = 6, /* the seed is the person's own, the view says of what */
};

/* A stream of strands, dots or the like, the same in all pictures of a person. */
static inline CwRng
gf_texture_stream (uint32_t texture, uint32_t what)
{
  return cw_rng_new (texture, CW_RNG_GENERATE, GF_STREAM_TEXTURE, 0, 0, what);
}

/* In [lo, hi), as a double. */
static inline double
gf_rng_range (CwRng *rng, double lo, double hi)
{
  return lo + (hi - lo) * (double) cw_rng_uniform (rng);
}
