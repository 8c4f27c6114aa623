/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-landmarks.h"
#include "draw/cwb-field-map.h"


G_BEGIN_DECLS

/* What is drawn over a view. */
typedef enum
{
  CWB_OVERLAY_NONE,
  CWB_OVERLAY_ARROWS,
  CWB_OVERLAY_MESH,
  CWB_OVERLAY_MAGNITUDE,
  CWB_OVERLAY_DIRECTION,
  CWB_OVERLAY_DETERMINANT,
  CWB_OVERLAY_LANDMARKS,
  CWB_N_OVERLAYS,
} CwbOverlay;

typedef struct
{
  const char *nick;  /* for actions and settings */
  const char *label; /* to translate */
  const char *blurb; /* to translate: a line for a tooltip */
} CwbOverlayInfo;

extern const CwbOverlayInfo cwb_overlays[CWB_N_OVERLAYS];

/* CWB_OVERLAY_NONE for what is no nick. */
CwbOverlay cwb_overlay_find (const char *nick);

/* What there is to draw of a view. */
typedef struct
{
  int w, h;               /* of the picture, px */
  const CwField *field;   /* (nullable): the view is not warped; else of the same size */
  const CwbFieldMap *map; /* (nullable): of cwb_overlay_make_map() for this overlay and field */
  CwbLandmarks landmarks;
} CwbOverlayData;

/* (transfer full) (nullable): what a frame that only pans or zooms need not compute again; NULL for
 * overlays without a map. @reach: as of cwb_field_map_new(). */
CwbFieldMap *cwb_overlay_make_map (CwbOverlay overlay, const CwField *field, float reach);

/**
 * cwb_draw_overlay:
 * @width, @height: of the canvas
 *
 * Draws @overlay over a picture that was drawn at @place; nothing where @data has not what it needs.
 * Needs no display.
 */
void cwb_draw_overlay (cairo_t *cr, double width, double height, const CwbPlace *place,
                       CwbOverlay overlay, const CwbOverlayData *data, const CwbPalette *palette);

G_END_DECLS
