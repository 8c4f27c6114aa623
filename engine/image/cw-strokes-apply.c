/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-strokes.h"

#include "base/cw-clones.h"

#include <math.h>
#include <string.h>

CW_EXACT

/*
 * A row within the brush is made in three vectorised steps: the displacement of the dab itself, the
 * old field at the places it leads to, and their sum. The old field is read from a copy of what the
 * dab can reach.
 */

#define CHUNK 64 /* columns made at a time */

/* A dab in the view, px. */
typedef struct
{
  int kind;
  float x, y;       /* middle of the disc */
  float radius;
  float dx, dy;
  float strength;   /* of a swirl: the tangent of half the backward turn */
  int left, right, top, bottom; /* pixels [left, right) x [top, bottom) of the grid */
} Brush;

static float
apply_linear (const CwMatrix *m, float x, float y, int row)
{
  return m->m[3 * row] * x + m->m[3 * row + 1] * y;
}

static int
limit (float value, int max)
{
  return (int) CLAMP (value, 0.0f, (float) max);
}

static Brush
place (const CwDab *dab, const CwMatrix *frame, const CwField *field)
{
  CwPoint at = cw_matrix_apply (frame, (CwPoint){ dab->x, dab->y });
  float area = frame->m[0] * frame->m[4] - frame->m[1] * frame->m[3];
  Brush brush = { .kind = dab->kind, .strength = dab->strength };

  brush.radius = MAX (dab->radius * sqrtf (fabsf (area)), 1.0f);
  if (dab->kind == CW_DAB_PUSH)
    {
      brush.dx = apply_linear (frame, dab->dx, dab->dy, 0);
      brush.dy = apply_linear (frame, dab->dx, dab->dy, 1);
    }
  /* Backwards; a mirrored face turns the other way. */
  if (dab->kind == CW_DAB_SWIRL)
    brush.strength = tanf (area < 0 ? 0.5f * dab->strength : -0.5f * dab->strength);
  brush.x = at.x + brush.dx;
  brush.y = at.y + brush.dy;
  brush.left = limit (brush.x - brush.radius, field->w);
  brush.right = limit (brush.x + brush.radius + 1, field->w);
  brush.top = limit (brush.y - brush.radius, field->h);
  brush.bottom = limit (brush.y + brush.radius + 1, field->h);
  return brush;
}

/* ---- dabs that move ---- */

/* What the displacement of a row's part is made of. */
typedef struct
{
  float e[CHUNK], profile[CHUNK]; /* x from the middle; q */
  float dx[CHUNK], dy[CHUNK];
  float fx[CHUNK], fy[CHUNK]; /* where it leads to in the old field */
  int at[CHUNK];
} Part;

CW_CLONES static void
make_profile (const Brush *brush, int begin, int n, float ey, Part *part)
{
  float scale = 1.0f / (brush->radius * brush->radius), x = brush->x;

  for (int i = 0; i < n; i++)
    {
      float e = (float) (begin + i) + 0.5f - x, inside = 1.0f - (e * e + ey * ey) * scale;

      inside = inside > 0.0f ? inside : 0.0f;
      part->e[i] = e;
      part->profile[i] = inside * inside;
    }
}

CW_CLONES static void
push (const Brush *brush, int n, Part *part)
{
  float dx = brush->dx, dy = brush->dy;

  for (int i = 0; i < n; i++)
    {
      part->dx[i] = -part->profile[i] * dx;
      part->dy[i] = -part->profile[i] * dy;
    }
}

CW_CLONES static void
pinch (const Brush *brush, int n, float ey, Part *part)
{
  for (int i = 0; i < n; i++)
    {
      float share = brush->strength * part->profile[i];

      part->dx[i] = share * part->e[i];
      part->dy[i] = share * ey;
    }
}

