/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-features-private.h"

#include "eval/cw-nearest.h"

#include <string.h>

CwFeatures *
cw_features_new (guint n, int dim)
{
  CwFeatures *features;
  gsize size;
  float *x;

  g_return_val_if_fail (dim > 0, NULL);

  if (!g_size_checked_mul (&size, n, (gsize) dim) || !g_size_checked_mul (&size, size, sizeof *x))
    return NULL;
  x = g_try_malloc0 (MAX (size, sizeof *x));
  if (x == NULL)
    return NULL;
  features = g_new0 (CwFeatures, 1);
  features->n = n;
  features->dim = dim;
  features->x = x;
  features->items = g_new0 (guint32, n);
  features->labels = g_new (int, n);
  features->subjects = g_new (int, n);
  features->sources = g_new (int, n);
  features->hashes = g_new0 (guint64, n);
  for (guint i = 0; i < n; i++)
    features->labels[i] = features->subjects[i] = features->sources[i] = -1;
  return features;
}

void
cw_features_free (CwFeatures *features)
{
  if (features == NULL)
    return;
  g_free (features->x);
  g_free (features->items);
  g_free (features->labels);
  g_free (features->subjects);
  g_free (features->sources);
  g_strfreev (features->column_names);
  g_free (features->columns);
  g_free (features->hashes);
  g_free (features->model_sha256);
  g_free (features);
}

CwPreprocess
cw_features_preprocess (const CwModel *model)
{
  CwPreprocess preprocess = { .size = model->size };

  memcpy (preprocess.mean, model->mean, sizeof preprocess.mean);
  memcpy (preprocess.std, model->std, sizeof preprocess.std);
  return preprocess;
}

float *
cw_features_embed_picture (const CwModel *model, const CwImage *image)
{
  const CwPreprocess preprocess = cw_features_preprocess (model);
  g_autoptr (CwPlan) plan = cw_model_plan (model, 1);
  g_autofree float *pixels = g_new (float, (gsize) model->size * (gsize) model->size * 3);
  float *features = g_new (float, model->dim);

  cw_preprocess_picture (&preprocess, image, pixels);
  cw_model_embed (model, plan, pixels, 1, features);
  return features;
}

void
_cw_features_set_item (CwFeatures *features, guint row, CwDataset *dataset, guint32 item)
{
  const CwItem *about = cw_dataset_get_item (dataset, item);

  features->items[row] = item;
  features->labels[row] = about->label;
  features->subjects[row] = about->subject;
}

CwFeatures *
cw_features_select (const CwFeatures *features, const guint32 *rows, guint n)
{
  CwFeatures *selected = cw_features_new (n, features->dim);
  gsize dim = (gsize) features->dim;

  if (selected == NULL)
    g_error ("No memory for %u features of %d", n, features->dim);
  for (guint i = 0; i < n; i++)
    {
      guint32 row = rows[i];

      memcpy (selected->x + i * dim, features->x + row * dim, dim * sizeof (float));
      selected->items[i] = features->items[row];
      selected->labels[i] = features->labels[row];
      selected->subjects[i] = features->subjects[row];
      selected->sources[i] = features->sources[row];
      selected->hashes[i] = features->hashes[row];
    }
  if (features->columns != NULL)
    {
      gsize width = features->n_columns;

      selected->n_columns = features->n_columns;
      selected->column_names = g_strdupv (features->column_names);
      selected->columns = g_new (float, n * width + 1);
      for (guint i = 0; i < n; i++)
        memcpy (selected->columns + i * width, features->columns + rows[i] * width,
                width * sizeof (float));
    }
  selected->model_sha256 = g_strdup (features->model_sha256);
  return selected;
}

void
cw_features_describe (CwFeatures *features, CwDataset *dataset)
{
  guint width = cw_dataset_get_n_columns (dataset);

  g_return_if_fail (features->columns == NULL);

  features->n_columns = width;
  features->column_names = g_new0 (char *, width + 1);
  features->columns = g_new (float, (gsize) features->n * width + 1);
  for (guint c = 0; c < width; c++)
    features->column_names[c] = g_strdup (cw_dataset_get_column_name (dataset, c));
  for (guint i = 0; i < features->n; i++)
    {
      guint32 item = features->items[i];

      features->sources[i] = cw_dataset_get_item (dataset, item)->source;
      for (guint c = 0; c < width; c++)
        features->columns[(gsize) i * width + c] = cw_dataset_get_column (dataset, c, item);
    }
}

int
cw_features_find_column (const CwFeatures *features, const char *name)
{
  int found = -1;

  for (guint c = 0; c < features->n_columns; c++)
    {
      if (strcmp (features->column_names[c], name) == 0)
        return (int) c;
      if (found < 0 && g_ascii_strcasecmp (features->column_names[c], name) == 0)
        found = (int) c;
    }
  return found;
}

CwFeatures *
cw_features_without_copies (const CwFeatures *features, const CwFeatures *other, guint *n_removed)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree guint32 *rows = g_new (guint32, features->n);
  guint n = 0;

  for (guint i = 0; i < other->n; i++)
    g_hash_table_add (known, &other->hashes[i]);
  for (guint i = 0; i < features->n; i++)
    {
      if (!g_hash_table_contains (known, &features->hashes[i]))
        rows[n++] = i;
    }
  if (n_removed != NULL)
    *n_removed = features->n - n;
  return cw_features_select (features, rows, n);
}

float *
cw_features_normalised (const CwFeatures *features)
{
  float *rows = cw_nearest_normalise (features->x, features->n, features->dim);

  if (rows == NULL)
    g_error ("No memory for %u features of %d", features->n, features->dim);
  return rows;
}

static void
hash_tensor (GChecksum *checksum, const CwTensorInfo *info, const float *block)
{
  g_autofree float *file = g_new (float, info->size);

  cw_tensor_to_file (info, block + info->offset, file);
  for (size_t i = 0; i < info->size; i++)
    {
      guint32 *word = (guint32 *) (gpointer) &file[i];

      *word = GUINT32_TO_LE (*word);
    }
  g_checksum_update (checksum, (const guchar *) file, (gssize) (info->size * sizeof (float)));
}

char *
cw_features_hash_model (const CwModel *model)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < cw_net_get_n_params (model->net); i++)
    hash_tensor (checksum, cw_net_get_param (model->net, i), model->weights->params);
  for (guint i = 0; i < cw_net_get_n_buffers (model->net); i++)
    hash_tensor (checksum, cw_net_get_buffer (model->net, i), model->weights->buffers);
  return g_strdup (g_checksum_get_string (checksum));
}
