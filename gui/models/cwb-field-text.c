/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-field-text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Below this many pixels nothing moves for anybody who looks. */
#define LEAST_LENGTH 0.05

/* ---- at a point ---- */

/* That of cw_field_jacobian() at pixel (i, j): of the pixel and its neighbours. */
static float
get_determinant (const CwField *field, int i, int j)
{
  int left = MAX (i - 1, 0), right = MIN (i + 1, field->w - 1);
  int top = MAX (j - 1, 0), bottom = MIN (j + 1, field->h - 1);
  float around[3 * 3 * 2], det[3 * 3];
  const CwField part = { right - left + 1, bottom - top + 1, around };

  for (int y = 0; y < part.h; y++)
    {
      gsize from = (gsize) (top + y) * (gsize) field->w + (gsize) left;

      memcpy (around + 2 * y * part.w, field->d + 2 * from, 2 * (gsize) part.w * sizeof (float));
    }
  cw_field_jacobian (&part, det);
  return det[(j - top) * part.w + i - left];
}

gboolean
cwb_field_readout (const CwField *field, const CwbViewGeometry *geometry, double x, double y,
                   CwbFieldReadout *readout)
{
  float d[2] = { 0, 0 };
  CwPoint from;

  if (!(x >= 0 && y >= 0 && x < geometry->w && y < geometry->h))
    return FALSE;
  *readout = (CwbFieldReadout){ .x = x, .y = y, .det = 1 };
  if (field != NULL)
    {
      cw_field_sample (field, (float) x, (float) y, d);
      readout->det = (double) get_determinant (field, (int) x, (int) y);
    }
  readout->dx = -(double) d[0];
  readout->dy = -(double) d[1];
  readout->length = hypot (readout->dx, readout->dy);
  from = cw_matrix_apply (&geometry->to_source, (CwPoint){ (float) x + d[0], (float) y + d[1] });
  readout->source_x = (double) from.x;
  readout->source_y = (double) from.y;
  return TRUE;
}

char *
cwb_field_readout_dup_text (const CwbFieldReadout *self, gboolean warped)
{
  if (!warped)
    /* Translators: a pixel of a view and that of the source that it shows */
    return g_strdup_printf (_ ("%.0f, %.0f shows %.0f, %.0f of the source"), floor (self->x),
                            floor (self->y), self->source_x, self->source_y);
  /* Translators: a pixel of a view, how far and where to it was moved, determinant, source */
  return g_strdup_printf (_ ("%.0f, %.0f moved %.1f px (%+.1f, %+.1f), det J %.2f, "
                             "shows %.0f, %.0f of the source"),
                          floor (self->x), floor (self->y), self->length, self->dx, self->dy,
                          self->det, self->source_x, self->source_y);
}

/* ---- of a field ---- */

/* In the template's order. */
static const char *const landmark_labels[CW_N_LANDMARKS] = {
  N_ ("outer left brow"),   N_ ("middle of the left brow"),  N_ ("inner left brow"),
  N_ ("inner right brow"),  N_ ("middle of the right brow"), N_ ("outer right brow"),
  N_ ("outer left eye"),    N_ ("left eyelid"),              N_ ("inner left eye"),
  N_ ("inner right eye"),   N_ ("right eyelid"),             N_ ("outer right eye"),
  N_ ("bridge of the nose"), N_ ("tip of the nose"),         N_ ("left wing of the nose"),
  N_ ("right wing of the nose"), N_ ("left mouth corner"),   N_ ("upper lip"),
  N_ ("right mouth corner"), N_ ("lower lip"),               N_ ("left cheek"),
  N_ ("right cheek"),       N_ ("left jaw"),                 N_ ("right jaw"),
};

const char *
cwb_landmark_get_label (int landmark)
{
  g_return_val_if_fail (landmark >= 0 && landmark < CW_N_LANDMARKS, "");

  return _ (landmark_labels[landmark]);
}

/* From the right, clockwise on the screen. */
static const char *
name_direction (double dx, double dy)
{
  static const char *const names[8]
      = { N_ ("to the right"), N_ ("to the lower right"), N_ ("down"), N_ ("to the lower left"),
          N_ ("to the left"),  N_ ("to the upper left"),  N_ ("up"),   N_ ("to the upper right") };
  int eighth = (int) floor (atan2 (dy, dx) / G_PI_4 + 0.5);

  return _ (names[(eighth + 8) % 8]);
}

/* The pixel that moved furthest. */
static void
find_largest (const CwField *field, int *x, int *y)
{
  float most = -1;

  *x = *y = 0;
  for (int j = 0; j < field->h; j++)
    {
      const float *d = field->d + 2 * (gsize) j * (gsize) field->w;

      for (int i = 0; i < field->w; i++)
        {
          float square = d[2 * i] * d[2 * i] + d[2 * i + 1] * d[2 * i + 1];

          if (square > most)
            {
              most = square;
              *x = i;
              *y = j;
            }
        }
    }
}

/* The landmark within a sixth of the side; -1 where there is none. */
static int
find_landmark (const CwPoint *landmarks, double x, double y, double side)
{
  double least = side / 6;
  int nearest = -1;

  for (int i = 0; landmarks != NULL && i < CW_N_LANDMARKS; i++)
    {
      double distance = hypot ((double) landmarks[i].x - x, (double) landmarks[i].y - y);

      if (distance < least)
        {
          least = distance;
          nearest = i;
        }
    }
  return nearest;
}

static char *
describe_largest (const CwField *field, const CwFieldStats *stats, const CwPoint *landmarks)
{
  int x, y, landmark;
  const float *d;
  const char *direction;

  find_largest (field, &x, &y);
  d = field->d + 2 * ((gsize) y * (gsize) field->w + (gsize) x);
  direction = name_direction (-(double) d[0], -(double) d[1]);
  landmark = find_landmark (landmarks, x + 0.5, y + 0.5, MIN (field->w, field->h));
  if (landmark < 0)
    /* Translators: length, direction ("to the left"), where across and down, in percent of the view */
    return g_strdup_printf (_ ("Largest displacement %.1f px %s, at %d %% across and %d %% down"),
                            (double) stats->max, direction, 100 * x / field->w,
                            100 * y / field->h);
  /* Translators: length, direction ("to the left"), landmark ("left mouth corner") */
  return g_strdup_printf (_ ("Largest displacement %.1f px %s at: %s"), (double) stats->max,
                          direction, cwb_landmark_get_label (landmark));
}

/* Percent that moves by more than a pixel. */
static double
get_moved (const CwField *field)
{
  gsize n = (gsize) field->w * (gsize) field->h, moved = 0;

  for (gsize i = 0; i < n; i++)
    moved += field->d[2 * i] * field->d[2 * i] + field->d[2 * i + 1] * field->d[2 * i + 1] > 1;
  return 100.0 * (double) moved / (double) n;
}

char *
cwb_field_dup_summary (const CwField *field, const CwFieldStats *stats, const CwPoint *landmarks)
{
  g_autofree char *largest = NULL, *folds = NULL;

  if (!((double) stats->max >= LEAST_LENGTH))
    return g_strdup (_ ("Nothing moves"));
  largest = describe_largest (field, stats, landmarks);
  folds = stats->n_folds == 0
              ? g_strdup (_ ("no folds"))
              : g_strdup_printf (ngettext ("folds at %d pixel", "folds at %d pixels",
                                           (gulong) stats->n_folds),
                                 stats->n_folds);
  /* Translators: the largest displacement; how much moves; folds */
  return g_strdup_printf (_ ("%s; %.0f %% of the view moves by more than 1 px; %s"), largest,
                          get_moved (field), folds);
}
