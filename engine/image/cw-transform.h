/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "base/cw-rng.h"
#include "image/cw-geometry.h"

G_BEGIN_DECLS

/* What one step of a pipeline can draw at most. */
#define CW_MAX_DRAWN 12

/* The unit of a drawn value that is 0 (no) or 1 (yes). */
#define CW_UNIT_FLAG "0/1"

/* One drawn value, named for the explorer. */
typedef struct
{
  const char *id;
  const char *label; /* N_() */
  const char *unit;
} CwDrawnSpec;

/**
 * CwTransformClass:
 *
 * A global transform, by access pattern. Drawing is apart from applying: @draw turns random numbers
 * into @n_drawn plain values (all of the randomness there is), the other functions are pure in
 * them. So every value can be listed, frozen or set by hand.
 */
typedef enum
{
  CW_TRANSFORM_GEOMETRIC, /* a matrix; all geometric steps and the warp are resampled as one map */
  CW_TRANSFORM_COLOUR,    /* each pixel by itself (or by statistics of the view) */
  CW_TRANSFORM_FILTER,    /* needs neighbours */
} CwTransformPattern;

typedef struct
{
  int src_w, src_h; /* the source picture, px */
  int size;         /* side of the square view, px */
} CwTransformContext;

typedef struct
{
  CwDescriptor base;
  CwTransformPattern pattern;
  const CwDrawnSpec *drawn;
  int n_drawn; /* <= CW_MAX_DRAWN */

  void (*draw) (gconstpointer params, const CwTransformContext *context, CwRng *rng,
                float *values);
  /* GEOMETRIC: backward map of this step alone. A step that chooses what of the source is seen (a
   * crop) maps the unit square of its output to the unit square of its input; so do all: steps
   * compose in normalised coordinates, and the pipeline adds the pixel scales at both ends. */
  CwMatrix (*matrix) (gconstpointer params, const CwTransformContext *context,
                      const float *values);
  /* COLOUR, FILTER: in place on @rgb `[size, size, 3]`, 0..1. @scratch has size * size * 3
   * floats. */
  void (*apply) (gconstpointer params, const float *values, int size, float *rgb, float *scratch);
} CwTransformClass;

/* The built-in ones, NULL-terminated: crop, flip, affine, colour-jitter, grey, blur, perspective,
 * solarise, posterise, noise, erasing, jpeg, lighting. */
extern const CwTransformClass *const cw_builtin_transforms[];

G_END_DECLS