/* With t the tangent of half the angle: cos - 1 = -2 t^2 / (1 + t^2), sin = 2 t / (1 + t^2). */
CW_CLONES static void
swirl (const Brush *brush, int n, float ey, Part *part)
{
  for (int i = 0; i < n; i++)
    {
      float t = brush->strength * part->profile[i], share = 2.0f * t / (1.0f + t * t);

      part->dx[i] = -share * (t * part->e[i] + ey);
      part->dy[i] = share * (part->e[i] - t * ey);
    }
}

/* Where the displacements lead to in @old: the place of the upper left of four displacements, and the
 * fractions between them. Clamped at the border, as cw_field_sample() does. */
CW_CLONES static void
locate (const CwField *old, int begin, int j, int n, Part *part)
{
  float right = (float) (old->w - 1), bottom = (float) (old->h - 1);
  int last_x = MAX (old->w - 2, 0), last_y = MAX (old->h - 2, 0), w = old->w;

  CW_IVDEP
  for (int i = 0; i < n; i++)
    {
      float x = (float) (begin + i) + part->dx[i], y = (float) j + part->dy[i];
      int ix, iy;

      x = x > 0.0f ? x : 0.0f;
      y = y > 0.0f ? y : 0.0f;
      x = x < right ? x : right;
      y = y < bottom ? y : bottom;
      ix = (int) x;
      iy = (int) y;
      ix = ix < last_x ? ix : last_x;
      iy = iy < last_y ? iy : last_y;
      part->fx[i] = x - (float) ix;
      part->fy[i] = y - (float) iy;
      part->at[i] = 2 * (iy * w + ix);
    }
}

/* Both components of a displacement. */
typedef float Pair __attribute__ ((vector_size (8)));

CW_INLINE Pair
load_pair (const float *p)
{
  Pair pair;

  memcpy (&pair, p, sizeof pair);
  return pair;
}

/* d + old (p + d), bilinear. */
CW_CLONES static void
compose (const CwField *old, int n, const Part *restrict part, float *restrict row)
{
  int across = old->w > 1 ? 2 : 0, down = old->h > 1 ? 2 * old->w : 0;
  const float *all = old->d;

  for (int i = 0; i < n; i++)
    {
      const float *at = all + part->at[i];
      Pair a = load_pair (at), c = load_pair (at + down), d = { part->dx[i], part->dy[i] };
      Pair top = a + part->fx[i] * (load_pair (at + across) - a);
      Pair low = c + part->fx[i] * (load_pair (at + down + across) - c);

      d += top + part->fy[i] * (low - top);
      memcpy (row + 2 * i, &d, sizeof d);
    }
}

/* What the dab can reach, into the same place of @copy. */
static void
copy_around (const Brush *brush, const CwField *field, CwField *copy)
{
  int left = limit ((float) brush->left - fabsf (brush->dx) - 2, field->w);
  int right = limit ((float) brush->right + fabsf (brush->dx) + 2, field->w);
  int top = limit ((float) brush->top - fabsf (brush->dy) - 2, field->h);
  int bottom = limit ((float) brush->bottom + fabsf (brush->dy) + 2, field->h);

  for (int j = top; j < bottom && left < right; j++)
    {
      size_t at = 2 * ((size_t) j * (size_t) field->w + (size_t) left);

      memcpy (copy->d + at, field->d + at, 2 * (size_t) (right - left) * sizeof *field->d);
    }
}

static void
move (const Brush *brush, CwField *field, CwField *old)
{
  Part part;

  copy_around (brush, field, old);
  for (int j = brush->top; j < brush->bottom; j++)
    {
      float ey = (float) j + 0.5f - brush->y;
      float reach = sqrtf (MAX (brush->radius * brush->radius - ey * ey, 0.0f));
      int right = limit (brush->x + reach + 1, field->w);

      for (int begin = limit (brush->x - reach, field->w); begin < right; begin += CHUNK)
        {
          int n = MIN (CHUNK, right - begin);

          make_profile (brush, begin, n, ey, &part);
          if (brush->kind == CW_DAB_PUSH)
            push (brush, n, &part);
          else if (brush->kind == CW_DAB_PINCH)
            pinch (brush, n, ey, &part);
          else
            swirl (brush, n, ey, &part);
          locate (old, begin, j, n, &part);
          compose (old, n, &part,
                   field->d + 2 * ((size_t) j * (size_t) field->w + (size_t) begin));
        }
    }
}

