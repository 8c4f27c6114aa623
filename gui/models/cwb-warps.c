/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-warps.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX ".cwexp"
#define MAX_NAME 60 /* characters; with four bytes each and the suffix a file may be called so */

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "contrawarp", "warps", NULL);
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (g_unichar_iscntrl (g_utf8_get_char (text)))
        return TRUE;
    }
  return FALSE;
}

gboolean
cwb_warps_check_name (const char *name, GError **error)
{
  const char *reason = NULL;
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (!g_utf8_validate (name, -1, NULL) || has_control (name))
    reason = _ ("A name is made of letters, digits and signs");
  else if (*stripped == '\0')
    reason = _ ("Give it a name");
  else if (strcmp (stripped, name) != 0)
    reason = _ ("A name neither begins nor ends with a space");
  else if (strchr (name, '/') != NULL)
    reason = _ ("A name has no “/”");
  else if (*name == '.')
    reason = _ ("A name does not begin with a point");
  else if (g_utf8_strlen (name, -1) > MAX_NAME)
    reason = _ ("A name has 60 characters at most");
  if (reason == NULL)
    return TRUE;
  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, reason);
  return FALSE;
}

char *
cwb_warps_path (const char *name)
{
  g_autofree char *folder = dup_folder (), *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (folder, file, NULL);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(char *const *) a, *(char *const *) b);
}

char **
cwb_warps_list (void)
{
  g_autofree char *folder = dup_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = g_strdup (file);

      if (!g_str_has_suffix (name, SUFFIX))
        continue;
      name[strlen (name) - strlen (SUFFIX)] = '\0';
      if (cwb_warps_check_name (name, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

gboolean
cwb_warps_save_strokes (const char *name, const char *strokes, GError **error)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autofree char *folder = dup_folder (), *path = cwb_warps_path (name), *text = NULL;
  const CwViews *views = experiment->recipe->views;

  if (!cwb_warps_check_name (name, error)
      || !cw_experiment_set (experiment, "warp.type", "painted", error)
      || !cw_experiment_set (experiment, "warp.strokes", strokes, error))
    return FALSE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("Cannot make %s: %s"),
                   folder, g_strerror (errno));
      return FALSE;
    }
  g_key_file_set_string (keys, "warp", "type", views->warp->base.id);
  cw_params_save (views->warp->base.params, views->warp_params, keys, "warp");
  text = g_key_file_to_data (keys, NULL, NULL);
  return cw_file_save (path, text, strlen (text), error);
}

CwExperiment *
cwb_warps_load (const char *name, GError **error)
{
  g_autofree char *path = cwb_warps_path (name);

  return cw_experiment_load (path, error);
}
