/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-reader.h"

#include "base/cw-error.h"
#include "data/cw-reader-layouts.h"

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

/* "key=value&key=value" into @block. */
static gboolean
set_options (const CwReaderClass *reader, gpointer block, const char *options, const char *where,
             GError **error)
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
      if (!cw_params_set_string (reader->base.params, block, where, pairs[i], equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full): "reader?key=value&key=value", all of them. */
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

CwDataset *
cw_dataset_open (const char *location, const char *reader_id, const char *options, CwJob *job,
                 GError **error)
{
  gboolean scheme = has_scheme (location);
  const CwReaderClass *reader;
  CwDataset *dataset = NULL;
  gpointer block;

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

  block = cw_params_block_new (reader->base.params, reader->base.params_size);
  if (set_options (reader, block, scheme && strchr (location, '?') != NULL
                                      ? strchr (location, '?') + 1
                                      : NULL,
                   location, error)
      && set_options (reader, block, options, location, error))
    dataset = reader->open (location, block, job, error);
  if (dataset != NULL)
    {
      g_autofree char *parameters = describe_parameters (reader, block);

      cw_dataset_set_parameters (dataset, parameters);
    }
  cw_params_block_free (reader->base.params, block);
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
