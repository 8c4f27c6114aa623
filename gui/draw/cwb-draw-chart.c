/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-chart.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* Right of the lines; of the legend, a row's height, a line with the gap behind it, the gap to the
 * next entry. */
#define RIGHT 14
#define LEGEND_ROW 18
#define LEGEND_LINE 22
#define LEGEND_GAP 18

static void
series_free (gpointer data)
{
  CwbSeries *series = data;

  g_free (series->name);
  g_array_unref (series->x);
  g_array_unref (series->y);
  g_free (series);
}

CwbChartModel *
cwb_chart_model_new (const char *title, const char *x_label)
{
  CwbChartModel *model = g_new0 (CwbChartModel, 1);

  model->title = g_strdup (title);
  model->x_label = g_strdup (x_label);
  model->series = g_ptr_array_new_with_free_func (series_free);
  return model;
}

void
cwb_chart_model_free (CwbChartModel *model)
{
  if (model == NULL)
    return;
  g_free (model->title);
  g_free (model->x_label);
  g_ptr_array_unref (model->series);
  g_free (model);
}

guint
cwb_chart_model_add_series (CwbChartModel *model, const char *name)
{
  CwbSeries *series = g_new0 (CwbSeries, 1);

  series->name = g_strdup (name);
  series->x = g_array_new (FALSE, FALSE, sizeof (double));
  series->y = g_array_new (FALSE, FALSE, sizeof (double));
  series->colour = model->series->len;
  series->dash = model->series->len % 2;
  g_ptr_array_add (model->series, series);
  return model->series->len - 1;
}

void
cwb_chart_model_set_look (CwbChartModel *model, guint number, guint colour, guint dash)
{
  CwbSeries *series = g_ptr_array_index (model->series, number);

  series->colour = colour;
  series->dash = dash;
}

void
cwb_chart_model_set_name (CwbChartModel *model, guint number, const char *name)
{
  CwbSeries *series = g_ptr_array_index (model->series, number);

  g_free (series->name);
  series->name = g_strdup (name);
}

void
cwb_chart_model_append (CwbChartModel *model, guint number, double x, double y)
{
  CwbSeries *series = g_ptr_array_index (model->series, number);

  g_array_append_val (series->x, x);
  g_array_append_val (series->y, y);
}

void
cwb_chart_model_clear (CwbChartModel *model)
{
  for (guint s = 0; s < model->series->len; s++)
    {
      CwbSeries *series = g_ptr_array_index (model->series, s);

      g_array_set_size (series->x, 0);
      g_array_set_size (series->y, 0);
    }
}

guint
cwb_chart_model_get_n_points (const CwbChartModel *model)
{
  guint n = 0;

  for (guint s = 0; s < model->series->len; s++)
    n = MAX (n, ((CwbSeries *) g_ptr_array_index (model->series, s))->x->len);
  return n;
}

static double
x_at (const CwbSeries *series, guint i)
{
  return g_array_index (series->x, double, i);
}

static double
y_at (const CwbSeries *series, guint i)
{
  return g_array_index (series->y, double, i);
}

char *
cwb_chart_model_describe (const CwbChartModel *model)
{
  guint n = cwb_chart_model_get_n_points (model);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s: %'u point", "%s: %'u points", n),
                          model->title, n);
  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);

      if (series->y->len > 0 && isfinite (y_at (series, series->y->len - 1)))
        g_string_append_printf (text, _ (", last %s %.4g"), series->name,
                                y_at (series, series->y->len - 1));
    }
  return g_string_free (text, FALSE);
}

static gboolean
has_value (const CwbSeries *series)
{
  for (guint i = 0; i < series->y->len; i++)
    {
      if (isfinite (y_at (series, i)))
        return TRUE;
    }
  return FALSE;
}

