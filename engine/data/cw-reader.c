/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader.h"

#include "base/cw-error.h"
#include "data/cw-reader-layouts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* "generated:faces": a word of two letters or more, a colon, and no such file. */
static gboolean
has_scheme (const char *location)
{
  const char *colon = strchr (location, ':');

  if (colon == NULL || colon - location < 2 || g_file_test (location, G_FILE_TEST_EXISTS))
    return FALSE;
  for (const char *p = location; p < colon; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-')
        return FALSE;
    }
  return TRUE;
}

/* Plugins are named for what they bring: "generated:faces" is read by generated-faces. */
static void
set_no_reader_error (const char *location, GError **error)
{
  const char *colon = strchr (location, ':');
  g_autofree char *what = g_strndup (colon + 1, strcspn (colon + 1, "?"));

  if (*what != '\0' && strspn (what, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (what))
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                 "%s: no reader for such an address; the plugin '%.*s-%s' is not loaded (see "
                 "'contrawarp plugins list')",
                 location, (int) (colon - location), location, what);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                 "%s: neither a file nor an address that a reader knows (see 'contrawarp plugins "
                 "list')",
                 location);
}

static const CwReaderClass *
find_reader (const char *location, gboolean scheme, GError **error)
{
  g_autoptr (GPtrArray) readers = cw_registry_list (CW_KIND_READER);
  const CwReaderClass *best = NULL;
  int surest = 0;

  for (guint i = 0; i < readers->len; i++)
    {
      const CwReaderClass *reader = readers->pdata[i];
      int sure = reader->probe (location);

      if (sure > surest)
        {
          surest = sure;
          best = reader;
        }
    }
  if (best == NULL && scheme)
    set_no_reader_error (location, error);
  else if (best == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                 "%s: neither a folder of pictures nor a table or pack that is known here", location);
  return best;
}

typedef struct
{
  char *face;
} CommonParams;

/* What every reader takes besides its own. */
static const CwParamSpec common_specs[] = {
  CW_PARAM_STRING (CommonParams, face, "face", N_ ("Face"), "0,0,1,1",
                   N_ ("Where faces are in pictures without landmarks: left, top, width and height of "
                       "the template's square, in fractions of the picture")),
  CW_PARAM_END,
};

/* The reader's parameters and those that all have. */
typedef struct
{
  const CwReaderClass *reader;
  gpointer own;
  CommonParams common;
  float face[4]; /* left, top, width, height */
} Parameters;

static void
parameters_init (Parameters *parameters, const CwReaderClass *reader)
{
  parameters->reader = reader;
  parameters->own = cw_params_block_new (reader->base.params, reader->base.params_size);
  cw_params_init (common_specs, &parameters->common);
}

static void
parameters_clear (Parameters *parameters)
{
  cw_params_block_free (parameters->reader->base.params, parameters->own);
  cw_params_clear (common_specs, &parameters->common);
}

static gboolean
read_face (Parameters *parameters, const char *where, GError **error)
{
  static const double limits[4][2] = { { -2, 2 }, { -2, 2 }, { 0.01, 4 }, { 0.01, 4 } };
  const char *text = parameters->common.face, *at = text;
  gboolean ok = TRUE;

  for (int i = 0; i < 4 && ok; i++)
    {
      char *end;
      double value = g_ascii_strtod (at, &end);

      ok = end != at && *end == (i < 3 ? ',' : '\0') && value >= limits[i][0]
           && value <= limits[i][1];
      parameters->face[i] = (float) value;
      at = end + 1;
    }
  if (!ok)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                 "%s: face = %s; expected LEFT,TOP,WIDTH,HEIGHT in fractions of the picture, left and "
                 "top -2..2, width and height 0.01..4",
                 where, text);
  return ok;
}