/* ---- smoothing ---- */

/* Means over 2 half + 1 pixels of a row, fewer at the border, for the columns of the brush. */
static void
average_row (const Brush *brush, int half, const CwField *field, int j, float *out)
{
  const float *row = field->d + 2 * (size_t) j * (size_t) field->w;
  int first = MAX (brush->left - half, 0), next = first;
  double sum[2] = { 0, 0 };

  out += 2 * (size_t) j * (size_t) field->w;
  for (int i = brush->left; i < brush->right; i++)
    {
      for (; next <= MIN (i + half, field->w - 1); next++)
        {
          sum[0] += (double) row[2 * next];
          sum[1] += (double) row[2 * next + 1];
        }
      for (; first < i - half; first++)
        {
          sum[0] -= (double) row[2 * first];
          sum[1] -= (double) row[2 * first + 1];
        }
      out[2 * i] = (float) (sum[0] / (next - first));
      out[2 * i + 1] = (float) (sum[1] / (next - first));
    }
}

CW_CLONES static void
add_row (const float *row, int n, double sign, double *sum)
{
  for (int i = 0; i < n; i++)
    sum[i] += sign * (double) row[i];
}

CW_CLONES static void
blend_row (const Brush *brush, const double *sum, int count, int n, const Part *part, float *row)
{
  double share = 1.0 / count;

  for (int i = 0; i < n; i++)
    {
      float weight = brush->strength * part->profile[i];

      row[2 * i] += weight * ((float) (sum[2 * i] * share) - row[2 * i]);
      row[2 * i + 1] += weight * ((float) (sum[2 * i + 1] * share) - row[2 * i + 1]);
    }
}

/* Down the columns @begin and the @n after it, of the rows' means. */
static void
smooth_columns (const Brush *brush, int half, int begin, int n, const CwField *means,
                CwField *field)
{
  int first = MAX (brush->top - half, 0), next = first;
  double sum[2 * CHUNK] = { 0 };
  size_t stride = 2 * (size_t) field->w;
  Part part;

  for (int j = brush->top; j < brush->bottom; j++)
    {
      for (; next <= MIN (j + half, field->h - 1); next++)
        add_row (means->d + (size_t) next * stride + 2 * begin, 2 * n, 1, sum);
      for (; first < j - half; first++)
        add_row (means->d + (size_t) first * stride + 2 * begin, 2 * n, -1, sum);
      make_profile (brush, begin, n, (float) j + 0.5f - brush->y, &part);
      blend_row (brush, sum, next - first, n, &part, field->d + (size_t) j * stride + 2 * begin);
    }
}

static void
smooth (const Brush *brush, CwField *field, CwField *means)
{
  int half = MAX (1, (int) (0.5f * brush->radius + 0.5f));
  int top = MAX (brush->top - half, 0), bottom = MIN (brush->bottom + half, field->h);

  for (int j = top; j < bottom; j++)
    average_row (brush, half, field, j, means->d);
  for (int begin = brush->left; begin < brush->right; begin += CHUNK)
    smooth_columns (brush, half, begin, MIN (CHUNK, brush->right - begin), means, field);
}

void
cw_dab_apply (const CwDab *dab, const CwMatrix *frame, CwField *field, CwField *scratch)
{
  Brush brush;

  g_return_if_fail (scratch != field && scratch->w == field->w && scratch->h == field->h);

  brush = place (dab, frame, field);
  if (brush.left >= brush.right || brush.top >= brush.bottom)
    return;
  if (brush.kind == CW_DAB_SMOOTH)
    smooth (&brush, field, scratch);
  else
    move (&brush, field, scratch);
}
