/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-pipeline.h"

/* What the gather keeps of the row it is at: fractions, places, taps and channels. */
#define CW_GATHER_ROWS 10

struct _CwRenderer
{
  int size;
  float *rows;    /* [CW_GATHER_ROWS, size] */
  float *scratch; /* [size, size, 3]: for filters */
  CwField *field; /* for views whose caller does not want it */
};

/* The parameters of CwWarpCommon, for a block that has them as @affine_ and @magnitude_. Needs
 * N_(). */
#define CW_WARP_COMMON_SPECS(Struct, affine_, magnitude_)                                          \
  CW_PARAM_BOOL (Struct, affine_, "remove-affine", N_ ("Remove the affine part"), TRUE,            \
                 N_ ("Subtracts what a global transform could undo")),                             \
  CW_PARAM_FLOAT (Struct, magnitude_, "min-magnitude", N_ ("Least displacement"), "", 0, 0.25,     \
                  0.02,                                                                            \
                  N_ ("A field whose largest displacement is below this fraction of the side is "  \
                      "scaled up to it"))

/* Bilinear gather of a square view: @matrix takes view pixels to source pixels, @field (nullable)
 * moves them first. @rows as in CwRenderer. Grey becomes RGB; @out is 0..1. */
void _cw_gather (const CwImage *source, const CwMatrix *matrix, const CwField *field, int size,
                 float *rows, float *out);
