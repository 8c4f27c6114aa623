/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-svg.h"

#include "data/cw-picture.h"

#include <math.h>

#define MAX_BINS 400
#define MARGIN_LEFT 52.0
#define MARGIN_RIGHT 12.0
#define MARGIN_TOP 30.0
#define MARGIN_BOTTOM 36.0

/* printf with a point for the decimal mark, whatever the locale. */
static void
add_number (GString *svg, const char *before, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, before);
  g_string_append (svg, g_ascii_formatd (text, sizeof text, "%.2f", value));
}

static void
add_tick_label (GString *svg, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, g_ascii_formatd (text, sizeof text, "%.6g", value));
}

/* 1, 2 or 5 times a power of ten, so that there are about @n steps in @range. */
static double
nice_step (double range, int n)
{
  double raw = range / n;
  double power = pow (10, floor (log10 (raw)));
  double rest = raw / power;

  return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

typedef struct
{
  double x0, x1, y0, y1; /* data */
  double left, top, width, height;
} Frame;

static double
to_x (const Frame *f, double x)
{
  return f->left + (x - f->x0) / (f->x1 - f->x0) * f->width;
}

static double
to_y (const Frame *f, double y)
{
  return f->top + (f->y1 - y) / (f->y1 - f->y0) * f->height;
}

static void
find_range (const CwSvgSeries *series, guint n_series, Frame *f)
{
  f->x0 = f->y0 = INFINITY;
  f->x1 = f->y1 = -INFINITY;
  for (guint s = 0; s < n_series; s++)
    {
      for (guint i = 0; i < series[s].n; i++)
        {
          if (!isfinite (series[s].y[i]))
            continue;
          f->x0 = MIN (f->x0, series[s].x[i]);
          f->x1 = MAX (f->x1, series[s].x[i]);
          f->y0 = MIN (f->y0, series[s].y[i]);
          f->y1 = MAX (f->y1, series[s].y[i]);
        }
    }
  if (!(f->x1 > f->x0))
    f->x1 = f->x0 + 1;
  if (!(f->y1 > f->y0))
    {
      f->y0 -= 0.5;
      f->y1 += 0.5;
    }
  if (!isfinite (f->x0) || !isfinite (f->y0))
    *f = (Frame) { 0, 1, 0, 1, f->left, f->top, f->width, f->height };
}

static void
draw_axes (GString *svg, const Frame *f, const char *x_label)
{
  double step = nice_step (f->y1 - f->y0, 5);

  for (double y = ceil (f->y0 / step) * step; y <= f->y1 + 1e-9 * step; y += step)
    {
      double py = to_y (f, y);

      add_number (svg, "<line class='grid' x1='", f->left);
      add_number (svg, "' x2='", f->left + f->width);
      add_number (svg, "' y1='", py);
      add_number (svg, "' y2='", py);
      g_string_append (svg, "' stroke='var(--grid,#ddd)'/>");
      add_number (svg, "<text text-anchor='end' x='", f->left - 6);
      add_number (svg, "' y='", py + 4);
      g_string_append (svg, "'>");
      add_tick_label (svg, fabs (y) < 1e-9 * step ? 0 : y);
      g_string_append (svg, "</text>");
    }
  step = nice_step (f->x1 - f->x0, 6);
  for (double x = ceil (f->x0 / step) * step; x <= f->x1 + 1e-9 * step; x += step)
    {
      add_number (svg, "<text text-anchor='middle' x='", to_x (f, x));
      add_number (svg, "' y='", f->top + f->height + 15);
      g_string_append (svg, "'>");
      add_tick_label (svg, fabs (x) < 1e-9 * step ? 0 : x);
      g_string_append (svg, "</text>");
    }
  add_number (svg, "<text text-anchor='middle' x='", f->left + f->width / 2);
  add_number (svg, "' y='", f->top + f->height + 31);
  g_string_append_printf (svg, "'>%s</text>", x_label);
}

static void
add_point (GString *path, gboolean *pen_down, double x, double y)
{
  add_number (path, *pen_down ? " L" : " M", x);
  add_number (path, " ", y);
  *pen_down = TRUE;
}

/* Mean line over a band from the smallest to the largest value of each bin. */
static void
draw_series (GString *svg, const Frame *f, const CwSvgSeries *s)
{
  guint bins = MIN (s->n, MAX_BINS);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) low = g_string_new (NULL);
  g_autoptr (GString) high = g_string_new (NULL);
  gboolean pen = FALSE, band_pen = FALSE;

  for (guint b = 0; b < bins; b++)
    {
      guint from = (guint) ((guint64) s->n * b / bins), to = (guint) ((guint64) s->n * (b + 1) / bins);
      double sum = 0, min = INFINITY, max = -INFINITY;
      guint n = 0;

      for (guint i = from; i < to; i++)
        {
          if (!isfinite (s->y[i]))
            continue;
          sum += s->y[i];
          min = MIN (min, s->y[i]);
          max = MAX (max, s->y[i]);
          n++;
        }
      if (n == 0)
        {
          pen = FALSE;
          continue;
        }
      add_point (line, &pen, to_x (f, s->x[(from + to) / 2]), to_y (f, sum / n));
      if (s->n > MAX_BINS)
        {
          g_autoptr (GString) back = g_string_new (NULL);

          add_point (high, &band_pen, to_x (f, s->x[(from + to) / 2]), to_y (f, max));
          add_number (back, " L", to_x (f, s->x[(from + to) / 2]));
          add_number (back, " ", to_y (f, min));
          g_string_prepend (low, back->str);
        }
    }
  if (high->len > 0)
    g_string_append_printf (svg, "<path d='%s%s Z' fill='%s' opacity='.15'/>", high->str, low->str,
                            s->colour);
  g_string_append_printf (svg, "<path d='%s' fill='none' stroke='%s' stroke-width='1.6'/>",
                          line->str, s->colour);
}

