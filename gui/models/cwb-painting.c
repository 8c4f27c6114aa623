/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-painting.h"

#include <math.h>

/* Between dabs, of the radius: less than what eyes would see as single dabs. */
#define SPACING 0.25

/* Digits of a place or a strength that a pointer can be told apart by. */
#define PRECISION 1e4

/* What one dab does at full strength; a stroke that crosses a place dabs it several times. */
#define DAB_PINCH 0.2
#define DAB_SWIRL 0.35
#define DAB_SMOOTH 0.6

/* One thing to undo: dabs [begin, end) of all that there were, or the clearing of those before. */
typedef struct
{
  guint begin, end;
  gboolean clears;
} Stroke;

struct _CwbPainting
{
  GObject parent_instance;

  GArray *dabs;     /* of all strokes, undone ones included */
  GArray *strokes;
  guint n_done;     /* strokes that count */
  gboolean painting;
  double x, y;      /* where the stroke is */

  CwbBrush brush;
  double size, strength;
};

G_DEFINE_FINAL_TYPE (CwbPainting, cwb_painting, G_TYPE_OBJECT)

static guint changed_signal, brush_signal;

/* The dabs that show. */
static guint
get_begin (CwbPainting *self)
{
  for (guint i = self->n_done; i > 0; i--)
    {
      const Stroke *stroke = &g_array_index (self->strokes, Stroke, i - 1);

      if (stroke->clears)
        return stroke->begin;
    }
  return 0;
}

static guint
get_end (CwbPainting *self)
{
  return self->n_done > 0 ? g_array_index (self->strokes, Stroke, self->n_done - 1).end : 0;
}

static void
announce (CwbPainting *self, guint kept)
{
  g_signal_emit (self, changed_signal, 0, kept);
}

/* ---- brush ---- */

void
cwb_painting_set_brush (CwbPainting *self, CwbBrush brush)
{
  g_return_if_fail (CWB_IS_PAINTING (self) && brush < CWB_N_BRUSHES);

  cwb_painting_end (self);
  self->brush = brush;
  g_signal_emit (self, brush_signal, 0);
}

CwbBrush
cwb_painting_get_brush (CwbPainting *self)
{
  return self->brush;
}

void
cwb_painting_set_size (CwbPainting *self, double size)
{
  self->size = CLAMP (size, CWB_PAINTING_LEAST_SIZE, CWB_PAINTING_LARGEST_SIZE);
  g_signal_emit (self, brush_signal, 0);
}

double
cwb_painting_get_size (CwbPainting *self)
{
  return self->size;
}

void
cwb_painting_set_strength (CwbPainting *self, double strength)
{
  self->strength = CLAMP (strength, 0.05, 1);
  g_signal_emit (self, brush_signal, 0);
}

double
cwb_painting_get_strength (CwbPainting *self)
{
  return self->strength;
}

/* ---- strokes ---- */

static double
round_place (double value)
{
  return CLAMP (round (value * PRECISION) / PRECISION, -1, 2);
}

static float
round_strength (double value)
{
  return (float) (round (value * PRECISION) / PRECISION);
}

/* At (x, y), to where the pointer comes; pushes begin where it was. */
static CwDab
make_dab (CwbPainting *self, double x, double y, double pressure)
{
  double strength = self->strength * CLAMP (pressure, 0, 1);
  CwDab dab = { .x = (float) x, .y = (float) y, .radius = round_strength (self->size) };

  switch (self->brush)
    {
    case CWB_BRUSH_PINCH:
    case CWB_BRUSH_BLOAT:
      dab.kind = CW_DAB_PINCH;
      dab.strength
          = round_strength (strength * (self->brush == CWB_BRUSH_PINCH ? DAB_PINCH : -DAB_PINCH));
      break;
    case CWB_BRUSH_SWIRL:
      dab.kind = CW_DAB_SWIRL;
      dab.strength = round_strength (strength * DAB_SWIRL);
      break;
    case CWB_BRUSH_SMOOTH:
      dab.kind = CW_DAB_SMOOTH;
      dab.strength = round_strength (strength * DAB_SMOOTH);
      break;
    case CWB_BRUSH_PUSH:
    case CWB_N_BRUSHES:
    default:
      dab.kind = CW_DAB_PUSH;
      dab.x = (float) self->x;
      dab.y = (float) self->y;
      dab.dx = round_strength ((x - self->x) * strength);
      dab.dy = round_strength ((y - self->y) * strength);
    }
  return dab;
}

static void
add_dab (CwbPainting *self, double x, double y, double pressure)
{
  Stroke *stroke = &g_array_index (self->strokes, Stroke, self->n_done - 1);
  CwDab dab = make_dab (self, x, y, pressure);

  self->x = x;
  self->y = y;
  if (cwb_painting_is_full (self))
    return;
  g_array_append_val (self->dabs, dab);
  stroke->end++;
}

/* Strokes that were undone are gone for good. */
static void
append_stroke (CwbPainting *self, gboolean clears)
{
  Stroke stroke = { .clears = clears };

  stroke.begin = stroke.end = get_end (self);
  g_array_set_size (self->strokes, self->n_done);
  g_array_set_size (self->dabs, stroke.begin);
  g_array_append_val (self->strokes, stroke);
  self->n_done++;
}

