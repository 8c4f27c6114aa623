/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-features-cache.h"

#include "base/cw-file.h"
#include "base/cw-json.h"
#include "data/cw-npy.h"
#include "eval/cw-features-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Counted up when the same model makes other numbers of the same picture. */
#define FORMAT 1
#define HASH_DIGITS 16

static GMutex limit_lock;
static guint64 limit; /* guarded by limit_lock */

void
cw_features_cache_set_limit (guint64 bytes)
{
  g_mutex_lock (&limit_lock);
  limit = bytes;
  g_mutex_unlock (&limit_lock);
}

guint64
cw_features_cache_get_limit (void)
{
  guint64 bytes;

  g_mutex_lock (&limit_lock);
  bytes = limit;
  g_mutex_unlock (&limit_lock);
  return bytes;
}

/* ---- names ---- */

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "contrawarp", "features", NULL);
}

static char *
dup_path (const char *key, const char *suffix)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *name = g_strconcat (key, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

/* Encoder, its parameters, input and norms. */
static void
describe_model (GString *text, const CwModel *model, const char *hash)
{
  g_string_append_printf (text, "model %s\nencoder %s\nsize %d\nnorm %s %d\n", hash,
                          model->encoder->base.id, model->size, cw_norm_mode_name (model->norm),
                          CW_FEATURES_BATCH);
  for (const CwParamSpec *s = model->encoder->base.params; s != NULL && s->id != NULL; s++)
    {
      g_autofree char *value = cw_params_dup_string (s, model->params);

      g_string_append_printf (text, "%s=%s\n", s->id, value);
    }
  for (int c = 0; c < 3; c++)
    {
      guint32 bits[2];

      memcpy (&bits[0], &model->mean[c], sizeof bits[0]);
      memcpy (&bits[1], &model->std[c], sizeof bits[1]);
      g_string_append_printf (text, "%08x %08x\n", bits[0], bits[1]);
    }
}

char *
_cw_features_cache_key (const CwFeaturesSource *source, const char *hash, int max_side,
                        CwDataset *dataset, const guint32 *items, guint n_items, const char *state)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "features %d %s\nside %d\ndata %016" G_GINT64_MODIFIER "x %u %s\n",
                          FORMAT, CW_VERSION, max_side, cw_dataset_fingerprint (dataset), n_items,
                          state);
  if (source->model != NULL)
    describe_model (text, source->model, hash);
  else
    g_string_append (text, "pixels\n");
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}

/* ---- what stands beside the vectors ---- */

/* 64-bit FNV-1a by words: against disks, not against people. */
static guint64
add_words (guint64 sum, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  guint64 word;

  for (; size >= sizeof word; size -= sizeof word, bytes += sizeof word)
    {
      memcpy (&word, bytes, sizeof word);
      sum = (sum ^ word) * 0x100000001b3ull;
    }
  for (; size > 0; size--, bytes++)
    sum = (sum ^ *bytes) * 0x100000001b3ull;
  return sum ^ sum >> 29;
}

static guint64
sum_up (const CwFeatures *f)
{
  guint64 sum = 0xcbf29ce484222325ull;

  sum = add_words (sum, f->x, (gsize) f->n * (gsize) f->dim * sizeof *f->x);
  sum = add_words (sum, f->items, f->n * sizeof *f->items);
  return add_words (sum, f->hashes, f->n * sizeof *f->hashes);
}

static char *
describe_rows (const char *key, const CwFeatures *f, const guint32 *items, guint n_items)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GString) hashes = g_string_sized_new (f->n * HASH_DIGITS);
  g_autofree char *sum = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", sum_up (f));

  for (guint i = 0; i < f->n; i++)
    g_string_append_printf (hashes, "%016" G_GINT64_MODIFIER "x", f->hashes[i]);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "key");
  json_builder_add_string_value (builder, key);
  json_builder_set_member_name (builder, "checksum");
  json_builder_add_string_value (builder, sum);
  json_builder_set_member_name (builder, "skipped");
  json_builder_begin_array (builder);
  for (guint i = 0, row = 0; i < n_items; i++)
    {
      if (row < f->n && f->items[row] == items[i])
        row++;
      else
        json_builder_add_int_value (builder, i);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "hashes");
  json_builder_add_string_value (builder, hashes->str);
  json_builder_end_object (builder);
  return cw_json_to_string (builder);
}

/* ---- reading ---- */

/* NULL where it is missing or something else. */
static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node) : NULL;
}

static gboolean
parse_hash (const char *text, guint64 *hash)
{
  *hash = 0;
  for (int i = 0; i < HASH_DIGITS; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return FALSE;
      *hash = *hash << 4 | (guint64) digit;
    }
  return TRUE;
}