/* One parameter, whosever it is. */
static gboolean
set_option (Parameters *parameters, const char *where, const char *key, const char *value,
            GError **error)
{
  if (cw_params_find (common_specs, key) != NULL)
    return cw_params_set_string (common_specs, &parameters->common, where, key, value,
                                 error)
           && read_face (parameters, where, error);
  return cw_params_set_string (parameters->reader->base.params, parameters->own, where, key, value,
                               error);
}

/* "key=value&key=value" into @parameters. */
static gboolean
set_options (Parameters *parameters, const char *options, const char *where, GError **error)
{
  g_auto (GStrv) pairs = NULL;

  if (options == NULL || *options == '\0')
    return TRUE;
  pairs = g_strsplit (options, "&", -1);
  for (int i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');

      if (equals == NULL)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s: '%s' is not KEY=VALUE",
                       where, pairs[i]);
          return FALSE;
        }
      *equals = '\0';
      if (!set_option (parameters, where, pairs[i], equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full): "reader?key=value&key=value", all of the reader's own: pixels depend on them. */
static char *
describe_parameters (const CwReaderClass *reader, gconstpointer block)
{
  GString *text = g_string_new (reader->base.id);

  for (const CwParamSpec *s = reader->base.params; s != NULL && s->id != NULL; s++)
    {
      g_autofree char *value = cw_params_dup_string (s, block);

      g_string_append_printf (text, "%c%s=%s", s == reader->base.params ? '?' : '&', s->id, value);
    }
  return g_string_free (text, FALSE);
}

/* @query: (nullable): "?key=value" of the address. */
static CwDataset *
open_with (const CwReaderClass *reader, const char *location, const char *query,
           const char *options, CwJob *job, GError **error)
{
  Parameters parameters = { .face = { 0, 0, 1, 1 } };
  const float *face = parameters.face;
  CwDataset *dataset = NULL;

  parameters_init (&parameters, reader);
  if (set_options (&parameters, query != NULL ? query + 1 : NULL, location, error)
      && set_options (&parameters, options, location, error))
    dataset = reader->open (location, parameters.own, job, error);
  if (dataset != NULL)
    {
      g_autofree char *text = describe_parameters (reader, parameters.own);

      cw_dataset_set_parameters (dataset, text);
      cw_dataset_set_face (dataset, face[0], face[1], face[2], face[3]);
    }
  parameters_clear (&parameters);
  return dataset;
}

CwDataset *
cw_dataset_open (const char *location, const char *reader_id, const char *options, CwJob *job,
                 GError **error)
{
  gboolean scheme = has_scheme (location);
  const CwReaderClass *reader;
  CwDataset *dataset;

  if (!scheme && !g_file_test (location, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such file or folder", location);
      return NULL;
    }
  if (reader_id != NULL && *reader_id != '\0')
    reader = (const CwReaderClass *) cw_registry_find (CW_KIND_READER, reader_id, error);
  else
    reader = find_reader (location, scheme, error);
  if (reader == NULL)
    return NULL;
  /* A layout may be forced on files; an address belongs to the reader that knows it. */
  if (scheme && reader->probe (location) <= 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "%s: the reader '%s' cannot read such an address; leave the reader out", location,
                   reader->base.id);
      return NULL;
    }

  dataset = open_with (reader, location, scheme ? strchr (location, '?') : NULL, options, job, error);
  if (dataset != NULL && cw_dataset_get_n_items (dataset) == 0)
    {
      guint n = cw_dataset_get_n_rejected (dataset);

      if (n > 0)
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                     "%s: no picture can be used; %u were refused, first of all %s: %s", location, n,
                     cw_dataset_get_rejected (dataset, 0)->name,
                     cw_dataset_get_rejected (dataset, 0)->reason);
      else
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: no pictures in it", location);
      g_clear_object (&dataset);
    }
  return dataset;
}

const CwReaderClass *const cw_builtin_readers[] = {
  &_cw_reader_folder, &_cw_reader_ferplus, &_cw_reader_fer2013, &_cw_reader_rafdb,
  &_cw_reader_fec,    &_cw_reader_table,   &_cw_reader_pack,    NULL,
};