void
cwb_painting_begin (CwbPainting *self, double x, double y, double pressure)
{
  guint kept;

  g_return_if_fail (CWB_IS_PAINTING (self));

  cwb_painting_end (self);
  kept = get_end (self) - get_begin (self);
  append_stroke (self, FALSE);
  self->painting = TRUE;
  self->x = round_place (x);
  self->y = round_place (y);
  if (self->brush == CWB_BRUSH_PUSH)
    return;
  add_dab (self, self->x, self->y, pressure);
  announce (self, kept);
}

void
cwb_painting_move (CwbPainting *self, double x, double y, double pressure)
{
  double spacing, length;
  guint n, kept = get_end (self) - get_begin (self);

  g_return_if_fail (CWB_IS_PAINTING (self));

  if (!self->painting)
    return;
  x = round_place (x);
  y = round_place (y);
  spacing = SPACING * self->size;
  length = hypot (x - self->x, y - self->y);
  if (length < spacing)
    return;
  /* The rest waits for the next motion. */
  n = (guint) (length / spacing);
  for (double dx = (x - self->x) / length * spacing, dy = (y - self->y) / length * spacing; n > 0;
       n--)
    add_dab (self, round_place (self->x + dx), round_place (self->y + dy), pressure);
  announce (self, kept);
}

void
cwb_painting_end (CwbPainting *self)
{
  const Stroke *stroke;

  g_return_if_fail (CWB_IS_PAINTING (self));

  if (!self->painting)
    return;
  self->painting = FALSE;
  stroke = &g_array_index (self->strokes, Stroke, self->n_done - 1);
  if (stroke->end == stroke->begin)
    g_array_set_size (self->strokes, --self->n_done);
  announce (self, get_end (self) - get_begin (self));
}

gboolean
cwb_painting_is_painting (CwbPainting *self)
{
  return self->painting;
}

/* ---- history ---- */

/* Behind the strokes that count there is @n_done now. */
static void
set_done (CwbPainting *self, guint n_done)
{
  guint begin = get_begin (self), n = get_end (self) - begin, kept = 0;

  self->n_done = n_done;
  if (get_begin (self) == begin)
    kept = MIN (n, get_end (self) - begin);
  announce (self, kept);
}

gboolean
cwb_painting_can_undo (CwbPainting *self)
{
  return self->n_done > 0;
}

gboolean
cwb_painting_can_redo (CwbPainting *self)
{
  return self->n_done < self->strokes->len;
}

void
cwb_painting_undo (CwbPainting *self)
{
  cwb_painting_end (self);
  if (cwb_painting_can_undo (self))
    set_done (self, self->n_done - 1);
}

void
cwb_painting_redo (CwbPainting *self)
{
  cwb_painting_end (self);
  if (cwb_painting_can_redo (self))
    set_done (self, self->n_done + 1);
}

void
cwb_painting_clear (CwbPainting *self)
{
  cwb_painting_end (self);
  if (get_end (self) == get_begin (self))
    return;
  append_stroke (self, TRUE);
  announce (self, 0);
}

/* ---- contents ---- */

const CwDab *
cwb_painting_get_dabs (CwbPainting *self, guint *n)
{
  guint begin = get_begin (self);

  *n = get_end (self) - begin;
  return (const CwDab *) self->dabs->data + begin;
}

gboolean
cwb_painting_is_full (CwbPainting *self)
{
  return get_end (self) - get_begin (self) >= CW_STROKES_MAX_DABS;
}

char *
cwb_painting_dup_text (CwbPainting *self)
{
  guint n;
  const CwDab *dabs = cwb_painting_get_dabs (self, &n);

  return cw_strokes_to_string (dabs, n);
}

gboolean
cwb_painting_set_text (CwbPainting *self, const char *text, GError **error)
{
  g_autoptr (GArray) dabs = cw_strokes_parse (text, error);

  if (dabs == NULL)
    return FALSE;
  self->painting = FALSE;
  self->n_done = 0;
  g_array_set_size (self->strokes, 0);
  g_array_set_size (self->dabs, 0);
  if (dabs->len > 0)
    {
      append_stroke (self, FALSE);
      g_array_append_vals (self->dabs, dabs->data, dabs->len);
      g_array_index (self->strokes, Stroke, 0).end = dabs->len;
    }
  announce (self, 0);
  return TRUE;
}

/* ---- object ---- */

static void
cwb_painting_finalize (GObject *object)
{
  CwbPainting *self = CWB_PAINTING (object);

  g_array_unref (self->dabs);
  g_array_unref (self->strokes);
  G_OBJECT_CLASS (cwb_painting_parent_class)->finalize (object);
}

static void
cwb_painting_class_init (CwbPaintingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_painting_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  brush_signal = g_signal_new ("brush-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cwb_painting_init (CwbPainting *self)
{
  self->dabs = g_array_new (FALSE, FALSE, sizeof (CwDab));
  self->strokes = g_array_new (FALSE, FALSE, sizeof (Stroke));
  self->size = 0.12;
  self->strength = 0.6;
}

CwbPainting *
cwb_painting_new (void)
{
  return g_object_new (CWB_TYPE_PAINTING, NULL);
}