/* Whether series @number has an entry in the legend: where it has values, and none before it has its name. */
static gboolean
is_entry (const CwbChartModel *model, guint number)
{
  const CwbSeries *series = g_ptr_array_index (model->series, number);

  for (guint s = 0; s < number; s++)
    {
      const CwbSeries *other = g_ptr_array_index (model->series, s);

      if (g_str_equal (other->name, series->name) && has_value (other))
        return FALSE;
    }
  return has_value (series);
}

/* Whether the legend's entry @name has no room in the row that goes on at @x, which moves behind
 * it. Of the name alone: rows do not change with the values under a cursor. */
static gboolean
begins_row (cairo_t *cr, const CwbChartFrame *f, const char *name, double *x)
{
  double width = LEGEND_LINE + cwb_text_width (cr, name, 11);
  gboolean begins = *x > f->left && *x + width > f->left + f->width + RIGHT;

  *x = (begins ? f->left : *x) + width + LEGEND_GAP;
  return begins;
}

static int
count_rows (cairo_t *cr, const CwbChartModel *model, const CwbChartFrame *f)
{
  double x = f->left;
  int n = 1;

  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);

      n += is_entry (model, s) && begins_row (cr, f, series->name, &x);
    }
  return n;
}

/* One label alone tells no scale. */
static double
find_y_step (const CwbChartFrame *f)
{
  double step = cwb_nice_step (f->y1 - f->y0, MAX (2, (int) (f->height / 45)));

  while (floor (f->y1 / step) - ceil (f->y0 / step) < 1)
    step /= 2;
  return step;
}

static void
find_frame (cairo_t *cr, const CwbChartModel *model, double width, double height, CwbChartFrame *f)
{
  f->left = 52;
  f->width = MAX (1, width - f->left - RIGHT);
  f->top = 28 + LEGEND_ROW * count_rows (cr, model, f);
  f->height = MAX (1, height - f->top - 40);
  f->x0 = f->y0 = INFINITY;
  f->x1 = f->y1 = -INFINITY;
  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);

      for (guint i = 0; i < series->x->len; i++)
        {
          if (!isfinite (y_at (series, i)))
            continue;
          f->x0 = MIN (f->x0, x_at (series, i));
          f->x1 = MAX (f->x1, x_at (series, i));
          f->y0 = MIN (f->y0, y_at (series, i));
          f->y1 = MAX (f->y1, y_at (series, i));
        }
    }
  if (!isfinite (f->x0))
    {
      f->x0 = f->y0 = 0;
      f->x1 = f->y1 = 1;
    }
  if (f->x1 - f->x0 < 1e-12)
    f->x1 = f->x0 + 1;
  if (f->y1 - f->y0 < 1e-9 * (fabs (f->y0) + 1))
    {
      /* 0.5 is nothing to a loss of 1e17. */
      double pad = MAX (0.5, 1e-6 * fabs (f->y0));

      f->y0 -= pad;
      f->y1 += pad;
    }
  else
    {
      double pad = 0.05 * (f->y1 - f->y0);

      f->y0 -= pad;
      f->y1 += pad;
    }
  f->y_step = find_y_step (f);
}

static double
to_px_x (const CwbChartFrame *f, double x)
{
  return f->left + (x - f->x0) / (f->x1 - f->x0) * f->width;
}

static double
to_px_y (const CwbChartFrame *f, double y)
{
  return f->top + (f->y1 - y) / (f->y1 - f->y0) * f->height;
}

/* Under the middle of the axis, as far as it fits: one that is wider than the chart is written
 * smaller, with a twentieth to spare, as small letters are not quite as much narrower. */
static void
draw_x_label (cairo_t *cr, const CwbChartFrame *f, const char *label, const CwbPalette *palette)
{
  double whole = f->left + f->width + RIGHT, width = cwb_text_width (cr, label, 11);
  double size = 11 * MIN (1, 0.95 * whole / MAX (width, 1)), half = MIN (width, whole) / 2;

  cwb_draw_text (cr, label, CLAMP (f->left + f->width / 2, half, whole - half),
                 f->top + f->height + 28, CWB_ALIGN_CENTRE, size, FALSE, &palette->dim);
}

