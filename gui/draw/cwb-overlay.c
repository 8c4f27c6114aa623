/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-overlay.h"

#include "draw/cwb-draw-field.h"
#include "draw/cwb-draw-mesh.h"

#include <glib/gi18n.h>

/* Units of the canvas. */
#define ARROW_SPACING 18.0
#define MESH_SPACING 20.0
/* Arrows and cells of a large canvas: more are not seen better, and take longer. */
#define MOST_ACROSS 20.0

const CwbOverlayInfo cwb_overlays[CWB_N_OVERLAYS] = {
  [CWB_OVERLAY_NONE] = { "none", N_ ("Nothing"), N_ ("The picture alone") },
  [CWB_OVERLAY_ARROWS] = { "arrows", N_ ("Arrows"),
                           N_ ("From where something was to where the warp put it") },
  [CWB_OVERLAY_MESH] = { "mesh", N_ ("Grid"), N_ ("Where lines that were straight went") },
  [CWB_OVERLAY_MAGNITUDE] = { "magnitude", N_ ("Displacement"), N_ ("How far each pixel moved") },
  [CWB_OVERLAY_DIRECTION] = { "direction", N_ ("Direction"), N_ ("Where to each pixel moved") },
  [CWB_OVERLAY_DETERMINANT]
  = { "determinant", N_ ("Stretch and folds"),
      N_ ("The determinant of the Jacobian: where the face grew (blue), shrank (red) or folded "
          "over itself (hatched)") },
  [CWB_OVERLAY_LANDMARKS] = { "landmarks", N_ ("Landmarks"),
                              N_ ("Points of the face before and after the warp") },
};

CwbOverlay
cwb_overlay_find (const char *nick)
{
  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    {
      if (g_strcmp0 (nick, cwb_overlays[i].nick) == 0)
        return (CwbOverlay) i;
    }
  return CWB_OVERLAY_NONE;
}

CwbFieldMap *
cwb_overlay_make_map (CwbOverlay overlay, const CwField *field, float reach)
{
  switch (overlay)
    {
    case CWB_OVERLAY_MAGNITUDE:
      return cwb_field_map_new (field, CWB_QUANTITY_MAGNITUDE, reach);
    case CWB_OVERLAY_DIRECTION:
      return cwb_field_map_new (field, CWB_QUANTITY_DIRECTION, reach);
    case CWB_OVERLAY_DETERMINANT:
      return cwb_field_map_new (field, CWB_QUANTITY_DETERMINANT, reach);
    case CWB_OVERLAY_NONE:
    case CWB_OVERLAY_ARROWS:
    case CWB_OVERLAY_MESH:
    case CWB_OVERLAY_LANDMARKS:
    case CWB_N_OVERLAYS:
    default:
      return NULL;
    }
}

static void
draw_map (cairo_t *cr, double width, double height, const CwbPlace *place, CwbOverlay overlay,
          const CwbOverlayData *data, const CwbPalette *palette)
{
  g_autoptr (CwbFieldMap) own = NULL;

  if (data->map == NULL)
    own = cwb_overlay_make_map (overlay, data->field, 0);
  cwb_draw_field_map (cr, width, height, place, own != NULL ? own : data->map, palette);
}

void
cwb_draw_overlay (cairo_t *cr, double width, double height, const CwbPlace *place,
                  CwbOverlay overlay, const CwbOverlayData *data, const CwbPalette *palette)
{
  double widest = MIN (width, height) / MOST_ACROSS;

  if (overlay == CWB_OVERLAY_LANDMARKS)
    cwb_draw_landmarks (cr, width, height, place, data->w, data->h, &data->landmarks, palette);
  else if (data->field == NULL || overlay == CWB_OVERLAY_NONE)
    return;
  else if (overlay == CWB_OVERLAY_ARROWS)
    cwb_draw_quiver (cr, width, height, place, data->field, MAX (ARROW_SPACING, widest), palette);
  else if (overlay == CWB_OVERLAY_MESH)
    cwb_draw_mesh (cr, width, height, place, data->field, MAX (MESH_SPACING, widest), palette);
  else
    draw_map (cr, width, height, place, overlay, data, palette);
}
