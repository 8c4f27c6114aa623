/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-field.h"

#include "base/cw-clones.h"

#include <math.h>
#include <string.h>

CW_EXACT

static size_t
n_floats (const CwField *field)
{
  return (size_t) field->w * (size_t) field->h * 2;
}

CwField *
cw_field_new (int w, int h)
{
  CwField *field;

  g_return_val_if_fail (w >= 1 && h >= 1, NULL);

  field = g_new0 (CwField, 1);
  field->w = w;
  field->h = h;
  field->d = g_new0 (float, n_floats (field));
  return field;
}

void
cw_field_free (CwField *field)
{
  if (field == NULL)
    return;
  g_free (field->d);
  g_free (field);
}

CwField *
cw_field_copy (const CwField *field)
{
  CwField *copy = cw_field_new (field->w, field->h);

  memcpy (copy->d, field->d, n_floats (field) * sizeof *field->d);
  return copy;
}

void
cw_field_clear (CwField *field)
{
  memset (field->d, 0, n_floats (field) * sizeof *field->d);
}

CW_CLONES void
cw_field_scale (CwField *field, float factor)
{
  size_t n = n_floats (field);

  for (size_t i = 0; i < n; i++)
    field->d[i] *= factor;
}

void
cw_field_sample (const CwField *field, float x, float y, float out[2])
{
  int w = field->w, h = field->h, i, j;
  const float *a, *b;
  int right;

  /* Pixel centres to grid indices; written so that NaN becomes 0. */
  x -= 0.5f;
  y -= 0.5f;
  x = x > 0 ? MIN (x, (float) (w - 1)) : 0;
  y = y > 0 ? MIN (y, (float) (h - 1)) : 0;
  i = MIN ((int) x, MAX (w - 2, 0));
  j = MIN ((int) y, MAX (h - 2, 0));
  x -= (float) i;
  y -= (float) j;
  a = field->d + 2 * ((size_t) j * (size_t) w + (size_t) i);
  b = h > 1 ? a + 2 * (size_t) w : a;
  right = w > 1 ? 2 : 0;
  for (int k = 0; k < 2; k++)
    {
      float top = a[k] + x * (a[right + k] - a[k]);
      float bottom = b[k] + x * (b[right + k] - b[k]);

      out[k] = top + y * (bottom - top);
    }
}

void
cw_field_compose (const CwField *first, const CwField *second, CwField *out)
{
  const float *s = second->d;
  float *o = out->d;

  g_return_if_fail (first->w == second->w && first->h == second->h);
  g_return_if_fail (out->w == second->w && out->h == second->h && out != first && out != second);

  for (int y = 0; y < out->h; y++)
    {
      for (int x = 0; x < out->w; x++, s += 2, o += 2)
        {
          cw_field_sample (first, (float) x + 0.5f + s[0], (float) y + 0.5f + s[1], o);
          o[0] += s[0];
          o[1] += s[1];
        }
    }
}

/* @r = g + d (q + g), which is zero where q + g is the point that the map takes to q = (x, y). Gives
 * the square of its length. */
static float
residual (const CwField *field, float x, float y, const float g[2], float r[2])
{
  cw_field_sample (field, x + g[0], y + g[1], r);
  r[0] += g[0];
  r[1] += g[1];
  return r[0] * r[0] + r[1] * r[1];
}

/* One step of Newton's from @g, whose residual is @r, halved until it leads nearer; both become those
 * of the new place. FALSE where no step does. */
