/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-field.h"
#include "image/cw-image.h"

#include <glib.h>

G_BEGIN_DECLS

/* Pictures as SVG text, for reports and files: the engine draws nothing itself. All colours come from
 * CSS variables with a fallback, so that a page's dark mode applies. */

typedef struct
{
  const char *name;
  const char *colour; /* CSS colour */
  guint n;
  const double *x, *y; /* NaN in y = a gap */
} CwSvgSeries;

/* (transfer full): an <svg> element, @width x @height CSS px, with axes, ticks and a legend. Series of
 * more than 400 points are drawn as the mean of each of 400 bins over a faint band of their range. */
char *cw_svg_chart (const char *title, const char *x_label, const CwSvgSeries *series,
                    guint n_series, int width, int height);

/* (transfer full): an <svg> element of @side CSS px that shows @image with the arrows of @field
 * (nullable) over it, one every @spacing CSS px: each from where the content was to where it went,
 * that is against the backward displacement. */
char *cw_svg_picture (const CwImage *image, const CwField *field, int side, int spacing,
                      const char *description, GError **error);

/* (transfer full): "data:image/png;base64,..." */
char *cw_svg_data_uri (const CwImage *image, GError **error);

G_END_DECLS
