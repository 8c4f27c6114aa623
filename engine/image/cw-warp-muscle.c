/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-warps-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

CW_EXACT

/*
 * Displacements as facial muscles make them: each action moves a few landmarks in the directions that
 * the Facial Action Coding System (Ekman & Friesen, 1978) describes for an action unit, and the skin
 * around them goes along. Directions and shares are ours, read off those descriptions: FACS has no
 * numbers. In the frame of the face, which follows from the landmarks: out is away from the middle
 * line, up is from the mouth to the eyes.
 *
 * A landmark at c that moves by d shows at c + d what was at c, and its neighbourhood within the radius
 * R moves by d (1 - |x - c - d|^2 / R^2)^2; where several reach, their displacements add up.
 */

#define MAX_ACTIONS 14
#define MAX_MOVES 4

/* In displacements: from 1.54 on a single landmark does not fold. */
#define LEAST_RADIUS 2.0f

/* Landmarks as pairs; where there is but one, it is both, and has no out. */
enum
{
  BROW_INNER,
  BROW_MIDDLE,
  BROW_OUTER,
  EYE_OUTER,
  EYE_LID,
  EYE_INNER,
  NOSE_WING,
  MOUTH_CORNER,
  UPPER_LIP,
  LOWER_LIP,
  CHEEK,
  JAW,
  N_PLACES,
};

/* left, right in the template's order; reach as a fraction of the face. */
static const struct
{
  guint8 left, right;
  float radius;
} places[N_PLACES] = {
  [BROW_INNER] = { 2, 3, 0.17f },    [BROW_MIDDLE] = { 1, 4, 0.17f },
  [BROW_OUTER] = { 0, 5, 0.17f },    [EYE_OUTER] = { 6, 11, 0.13f },
  [EYE_LID] = { 7, 10, 0.12f },      [EYE_INNER] = { 8, 9, 0.12f },
  [NOSE_WING] = { 14, 15, 0.15f },   [MOUTH_CORNER] = { 16, 18, 0.2f },
  [UPPER_LIP] = { 17, 17, 0.16f },   [LOWER_LIP] = { 19, 19, 0.2f },
  [CHEEK] = { 20, 21, 0.22f },       [JAW] = { 22, 23, 0.26f },
};

typedef struct
{
  guint8 place;
  float out, up;
} Move;

static const struct
{
  int n;
  Move moves[MAX_MOVES];
} actions[] = {
  /* 1, 2 and 4: brows raised at the inner and the outer end, and lowered. */
  { 2, { { BROW_INNER, 0, 1 }, { BROW_MIDDLE, 0, 0.4f } } },
  { 2, { { BROW_OUTER, 0, 1 }, { BROW_MIDDLE, 0, 0.7f } } },
  { 3, { { BROW_INNER, -0.5f, -0.9f }, { BROW_MIDDLE, -0.2f, -0.7f }, { BROW_OUTER, 0, -0.2f } } },
  /* 5 and 7: upper lid raised, lids tightened. */
  { 1, { { EYE_LID, 0, 1 } } },
  { 2, { { EYE_LID, 0, -0.8f }, { EYE_OUTER, 0, -0.2f } } },
  /* 6: cheek raised. */
  { 2, { { CHEEK, 0, 1 }, { EYE_OUTER, 0, 0.2f } } },
  /* 9 and 10: nose wrinkled, upper lip raised. */
  { 3, { { NOSE_WING, 0, 0.9f }, { UPPER_LIP, 0, 0.4f }, { BROW_INNER, 0, -0.4f } } },
  { 2, { { UPPER_LIP, 0, 1 }, { NOSE_WING, 0, 0.3f } } },
  /* 12, 15, 18 and 20: lip corners pulled up, pressed down, puckered, stretched. */
  { 2, { { MOUTH_CORNER, 0.7f, 0.7f }, { CHEEK, 0.1f, 0.4f } } },
  { 1, { { MOUTH_CORNER, 0.1f, -1 } } },
  { 1, { { MOUTH_CORNER, -1, 0 } } },
  { 1, { { MOUTH_CORNER, 1, -0.1f } } },
  /* 17 and 26: chin raised, jaw dropped. */
  { 3, { { LOWER_LIP, 0, 0.8f }, { MOUTH_CORNER, 0, -0.3f }, { JAW, 0, 0.4f } } },
  { 3, { { LOWER_LIP, 0, -1 }, { JAW, 0, -0.9f }, { MOUTH_CORNER, -0.1f, -0.25f } } },
};

G_STATIC_ASSERT (G_N_ELEMENTS (actions) == MAX_ACTIONS);
G_STATIC_ASSERT (CW_WARP_MAX_PUSHES >= CW_N_LANDMARKS);

