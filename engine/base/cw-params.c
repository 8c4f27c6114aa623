/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-params.h"

#include "base/cw-error.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define FIELD(block, spec) ((void *) ((char *) (block) + (spec)->offset))
#define CFIELD(block, spec) ((const void *) ((const char *) (block) + (spec)->offset))

static const char *const type_names[] = { "bool", "int", "float", "enum", "string" };

int
cw_params_count (const CwParamSpec *specs)
{
  int n = 0;

  while (specs != NULL && specs[n].id != NULL)
    n++;
  return n;
}

const CwParamSpec *
cw_params_find (const CwParamSpec *specs, const char *id)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      if (strcmp (s->id, id) == 0)
        return s;
    }
  return NULL;
}

static void
store_number (const CwParamSpec *spec, gpointer block, double value)
{
  switch (spec->type)
    {
    case CW_PARAM_BOOL:
      *(gboolean *) FIELD (block, spec) = value != 0;
      break;
    case CW_PARAM_INT:
    case CW_PARAM_ENUM:
      *(int *) FIELD (block, spec) = (int) lrint (value);
      break;
    case CW_PARAM_FLOAT:
      *(float *) FIELD (block, spec) = (float) value;
      break;
    case CW_PARAM_STRING:
    default:
      g_assert_not_reached ();
    }
}

void
cw_params_init (const CwParamSpec *specs, gpointer block)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      if (s->type == CW_PARAM_STRING)
        *(char **) FIELD (block, s) = g_strdup (s->def_string != NULL ? s->def_string : "");
      else
        store_number (s, block, s->def);
    }
}

void
cw_params_clear (const CwParamSpec *specs, gpointer block)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      if (s->type == CW_PARAM_STRING)
        g_clear_pointer ((char **) FIELD (block, s), g_free);
    }
}

void
cw_params_copy (const CwParamSpec *specs, gpointer to, gconstpointer from)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      if (s->type == CW_PARAM_STRING)
        *(char **) FIELD (to, s) = g_strdup (*(char *const *) CFIELD (from, s));
      else
        store_number (s, to, cw_params_get_number (s, from));
    }
}

gpointer
cw_params_block_new (const CwParamSpec *specs, size_t size)
{
  gpointer block = g_malloc0 (MAX (size, 1));

  cw_params_init (specs, block);
  return block;
}

void
cw_params_block_free (const CwParamSpec *specs, gpointer block)
{
  if (block == NULL)
    return;
  cw_params_clear (specs, block);
  g_free (block);
}

gboolean
cw_params_equal (const CwParamSpec *specs, gconstpointer a, gconstpointer b)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      if (s->type == CW_PARAM_STRING)
        {
          if (g_strcmp0 (*(char *const *) CFIELD (a, s), *(char *const *) CFIELD (b, s)) != 0)
            return FALSE;
        }
      else if (cw_params_get_number (s, a) < cw_params_get_number (s, b)
               || cw_params_get_number (s, a) > cw_params_get_number (s, b))
        return FALSE;
    }
  return TRUE;
}

double
cw_params_get_number (const CwParamSpec *spec, gconstpointer block)
{
  switch (spec->type)
    {
    case CW_PARAM_BOOL:
    case CW_PARAM_INT:
    case CW_PARAM_ENUM:
      return *(const int *) CFIELD (block, spec);
    case CW_PARAM_FLOAT:
      return (double) *(const float *) CFIELD (block, spec);
    case CW_PARAM_STRING:
    default:
      g_return_val_if_reached (0);
    }
}

static char *
format_number (CwParamType type, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == CW_PARAM_FLOAT)
    {
      /* The shortest text that reads back as the same float. */
      for (int digits = 6; digits <= 9; digits++)
        {
          char format[8];

          g_snprintf (format, sizeof format, "%%.%dg", digits);
          g_ascii_formatd (text, sizeof text, format, value);
          if ((float) g_ascii_strtod (text, NULL) >= (float) value
              && (float) g_ascii_strtod (text, NULL) <= (float) value)
            break;
        }
    }
  else
    g_ascii_formatd (text, sizeof text, "%.0f", value);
  return g_strdup (text);
}