/* Items of the rows: all of @items but those skipped. */
static gboolean
read_rows (JsonObject *object, CwFeatures *f, CwDataset *dataset, const guint32 *items,
           guint n_items)
{
  JsonNode *node = json_object_get_member (object, "skipped");
  const char *hashes = get_string (object, "hashes");
  JsonArray *skipped;
  guint next = 0, n_skipped;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || hashes == NULL)
    return FALSE;
  skipped = json_node_get_array (node);
  n_skipped = json_array_get_length (skipped);
  if (n_skipped > n_items || n_items - n_skipped != f->n
      || strlen (hashes) != (gsize) f->n * HASH_DIGITS)
    return FALSE;
  for (guint i = 0, row = 0; i < n_items; i++)
    {
      if (next < n_skipped && json_array_get_int_element (skipped, next) == (gint64) i)
        {
          next++;
          continue;
        }
      if (row == f->n || !parse_hash (hashes + (gsize) row * HASH_DIGITS, &f->hashes[row]))
        return FALSE;
      _cw_features_set_item (f, row++, dataset, items[i]);
    }
  return next == n_skipped;
}

static CwFeatures *
read_vectors (const char *key, int dim)
{
  g_autofree char *path = dup_path (key, ".npy");
  g_autoptr (CwNpy) npy = cw_npy_open (path, NULL);
  CwFeatures *features;

  if (npy == NULL || npy->type != 'f' || npy->n_dims != 2 || npy->shape[1] != (gsize) dim
      || npy->shape[0] < 1 || npy->shape[0] > G_MAXINT32)
    return NULL;
  features = cw_features_new ((guint) npy->shape[0], dim);
  if (features != NULL)
    memcpy (features->x, npy->data, npy->shape[0] * npy->shape[1] * sizeof *features->x);
  return features;
}

/* Used last now, as far as the limit is concerned; also where the file system does not note it. */
static void
note_use (const char *path)
{
  const struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };

  if (utimensat (AT_FDCWD, path, times, 0) != 0)
    g_debug ("%s: its time of use stays as it is", path);
}

CwFeatures *
_cw_features_cache_load (const char *key, CwDataset *dataset, const guint32 *items, guint n_items,
                         int dim)
{
  g_autofree char *path = dup_path (key, ".json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (CwFeatures) f = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  JsonNode *root;
  const char *sum;
  guint64 want;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL)
      || !json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  sum = get_string (object, "checksum");
  if (g_strcmp0 (get_string (object, "key"), key) != 0 || sum == NULL
      || strlen (sum) != HASH_DIGITS || !parse_hash (sum, &want))
    return NULL;
  f = read_vectors (key, dim);
  if (f == NULL || !read_rows (object, f, dataset, items, n_items) || sum_up (f) != want)
    return NULL;
  note_use (path);
  return g_steal_pointer (&f);
}

/* ---- the limit ---- */

/* What belongs to one name: vectors, rows, and what a process that died left of them. */
typedef struct
{
  char *stem; /* path up to the dot */
  guint64 bytes;
  gint64 used; /* ns */
} Entry;

static void
entry_free (gpointer data)
{
  g_free (((Entry *) data)->stem);
  g_free (data);
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(Entry *const *) a, *y = *(Entry *const *) b;

  return x->used != y->used ? (x->used < y->used ? -1 : 1) : strcmp (x->stem, y->stem);
}

static void
count_file (GHashTable *entries, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *stem = g_strndup (name, strcspn (name, "."));
  Entry *entry = g_hash_table_lookup (entries, stem);
  struct stat st;

  if (stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return;
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->stem = g_strdup (stem);
      g_hash_table_insert (entries, entry->stem, entry);
    }
  entry->bytes += (guint64) st.st_size;
  entry->used = MAX (entry->used, (gint64) st.st_atim.tv_sec * 1000000000 + st.st_atim.tv_nsec);
}

static void
remove_entry (const char *folder, const char *stem)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gsize length = strlen (stem);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (strncmp (name, stem, length) == 0 && name[length] == '.')
        g_unlink (path);
    }
}

static void
keep_limit (const char *folder, const char *newest)
{
  g_autoptr (GHashTable) entries = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint64 total = 0, most = cw_features_cache_get_limit ();
  GHashTableIter iter;
  gpointer value;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    count_file (entries, folder, name);
  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      total += ((Entry *) value)->bytes;
      g_ptr_array_add (order, value);
    }
  g_ptr_array_sort (order, compare_use);
  for (guint i = 0; i < order->len && total > most; i++)
    {
      const Entry *entry = order->pdata[i];

      if (strcmp (entry->stem, newest) == 0)
        continue;
      remove_entry (folder, entry->stem);
      total -= entry->bytes;
    }
}

/* ---- writing ---- */

void
_cw_features_cache_save (const char *key, const CwFeatures *features, const guint32 *items,
                         guint n_items)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *vectors = dup_path (key, ".npy");
  g_autofree char *rows = dup_path (key, ".json");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const gsize shape[] = { features->n, (gsize) features->dim };
  guint64 bytes = (guint64) shape[0] * shape[1] * sizeof *features->x;

  if (features->n == 0 || bytes > cw_features_cache_get_limit ())
    return;
  text = describe_rows (key, features, items, n_items);
  /* Rows last: without them, or with those of other vectors, nobody takes what is there. */
  if (g_mkdir_with_parents (folder, 0700) != 0
      || !cw_npy_save (vectors, 'f', 2, shape, features->x, &error)
      || !cw_file_save (rows, text, strlen (text), &error))
    {
      g_debug ("features are not kept in %s: %s", folder, error != NULL ? error->message : "no folder");
      return;
    }
  keep_limit (folder, key);
}
