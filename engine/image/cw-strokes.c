/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-strokes.h"

#include "base/cw-error.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBERS 5

/* Of what is painted on the template's face, px of CHECK_SIZE: as much as eyes would notice. */
#define CHECK_SIZE 64
#define LEAST_MAX 0.1f

/* Where the template has the middles of the eyes and of the mouth. */
#define LEFT_EYE_X 0.3025f
#define RIGHT_EYE_X 0.6975f
#define EYES_Y 0.405f
#define MOUTH_X 0.5f
#define MOUTH_Y 0.775f

static const struct
{
  const char *name;
  float min, max; /* strength */
} kinds[CW_N_DAB_KINDS] = {
  [CW_DAB_PUSH] = { "push", 0, 1 },
  [CW_DAB_PINCH] = { "pinch", -0.9f, 0.9f },
  [CW_DAB_SWIRL] = { "swirl", -2.5f, 2.5f },
  [CW_DAB_SMOOTH] = { "smooth", 0, 1 },
};

const char *
cw_dab_kind_name (CwDabKind kind)
{
  return kinds[kind].name;
}

float
cw_dab_max_strength (CwDabKind kind)
{
  return kinds[kind].max;
}

float
cw_dab_min_strength (CwDabKind kind)
{
  return kinds[kind].min;
}

/* ---- text ---- */

/* The values of a dab in the order of the text, with their limits. */
typedef struct
{
  const char *name;
  float *value;
  float min, max;
} Number;

static int
list_numbers (CwDab *dab, Number numbers[MAX_NUMBERS])
{
  numbers[0] = (Number){ "x", &dab->x, -1, 2 };
  numbers[1] = (Number){ "y", &dab->y, -1, 2 };
  numbers[2] = (Number){ "radius", &dab->radius, 0.005f, 2 };
  if (dab->kind == CW_DAB_PUSH)
    {
      numbers[3] = (Number){ "dx", &dab->dx, -1, 1 };
      numbers[4] = (Number){ "dy", &dab->dy, -1, 1 };
      return 5;
    }
  numbers[3] = (Number){ "strength", &dab->strength, kinds[dab->kind].min, kinds[dab->kind].max };
  return 4;
}

static gboolean
is_end (char c)
{
  return c == ';' || c == '\0';
}

static const char *
skip_space (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

static int
word_length (const char *text)
{
  int n = 0;

  while (!is_end (text[n]) && !g_ascii_isspace (text[n]))
    n++;
  return n;
}

/* "dab 3: " and what is wrong. Returns FALSE. */
static gboolean G_GNUC_PRINTF (3, 4)
refuse (GError **error, int number, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "dab %d: %s", number, reason);
  return FALSE;
}

static gboolean
read_kind (const char **text, int number, CwDab *dab, GError **error)
{
  int length = word_length (*text);

  for (int kind = 0; kind < CW_N_DAB_KINDS; kind++)
    {
      if ((int) strlen (kinds[kind].name) == length
          && strncmp (*text, kinds[kind].name, (size_t) length) == 0)
        {
          dab->kind = kind;
          *text += length;
          return TRUE;
        }
    }
  return refuse (error, number, "'%.*s' is not push, pinch, swirl or smooth", MIN (length, 40),
                 *text);
}

static gboolean
read_number (const char **text, int number, const Number *wanted, GError **error)
{
  const char *begin = skip_space (*text);
  int length = word_length (begin);
  char *end;
  double value;

  if (length == 0)
    return refuse (error, number, "%s is missing", wanted->name);
  value = g_ascii_strtod (begin, &end);
  if (end != begin + length)
    return refuse (error, number, "%s = '%.*s' is not a number", wanted->name, MIN (length, 40),
                   begin);
  /* Written so that NaN fails. */
  if (!((float) value >= wanted->min && (float) value <= wanted->max))
    return refuse (error, number, "%s = %.*s is outside %g to %g", wanted->name, MIN (length, 40),
                   begin, (double) wanted->min, (double) wanted->max);
  *wanted->value = (float) value;
  *text = end;
  return TRUE;
}