typedef struct
{
  int actions;
  float magnitude_min, magnitude_max;
  float relaxed;
  float asymmetry;
  float reach;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, actions, "actions", N_ ("Actions"), "", 1, MAX_ACTIONS, 3,
                N_ ("How many muscle actions at once; of a region, all that there are at most")),
  CW_WARP_MAGNITUDE_SPECS (Params),
  CW_PARAM_FLOAT (Params, relaxed, "relaxed", N_ ("Relaxed"), "", 0, 1, 0.5,
                  N_ ("Share of the actions that are undone instead of done")),
  CW_PARAM_FLOAT (Params, asymmetry, "asymmetry", N_ ("Asymmetry"), "", 0, 1, 0.3,
                  N_ ("How much weaker one half of the face may act; 1 for one-sided actions")),
  CW_PARAM_FLOAT (Params, reach, "reach", N_ ("Reach"), "", 0.5, 2, 1,
                  N_ ("Factor of how far the skin around a landmark goes along")),
  CW_PARAM_END,
};

/* The face's own axes in the view, px; out is to the right half. */
typedef struct
{
  CwPoint out, up;
  float unit; /* px that stand for the side of a face as tightly cropped as the template */
} Frame;

static CwPoint
middle (const CwPoint *points, int a, int b)
{
  return (CwPoint){ 0.5f * (points[a].x + points[b].x), 0.5f * (points[a].y + points[b].y) };
}

/* From the eyes' corners and the mouth's. The template has them this far apart: */
#define EYES_TO_MOUTH 0.37f

static gboolean
find_frame (const CwPoint *points, Frame *frame)
{
  CwPoint left = middle (points, 6, 8), right = middle (points, 9, 11);
  CwPoint eyes = { 0.5f * (left.x + right.x), 0.5f * (left.y + right.y) };
  CwPoint mouth = middle (points, 16, 18);
  float across = hypotf (right.x - left.x, right.y - left.y);
  float along = hypotf (eyes.x - mouth.x, eyes.y - mouth.y);

  if (!(across > 0 && along > 0))
    return FALSE;
  frame->out = (CwPoint){ (right.x - left.x) / across, (right.y - left.y) / across };
  frame->up = (CwPoint){ (eyes.x - mouth.x) / along, (eyes.y - mouth.y) / along };
  frame->unit = along / EYES_TO_MOUTH;
  return TRUE;
}

/* @region as in CwWarpContext. */
static gboolean
is_in_region (const Move *move, int region)
{
  return region == 0 || cw_landmark_regions[places[move->place].left] == region - 1;
}

/* Adds what one action moves of the region, in the face's frame. */
static void
act (int action, int region, float left, float right, CwPoint moved[CW_N_LANDMARKS])
{
  for (int i = 0; i < actions[action].n; i++)
    {
      const Move *move = &actions[action].moves[i];
      guint8 l = places[move->place].left, r = places[move->place].right;

      if (!is_in_region (move, region))
        continue;
      moved[l].x -= left * move->out;
      moved[l].y += left * move->up;
      if (l == r)
        continue;
      moved[r].x += right * move->out;
      moved[r].y += right * move->up;
    }
}

/* Those that move something of the region. */
static int
list_actions (int region, guint8 list[MAX_ACTIONS])
{
  int n = 0;

  for (int i = 0; i < MAX_ACTIONS; i++)
    {
      gboolean moves = FALSE;

      for (int j = 0; j < actions[i].n; j++)
        moves |= is_in_region (&actions[i].moves[j], region);
      if (moves)
        list[n++] = (guint8) i;
    }
  return n;
}

static void
draw_actions (const Params *p, int region, CwRng *rng, CwPoint moved[CW_N_LANDMARKS])
{
  guint8 list[MAX_ACTIONS];
  int n = list_actions (region, list);

  for (int i = 0; i < MIN (p->actions, n); i++)
    {
      guint8 action = _cw_warp_pick (list, n, i, rng);
      gboolean undone = cw_rng_uniform (rng) < p->relaxed;
      float strength = cw_rng_range (rng, 0.4f, 1.0f) * (undone ? -1.0f : 1.0f);
      float side = cw_rng_range (rng, -p->asymmetry, p->asymmetry);

      act (action, region, strength * (1.0f - MAX (side, 0.0f)),
           strength * (1.0f + MIN (side, 0.0f)), moved);
    }
}

static float
place_radius (int landmark)
{
  for (int i = 0; i < N_PLACES; i++)
    {
      if (places[i].left == landmark || places[i].right == landmark)
        return places[i].radius;
    }
  return 0;
}

