/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-histogram.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define FINE 4096

static double
get_quantile (const guint *fine, guint n, double share, double max)
{
  guint below = 0;

  for (int i = 0; i < FINE; i++)
    {
      below += fine[i];
      if (below >= share * n)
        return max * (i + 0.5) / FINE;
    }
  return max;
}

void
cwb_lengths_init (CwbLengths *self, const CwField *field)
{
  g_autofree guint *fine = NULL;
  float factor, bin_factor;
  double step;

  memset (self, 0, sizeof *self);
  self->high = 1;
  if (field == NULL)
    return;
  self->n = (guint) field->w * (guint) field->h;
  self->max = (double) cw_field_max (field);
  if (!(self->max > 0))
    {
      self->bins[0] = self->n;
      return;
    }
  step = cwb_nice_step (self->max, 4);
  self->high = ceil (self->max / step - 1e-6) * step;
  fine = g_new0 (guint, FINE);
  factor = (float) (FINE / self->max);
  bin_factor = (float) (CWB_HISTOGRAM_BINS / self->high);
  for (guint i = 0; i < self->n; i++)
    {
      const float *d = field->d + 2 * (gsize) i;
      float length = sqrtf (d[0] * d[0] + d[1] * d[1]);

      fine[(int) MIN (length * factor, FINE - 1)]++;
      self->bins[(int) MIN (length * bin_factor, CWB_HISTOGRAM_BINS - 1)]++;
    }
  self->median = get_quantile (fine, self->n, 0.5, self->max);
  self->p95 = get_quantile (fine, self->n, 0.95, self->max);
}

char *
cwb_lengths_dup_text (const CwbLengths *self)
{
  if (self->n == 0)
    return g_strdup (_ ("No warp"));
  return g_strdup_printf (ngettext ("%'u pixel: median %.2f px, 95 %% within %.2f px, "
                                    "largest %.2f px",
                                    "%'u pixels: median %.2f px, 95 %% within %.2f px, "
                                    "largest %.2f px",
                                    self->n),
                          self->n, self->median, self->p95, self->max);
}

static void
draw_axis (cairo_t *cr, const CwbLengths *self, double left, double bottom, double width,
           const CwbPalette *palette)
{
  double step = cwb_nice_step (self->high, MAX (2, (int) (width / 50)));

  gdk_cairo_set_source_rgba (cr, &palette->dim);
  cairo_rectangle (cr, left, floor (bottom), width, 1);
  cairo_fill (cr);
  for (double value = 0; value <= self->high * (1 + 1e-9); value += step)
    {
      g_autofree char *text = NULL;

      text = value + step > self->high * (1 + 1e-9) ? g_strdup_printf (_ ("%.4g px"), value)
                                                    : g_strdup_printf ("%.4g", value);
      cwb_draw_text (cr, text, left + value / self->high * width, bottom + 9, CWB_ALIGN_CENTRE, 10,
                     FALSE, &palette->dim);
    }
}

static void
draw_marker (cairo_t *cr, double x, double top, double bottom, const char *text, CwbAlign align,
             double row, const CwbPalette *palette)
{
  const double dash[] = { 3, 3 };

  x = floor (x) + 0.5;
  cairo_save (cr);
  gdk_cairo_set_source_rgba (cr, &palette->foreground);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dash, 2, 0);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  cairo_restore (cr);
  cwb_draw_text (cr, text, align == CWB_ALIGN_LEFT ? x + 3 : x - 3, row, align, 10, FALSE,
                 &palette->foreground);
}

static void
draw_bars (cairo_t *cr, const CwbLengths *self, double left, double top, double width,
           double height, const CwbPalette *palette)
{
  double bar = width / CWB_HISTOGRAM_BINS;
  guint most = 1;

  for (int i = 0; i < CWB_HISTOGRAM_BINS; i++)
    most = MAX (most, self->bins[i]);
  gdk_cairo_set_source_rgba (cr, &palette->series[0]);
  for (int i = 0; i < CWB_HISTOGRAM_BINS; i++)
    {
      double tall = height * sqrt ((double) self->bins[i] / most);

      cairo_rectangle (cr, left + i * bar, top + height - tall, MAX (bar - 1, 0.5 * bar), tall);
    }
  cairo_fill (cr);
}

void
cwb_draw_histogram (cairo_t *cr, double width, double height, const CwbLengths *self,
                    const CwbPalette *palette)
{
  double left = 10, top = 30, inner = MAX (1, width - 32), tall = MAX (1, height - top - 20);
  double at_median = left + self->median / self->high * inner;
  double at_p95 = left + self->p95 / self->high * inner;

  if (self->n == 0)
    {
      cwb_draw_text (cr, _ ("No warp"), width / 2, height / 2, CWB_ALIGN_CENTRE, 12, FALSE,
                     &palette->dim);
      return;
    }
  draw_bars (cr, self, left, top, inner, tall, palette);
  draw_axis (cr, self, left, top + tall, inner, palette);
  draw_marker (cr, at_median, 14, top + tall, _ ("median"),
               at_median > width / 2 ? CWB_ALIGN_RIGHT : CWB_ALIGN_LEFT, 8, palette);
  draw_marker (cr, at_p95, 26, top + tall, _ ("95 %"),
               at_p95 > width / 2 ? CWB_ALIGN_RIGHT : CWB_ALIGN_LEFT, 21, palette);
}
