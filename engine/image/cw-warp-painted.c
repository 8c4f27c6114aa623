/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-strokes.h"
#include "image/cw-warps-private.h"

#include <glib/gi18n-lib.h>

/*
 * What a person painted, on every face at the same features. Drawn are only how strong it is, the same
 * for all of the field, and whether it is mirrored. Two records hold the frame of the face: both are at
 * its middle; the first has its width as (dx, dy) and the factor as radius, the second has its height.
 * A painting is where it was painted, so there is no region to keep to.
 */

typedef struct
{
  char *strokes; /* cw_strokes_check() has passed it */
  float amount_min, amount_max;
  float mirror;
} Params;

/* A corner of the mouth goes up, and the cheek over it with it. */
#define LOPSIDED_SMILE                                                                             \
  "push 0.34 0.775 0.16 -0.025 -0.03; push 0.32 0.75 0.16 -0.02 -0.03; "                           \
  "push 0.24 0.66 0.18 -0.005 -0.02; smooth 0.3 0.72 0.15 0.3"

static const CwParamSpec specs[] = {
  { .id = "strokes", .type = CW_PARAM_STRING, .label = N_ ("Strokes"), .unit = "",
    .def_string = LOPSIDED_SMILE, .offset = offsetof (Params, strokes), .check = cw_strokes_check,
    .blurb = N_ ("The painting: push X Y RADIUS DX DY; pinch, swirl or smooth X Y RADIUS STRENGTH, "
                 "in fractions of a face") },
  CW_PARAM_FLOAT (Params, amount_min, "amount-min", N_ ("Smallest amount"), "", 0.05, 2, 0.5,
                  N_ ("Least factor of the painted displacements")),
  CW_PARAM_FLOAT (Params, amount_max, "amount-max", N_ ("Largest amount"), "", 0.05, 2, 1,
                  N_ ("Largest factor of the painted displacements")),
  CW_PARAM_FLOAT (Params, mirror, "mirror", N_ ("Mirrored"), "", 0, 1, 0,
                  N_ ("How often it is mirrored about the middle line of the face")),
  CW_PARAM_END,
};

/* Of the records, as cw_dab_apply() takes it. */
static CwMatrix
get_frame (const CwWarpDraw *draw)
{
  const CwPush *across = &draw->push[0], *down = &draw->push[1];

  return (CwMatrix){ { across->dx, down->dx, across->x - 0.5f * (across->dx + down->dx),
                       across->dy, down->dy, across->y - 0.5f * (across->dy + down->dy),
                       0, 0, 1 } };
}

static void
set_frame (const CwMatrix *frame, float amount, CwWarpDraw *draw)
{
  CwPoint middle = cw_matrix_apply (frame, (CwPoint){ 0.5f, 0.5f });

  draw->n = 2;
  draw->push[0] = (CwPush){ middle.x, middle.y, frame->m[0], frame->m[3], amount };
  draw->push[1] = (CwPush){ middle.x, middle.y, frame->m[1], frame->m[4], 0 };
  draw->magnitude = 0;
}

static CwMatrix
mirror (const CwMatrix *frame)
{
  CwMatrix flip = cw_matrix_translation (1, 0);

  return cw_matrix_multiply (*frame, cw_matrix_multiply (flip, cw_matrix_scale (-1, 1)));
}

/* Where the crop cut off all that is painted, the first dab is brought to the border and the others
 * along, as landmarks are: a negative without a warp would be a positive. */
static void
bring_into_view (const char *strokes, float size, CwMatrix *frame)
{
  CwPoint first = { 0 };
  gboolean found = FALSE;
  CwDab dab;
  int n = 0;

  while (cw_strokes_next (&strokes, &n, &dab, NULL))
    {
      CwPoint p = cw_matrix_apply (frame, (CwPoint){ dab.x + dab.dx, dab.y + dab.dy });

      if (dab.kind == CW_DAB_SMOOTH)
        continue;
      if (p.x >= 0 && p.x <= size && p.y >= 0 && p.y <= size)
        return;
      if (!found)
        first = p;
      found = TRUE;
    }
  frame->m[2] += CLAMP (first.x, 0.0f, size) - first.x;
  frame->m[5] += CLAMP (first.y, 0.0f, size) - first.y;
}

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float size = (float) context->size, amount = cw_rng_range (rng, p->amount_min, p->amount_max);
  gboolean mirrored = cw_rng_uniform (rng) < p->mirror;
  CwMatrix frame;

  /* Without landmarks that tell where the face is, the view is it. */
  if (context->landmarks == NULL || !cw_strokes_frame (context->landmarks, &frame))
    frame = cw_matrix_scale (size, size);
  if (mirrored)
    frame = mirror (&frame);
  bring_into_view (p->strokes, size, &frame);
  set_frame (&frame, amount, out);
}

static void
free_scratch (gpointer field)
{
  cw_field_free (field);
}

/* One for each thread that makes views, kept for the next view. */
static CwField *
get_scratch (int w, int h)
{
  static GPrivate kept = G_PRIVATE_INIT (free_scratch);
  CwField *scratch = g_private_get (&kept);

  if (scratch == NULL || scratch->w != w || scratch->h != h)
    {
      scratch = cw_field_new (w, h);
      g_private_replace (&kept, scratch);
    }
  return scratch;
}

static void
fill (gconstpointer params, const CwWarpDraw *draw, CwField *field)
{
  const Params *p = params;
  const char *text = p->strokes;
  CwField *scratch = get_scratch (field->w, field->h);
  CwMatrix frame;
  CwDab dab;
  int n = 0;

  cw_field_clear (field);
  if (draw->n < 2)
    return;
  frame = get_frame (draw);
  while (cw_strokes_next (&text, &n, &dab, NULL))
    cw_dab_apply (&dab, &frame, field, scratch);
  cw_field_scale (field, draw->push[0].radius);
}

const CwWarpClass _cw_warp_painted = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "painted",
    .label = N_ ("Painted"),
    .description = N_ ("What was painted by hand, at the same features of every face"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
