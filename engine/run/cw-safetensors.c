/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-safetensors.h"

#include "base/cw-error.h"
#include "base/cw-paths.h"
#include "run/cw-safetensors-private.h"

#include <string.h>

struct _CwSafetensors
{
  char *path;
  GMappedFile *map;
  const char *data; /* the first tensor's; may be unaligned in files of others */
  GHashTable *metadata;
  GHashTable *tensors;
};

static gboolean
corrupt (const char *path, const char *problem, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: %s", path, problem);
  return FALSE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const CwStoredTensor *x = *(CwStoredTensor *const *) a, *y = *(CwStoredTensor *const *) b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* Every byte of the data belongs to exactly one tensor. */
static gboolean
check_coverage (const char *path, GHashTable *tensors, guint64 size, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  guint64 place = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, tensors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (list, value);
  g_ptr_array_sort (list, compare_places);
  for (guint i = 0; i < list->len; i++)
    {
      const CwStoredTensor *tensor = list->pdata[i];

      if (tensor->begin != place)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                       "%s: broken safetensors header: %s before tensor '%s'", path,
                       tensor->begin > place ? "hole" : "overlap", tensor->name);
          return FALSE;
        }
      place = tensor->end;
    }
  if (place > size)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: cut short: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                   " bytes of tensors are there; get the file again",
                   path, size, place);
      return FALSE;
    }
  return place == size || corrupt (path, "bytes after the last tensor", error);
}

static gboolean
check_header_size (const char *path, const char *bytes, gsize size, guint64 *header, GError **error)
{
  static const guchar zip[] = { 'P', 'K', 3, 4 }, pickle[] = { 0x80, 2 };

  if ((size >= sizeof zip && memcmp (bytes, zip, sizeof zip) == 0)
      || (size >= sizeof pickle && memcmp (bytes, pickle, sizeof pickle) == 0))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: a PyTorch or zip file, not safetensors; save its state_dict with "
                   "safetensors.torch.save_file",
                   path);
      return FALSE;
    }
  if (size < 8)
    return corrupt (path, "cut short: no safetensors header", error);
  memcpy (header, bytes, 8);
  *header = GUINT64_FROM_LE (*header);
  /* Something else altogether begins with a text or another magic number. */
  if (*header > CW_SAFETENSORS_MAX_HEADER || (size > 8 && bytes[8] != '{'))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT, "%s: not a safetensors file",
                   path);
      return FALSE;
    }
  if (*header > size - 8)
    return corrupt (path, "cut short within the safetensors header; get the file again", error);
  return TRUE;
}

CwSafetensors *
cw_safetensors_open (const char *path, GError **error)
{
  g_autoptr (CwSafetensors) file = g_new0 (CwSafetensors, 1);
  g_autoptr (GError) local = NULL;
  const char *bytes;
  guint64 header;
  gsize size;

  file->path = g_strdup (path);
  file->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  file->tensors = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, _cw_stored_tensor_free);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: a folder, not a safetensors file", path);
      return NULL;
    }
  file->map = g_mapped_file_new (path, FALSE, &local);
  if (file->map == NULL)
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such file", path);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  bytes = g_mapped_file_get_contents (file->map);
  size = g_mapped_file_get_length (file->map);
  if (!check_header_size (path, bytes, size, &header, error)
      || !_cw_safetensors_parse_header (path, bytes + 8, (gsize) header, file->metadata,
                                        file->tensors, error)
      || !check_coverage (path, file->tensors, size - 8 - header, error))
    return NULL;
  file->data = bytes + 8 + header;
  return g_steal_pointer (&file);
}

void
cw_safetensors_free (CwSafetensors *file)
{
  if (file == NULL)
    return;
  g_clear_pointer (&file->map, g_mapped_file_unref);
  g_hash_table_unref (file->metadata);
  g_hash_table_unref (file->tensors);
  g_free (file->path);
  g_free (file);
}

const char *
cw_safetensors_get_metadata (CwSafetensors *file, const char *key)
{
  return g_hash_table_lookup (file->metadata, key);
}

