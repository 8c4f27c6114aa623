/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-colour-map.h"
#include "draw/cwb-viewport.h"

#include <contrawarp.h>


G_BEGIN_DECLS

typedef enum
{
  CWB_QUANTITY_MAGNITUDE,   /* length of the displacement, px */
  CWB_QUANTITY_DIRECTION,   /* where the face went, the stronger the further */
  CWB_QUANTITY_DETERMINANT, /* of the Jacobian of p -> p + d(p): below 1 the face grew, above it shrank */
} CwbQuantity;

/**
 * CwbFieldMap:
 *
 * A quantity of each pixel of a field as colours, made once and drawn at any place. It lets the picture
 * through where the warp does nothing, and shows the more of itself the more the warp does.
 */
typedef struct
{
  CwbQuantity quantity;
  cairo_surface_t *colours; /* ARGB32, of the field's size */
  CwbColourScale scale;
  /* Where the determinant is not positive; only of the determinant, and only where there are any. */
  cairo_surface_t *folds; /* (nullable): A8 */
  GArray *outline;        /* (nullable): of CwbFoldEdge */
} CwbFieldMap;

/* A piece of the border between folded pixels and others, in px of the field. */
typedef struct
{
  int x0, y0, x1, y1;
} CwbFoldEdge;

/* @reach: the largest displacement that the scale has room for, px, so that maps of several fields can have the same
 * scale; at least the field's own is. No matter for the determinant. */
CwbFieldMap *cwb_field_map_new (const CwField *field, CwbQuantity quantity, float reach);
void         cwb_field_map_free (CwbFieldMap *map);

/**
 * cwb_draw_field_map:
 * @width, @height: of the canvas
 *
 * Draws @map over a picture of the field's size that was drawn at @place, each pixel of it as one (nearest),
 * folds hatched black and yellow and outlined, and in the lower left corner what the colours mean: a
 * bar, or for directions a wheel. Needs no display.
 */
void cwb_draw_field_map (cairo_t *cr, double width, double height, const CwbPlace *place,
                         const CwbFieldMap *map, const CwbPalette *palette);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbFieldMap, cwb_field_map_free)

G_END_DECLS
