/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-experiment-private.h"

#include "base/cw-error.h"
#include "base/cw-file.h"

#include <string.h>

#define MAX_SIZE (1024 * 1024)
#define BOM "\xef\xbb\xbf"

/* Without white space around it, as the parameters are. */
static char *
get_value (GKeyFile *keys, const char *section, const char *key, const char *file, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *value = g_key_file_get_string (keys, section, key, &local);

  if (value != NULL)
    return g_strstrip (value);
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s in [%s] of %s: %s", key, section,
               file, local->message);
  return NULL;
}

/* The preset comes first, since the steps that it has keep its parameters. */
static gboolean
set_pipeline (CwExperiment *experiment, GKeyFile *keys, const char *file, GError **error)
{
  g_autofree char *where = g_strdup_printf ("[view] of %s", file);

  if (g_key_file_has_key (keys, "view", "preset", NULL))
    {
      g_autofree char *value = get_value (keys, "view", "preset", file, error);

      if (value == NULL || !_cw_experiment_set_preset (experiment, value, where, error))
        return FALSE;
    }
  if (g_key_file_has_key (keys, "view", "steps", NULL))
    {
      g_autofree char *value = get_value (keys, "view", "steps", file, error);

      if (value == NULL || !_cw_experiment_set_steps (experiment, value, keys, where, error))
        return FALSE;
    }
  return TRUE;
}

/* What decides which other keys there are comes first, wherever it stands. */
static gboolean
set_shape (CwExperiment *experiment, GKeyFile *keys, const char *file, GError **error)
{
  static const char *const sections[] = { "encoder", "objective", "optimizer", "warp" };

  for (size_t i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autofree char *value = NULL;

      if (!g_key_file_has_key (keys, sections[i], "type", NULL))
        continue;
      value = get_value (keys, sections[i], "type", file, error);
      if (value == NULL
          || !_cw_experiment_set_key (experiment, sections[i], "type", value, file, error))
        return FALSE;
    }
  return set_pipeline (experiment, keys, file, error);
}

/* What set_pipeline() has set. */
static gboolean
is_pipeline (const char *section, const char *key)
{
  return strcmp (section, "view") == 0
         && (strcmp (key, "preset") == 0 || strcmp (key, "steps") == 0);
}

static gboolean
set_section (CwExperiment *experiment, GKeyFile *keys, const char *section, gboolean shape,
             const char *file, GError **error)
{
  g_auto (GStrv) ids = g_key_file_get_keys (keys, section, NULL, NULL);

  for (int i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autofree char *value = NULL;

      if ((strcmp (ids[i], "type") == 0) != shape || is_pipeline (section, ids[i]))
        continue;
      value = get_value (keys, section, ids[i], file, error);
      if (value == NULL
          || !_cw_experiment_set_key (experiment, section, ids[i], value, file, error))
        return FALSE;
    }
  return TRUE;
}

/* A section without keys must be one there is, too. */
static gboolean
check_section (CwExperiment *experiment, const char *section, const char *file, GError **error)
{
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (experiment);

  for (guint i = 0; i < sections->len; i++)
    {
      if (strcmp (((CwExperimentSection *) sections->pdata[i])->name, section) == 0)
        return TRUE;
    }
  /* Fails, and says what there is. */
  return _cw_experiment_set_key (experiment, section, "", "", file, error);
}

gboolean
_cw_experiment_set_all (CwExperiment *experiment, GKeyFile *keys, const char *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);

  if (!set_shape (experiment, keys, file, error))
    return FALSE;
  for (int shape = 1; shape >= 0; shape--)
    {
      for (int i = 0; groups[i] != NULL; i++)
        {
          if (!check_section (experiment, groups[i], file, error)
              || !set_section (experiment, keys, groups[i], shape, file, error))
            return FALSE;
        }
    }
  return TRUE;
}