gboolean
cw_params_set_number (const CwParamSpec *spec, gpointer block, double value, GError **error)
{
  double min = spec->min, max = spec->max;

  g_return_val_if_fail (spec->type != CW_PARAM_STRING, FALSE);

  if (spec->type == CW_PARAM_ENUM)
    {
      min = 0;
      max = (double) g_strv_length ((char **) spec->nicks) - 1;
    }
  /* Written so that NaN fails. A float's limits are compared as floats: 0.1f > 0.1. */
  if (spec->type == CW_PARAM_FLOAT
          ? !((float) value >= (float) min && (float) value <= (float) max)
          : !(value >= min && value <= max))
    {
      /* A whole number has all its digits. */
      gboolean whole = spec->type != CW_PARAM_FLOAT && fabs (value) < 1e15;
      g_autofree char *got = format_number (whole ? spec->type : CW_PARAM_FLOAT, value);
      g_autofree char *lo = format_number (spec->type, min);
      g_autofree char *hi = format_number (spec->type, max);

      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s = %s is outside %s to %s%s%s",
                   spec->id, got, lo, hi, *spec->unit ? " " : "", spec->unit);
      return FALSE;
    }
  store_number (spec, block, value);
  return TRUE;
}

static gboolean
parse_number (const CwParamSpec *spec, const char *text, double *value, char **allowed)
{
  char *end = NULL;

  switch (spec->type)
    {
    case CW_PARAM_BOOL:
      if (strcmp (text, "true") == 0 || strcmp (text, "1") == 0)
        *value = 1;
      else if (strcmp (text, "false") == 0 || strcmp (text, "0") == 0)
        *value = 0;
      else
        {
          *allowed = g_strdup ("true or false");
          return FALSE;
        }
      return TRUE;
    case CW_PARAM_ENUM:
      for (int i = 0; spec->nicks[i] != NULL; i++)
        {
          if (strcmp (text, spec->nicks[i]) == 0)
            {
              *value = i;
              return TRUE;
            }
        }
      {
        g_autofree char *list = g_strjoinv (", ", (char **) spec->nicks);

        *allowed = g_strdup_printf ("one of %s", list);
      }
      return FALSE;
    case CW_PARAM_INT:
      errno = 0;
      *value = (double) g_ascii_strtoll (text, &end, 10);
      if (*text == '\0' || *end != '\0' || errno != 0)
        {
          *allowed = g_strdup ("a whole number");
          return FALSE;
        }
      return TRUE;
    case CW_PARAM_FLOAT:
      *value = g_ascii_strtod (text, &end);
      if (*text == '\0' || *end != '\0' || !isfinite (*value))
        {
          *allowed = g_strdup ("a number such as 0.25");
          return FALSE;
        }
      return TRUE;
    case CW_PARAM_STRING:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Ids that share a word or the first three letters with @id, or all of them if few. */
static char *
near_ids (const CwParamSpec *specs, const char *id)
{
  g_autoptr (GPtrArray) near = g_ptr_array_new ();
  int n = cw_params_count (specs);

  for (int i = 0; i < n; i++)
    {
      if (n <= 6 || g_ascii_strncasecmp (specs[i].id, id, 3) == 0 || strstr (specs[i].id, id)
          || strstr (id, specs[i].id))
        g_ptr_array_add (near, (gpointer) specs[i].id);
    }
  if (near->len == 0)
    {
      for (int i = 0; i < n; i++)
        g_ptr_array_add (near, (gpointer) specs[i].id);
    }
  g_ptr_array_add (near, NULL);
  return g_strjoinv (", ", (char **) near->pdata);
}

gboolean
cw_params_set_string (const CwParamSpec *specs, gpointer block, const char *where, const char *id,
                      const char *text, GError **error)
{
  const CwParamSpec *spec = cw_params_find (specs, id);
  const char *in = where != NULL ? " in " : "";
  g_autofree char *allowed = NULL;
  double value = 0;

  if (where == NULL)
    where = "";
  if (spec == NULL)
    {
      g_autofree char *near = near_ids (specs, id);

      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "unknown key '%s'%s%s%s%s", id, in,
                   where, *near ? "; it takes " : "; it takes no keys", near);
      return FALSE;
    }
  if (spec->type == CW_PARAM_STRING)
    {
      char **field = FIELD (block, spec);

      if (spec->check != NULL && !spec->check (text, error))
        {
          g_prefix_error (error, "%s%s%s: ", spec->id, in, where);
          return FALSE;
        }
      g_free (*field);
      *field = g_strdup (text);
      return TRUE;
    }
  if (!parse_number (spec, text, &value, &allowed))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s = '%s'%s%s is not %s", id, text,
                   in, where, allowed);
      return FALSE;
    }
  if (!cw_params_set_number (spec, block, value, error))
    {
      if (*where != '\0' && error != NULL && *error != NULL)
        g_prefix_error (error, "%s: ", where);
      return FALSE;
    }
  return TRUE;
}

