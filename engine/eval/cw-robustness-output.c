/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-robustness.h"

#include "base/cw-json.h"

#include <math.h>
#include <string.h>

#define UNIT_WIDTH 13

static void
add_score (JsonBuilder *builder, const CwRobustnessScore *score)
{
  cw_json_add_number (builder, "cosine", score->cosine);
  cw_json_add_number (builder, "accuracy", score->accuracy);
  cw_json_add_number (builder, "noticed", score->noticed);
}

/* 0.02f as 0.02, not as the double next to it. */
static double
rounded (float strength)
{
  return round ((double) strength * 1e4) / 1e4;
}

void
cw_robustness_to_json (const CwRobustness *robustness, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  for (int c = 0; c < robustness->n_curves; c++)
    {
      const CwRobustnessCurve *curve = &robustness->curves[c];

      json_builder_set_member_name (builder, curve->id);
      json_builder_begin_array (builder);
      for (int i = 0; i < curve->n_points; i++)
        {
          json_builder_begin_object (builder);
          cw_json_add_number (builder, "strength", rounded (curve->points[i].strength));
          json_builder_set_member_name (builder, "unit");
          json_builder_add_string_value (builder, curve->unit);
          add_score (builder, &curve->points[i].trained);
          json_builder_set_member_name (builder, "random_init");
          json_builder_begin_object (builder);
          add_score (builder, &curve->points[i].random);
          json_builder_end_object (builder);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

/* A dash for what is not known: no random init, a class too few, one picture only. */
static void
append_number (GString *text, int width, const char *format, double value, const char *unit)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "-";

  if (isfinite (value))
    g_ascii_formatd (number, sizeof number, format, value);
  g_string_append_printf (text, " %*s%*s", width, number, (int) strlen (unit),
                          isfinite (value) ? unit : "");
}

static void
append_score (GString *text, const CwRobustnessScore *score)
{
  append_number (text, 9, "%.4f", score->cosine, "");
  append_number (text, 7, "%.1f", 100 * score->accuracy, " %");
  append_number (text, 6, "%.1f", 100 * score->noticed, " %");
}

/* printf() pads by bytes. */
static void
append_padded (GString *text, const char *what, int width)
{
  g_string_append_printf (text, "%s%*s", what, MAX (width - (int) g_utf8_strlen (what, -1), 0), "");
}

char *
cw_robustness_to_text (const CwRobustness *robustness)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Disturbed: %u scored pictures; cosine to the clean one, accuracy of "
                                "the clean probe, how often the disturbance is noticed; warp: %s.\n\n",
                          robustness->n_score, robustness->warp);
  g_string_append_printf (text, "%-32s %28s %28s\n", "", "trained", "random init");
  for (int c = 0; c < robustness->n_curves; c++)
    {
      const CwRobustnessCurve *curve = &robustness->curves[c];

      for (int i = 0; i < curve->n_points; i++)
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          g_ascii_formatd (number, sizeof number, "%g", rounded (curve->points[i].strength));
          g_string_append_printf (text, "%-12s %5s ", i == 0 ? curve->id : "", number);
          append_padded (text, curve->unit, UNIT_WIDTH);
          append_score (text, &curve->points[i].trained);
          append_score (text, &curve->points[i].random);
          g_string_append_c (text, '\n');
        }
    }
  return g_string_free (text, FALSE);
}
