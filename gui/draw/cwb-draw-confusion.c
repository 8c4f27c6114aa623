/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-confusion.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

static guint
row_sum (const guint *counts, int n, int row)
{
  guint sum = 0;

  for (int c = 0; c < n; c++)
    sum += counts[row * n + c];
  return sum;
}

static void
draw_cell (cairo_t *cr, double x, double y, double side, guint count, double share,
           gboolean diagonal, const CwbPalette *palette)
{
  const GdkRGBA *colour = &palette->series[diagonal ? 0 : 1], white = { 1, 1, 1, 1 };
  char text[16];

  cairo_rectangle (cr, x + 1, y + 1, side - 2, side - 2);
  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, 0.06 + 0.84 * share);
  cairo_fill (cr);
  if (side < 18)
    return;
  g_snprintf (text, sizeof text, "%u", count);
  cwb_draw_text (cr, text, x + side / 2, y + side / 2, CWB_ALIGN_CENTRE, CLAMP (side / 3.4, 8, 13),
                 FALSE, share > 0.6 ? &white : &palette->foreground);
}

void
cwb_draw_confusion (cairo_t *cr, double width, double height, const guint *counts, int n,
                    const char *const *names, const CwbPalette *palette)
{
  double label = 0, side, left, top;

  if (n <= 0)
    return;
  for (int i = 0; i < n; i++)
    label = MAX (label, cwb_text_width (cr, names[i], 11));
  label = MIN (label + 10, width / 2.5);
  side = floor (MIN ((width - label - 4) / n, (height - label - 4) / n));
  if (side < 3)
    return;
  left = label;
  top = label;
  for (int i = 0; i < n; i++)
    {
      guint sum = row_sum (counts, n, i);

      cwb_draw_text (cr, names[i], left - 6, top + (i + 0.5) * side, CWB_ALIGN_RIGHT, 11, FALSE,
                     &palette->foreground);
      /* Column names stand upright, read from below. */
      cairo_save (cr);
      cairo_translate (cr, left + (i + 0.5) * side, top - 6);
      cairo_rotate (cr, G_PI / 2);
      cwb_draw_text (cr, names[i], 0, 0, CWB_ALIGN_RIGHT, 11, FALSE, &palette->foreground);
      cairo_restore (cr);
      for (int j = 0; j < n; j++)
        draw_cell (cr, left + j * side, top + i * side, side, counts[i * n + j],
                   sum > 0 ? (double) counts[i * n + j] / sum : 0, i == j, palette);
    }
}

char *
cwb_describe_confusion (const guint *counts, int n, const char *const *names)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      int worst = -1;

      for (int j = 0; j < n; j++)
        {
          if (j != i && counts[i * n + j] > 0
              && (worst < 0 || counts[i * n + j] > counts[i * n + worst]))
            worst = j;
        }
      if (text->len > 0)
        g_string_append (text, "; ");
      g_string_append_printf (text, _ ("%s: %'u of %'u right"), names[i], counts[i * n + i],
                              row_sum (counts, n, i));
      if (worst >= 0)
        g_string_append_printf (text, _ (", most often taken for %s (%'u)"), names[worst],
                                counts[i * n + worst]);
    }
  return g_string_free (text, FALSE);
}
