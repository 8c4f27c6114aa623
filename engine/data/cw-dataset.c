/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-dataset.h"

#include "base/cw-parallel.h"
#include "data/cw-picture.h"
#include "face/cw-landmarks.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

struct _CwDataset
{
  GObject parent_instance;

  char *location;
  char *layout;
  GArray *items;         /* CwItem */
  GPtrArray *paths;      /* char *, NULL = below the location */
  GHashTable *by_name;   /* name -> index + 1 */
  GPtrArray *labels;     /* char * */
  GPtrArray *subjects;   /* char * */
  GHashTable *subject_index;
  GPtrArray *sources;    /* char * */
  GHashTable *source_index;
  GArray *triplets;      /* CwTriplet */
  GPtrArray *columns;    /* char * */
  GArray *values;        /* float, [n_items, n_columns] */
  GPtrArray *rejected;   /* CwRejected */
  GPtrArray *remarks;    /* char * */
  GPtrArray *files;      /* char * */
  GPtrArray *tables;     /* char * */
  char *parameters;

  CwDatasetLoadFunc load;
  CwDatasetLandmarksFunc landmarks;
  gpointer reader_data;
  GDestroyNotify destroy;
  float face_box[4];            /* left, top, width, height */
  CwPoint face[CW_N_LANDMARKS]; /* of items without landmarks of their own */
};

G_DEFINE_FINAL_TYPE (CwDataset, cw_dataset, G_TYPE_OBJECT)

const char *
cw_split_name (CwSplit split)
{
  switch (split)
    {
    case CW_SPLIT_NONE:
      return "none";
    case CW_SPLIT_TRAIN:
      return "train";
    case CW_SPLIT_VALID:
      return "valid";
    case CW_SPLIT_TEST:
      return "test";
    case CW_N_SPLITS:
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
clear_item (gpointer data)
{
  g_free ((char *) ((CwItem *) data)->name);
}

/* (transfer full): names go to JSON, CSV and the screen. */
static char *
valid_name (const char *name)
{
  return g_utf8_make_valid (name, -1);
}

/* Without "FOLDER/NAME: " in front: who lists it names it. */
static const char *
skip_path (const char *name, const char *reason)
{
  const char *found = strstr (reason, name);
  const char *end = found != NULL ? found + strlen (name) : reason;
  g_autofree char *path = g_strndup (reason, (gsize) (end - reason));

  return g_str_has_prefix (end, ": ") && g_file_test (path, G_FILE_TEST_EXISTS) ? end + 2 : reason;
}

CwRejected *
cw_rejected_new (const char *name, const char *reason)
{
  CwRejected *rejected = g_new (CwRejected, 1);

  rejected->name = valid_name (name);
  rejected->reason = valid_name (skip_path (name, reason));
  return rejected;
}

void
cw_rejected_free (gpointer data)
{
  CwRejected *rejected = data;

  g_free (rejected->name);
  g_free (rejected->reason);
  g_free (rejected);
}

static void
cw_dataset_finalize (GObject *object)
{
  CwDataset *self = CW_DATASET (object);

  if (self->destroy != NULL)
    self->destroy (self->reader_data);
  g_free (self->location);
  g_free (self->layout);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->subject_index);
  g_hash_table_unref (self->source_index);
  g_ptr_array_unref (self->sources);
  g_array_unref (self->triplets);
  g_array_unref (self->items);
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->subjects);
  g_ptr_array_unref (self->columns);
  g_array_unref (self->values);
  g_ptr_array_unref (self->rejected);
  g_ptr_array_unref (self->remarks);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->tables);
  g_free (self->parameters);
  G_OBJECT_CLASS (cw_dataset_parent_class)->finalize (object);
}

static void
cw_dataset_class_init (CwDatasetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_dataset_finalize;
}

static void
cw_dataset_init (CwDataset *self)
{
  self->items = g_array_new (FALSE, FALSE, sizeof (CwItem));
  g_array_set_clear_func (self->items, clear_item);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->subject_index = g_hash_table_new (g_str_hash, g_str_equal);
  self->sources = g_ptr_array_new_with_free_func (g_free);
  self->source_index = g_hash_table_new (g_str_hash, g_str_equal);
  self->triplets = g_array_new (FALSE, FALSE, sizeof (CwTriplet));
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->subjects = g_ptr_array_new_with_free_func (g_free);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (float));
  self->rejected = g_ptr_array_new_with_free_func (cw_rejected_free);
  self->remarks = g_ptr_array_new_with_free_func (g_free);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->tables = g_ptr_array_new_with_free_func (g_free);
  self->parameters = g_strdup ("");
  cw_dataset_set_face (self, 0, 0, 1, 1);
}