char *
cw_svg_chart (const char *title, const char *x_label, const CwSvgSeries *series, guint n_series,
              int width, int height)
{
  GString *svg = g_string_new (NULL);
  Frame f = { .left = MARGIN_LEFT,
              .top = MARGIN_TOP,
              .width = width - MARGIN_LEFT - MARGIN_RIGHT,
              .height = height - MARGIN_TOP - MARGIN_BOTTOM };
  double x = MARGIN_LEFT;

  find_range (series, n_series, &f);
  g_string_append_printf (svg,
                          "<svg role='img' aria-label='%s' width='%d' height='%d' "
                          "viewBox='0 0 %d %d' font-family='sans-serif' font-size='11' "
                          "fill='currentColor' xmlns='http://www.w3.org/2000/svg'>",
                          title, width, height, width, height);
  draw_axes (svg, &f, x_label);
  for (guint s = 0; s < n_series; s++)
    {
      draw_series (svg, &f, &series[s]);
      add_number (svg, "<rect y='8' width='12' height='4' x='", x);
      g_string_append_printf (svg, "' fill='%s'/>", series[s].colour);
      add_number (svg, "<text y='14' x='", x + 16);
      g_string_append_printf (svg, "'>%s</text>", series[s].name);
      x += 30 + 6.5 * (double) g_utf8_strlen (series[s].name, -1);
    }
  g_string_append (svg, "</svg>");
  return g_string_free (svg, FALSE);
}

char *
cw_svg_data_uri (const CwImage *image, GError **error)
{
  g_autoptr (GBytes) png = cw_picture_encode_png (image, error);
  g_autofree char *text = NULL;

  if (png == NULL)
    return NULL;
  text = g_base64_encode (g_bytes_get_data (png, NULL), g_bytes_get_size (png));
  return g_strconcat ("data:image/png;base64,", text, NULL);
}

/* The head is two short strokes at 150 degrees, a third of the shaft, so that small arrows stay
 * arrows. */
static void
draw_arrow (GString *path, double x, double y, double dx, double dy)
{
  const double c = -0.866 / 3, s = 0.5 / 3;

  add_number (path, "M", x);
  add_number (path, " ", y);
  add_number (path, "l", dx);
  add_number (path, " ", dy);
  add_number (path, "l", c * dx - s * dy);
  add_number (path, " ", s * dx + c * dy);
  add_number (path, "M", x + dx);
  add_number (path, " ", y + dy);
  add_number (path, "l", c * dx + s * dy);
  add_number (path, " ", -s * dx + c * dy);
}

char *
cw_svg_picture (const CwImage *image, const CwField *field, int side, int spacing,
                const char *description, GError **error)
{
  g_autofree char *uri = cw_svg_data_uri (image, error);
  GString *svg;

  if (uri == NULL)
    return NULL;
  svg = g_string_new (NULL);
  g_string_append_printf (svg,
                          "<svg role='img' aria-label='%s' width='%d' height='%d' "
                          "viewBox='0 0 %d %d' xmlns='http://www.w3.org/2000/svg'>"
                          "<image href='%s' width='%d' height='%d' "
                          "preserveAspectRatio='xMidYMid slice'/>",
                          description, side, side, side, side, uri, side, side);
  if (field != NULL)
    {
      g_autoptr (GString) path = g_string_new (NULL);
      double scale = (double) side / field->w;

      for (int py = spacing / 2; py < side; py += spacing)
        {
          for (int px = spacing / 2; px < side; px += spacing)
            {
              float d[2];

              cw_field_sample (field, (float) (px / scale), (float) (py / scale), d);
              /* Less than half a CSS pixel would be a dot, not an arrow. */
              if (hypot ((double) d[0], (double) d[1]) * scale >= 0.5)
                draw_arrow (path, px + (double) d[0] * scale, py + (double) d[1] * scale,
                            -(double) d[0] * scale, -(double) d[1] * scale);
            }
        }
      g_string_append_printf (svg,
                              "<path d='%s' fill='none' stroke='#000' stroke-opacity='.45' "
                              "stroke-width='2.6'/>"
                              "<path d='%s' fill='none' stroke='#ffd54a' stroke-width='1.2'/>",
                              path->str, path->str);
    }
  g_string_append (svg, "</svg>");
  return g_string_free (svg, FALSE);
}