static gboolean
step_nearer (const CwField *field, float x, float y, float g[2], float r[2])
{
  float px = x + g[0], py = y + g[1], left[2], right[2], up[2], down[2];
  float xx, xy, yx, yy, det, before = r[0] * r[0] + r[1] * r[1], step[2];

  cw_field_sample (field, px - 0.5f, py, left);
  cw_field_sample (field, px + 0.5f, py, right);
  cw_field_sample (field, px, py - 0.5f, up);
  cw_field_sample (field, px, py + 0.5f, down);
  xx = 1.0f + right[0] - left[0];
  yx = right[1] - left[1];
  xy = down[0] - up[0];
  yy = 1.0f + down[1] - up[1];
  det = xx * yy - xy * yx;
  step[0] = det > 1e-3f ? (yy * r[0] - xy * r[1]) / det : r[0];
  step[1] = det > 1e-3f ? (xx * r[1] - yx * r[0]) / det : r[1];
  for (float t = 1; t > 0.01f; t *= 0.5f)
    {
      const float nearer[2] = { g[0] - t * step[0], g[1] - t * step[1] };
      float rest[2];

      if (residual (field, x, y, nearer, rest) < before)
        {
          memcpy (g, nearer, sizeof nearer);
          memcpy (r, rest, sizeof rest);
          return TRUE;
        }
    }
  return FALSE;
}

void
cw_field_invert_at (const CwField *field, float x, float y, int iterations, float g[2])
{
  float r[2];

  residual (field, x, y, g, r);
  for (int k = 0; k < iterations && step_nearer (field, x, y, g, r); k++)
    ;
}

void
cw_field_invert (const CwField *field, CwField *out, int iterations)
{
  g_return_if_fail (out->w == field->w && out->h == field->h && out != field);

  /* Each point by itself. */
  for (int j = 0; j < out->h; j++)
    {
      for (int i = 0; i < out->w; i++)
        {
          float *g = out->d + 2 * ((size_t) j * (size_t) out->w + (size_t) i);

          g[0] = g[1] = 0;
          cw_field_invert_at (field, (float) i + 0.5f, (float) j + 0.5f, iterations, g);
        }
    }
}

/* Weighted moments of position and displacement about the middle of the field. */
typedef struct
{
  double w, x, y, xx, xy, yy;
  double d[2], xd[2], yd[2];
} Moments;

/* Lanes of the sums over a row: the components of four pixels, side by side. */
#define LANES 8

/* Sums of d and x d over a row of @w pixels, x from the middle of the row. */
CW_CLONES static void
sum_row (const float *d, int w, double sum[2], double x_sum[2])
{
  float lanes[LANES] = { 0 }, x_lanes[LANES] = { 0 }, x[LANES];
  int i = 0, n = 2 * w;

  for (int k = 0; k < LANES; k++)
    x[k] = (float) (k / 2) - 0.5f * (float) (w - 1);
  for (; i + LANES <= n; i += LANES)
    {
      for (int k = 0; k < LANES; k++)
        {
          lanes[k] += d[i + k];
          x_lanes[k] += x[k] * d[i + k];
          x[k] += LANES / 2;
        }
    }
  for (int k = 0; i + k < n; k++)
    {
      lanes[k] += d[i + k];
      x_lanes[k] += x[k] * d[i + k];
    }
  sum[0] = sum[1] = x_sum[0] = x_sum[1] = 0;
  for (int k = 0; k < LANES; k++)
    {
      sum[k % 2] += (double) lanes[k];
      x_sum[k % 2] += (double) x_lanes[k];
    }
}

/* All weights are one: the moments of position are known, and odd ones are zero. */
static void
take_plain_moments (const CwField *field, Moments *sum)
{
  double w = field->w, h = field->h;

  memset (sum, 0, sizeof *sum);
  sum->w = w * h;
  sum->xx = h * w * (w * w - 1) / 12;
  sum->yy = w * h * (h * h - 1) / 12;
  for (int j = 0; j < field->h; j++)
    {
      double y = j - 0.5 * (h - 1), d[2], xd[2];

      sum_row (field->d + 2 * (size_t) j * (size_t) field->w, field->w, d, xd);
      for (int k = 0; k < 2; k++)
        {
          sum->d[k] += d[k];
          sum->xd[k] += xd[k];
          sum->yd[k] += y * d[k];
        }
    }
}

