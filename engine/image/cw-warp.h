/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "base/cw-rng.h"
#include "image/cw-field.h"
#include "image/cw-geometry.h"
#include "image/cw-region.h"

G_BEGIN_DECLS

#define CW_WARP_MAX_PUSHES 160
#define CW_WARP_MAX_POINTS 128

/* One control record: what is at (x, y) moves by (dx, dy), what is within radius goes along, all in
 * output pixels. How far is the family's own affair; the explorer lists and edits them alike. */
typedef struct
{
  float x, y, dx, dy, radius;
} CwPush;

typedef struct
{
  int n;
  CwPush push[CW_WARP_MAX_PUSHES];
  float magnitude; /* the largest displacement of the final field, px; 0 = as @fill makes it */
} CwWarpDraw;

typedef struct
{
  int size;              /* side of the view, px */
  const CwPoint *points; /* landmarks in output pixels (of the item, else of the template) */
  int n_points;          /* 1..CW_WARP_MAX_POINTS */
  const guint8 *regions; /* (nullable): CwRegion of each point, where that is known */
  int region;            /* 0 = any, else CwRegion + 1: which points move, or near which */
  const CwPoint *landmarks; /* (nullable): all CW_N_LANDMARKS in the template's order, in output
                               pixels, those outside the view included */
} CwWarpContext;

/**
 * CwWarpClass:
 *
 * A family of random local warps. As with transforms, @draw holds all the randomness and @fill is
 * pure. @draw keeps to the points of the context's region, or near them; where there are none of
 * it, to all; a painting alone is where it was painted. @fill overwrites @field, which has the view's
 * size. The caller then applies what all warps share (CwWarpCommon): removal of the affine part, the
 * drawn magnitude, the curriculum, the least displacement, no folds.
 */
typedef struct
{
  CwDescriptor base;
  void (*draw) (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *draw);
  void (*fill) (gconstpointer params, const CwWarpDraw *draw, CwField *field);
} CwWarpClass;

/* What all warps share. */
typedef struct
{
  gboolean remove_affine;
  float min_magnitude; /* of the largest displacement, fraction of the side; scaled up to it */
  int region;          /* 0 = any, else CwRegion + 1 */
  gboolean fold_free;
  int curriculum;      /* epochs over which displacements grow; 0 = none */
  float curriculum_start; /* the factor of epoch 0 */
} CwWarpCommon;

/* A field whose Jacobian determinant gets below this counts as folding. */
#define CW_WARP_LEAST_DETERMINANT 0.05f

extern const CwParamSpec cw_warp_common_specs[];

/* The curriculum's factor in @epoch: start + (1 - start) min (1, epoch / curriculum). */
float cw_warp_strength (const CwWarpCommon *common, guint32 epoch);

/**
 * cw_warp_field:
 * @strength: factor of the displacement, 0..1, as of cw_warp_strength()
 * @field: (out): size x size
 *
 * The final field of a warped view: what the family fills in, less its affine part, at the drawn
 * magnitude times @strength but not below the least displacement; at last, if so wanted, scaled
 * down until its least determinant is CW_WARP_LEAST_DETERMINANT.
 */
void cw_warp_field (const CwWarpClass *warp, gconstpointer params, const CwWarpCommon *common,
                    const CwWarpDraw *draw, float strength, CwField *field);

/* NULL-terminated: local-translation, muscle, random-grid, thin-plate-spline,
 * moving-least-squares, elastic, painted. */
extern const CwWarpClass *const cw_builtin_warps[];

G_END_DECLS
