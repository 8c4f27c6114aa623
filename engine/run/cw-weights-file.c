/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-weights-file.h"

#include "base/cw-error.h"

#include <string.h>

#define MEAN_SUFFIX ".running_mean"
#define BATCHES_SUFFIX ".num_batches_tracked"
#define CLASSIFIER_PREFIX "classifier."
#define TORCHVISION_CLASSIFIER_PREFIX "fc."

static CwPart
part_of (const char *name)
{
  if (g_str_has_prefix (name, "projector.") || g_str_has_prefix (name, "predictor."))
    return CW_PART_HEADS;
  return g_str_has_prefix (name, CLASSIFIER_PREFIX) ? CW_PART_CLASSIFIER : CW_PART_ENCODER;
}

static gboolean
in_part (const CwTensorInfo *info, CwPart part)
{
  return (part & part_of (info->name)) != 0;
}

/* Tensor @i of parameters and buffers taken together; NULL where it is not of @part. */
static const CwTensorInfo *
get_tensor (const CwWeights *weights, guint i, CwPart part, float **values)
{
  guint n_params = cw_net_get_n_params (weights->net);
  const CwTensorInfo *info;

  if (i < n_params)
    {
      info = cw_net_get_param (weights->net, i);
      *values = weights->params + info->offset;
    }
  else
    {
      if (!(part & CW_PART_BUFFERS))
        return NULL;
      info = cw_net_get_buffer (weights->net, i - n_params);
      *values = weights->buffers + info->offset;
    }
  return in_part (info, part) ? info : NULL;
}

static guint
count_tensors (const CwWeights *weights)
{
  return cw_net_get_n_params (weights->net) + cw_net_get_n_buffers (weights->net);
}

void
_cw_weights_add (CwSafetensorsWriter *writer, const CwWeights *weights, CwPart part,
                 const char *prefix)
{
  for (guint i = 0; i < count_tensors (weights); i++)
    {
      float *values;
      const CwTensorInfo *info = get_tensor (weights, i, part, &values);
      g_autofree char *name = NULL;
      g_autofree float *filed = NULL;
      gint64 shape[4];

      if (info == NULL)
        continue;
      name = g_strconcat (prefix, info->name, NULL);
      filed = g_new (float, info->size);
      cw_tensor_to_file (info, values, filed);
      for (int k = 0; k < info->rank; k++)
        shape[k] = info->shape[k];
      cw_safetensors_writer_add (writer, name, CW_DTYPE_F32, info->rank, shape, filed);
    }
}