static void
draw_axes (cairo_t *cr, const CwbChartFrame *f, const char *x_label, const CwbPalette *palette)
{
  double step = f->y_step;
  char text[32];

  cairo_set_line_width (cr, 1);
  for (double y = ceil (f->y0 / step) * step; y <= f->y1; y += step)
    {
      double py = floor (to_px_y (f, y)) + 0.5;

      gdk_cairo_set_source_rgba (cr, &palette->grid);
      cairo_move_to (cr, f->left, py);
      cairo_line_to (cr, f->left + f->width, py);
      cairo_stroke (cr);
      g_snprintf (text, sizeof text, "%.5g", fabs (y) < 1e-9 * step ? 0.0 : y);
      cwb_draw_text (cr, text, f->left - 6, py, CWB_ALIGN_RIGHT, 11, FALSE, &palette->dim);
    }
  step = MAX (1, cwb_nice_step (f->x1 - f->x0, MAX (2, (int) (f->width / 90))));
  for (double x = ceil (f->x0 / step) * step; x <= f->x1; x += step)
    {
      g_snprintf (text, sizeof text, "%'.7g", x);
      cwb_draw_text (cr, text, to_px_x (f, x), f->top + f->height + 10, CWB_ALIGN_CENTRE, 11,
                     FALSE, &palette->dim);
    }
  draw_x_label (cr, f, x_label, palette);
}

static void
set_dash (cairo_t *cr, const CwbSeries *series)
{
  static const struct
  {
    int n;
    double dash[4];
  } dashes[CWB_N_DASHES] = { { 0, { 0 } }, { 2, { 5, 3 } }, { 2, { 1.5, 2.5 } }, { 4, { 9, 3, 2, 3 } } };
  guint d = series->dash % CWB_N_DASHES;

  cairo_set_dash (cr, dashes[d].dash, dashes[d].n, 0);
}

/* A line through the means of the pixel columns over a band from smallest to largest: what happened
 * between two pixels stays visible, and 10^6 points cost as much as the width. */
static void
draw_line (cairo_t *cr, const CwbChartFrame *f, const CwbSeries *s, const GdkRGBA *colour)
{
  guint columns = MIN (s->x->len, (guint) ceil (f->width));
  g_autofree double *mean = g_new (double, columns + 1);
  g_autofree double *low = g_new (double, columns + 1);
  g_autofree double *high = g_new (double, columns + 1);
  g_autofree double *at = g_new (double, columns + 1);
  guint n_last = 0;

  for (guint c = 0; c < columns; c++)
    {
      guint from = (guint) ((guint64) s->x->len * c / columns);
      guint to = (guint) ((guint64) s->x->len * (c + 1) / columns);
      double sum = 0;
      guint n = 0;

      low[c] = INFINITY;
      high[c] = -INFINITY;
      at[c] = x_at (s, from + (to - from) / 2);
      for (guint i = from; i < to; i++)
        {
          double y = y_at (s, i);

          if (!isfinite (y))
            continue;
          sum += y;
          low[c] = MIN (low[c], y);
          high[c] = MAX (high[c], y);
          n++;
        }
      mean[c] = n > 0 ? sum / n : NAN;
      n_last += n > 0;
    }

  cairo_save (cr);
  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, 0.22);
  if (s->x->len > columns)
    {
      for (guint c = 0; c < columns; c++)
        {
          if (!isfinite (mean[c]))
            continue;
          cairo_move_to (cr, to_px_x (f, at[c]), to_px_y (f, low[c]));
          cairo_line_to (cr, to_px_x (f, at[c]), to_px_y (f, high[c]));
        }
      cairo_set_line_width (cr, 1.2);
      cairo_stroke (cr);
    }
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 1.8);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_dash (cr, s);
  cairo_new_path (cr);
  for (guint c = 0; c < columns; c++)
    {
      if (!isfinite (mean[c]))
        cairo_new_sub_path (cr);
      else
        cairo_line_to (cr, to_px_x (f, at[c]), to_px_y (f, mean[c]));
    }
  cairo_stroke (cr);
  if (n_last == 1)
    {
      for (guint c = 0; c < columns; c++)
        {
          if (isfinite (mean[c]))
            cairo_arc (cr, to_px_x (f, at[c]), to_px_y (f, mean[c]), 2.5, 0, 2 * G_PI);
        }
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

/* Index of the point nearest to @x; the series is not empty. */
static guint
nearest_point (const CwbSeries *s, double x)
{
  guint low = 0, high = s->x->len - 1;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (x_at (s, middle) <= x)
        low = middle;
      else
        high = middle;
    }
  return fabs (x_at (s, low) - x) <= fabs (x_at (s, high) - x) ? low : high;
}

