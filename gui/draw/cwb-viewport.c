/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-viewport.h"

#include <math.h>

CwbViewport
cwb_viewport_whole (void)
{
  return (CwbViewport){ 1, 0.5, 0.5 };
}

static double
get_scale (const CwbViewport *self, double width, double height, int w, int h)
{
  return self->zoom * MIN (width / w, height / h);
}

CwbPlace
cwb_viewport_place (const CwbViewport *self, double width, double height, int w, int h)
{
  double scale = get_scale (self, width, height, w, h);

  /* Whole units: else all nearest-neighbour pixels of one column are wider than the others. */
  return (CwbPlace){ floor (width / 2 - scale * w * self->x + 0.5),
                     floor (height / 2 - scale * h * self->y + 0.5), scale };
}

CwbBox
cwb_place_visible (const CwbPlace *self, double width, double height, int w, int h)
{
  double left = MAX (self->x, 0), right = MIN (self->x + self->scale * w, width);
  double top = MAX (self->y, 0), bottom = MIN (self->y + self->scale * h, height);

  return (CwbBox){ left, top, MAX (right - left, 0), MAX (bottom - top, 0) };
}

void
cwb_viewport_zoom (CwbViewport *self, double factor, double x, double y, double width,
                   double height, int w, int h)
{
  double before = get_scale (self, width, height, w, h), after;

  self->zoom = CLAMP (self->zoom * factor, 1, CWB_VIEWPORT_MAX_ZOOM);
  after = get_scale (self, width, height, w, h);
  if (self->zoom <= 1)
    {
      *self = cwb_viewport_whole ();
      return;
    }
  self->x = CLAMP (self->x + (x - width / 2) * (1 / before - 1 / after) / w, 0, 1);
  self->y = CLAMP (self->y + (y - height / 2) * (1 / before - 1 / after) / h, 0, 1);
}

void
cwb_viewport_pan (CwbViewport *self, double dx, double dy, double width, double height, int w,
                  int h)
{
  double scale = get_scale (self, width, height, w, h);

  if (self->zoom <= 1)
    return;
  self->x = CLAMP (self->x - dx / (scale * w), 0, 1);
  self->y = CLAMP (self->y - dy / (scale * h), 0, 1);
}

gboolean
cwb_place_smaller (const CwbPlace *place, double side, int device_side, int longer, int smaller,
                   CwbPlace *place_of_smaller)
{
  double shown = place->scale * longer;

  *place_of_smaller = (CwbPlace){ place->x, place->y, shown / smaller };
  return device_side <= smaller && shown <= side;
}