static void
take_weighted_moments (const CwField *field, const float *weight, Moments *sum)
{
  double cx = 0.5 * (field->w - 1), cy = 0.5 * (field->h - 1);
  const float *d = field->d;

  memset (sum, 0, sizeof *sum);
  for (int j = 0; j < field->h; j++)
    {
      double y = j - cy, w = 0, x = 0, xx = 0, d0 = 0, d1 = 0, xd0 = 0, xd1 = 0;

      for (int i = 0; i < field->w; i++, d += 2)
        {
          double v = (double) *weight++;
          double px = i - cx, vd0 = v * (double) d[0], vd1 = v * (double) d[1];

          w += v;
          x += v * px;
          xx += v * px * px;
          d0 += vd0;
          d1 += vd1;
          xd0 += px * vd0;
          xd1 += px * vd1;
        }
      sum->w += w;
      sum->x += x;
      sum->y += w * y;
      sum->xx += xx;
      sum->xy += x * y;
      sum->yy += w * y * y;
      sum->d[0] += d0;
      sum->d[1] += d1;
      sum->xd[0] += xd0;
      sum->xd[1] += xd1;
      sum->yd[0] += d0 * y;
      sum->yd[1] += d1 * y;
    }
}

/* d ~ c[0] + c[1] x + c[2] y, of displacement component @k. */
static void
fit_plane (const Moments *s, int k, double c[3])
{
  /* Moments about the weighted mean leave a 2x2 system. A direction in which the weights have no
   * extent gets no slope. */
  double mx = s->x / s->w, my = s->y / s->w;
  double xx = s->xx - mx * s->x, xy = s->xy - mx * s->y, yy = s->yy - my * s->y;
  double xd = s->xd[k] - mx * s->d[k], yd = s->yd[k] - my * s->d[k];
  double tiny = 1e-9 * (s->w + s->xx + s->yy), det = xx * yy - xy * xy;

  c[1] = c[2] = 0;
  if (det > tiny * (xx + yy))
    {
      c[1] = (yy * xd - xy * yd) / det;
      c[2] = (xx * yd - xy * xd) / det;
    }
  else if (xx > yy && xx > tiny)
    c[1] = xd / xx;
  else if (yy > tiny)
    c[2] = yd / yy;
  c[0] = s->d[k] / s->w - c[1] * mx - c[2] * my;
}

CW_CLONES void
cw_field_remove_affine (CwField *field, const float *weight)
{
  double cx = 0.5 * (field->w - 1), cy = 0.5 * (field->h - 1), a[3], b[3];
  float *d = field->d;
  Moments sum;

  if (weight != NULL)
    take_weighted_moments (field, weight, &sum);
  else
    take_plain_moments (field, &sum);
  if (!(sum.w > 0))
    return;
  fit_plane (&sum, 0, a);
  fit_plane (&sum, 1, b);
  for (int j = 0; j < field->h; j++)
    {
      float a0 = (float) (a[0] + a[2] * (j - cy) - a[1] * cx), a1 = (float) a[1];
      float b0 = (float) (b[0] + b[2] * (j - cy) - b[1] * cx), b1 = (float) b[1];

      for (int i = 0; i < field->w; i++, d += 2)
        {
          d[0] -= a0 + a1 * (float) i;
          d[1] -= b0 + b1 * (float) i;
        }
    }
}

/* Row @j of a field and its neighbours, at the border itself. */
typedef struct
{
  const float *row, *above, *below;
  float sy; /* 1 / rows between the neighbours */
  int w;
} Stencil;

static Stencil
stencil_at (const CwField *field, int j)
{
  int up = MAX (j - 1, 0), down = MIN (j + 1, field->h - 1);
  size_t stride = 2 * (size_t) field->w;

  return (Stencil){ field->d + (size_t) j * stride, field->d + (size_t) up * stride,
                    field->d + (size_t) down * stride,
                    down > up ? 1.0f / (float) (down - up) : 0.0f, field->w };
}