char **
cw_safetensors_list (CwSafetensors *file)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, file->tensors);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, cw_paths_compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

int
cw_safetensors_get_shape (CwSafetensors *file, const char *name, gint64 shape[8])
{
  const CwStoredTensor *tensor = g_hash_table_lookup (file->tensors, name);

  if (tensor == NULL)
    return -1;
  memcpy (shape, tensor->shape, sizeof tensor->shape);
  return tensor->rank;
}

static const CwStoredTensor *
find_tensor (CwSafetensors *file, const char *name, gsize n, GError **error)
{
  const CwStoredTensor *tensor = g_hash_table_lookup (file->tensors, name);

  if (tensor == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no tensor '%s'", file->path, name);
  else if (tensor->n != n)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: tensor '%s' has %" G_GUINT64_FORMAT " values, %" G_GSIZE_FORMAT
                   " are needed",
                   file->path, name, tensor->n, n);
      return NULL;
    }
  return tensor;
}

static float
bits_to_float (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static float
half_to_float (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = (half >> 10) & 31, fraction = half & 0x3ff;

  if (exponent == 31) /* infinity, NaN */
    return bits_to_float (sign | 0x7f800000u | fraction << 13);
  if (exponent == 0) /* zero, subnormal: fraction * 2^-24, exact */
    {
      float value = (float) fraction * 0x1p-24f;

      return sign != 0 ? -value : value;
    }
  return bits_to_float (sign | (exponent + 112) << 23 | fraction << 13);
}

/* memcpy, since files of others need not be aligned. */
static float
element_to_float (CwStored stored, const char *data, gsize i)
{
  guint16 u16;
  guint32 u32;
  guint64 u64;
  double f64;

  switch (stored)
    {
    case CW_STORED_F32:
      memcpy (&u32, data + 4 * i, 4);
      return bits_to_float (GUINT32_FROM_LE (u32));
    case CW_STORED_F16:
      memcpy (&u16, data + 2 * i, 2);
      return half_to_float (GUINT16_FROM_LE (u16));
    case CW_STORED_BF16:
      memcpy (&u16, data + 2 * i, 2);
      return bits_to_float ((guint32) GUINT16_FROM_LE (u16) << 16);
    case CW_STORED_F64:
      memcpy (&u64, data + 8 * i, 8);
      u64 = GUINT64_FROM_LE (u64);
      memcpy (&f64, &u64, 8);
      return (float) f64;
    case CW_STORED_I64:
      memcpy (&u64, data + 8 * i, 8);
      return (float) (gint64) GUINT64_FROM_LE (u64);
    case CW_STORED_U8:
      return (float) (guchar) data[i];
    default:
      g_return_val_if_reached (0);
    }
}

gboolean
cw_safetensors_read_f32 (CwSafetensors *file, const char *name, float *out, gsize n,
                         GError **error)
{
  const CwStoredTensor *tensor = find_tensor (file, name, n, error);
  const char *data;

  if (tensor == NULL)
    return FALSE;
  data = file->data + tensor->begin;
  if (tensor->stored == CW_STORED_F32 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    memcpy (out, data, n * sizeof (float));
  else
    {
      for (gsize i = 0; i < n; i++)
        out[i] = element_to_float (tensor->stored, data, i);
    }
  return TRUE;
}

gboolean
cw_safetensors_read_i64 (CwSafetensors *file, const char *name, gint64 *out, gsize n,
                         GError **error)
{
  const CwStoredTensor *tensor = find_tensor (file, name, n, error);
  const char *data;

  if (tensor == NULL)
    return FALSE;
  if (tensor->stored != CW_STORED_I64 && tensor->stored != CW_STORED_U8)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: tensor '%s' does not hold whole numbers", file->path, name);
      return FALSE;
    }
  data = file->data + tensor->begin;
  for (gsize i = 0; i < n; i++)
    {
      if (tensor->stored == CW_STORED_U8)
        out[i] = (guchar) data[i];
      else
        {
          guint64 value;

          memcpy (&value, data + 8 * i, 8);
          out[i] = (gint64) GUINT64_FROM_LE (value);
        }
    }
  return TRUE;
}