/* A longer pull takes more skin along. */
static void
widen (CwWarpDraw *draw)
{
  for (int i = 0; i < draw->n; i++)
    {
      CwPush *push = &draw->push[i];

      push->radius = MAX (push->radius, LEAST_RADIUS * hypotf (push->dx, push->dy));
    }
}

/* Without landmarks that tell what they are, the first point moves up or down, into the view. */
static void
draw_unknown (const Params *p, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  float size = (float) context->size;
  float length = size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);

  out->n = 1;
  out->push[0] = (CwPush){ context->points[0].x, context->points[0].y, 0,
                           context->points[0].y > 0.5f * size ? -length : length,
                           size * p->reach * places[MOUTH_CORNER].radius };
  _cw_warp_set_magnitude (out, length);
  widen (out);
}

/* Whether a good part of what a push does is in the view: at 0.7 of its radius a quarter is left of it. */
static gboolean
is_in_view (const CwPush *push, float size)
{
  float x = push->x + push->dx, y = push->y + push->dy;
  float away = hypotf (x - CLAMP (x, 0.0f, size), y - CLAMP (y, 0.0f, size));

  return away < 0.7f * push->radius;
}

static gboolean
any_in_view (const CwWarpDraw *draw, float size)
{
  for (int i = 0; i < draw->n; i++)
    {
      if (is_in_view (&draw->push[i], size))
        return TRUE;
    }
  return FALSE;
}

/* FALSE where the crop cut off all that would move. */
static gboolean
draw_in_frame (const Params *p, const Frame *frame, const CwWarpContext *context, int region,
               CwRng *rng, CwWarpDraw *out)
{
  CwPoint moved[CW_N_LANDMARKS] = { 0 };

  draw_actions (p, region, rng, moved);
  out->n = 0;
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      const CwPoint *at = &context->landmarks[i], *by = &moved[i];
      CwPush *push;

      if (!(hypotf (by->x, by->y) > 0))
        continue;
      push = _cw_warp_add_push (out, at->x, at->y, frame->unit * p->reach * place_radius (i));
      push->dx = by->x * frame->out.x + by->y * frame->up.x;
      push->dy = by->x * frame->out.y + by->y * frame->up.y;
    }
  _cw_warp_set_magnitude (out, frame->unit
                                   * cw_rng_range (rng, p->magnitude_min, p->magnitude_max));
  widen (out);
  return any_in_view (out, (float) context->size);
}

/* What cannot be seen of one region is done by any other, or else by a push. */
static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  Frame frame;

  if (context->landmarks != NULL && find_frame (context->landmarks, &frame)
      && (draw_in_frame (p, &frame, context, context->region, rng, out)
          || (context->region > 0 && draw_in_frame (p, &frame, context, 0, rng, out))))
    return;
  draw_unknown (p, context, rng, out);
}

/* Adds one landmark's share to the columns from @begin to @end of a row at @y. */
CW_CLONES static void
add_span (const CwPush *push, float y, int begin, int end, float *row)
{
  float scale = 1.0f / (push->radius * push->radius);
  float cx = push->x + push->dx, v = y - (push->y + push->dy);

  CW_IVDEP
  for (int i = begin; i < end; i++)
    {
      float x = (float) i + 0.5f - cx, inside = 1.0f - (x * x + v * v) * scale;

      inside = inside > 0.0f ? inside : 0.0f;
      row[2 * i] -= inside * inside * push->dx;
      row[2 * i + 1] -= inside * inside * push->dy;
    }
}

static void
fill (gconstpointer params, const CwWarpDraw *pushes, CwField *field)
{
  float w = (float) field->w;

  cw_field_clear (field);
  for (int k = 0; k < MIN (pushes->n, CW_WARP_MAX_PUSHES); k++)
    {
      const CwPush *push = &pushes->push[k];
      float x = push->x + push->dx, y = push->y + push->dy, r = push->radius;
      int top, bottom, left, right;

      if (!(r > 0))
        continue;
      top = (int) CLAMP (y - r, 0.0f, (float) field->h);
      bottom = (int) CLAMP (y + r + 1.0f, 0.0f, (float) field->h);
      left = (int) CLAMP (x - r, 0.0f, w);
      right = (int) CLAMP (x + r + 1.0f, 0.0f, w);
      for (int j = top; j < bottom; j++)
        add_span (push, (float) j + 0.5f, left, right,
                  field->d + 2 * (size_t) j * (size_t) field->w);
    }
}

const CwWarpClass _cw_warp_muscle = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "muscle",
    .label = N_ ("Muscle actions"),
    .description = N_ ("Moves landmarks the way facial action units do; the skin around goes along"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