GKeyFile *
_cw_experiment_read_keys (const char *text, gsize size, const char *file, GError **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) local = NULL;

  if (size > MAX_SIZE)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: too large for an experiment", file);
      return NULL;
    }
  if (!g_utf8_validate_len (text, size, NULL))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s: not UTF-8 text", file);
      return NULL;
    }
  if (g_str_has_prefix (text, BOM))
    {
      text += strlen (BOM);
      size -= strlen (BOM);
    }
  if (!g_key_file_load_from_data (keys, text, size, G_KEY_FILE_NONE, &local)
      && !g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s: %s", file, local->message);
      return NULL;
    }
  return g_steal_pointer (&keys);
}

static CwExperiment *
parse (const char *text, gsize size, const char *file, GError **error)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (GKeyFile) keys = _cw_experiment_read_keys (text, size, file, error);

  if (keys == NULL || !_cw_experiment_set_all (experiment, keys, file, error))
    return NULL;
  if (!g_key_file_has_key (keys, "experiment", "name", NULL) || *experiment->name == '\0')
    {
      g_autofree char *base = g_path_get_basename (file);

      if (g_str_has_suffix (base, ".cwexp"))
        base[strlen (base) - strlen (".cwexp")] = '\0';
      g_free (experiment->name);
      experiment->name = g_filename_display_name (base);
    }
  return g_steal_pointer (&experiment);
}

CwExperiment *
cw_experiment_parse (const char *text, const char *name, GError **error)
{
  return parse (text, strlen (text), name != NULL ? name : "experiment", error);
}

gboolean
_cw_experiment_read_file (const char *path, char **text, gsize *size, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_file_get_contents (path, text, size, &local))
    return TRUE;
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such experiment", path);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

CwExperiment *
cw_experiment_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  CwExperiment *experiment;
  gsize size;

  if (!_cw_experiment_read_file (path, &text, &size, error))
    return NULL;
  experiment = parse (text, size, path, error);
  if (experiment != NULL)
    experiment->path = g_canonicalize_filename (path, NULL);
  return experiment;
}

static GKeyFile *
to_keys (const CwExperiment *experiment, const char *const *sections)
{
  GKeyFile *keys = g_key_file_new ();
  /* Only to read: the sections lend blocks that a form would change. */
  g_autoptr (GPtrArray) all = cw_experiment_list_sections ((CwExperiment *) experiment);
  const char *last = "";

  for (guint i = 0; i < all->len; i++)
    {
      const CwExperimentSection *section = all->pdata[i];
      const char *const *extra = _cw_experiment_list_extra_keys (section->name);

      if (sections != NULL && !g_strv_contains (sections, _cw_experiment_get_root (section->name)))
        continue;
      for (int k = 0; strcmp (last, section->name) != 0 && extra[k] != NULL; k++)
        {
          g_autofree char *value = _cw_experiment_dup_extra (experiment, section->name, extra[k]);

          if (value != NULL)
            g_key_file_set_string (keys, section->name, extra[k], value);
        }
      cw_params_save (section->specs, section->block, keys, section->name);
      last = section->name;
    }
  return keys;
}

GKeyFile *
cw_experiment_to_keys (const CwExperiment *experiment)
{
  return to_keys (experiment, NULL);
}

char *
cw_experiment_section_to_string (const CwExperiment *experiment, const char *const *sections)
{
  g_autoptr (GKeyFile) keys = to_keys (experiment, sections);

  return g_key_file_to_data (keys, NULL, NULL);
}

char *
cw_experiment_to_string (const CwExperiment *experiment)
{
  return cw_experiment_section_to_string (experiment, NULL);
}

gboolean
cw_experiment_save_sections (const CwExperiment *experiment, const char *const *sections,
                             const char *path, GError **error)
{
  g_autoptr (CwExperiment) copy = cw_experiment_copy (experiment);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute), *before = NULL, *text = NULL;

  /* A relative location means the same only in the folder it was written for. */
  if (copy->path != NULL)
    before = g_path_get_dirname (copy->path);
  if (g_strcmp0 (folder, before) != 0)
    _cw_experiment_freeze (copy);
  text = cw_experiment_section_to_string (copy, sections);
  return cw_file_save (path, text, strlen (text), error);
}

gboolean
cw_experiment_save (const CwExperiment *experiment, const char *path, GError **error)
{
  return cw_experiment_save_sections (experiment, NULL, path, error);
}