/* Mean of those of one name. */
static double
get_value (const CwbChartModel *model, const char *name, double cursor)
{
  double sum = 0;
  guint n = 0;

  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);
      double value = g_str_equal (series->name, name) && has_value (series)
                         ? y_at (series, nearest_point (series, cursor))
                         : (double) NAN;

      if (!isfinite (value))
        continue;
      sum += value;
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

static void
draw_legend (cairo_t *cr, const CwbChartFrame *f, const CwbChartModel *model, double cursor,
             const CwbPalette *palette)
{
  double x = f->left, of_names = f->left, y = 32;

  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);
      g_autofree char *text = NULL;

      if (!is_entry (model, s))
        continue;
      if (begins_row (cr, f, series->name, &of_names))
        {
          x = f->left;
          y += LEGEND_ROW;
        }
      if (isfinite (cursor))
        {
          double value = get_value (model, series->name, cursor);

          text = isfinite (value) ? g_strdup_printf ("%s  %.4g", series->name, value)
                                  : g_strdup_printf ("%s  –", series->name);
        }
      cairo_save (cr);
      gdk_cairo_set_source_rgba (cr, &palette->series[series->colour % CWB_N_SERIES_COLOURS]);
      cairo_set_line_width (cr, 2.5);
      set_dash (cr, series);
      cairo_move_to (cr, x, y + 0.5);
      cairo_line_to (cr, x + 16, y + 0.5);
      cairo_stroke (cr);
      cairo_restore (cr);
      x += LEGEND_LINE;
      x += cwb_draw_text (cr, text != NULL ? text : series->name, x, y, CWB_ALIGN_LEFT, 11,
                          FALSE, &palette->foreground)
           + LEGEND_GAP;
    }
}

void
cwb_draw_chart (cairo_t *cr, double width, double height, const CwbChartModel *model,
                double cursor, const CwbPalette *palette, CwbChartFrame *frame)
{
  CwbChartFrame f;

  find_frame (cr, model, width, height, &f);
  cwb_draw_text (cr, model->title, f.left, 13, CWB_ALIGN_LEFT, 13, TRUE, &palette->foreground);
  draw_axes (cr, &f, model->x_label, palette);
  draw_legend (cr, &f, model, cursor, palette);

  cairo_save (cr);
  cairo_rectangle (cr, f.left, f.top - 2, f.width + 2, f.height + 4);
  cairo_clip (cr);
  for (guint s = 0; s < model->series->len; s++)
    {
      const CwbSeries *series = g_ptr_array_index (model->series, s);

      if (series->x->len > 0)
        draw_line (cr, &f, series, &palette->series[series->colour % CWB_N_SERIES_COLOURS]);
    }
  if (isfinite (cursor))
    {
      double px = floor (to_px_x (&f, CLAMP (cursor, f.x0, f.x1))) + 0.5;

      gdk_cairo_set_source_rgba (cr, &palette->dim);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, px, f.top);
      cairo_line_to (cr, px, f.top + f.height);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
  if (cwb_chart_model_get_n_points (model) == 0)
    cwb_draw_text (cr, _ ("No steps yet"), f.left + f.width / 2, f.top + f.height / 2,
                   CWB_ALIGN_CENTRE, 12, FALSE, &palette->dim);
  if (frame != NULL)
    *frame = f;
}