/* ---- for readers ---- */

CwDataset *
cw_dataset_new (const char *location, const char *layout)
{
  CwDataset *self = g_object_new (CW_TYPE_DATASET, NULL);

  self->location = g_strdup (location);
  self->layout = g_strdup (layout);
  return self;
}

void
cw_dataset_set_loader (CwDataset *self, CwDatasetLoadFunc load, CwDatasetLandmarksFunc landmarks,
                       gpointer reader_data, GDestroyNotify destroy)
{
  self->load = load;
  self->landmarks = landmarks;
  self->reader_data = reader_data;
  self->destroy = destroy;
}

int
cw_dataset_add_label (CwDataset *self, const char *name)
{
  g_autofree char *valid = valid_name (name);

  for (guint i = 0; i < self->labels->len; i++)
    {
      if (strcmp (self->labels->pdata[i], valid) == 0)
        return (int) i;
    }
  g_ptr_array_add (self->labels, g_steal_pointer (&valid));
  return (int) self->labels->len - 1;
}

/* Index of @name in @names, which it is added to where it is new; @index maps names to theirs + 1. */
static int
add_name (GPtrArray *names, GHashTable *index, const char *name)
{
  g_autofree char *valid = valid_name (name);
  gpointer found = g_hash_table_lookup (index, valid);

  if (found != NULL)
    return GPOINTER_TO_INT (found) - 1;
  g_hash_table_insert (index, valid, GINT_TO_POINTER ((int) names->len + 1));
  g_ptr_array_add (names, g_steal_pointer (&valid));
  return (int) names->len - 1;
}

int
cw_dataset_add_subject (CwDataset *self, const char *name)
{
  return add_name (self->subjects, self->subject_index, name);
}

int
cw_dataset_add_column (CwDataset *self, const char *name)
{
  g_return_val_if_fail (self->items->len == 0, -1);

  g_ptr_array_add (self->columns, valid_name (name));
  return (int) self->columns->len - 1;
}

gboolean
cw_dataset_add_item (CwDataset *self, const char *name, const char *path, int label, int subject,
                     CwSplit split, const float *columns)
{
  CwItem item = { valid_name (name), label, subject, split, -1 };
  const float unknown = NAN;

  g_return_val_if_fail (label < (int) self->labels->len, FALSE);
  g_return_val_if_fail (subject < (int) self->subjects->len, FALSE);

  if (g_hash_table_contains (self->by_name, item.name))
    {
      cw_dataset_reject (self, name, "the name stands twice");
      clear_item (&item);
      return FALSE;
    }
  g_array_append_val (self->items, item);
  /* A file name in another encoding is shown with question marks and opened by its bytes. */
  if (path == NULL && self->load == NULL && strcmp (item.name, name) != 0)
    g_ptr_array_add (self->paths, g_build_filename (self->location, name, NULL));
  else
    g_ptr_array_add (self->paths, g_strdup (path));
  g_hash_table_insert (self->by_name, (gpointer) item.name, GUINT_TO_POINTER (self->items->len));
  for (guint c = 0; c < self->columns->len; c++)
    g_array_append_vals (self->values, columns != NULL ? &columns[c] : &unknown, 1);
  return TRUE;
}

void
cw_dataset_set_source (CwDataset *self, guint index, const char *name)
{
  g_return_if_fail (index < self->items->len);

  g_array_index (self->items, CwItem, index).source
      = add_name (self->sources, self->source_index, name);
}

void
cw_dataset_add_triplet (CwDataset *self, const CwTriplet *triplet)
{
  const guint32 *items = triplet->items;

  g_return_if_fail (triplet->odd >= 0 && triplet->odd < 3);
  g_return_if_fail (items[0] != items[1] && items[0] != items[2] && items[1] != items[2]);
  for (int i = 0; i < 3; i++)
    g_return_if_fail (items[i] < self->items->len);

  g_array_append_val (self->triplets, *triplet);
}

void
cw_dataset_reject (CwDataset *self, const char *name, const char *reason)
{
  g_ptr_array_add (self->rejected, cw_rejected_new (name, reason));
}

void
cw_dataset_add_remark (CwDataset *self, const char *text)
{
  g_ptr_array_add (self->remarks, g_utf8_make_valid (text, -1));
}

void
cw_dataset_add_file (CwDataset *self, const char *path)
{
  g_ptr_array_add (self->files, g_strdup (path));
}

void
cw_dataset_add_table (CwDataset *self, const char *path)
{
  g_ptr_array_add (self->tables, g_strdup (path));
}

void
cw_dataset_set_parameters (CwDataset *self, const char *text)
{
  g_free (self->parameters);
  self->parameters = g_strdup (text);
}

