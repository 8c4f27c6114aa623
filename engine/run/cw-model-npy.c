/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-checkpoint.h"

#include "base/cw-error.h"
#include "data/cw-npy.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

/* On disk, but without its name yet: into @writers. */
static gboolean
write_tensor (const CwTensorInfo *info, const float *values, const char *folder, GPtrArray *writers,
              GError **error)
{
  g_autofree float *filed = g_new (float, MAX (info->size, 1));
  g_autofree char *name = g_strconcat (info->name, ".npy", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  CwNpyWriter *writer;
  gsize shape[4];

  for (int i = 0; i < info->rank; i++)
    shape[i] = (gsize) info->shape[i];
  writer = cw_npy_writer_new (path, 'f', info->rank, shape, error);
  if (writer == NULL)
    return FALSE;
  g_ptr_array_add (writers, writer);
  cw_tensor_to_file (info, values, filed);
  return cw_npy_writer_append (writer, filed, shape[0], error) && cw_npy_writer_sync (writer, error);
}

static gboolean
write_all (const CwModel *model, const char *folder, GPtrArray *writers, GError **error)
{
  const CwNet *net = model->net;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);

      if (!write_tensor (info, model->weights->params + info->offset, folder, writers, error))
        return FALSE;
    }
  for (guint i = 0; i < cw_net_get_n_buffers (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (net, i);

      if (!write_tensor (info, model->weights->buffers + info->offset, folder, writers, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
commit_all (GPtrArray *writers, GError **error)
{
  while (writers->len > 0)
    {
      if (!cw_npy_writer_commit (g_ptr_array_steal_index_fast (writers, writers->len - 1), error))
        return FALSE;
    }
  return TRUE;
}

/* Arrays of another encoder would look as if they belonged to this one. */
static gboolean
check_empty (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  if (dir == NULL || g_dir_read_name (dir) == NULL)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "folder %s is not empty; choose another one", folder);
  return FALSE;
}

gboolean
cw_model_save_npy (const CwModel *model, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) writers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_npy_writer_abandon);
  gboolean made = !g_file_test (folder, G_FILE_TEST_EXISTS);

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot make folder %s: %s",
                   folder, g_strerror (code));
      return FALSE;
    }
  if (!check_empty (folder, error))
    return FALSE;
  if (write_all (model, folder, writers, error) && commit_all (writers, error))
    return TRUE;
  g_ptr_array_set_size (writers, 0);
  if (made)
    g_rmdir (folder);
  return FALSE;
}
