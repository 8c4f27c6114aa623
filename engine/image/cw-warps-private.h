/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-warp.h"

/* The built-in warps, one file each. */
extern const CwWarpClass _cw_warp_elastic;
extern const CwWarpClass _cw_warp_local_translation;
extern const CwWarpClass _cw_warp_muscle;
extern const CwWarpClass _cw_warp_moving_least_squares;
extern const CwWarpClass _cw_warp_painted;
extern const CwWarpClass _cw_warp_random_grid;
extern const CwWarpClass _cw_warp_thin_plate_spline;

/* The rows of a family's table whose field is scaled to a drawn magnitude; N_() must be there. */
#define CW_WARP_MAGNITUDE_SPECS(Struct)                                                            \
  CW_PARAM_FLOAT (Struct, magnitude_min, "magnitude-min", N_ ("Smallest magnitude"), "", 0.002,    \
                  0.5, 0.07,                                                                       \
                  N_ ("Least that the field's largest displacement can be, as a fraction of the "  \
                      "side")),                                                                    \
  CW_PARAM_FLOAT (Struct, magnitude_max, "magnitude-max", N_ ("Largest magnitude"), "", 0.002,     \
                  0.5, 0.1,                                                                        \
                  N_ ("Most that the field's largest displacement can be, as a fraction of the "   \
                      "side"))

/* Held points along the border of the view: the corners and the middles of the sides. */
#define CW_WARP_N_BORDER 8

/* Indices of the points that the region allows, all of them where it allows none; how many. */
int      _cw_warp_list_candidates (const CwWarpContext *context,
                                   guint8 candidates[CW_WARP_MAX_POINTS]);
/* One of the candidates from @taken on, which is then at @taken: drawing without replacement. */
guint8   _cw_warp_pick (guint8 *candidates, int n, int taken, CwRng *rng);
/* How much of a warp of the region there is at (x, y): a bump around its points, at most 1; 1
 * everywhere where every point counts. */
float    _cw_warp_region_weight (const CwWarpContext *context, float x, float y);
/* A record that holds what is at (x, y). */
CwPush  *_cw_warp_add_push (CwWarpDraw *draw, float x, float y, float radius);
/* CW_WARP_N_BORDER of them, but none that is nearer than @distance to one that is there. */
void     _cw_warp_hold_border (CwWarpDraw *draw, float size, float distance);
/* Whether a record is nearer to (x, y) than @distance. */
gboolean _cw_warp_is_near (const CwWarpDraw *draw, float x, float y, float distance);
/* Moves the push by normal deviates times @weight. */
void     _cw_warp_draw_normal (CwPush *push, float weight, CwRng *rng);
/* States the magnitude of the field, px, and scales the records so that the largest has it. */
void     _cw_warp_set_magnitude (CwWarpDraw *draw, float magnitude);
/* Of a square lattice of @n records: its side. */
int      _cw_warp_lattice_side (int n);