void
cw_dataset_set_face (CwDataset *self, float left, float top, float width, float height)
{
  const CwPoint *points = cw_landmark_template_points ();
  const float box[4] = { left, top, width, height };

  memcpy (self->face_box, box, sizeof box);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    self->face[i] = (CwPoint){ left + width * points[i].x, top + height * points[i].y };
}

/* ---- for everybody ---- */

void
cw_dataset_get_face (CwDataset *self, float box[4])
{
  memcpy (box, self->face_box, sizeof self->face_box);
}

const char *
cw_dataset_get_location (CwDataset *self)
{
  return self->location;
}

const char *
cw_dataset_get_layout (CwDataset *self)
{
  return self->layout;
}

guint
cw_dataset_get_n_items (CwDataset *self)
{
  return self->items->len;
}

const CwItem *
cw_dataset_get_item (CwDataset *self, guint index)
{
  g_return_val_if_fail (index < self->items->len, NULL);

  return &g_array_index (self->items, CwItem, index);
}

char *
cw_dataset_dup_path (CwDataset *self, guint index)
{
  const CwItem *item = cw_dataset_get_item (self, index);

  g_return_val_if_fail (item != NULL, NULL);

  if (self->paths->pdata[index] != NULL)
    return g_strdup (self->paths->pdata[index]);
  if (self->load != NULL)
    return NULL;
  return g_build_filename (self->location, item->name, NULL);
}

guint
cw_dataset_get_n_labels (CwDataset *self)
{
  return self->labels->len;
}

const char *
cw_dataset_get_label (CwDataset *self, int label)
{
  g_return_val_if_fail (label >= 0 && (guint) label < self->labels->len, NULL);

  return self->labels->pdata[label];
}

guint
cw_dataset_get_n_subjects (CwDataset *self)
{
  return self->subjects->len;
}

const char *
cw_dataset_get_subject (CwDataset *self, int subject)
{
  g_return_val_if_fail (subject >= 0 && (guint) subject < self->subjects->len, NULL);

  return self->subjects->pdata[subject];
}

guint
cw_dataset_get_n_sources (CwDataset *self)
{
  return self->sources->len;
}

const char *
cw_dataset_get_source (CwDataset *self, int source)
{
  g_return_val_if_fail (source >= 0 && (guint) source < self->sources->len, NULL);

  return self->sources->pdata[source];
}

guint
cw_dataset_get_n_triplets (CwDataset *self)
{
  return self->triplets->len;
}

const CwTriplet *
cw_dataset_get_triplet (CwDataset *self, guint index)
{
  g_return_val_if_fail (index < self->triplets->len, NULL);

  return &g_array_index (self->triplets, CwTriplet, index);
}

guint
cw_dataset_get_n_columns (CwDataset *self)
{
  return self->columns->len;
}

const char *
cw_dataset_get_column_name (CwDataset *self, guint column)
{
  g_return_val_if_fail (column < self->columns->len, NULL);

  return self->columns->pdata[column];
}

float
cw_dataset_get_column (CwDataset *self, guint column, guint index)
{
  g_return_val_if_fail (column < self->columns->len && index < self->items->len, NAN);

  return g_array_index (self->values, float, (gsize) index * self->columns->len + column);
}

guint
cw_dataset_get_n_rejected (CwDataset *self)
{
  return self->rejected->len;
}

const CwRejected *
cw_dataset_get_rejected (CwDataset *self, guint index)
{
  g_return_val_if_fail (index < self->rejected->len, NULL);

  return self->rejected->pdata[index];
}

guint
cw_dataset_count_split (CwDataset *self, CwSplit split)
{
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++)
    n += g_array_index (self->items, CwItem, i).split == split;
  return n;
}

gboolean
cw_dataset_find (CwDataset *self, const char *name, guint *index)
{
  gpointer found = g_hash_table_lookup (self->by_name, name);

  if (found != NULL && index != NULL)
    *index = GPOINTER_TO_UINT (found) - 1;
  return found != NULL;
}

CwImage *
cw_dataset_load_image (CwDataset *self, guint index, int max_side, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (index < self->items->len, NULL);

  if (self->load != NULL)
    return self->load (self, index, max_side, self->reader_data, error);
  path = cw_dataset_dup_path (self, index);
  return cw_picture_load (path, max_side, error);
}

gboolean
cw_dataset_find_landmarks (CwDataset *self, guint index, CwPoint *points)
{
  return self->landmarks != NULL && self->landmarks (self, index, self->reader_data, points);
}

void
cw_dataset_get_landmarks (CwDataset *self, guint index, CwPoint *points)
{
  if (!cw_dataset_find_landmarks (self, index, points))
    memcpy (points, self->face, sizeof self->face);
}

