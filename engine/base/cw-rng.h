/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * CwRng:
 *
 * Counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC'11). A stream is named by (seed, purpose, step, epoch, item,
 * view); its n-th number is a pure function of that name and n. So nothing depends on scheduling,
 * and what the explorer shows for an address is what the trainer saw.
 *
 * A CwRng is a cursor in one stream: a plain value, cheap to make, never shared.
 */
typedef struct
{
  uint64_t seed;    /* the key */
  uint32_t ctr[4];  /* block index | purpose, step, view | item | epoch */
  uint32_t block[4];
  unsigned used;    /* numbers already taken from block; 4 = none left */
} CwRng;

/* What a stream is for. The values are part of the file formats: never renumber. */
typedef enum
{
  CW_RNG_TEST = 0,
  CW_RNG_INIT = 1,     /* weights; item = ordinal of the parameter tensor; step 1: the state of an
                          objective, item = row */
  CW_RNG_SHUFFLE = 2,  /* order of an epoch */
  CW_RNG_VIEW = 3,     /* one step of a view's pipeline */
  CW_RNG_WARP = 4,     /* the warp of a negative */
  CW_RNG_GENERATE = 5, /* generated faces */
  CW_RNG_SPLIT = 6,
  CW_RNG_EVAL = 7,     /* bootstrap, folds, samples of an evaluation */
  CW_RNG_PIXELS = 8,   /* noise in a view, under a seed that was drawn for it */
} CwRngPurpose;

/* @step and @view are 0..255 and 0..65535. */
CwRng    cw_rng_new (uint64_t seed, CwRngPurpose purpose, uint32_t step, uint32_t epoch,
                     uint32_t item, uint32_t view);
/* One Philox 4x32-10 block, for tests against the published vectors. */
void     cw_rng_philox (const uint32_t ctr[4], const uint32_t key[2], uint32_t out[4]);
uint32_t cw_rng_next (CwRng *rng);
/* Uniform in [0, 1), 24 bits. */
float    cw_rng_uniform (CwRng *rng);
/* Uniform in [lo, hi); lo when hi <= lo. */
float    cw_rng_range (CwRng *rng, float lo, float hi);
/* Uniform in 0..n-1 without modulo bias; n > 0. */
uint32_t cw_rng_below (CwRng *rng, uint32_t n);
/* Standard normal (Box-Muller, one value of each pair, so that draws stay addressable). */
float    cw_rng_normal (CwRng *rng);
/* @n standard normal numbers, by the inverse of the distribution function: one from each number of
 * the stream, from the next whole block on. For many at a time: vectorised, and the same bits on
 * every instruction set. Exact to 4e-5 of the probability of the tail; at most 5.4. */
void     cw_rng_fill_normal (CwRng *rng, float *out, size_t n);
/* Fisher-Yates, in place. */
void     cw_rng_shuffle (CwRng *rng, uint32_t *values, uint32_t n);