char *
cw_params_dup_string (const CwParamSpec *spec, gconstpointer block)
{
  switch (spec->type)
    {
    case CW_PARAM_STRING:
      return g_strdup (*(char *const *) CFIELD (block, spec));
    case CW_PARAM_BOOL:
      return g_strdup (cw_params_get_number (spec, block) != 0 ? "true" : "false");
    case CW_PARAM_ENUM:
      return g_strdup (spec->nicks[(int) cw_params_get_number (spec, block)]);
    case CW_PARAM_INT:
    case CW_PARAM_FLOAT:
    default:
      return format_number (spec->type, cw_params_get_number (spec, block));
    }
}

gboolean
cw_params_load (const CwParamSpec *specs, gpointer block, GKeyFile *keys, const char *group,
                const char *file, GError **error)
{
  g_auto (GStrv) ids = g_key_file_get_keys (keys, group, NULL, NULL);
  g_autofree char *where = NULL;

  if (ids == NULL)
    return TRUE;
  where = file != NULL ? g_strdup_printf ("[%s] of %s", group, file)
                       : g_strdup_printf ("[%s]", group);
  for (int i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (keys, group, ids[i], error);

      if (text == NULL)
        {
          g_prefix_error (error, "%s: ", where);
          return FALSE;
        }
      g_strchomp (text);
      if (!cw_params_set_string (specs, block, where, ids[i], text, error))
        return FALSE;
    }
  return TRUE;
}

void
cw_params_save (const CwParamSpec *specs, gconstpointer block, GKeyFile *keys, const char *group)
{
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      g_autofree char *text = cw_params_dup_string (s, block);

      g_key_file_set_string (keys, group, s->id, text);
    }
}

static void
add_number (JsonBuilder *builder, const CwParamSpec *spec, double value)
{
  if (spec->type == CW_PARAM_INT)
    json_builder_add_int_value (builder, (gint64) value);
  else
    json_builder_add_double_value (builder, value);
}

void
cw_params_describe (const CwParamSpec *specs, JsonBuilder *builder)
{
  json_builder_begin_array (builder);
  for (const CwParamSpec *s = specs; s != NULL && s->id != NULL; s++)
    {
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, s->id);
      json_builder_set_member_name (builder, "type");
      json_builder_add_string_value (builder, type_names[s->type]);
      json_builder_set_member_name (builder, "label");
      json_builder_add_string_value (builder, s->label);
      json_builder_set_member_name (builder, "unit");
      json_builder_add_string_value (builder, s->unit);
      json_builder_set_member_name (builder, "default");
      switch (s->type)
        {
        case CW_PARAM_BOOL:
          json_builder_add_boolean_value (builder, s->def != 0);
          break;
        case CW_PARAM_ENUM:
          json_builder_add_string_value (builder, s->nicks[(int) s->def]);
          break;
        case CW_PARAM_STRING:
          json_builder_add_string_value (builder, s->def_string);
          break;
        case CW_PARAM_INT:
        case CW_PARAM_FLOAT:
        default:
          add_number (builder, s, s->def);
          json_builder_set_member_name (builder, "min");
          add_number (builder, s, s->min);
          json_builder_set_member_name (builder, "max");
          add_number (builder, s, s->max);
          break;
        }
      if (s->type == CW_PARAM_ENUM)
        {
          json_builder_set_member_name (builder, "values");
          json_builder_begin_array (builder);
          for (int i = 0; s->nicks[i] != NULL; i++)
            json_builder_add_string_value (builder, s->nicks[i]);
          json_builder_end_array (builder);
        }
      json_builder_set_member_name (builder, "description");
      json_builder_add_string_value (builder, s->blurb);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
