/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-checkpoint.h"

#include "base/cw-error.h"
#include "data/cw-npy.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static gboolean
save_tensor (const CwTensorInfo *info, const float *values, const char *folder, GError **error)
{
  g_autofree float *filed = g_new (float, MAX (info->size, 1));
  g_autofree char *name = g_strconcat (info->name, ".npy", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize shape[4];

  for (int i = 0; i < info->rank; i++)
    shape[i] = (gsize) info->shape[i];
  cw_tensor_to_file (info, values, filed);
  return cw_npy_save (path, 'f', info->rank, shape, filed, error);
}

gboolean
cw_model_save_npy (const CwModel *model, const char *folder, GError **error)
{
  const CwNet *net = model->net;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot make folder %s: %s",
                   folder, g_strerror (code));
      return FALSE;
    }
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);

      if (!save_tensor (info, model->weights->params + info->offset, folder, error))
        return FALSE;
    }
  for (guint i = 0; i < cw_net_get_n_buffers (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (net, i);

      if (!save_tensor (info, model->weights->buffers + info->offset, folder, error))
        return FALSE;
    }
  return TRUE;
}