gboolean
cw_strokes_next (const char **text, int *n, CwDab *dab, GError **error)
{
  Number numbers[MAX_NUMBERS];
  int n_numbers;

  *text = skip_space (*text);
  if (**text == '\0')
    return FALSE;
  if (*n >= CW_STROKES_MAX_DABS)
    return refuse (error, *n + 1, "a painting has %d at most; paint with a larger brush",
                   CW_STROKES_MAX_DABS);
  *dab = (CwDab){ 0 };
  if (!read_kind (text, *n + 1, dab, error))
    return FALSE;
  n_numbers = list_numbers (dab, numbers);
  for (int i = 0; i < n_numbers; i++)
    {
      if (!read_number (text, *n + 1, &numbers[i], error))
        return FALSE;
    }
  *text = skip_space (*text);
  if (!is_end (**text))
    return refuse (error, *n + 1, "'%.*s' is too much: %s takes %d numbers, and ';' ends a dab",
                   MIN (word_length (*text), 40), *text, kinds[dab->kind].name, n_numbers);
  *text += **text == ';';
  (*n)++;
  return TRUE;
}

GArray *
cw_strokes_parse (const char *text, GError **error)
{
  g_autoptr (GArray) dabs = g_array_new (FALSE, FALSE, sizeof (CwDab));
  g_autoptr (GError) local = NULL;
  CwDab dab;
  int n = 0;

  while (cw_strokes_next (&text, &n, &dab, &local))
    g_array_append_val (dabs, dab);
  if (local == NULL)
    return g_steal_pointer (&dabs);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* The shortest text that reads back as the same float. */
static void
append_number (GString *text, float value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE], format[] = "%.1g";

  for (char digit = '1'; digit <= '9'; digit++)
    {
      format[2] = digit;
      g_ascii_formatd (number, sizeof number, format, (double) value);
      if ((float) g_ascii_strtod (number, NULL) >= value
          && (float) g_ascii_strtod (number, NULL) <= value)
        break;
    }
  g_string_append_printf (text, " %s", number);
}

char *
cw_strokes_to_string (const CwDab *dabs, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      CwDab dab = dabs[i];
      Number numbers[MAX_NUMBERS];
      int n_numbers = list_numbers (&dab, numbers);

      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", kinds[dab.kind].name);
      for (int k = 0; k < n_numbers; k++)
        append_number (text, *numbers[k].value);
    }
  return g_string_free (text, FALSE);
}

gboolean
cw_strokes_check (const char *text, GError **error)
{
  g_autoptr (CwField) field = cw_field_new (CHECK_SIZE, CHECK_SIZE);
  g_autoptr (CwField) scratch = cw_field_new (CHECK_SIZE, CHECK_SIZE);
  g_autoptr (GArray) dabs = cw_strokes_parse (text, error);
  CwMatrix frame = cw_matrix_scale (CHECK_SIZE, CHECK_SIZE);

  if (dabs == NULL)
    return FALSE;
  for (guint i = 0; i < dabs->len; i++)
    cw_dab_apply (&g_array_index (dabs, CwDab, i), &frame, field, scratch);
  cw_field_remove_affine (field, NULL);
  if (cw_field_max (field) >= LEAST_MAX)
    return TRUE;
  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                       dabs->len == 0 ? "nothing is painted; begin with push X Y RADIUS DX DY"
                                      : "what is painted moves nothing of the face");
  return FALSE;
}

/* ---- the frame of a face ---- */

static CwPoint
middle (const CwPoint *points, int a, int b)
{
  return (CwPoint){ 0.5f * (points[a].x + points[b].x), 0.5f * (points[a].y + points[b].y) };
}

gboolean
cw_strokes_frame (const CwPoint *landmarks, CwMatrix *frame)
{
  CwPoint left = middle (landmarks, 6, 8), right = middle (landmarks, 9, 11);
  CwPoint eyes = { 0.5f * (left.x + right.x), 0.5f * (left.y + right.y) };
  CwPoint mouth = middle (landmarks, 16, 18);
  float width = RIGHT_EYE_X - LEFT_EYE_X, height = MOUTH_Y - EYES_Y;
  CwPoint across = { (right.x - left.x) / width, (right.y - left.y) / width };
  CwPoint down = { (mouth.x - eyes.x) / height, (mouth.y - eyes.y) / height };
  float area = across.x * down.y - across.y * down.x;

  if (!(fabsf (area) > 1e-3f * (across.x * across.x + across.y * across.y) && isfinite (area)))
    return FALSE;
  *frame = (CwMatrix){ { across.x, down.x, eyes.x - MOUTH_X * across.x - EYES_Y * down.x,
                         across.y, down.y, eyes.y - MOUTH_X * across.y - EYES_Y * down.y,
                         0, 0, 1 } };
  return TRUE;
}