void
_cw_weights_add_batches (CwSafetensorsWriter *writer, const CwWeights *weights, CwPart part,
                         gint64 n_batches)
{
  for (guint i = 0; i < cw_net_get_n_buffers (weights->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (weights->net, i);
      g_autofree char *stem = NULL, *name = NULL;

      if (info->role != CW_TENSOR_RUNNING_MEAN || !in_part (info, part)
          || !g_str_has_suffix (info->name, MEAN_SUFFIX))
        continue;
      stem = g_strndup (info->name, strlen (info->name) - strlen (MEAN_SUFFIX));
      name = g_strconcat (stem, BATCHES_SUFFIX, NULL);
      cw_safetensors_writer_add (writer, name, CW_DTYPE_I64, 0, NULL, &n_batches);
    }
}

static void
to_little_endian (float *values, size_t n)
{
  for (size_t i = 0; G_BYTE_ORDER != G_LITTLE_ENDIAN && i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (&values[i], &bits, sizeof bits);
    }
}

void
_cw_weights_hash (const CwWeights *weights, CwPart part, GChecksum *checksum)
{
  for (guint i = 0; i < count_tensors (weights); i++)
    {
      float *values;
      const CwTensorInfo *info = get_tensor (weights, i, part, &values);
      g_autofree float *filed = NULL;

      if (info == NULL)
        continue;
      filed = g_new (float, info->size);
      cw_tensor_to_file (info, values, filed);
      to_little_endian (filed, info->size);
      g_checksum_update (checksum, (const guchar *) info->name, (gssize) strlen (info->name) + 1);
      g_checksum_update (checksum, (const guchar *) filed, (gssize) (info->size * sizeof *filed));
    }
}

/* ---- reading ---- */

gboolean
_cw_weights_reader_open (CwWeightsReader *reader, const char *path, const char *what,
                         GError **error)
{
  reader->path = path;
  reader->what = what;
  reader->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader->file = cw_safetensors_open (path, error);
  return reader->file != NULL;
}

void
_cw_weights_reader_close (CwWeightsReader *reader)
{
  g_clear_pointer (&reader->file, cw_safetensors_free);
  g_clear_pointer (&reader->taken, g_hash_table_unref);
}

/* (transfer full): "[64, 3, 7, 7]" */
static char *
describe_shape (int rank, const gint64 *shape)
{
  GString *text = g_string_new ("[");

  for (int i = 0; i < rank; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", shape[i]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static gboolean
check_shape (CwWeightsReader *reader, const char *name, const CwTensorInfo *info, GError **error)
{
  gint64 there[8], needed[4];
  int rank = cw_safetensors_get_shape (reader->file, name, there);
  gboolean same = rank == info->rank;
  g_autofree char *there_text = NULL, *needed_text = NULL;

  for (int i = 0; i < info->rank; i++)
    {
      needed[i] = info->shape[i];
      same = same && there[i] == needed[i];
    }
  if (same)
    return TRUE;
  needed_text = describe_shape (info->rank, needed);
  if (rank < 0)
    g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                 "%s: another architecture: no tensor '%s', which %s has as %s", reader->path,
                 name, reader->what, needed_text);
  else
    {
      there_text = describe_shape (rank, there);
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: another architecture: tensor '%s' is %s, %s has %s", reader->path, name,
                   there_text, reader->what, needed_text);
    }
  return FALSE;
}

gboolean
_cw_weights_reader_read (CwWeightsReader *reader, CwWeights *weights, CwPart part,
                         const char *prefix, GError **error)
{
  for (guint i = 0; i < count_tensors (weights); i++)
    {
      float *values;
      const CwTensorInfo *info = get_tensor (weights, i, part, &values);
      g_autofree char *name = NULL;
      g_autofree float *filed = NULL;

      if (info == NULL)
        continue;
      name = g_strconcat (prefix, info->name, NULL);
      filed = g_new (float, info->size);
      if (!check_shape (reader, name, info, error)
          || !cw_safetensors_read_f32 (reader->file, name, filed, info->size, error))
        return FALSE;
      cw_tensor_from_file (info, filed, values);
      g_hash_table_add (reader->taken, g_steal_pointer (&name));
    }
  return TRUE;
}

gboolean
_cw_weights_reader_read_vector (CwWeightsReader *reader, const char *name, gsize n, float *values,
                                GError **error)
{
  const CwTensorInfo info = { .rank = 1, .shape = { (int) n } };

  if (!check_shape (reader, name, &info, error)
      || !cw_safetensors_read_f32 (reader->file, name, values, n, error))
    return FALSE;
  g_hash_table_add (reader->taken, g_strdup (name));
  return TRUE;
}

static gboolean
is_classifier (const char *name)
{
  return g_str_has_prefix (name, CLASSIFIER_PREFIX)
         || g_str_has_prefix (name, TORCHVISION_CLASSIFIER_PREFIX);
}

gboolean
_cw_weights_reader_end (CwWeightsReader *reader, gboolean classifier, GError **error)
{
  g_auto (GStrv) names = cw_safetensors_list (reader->file);

  for (int i = 0; names[i] != NULL; i++)
    {
      g_autofree char *text = NULL;
      gint64 shape[8];
      int rank;

      if (g_hash_table_contains (reader->taken, names[i])
          || g_str_has_suffix (names[i], BATCHES_SUFFIX)
          || (classifier && is_classifier (names[i])))
        continue;
      rank = cw_safetensors_get_shape (reader->file, names[i], shape);
      text = describe_shape (rank, shape);
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: another architecture: %s has no tensor '%s' (it is %s)", reader->path,
                   reader->what, names[i], text);
      return FALSE;
    }
  return TRUE;
}