/* Determinant at pixel @i, whose neighbours in the row are @left and @right, of the field times
 * @factor. */
CW_INLINE float
determinant (const Stencil *s, int i, int left, int right, float factor)
{
  float sx = right > left ? factor / (float) (right - left) : 0.0f, sy = factor * s->sy;
  float xx = (s->row[2 * right] - s->row[2 * left]) * sx;
  float yx = (s->row[2 * right + 1] - s->row[2 * left + 1]) * sx;
  float xy = (s->below[2 * i] - s->above[2 * i]) * sy;
  float yy = (s->below[2 * i + 1] - s->above[2 * i + 1]) * sy;

  return (1.0f + xx) * (1.0f + yy) - xy * yx;
}

void
cw_field_jacobian (const CwField *field, float *det)
{
  for (int j = 0; j < field->h; j++)
    {
      Stencil s = stencil_at (field, j);

      for (int i = 0; i < s.w; i++)
        *det++ = determinant (&s, i, MAX (i - 1, 0), MIN (i + 1, s.w - 1), 1);
    }
}

/* The smallest of a row without its ends, or @least. */
CW_CLONES static float
least_in_row (const Stencil *s, float factor, float least)
{
  float lanes[LANES];
  int i = 1;

  for (int k = 0; k < LANES; k++)
    lanes[k] = least;
  for (; i + LANES < s->w; i += LANES)
    {
      for (int k = 0; k < LANES; k++)
        {
          float det = determinant (s, i + k, i + k - 1, i + k + 1, factor);

          lanes[k] = det < lanes[k] ? det : lanes[k];
        }
    }
  for (; i < s->w - 1; i++)
    lanes[0] = MIN (lanes[0], determinant (s, i, i - 1, i + 1, factor));
  for (int k = 0; k < LANES; k++)
    least = MIN (least, lanes[k]);
  return least;
}

float
cw_field_least_det (const CwField *field, float factor)
{
  float least = G_MAXFLOAT;

  for (int j = 0; j < field->h; j++)
    {
      Stencil s = stencil_at (field, j);
      int last = s.w - 1;

      least = MIN (least, determinant (&s, 0, 0, MIN (1, last), factor));
      least = MIN (least, determinant (&s, last, MAX (last - 1, 0), last, factor));
      least = least_in_row (&s, factor, least);
    }
  return least;
}

CW_CLONES float
cw_field_max (const CwField *field)
{
  const float *d = field->d;
  size_t n = n_floats (field) / 2, i = 0;
  float lanes[LANES] = { 0 }, max = 0;

  for (; i + LANES <= n; i += LANES, d += 2 * LANES)
    {
      for (int k = 0; k < LANES; k++)
        {
          float square = d[2 * k] * d[2 * k] + d[2 * k + 1] * d[2 * k + 1];

          lanes[k] = square > lanes[k] ? square : lanes[k];
        }
    }
  for (int k = 0; i + (size_t) k < n; k++, d += 2)
    lanes[k] = MAX (lanes[k], d[0] * d[0] + d[1] * d[1]);
  for (int k = 0; k < LANES; k++)
    max = MAX (max, lanes[k]);
  return sqrtf (max);
}

void
cw_field_stats (const CwField *field, float *det_scratch, CwFieldStats *stats)
{
  size_t n = n_floats (field);
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (double) field->d[i] * (double) field->d[i];
  stats->max = cw_field_max (field);
  stats->rms = (float) sqrt (sum / (double) (n / 2));
  cw_field_jacobian (field, det_scratch);
  stats->min_det = det_scratch[0];
  stats->n_folds = 0;
  for (size_t i = 0; i < n / 2; i++)
    {
      stats->min_det = MIN (stats->min_det, det_scratch[i]);
      stats->n_folds += !(det_scratch[i] > 0);
    }
}