guint
cw_dataset_get_n_remarks (CwDataset *self)
{
  return self->remarks->len;
}

const char *
cw_dataset_get_remark (CwDataset *self, guint index)
{
  g_return_val_if_fail (index < self->remarks->len, NULL);

  return self->remarks->pdata[index];
}

guint
cw_dataset_get_n_files (CwDataset *self)
{
  return self->files->len;
}

const char *
cw_dataset_get_file (CwDataset *self, guint index)
{
  g_return_val_if_fail (index < self->files->len, NULL);

  return self->files->pdata[index];
}

static gboolean
is_same_file (const char *path, const struct stat *st)
{
  struct stat own;

  return stat (path, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

gboolean
cw_dataset_reads_file (CwDataset *self, const char *path)
{
  gboolean found = FALSE;
  struct stat st;

  if (stat (path, &st) != 0)
    return FALSE;
  found = is_same_file (self->location, &st);
  for (guint i = 0; i < self->files->len && !found; i++)
    found = is_same_file (self->files->pdata[i], &st);
  for (guint i = 0; i < self->tables->len && !found; i++)
    found = is_same_file (self->tables->pdata[i], &st);
  return found;
}

const char *
cw_dataset_get_parameters (CwDataset *self)
{
  return self->parameters;
}

static guint64
hash_bytes (guint64 hash, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;

  /* FNV-1a. */
  for (gsize i = 0; i < size; i++)
    hash = (hash ^ bytes[i]) * 0x100000001b3ull;
  return hash;
}

guint64
cw_dataset_fingerprint (CwDataset *self)
{
  guint64 hash = 0xcbf29ce484222325ull;

  for (guint i = 0; i < self->items->len; i++)
    {
      const CwItem *item = cw_dataset_get_item (self, i);
      const gint32 numbers[3] = { item->label, item->subject, (gint32) item->split };

      hash = hash_bytes (hash, item->name, strlen (item->name) + 1);
      hash = hash_bytes (hash, numbers, sizeof numbers);
    }
  for (guint i = 0; i < self->labels->len; i++)
    hash = hash_bytes (hash, self->labels->pdata[i], strlen (self->labels->pdata[i]) + 1);
  return hash;
}

char *
cw_dataset_dup_fingerprint (CwDataset *self)
{
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", cw_dataset_fingerprint (self));
}

/* ---- check ---- */

/* Threads of its own: decoding waits for the disk and allocates, which blocks of cw_parallel_for() may
 * not. */
typedef struct
{
  CwDataset *dataset;
  char **reasons; /* [n_items]: NULL = readable */
  gint next;      /* atomic */
  gint stop;      /* atomic */
} Check;

static gboolean
check_next (Check *check)
{
  guint i = (guint) g_atomic_int_add (&check->next, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = NULL;

  if (i >= cw_dataset_get_n_items (check->dataset) || g_atomic_int_get (&check->stop))
    return FALSE;
  image = cw_dataset_load_image (check->dataset, i, 0, &error);
  if (image == NULL)
    check->reasons[i] = g_strdup (error->message);
  return TRUE;
}

static gpointer
check_main (gpointer data)
{
  while (check_next (data))
    ;
  return NULL;
}

gboolean
cw_dataset_check (CwDataset *self, CwJob *job, GPtrArray **rejected, GError **error)
{
  guint n = self->items->len;
  g_autofree char **reasons = g_new0 (char *, n + 1);
  Check check = { .dataset = self, .reasons = reasons };
  GThread *threads[CW_PARALLEL_MAX_THREADS];
  int n_threads = MIN (cw_parallel_get_threads (), (int) (n / 16));
  gboolean ok = TRUE;
  guint round = 0;

  for (int t = 1; t < n_threads; t++)
    threads[t] = g_thread_new ("cw-check", check_main, &check);
  do
    {
      double done = (double) g_atomic_int_get (&check.next) / MAX (n, 1);

      ok = round++ % 16 != 0 || cw_job_progress (job, MIN (done, 1), NULL, error);
    }
  while (ok && check_next (&check));
  g_atomic_int_set (&check.stop, !ok);
  for (int t = 1; t < n_threads; t++)
    g_thread_join (threads[t]);

  if (ok)
    *rejected = g_ptr_array_new_with_free_func (cw_rejected_free);
  for (guint i = 0; i < n; i++)
    {
      if (ok && reasons[i] != NULL)
        g_ptr_array_add (*rejected,
                         cw_rejected_new (cw_dataset_get_item (self, i)->name, reasons[i]));
      g_free (reasons[i]);
    }
  return ok;
}
