/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-dataset.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Where pictures come from no file, so many are looked at. */
#define N_PROBES 4

static void
add_text (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
}

static void
add_numbers (GChecksum *sum, const gint64 *numbers, gsize n)
{
  g_checksum_update (sum, (const guchar *) numbers, (gssize) (n * sizeof *numbers));
}

/* Writing moves the time of change too, which no program can set: a file that gets its old time
 * back is noticed. */
static void
add_file (GChecksum *sum, const char *path)
{
  gint64 numbers[5] = { 0 };
  struct stat st;

  if (stat (path, &st) == 0)
    {
      numbers[0] = st.st_size;
      numbers[1] = st.st_mtim.tv_sec;
      numbers[2] = st.st_mtim.tv_nsec;
      numbers[3] = st.st_ctim.tv_sec;
      numbers[4] = st.st_ctim.tv_nsec;
    }
  add_text (sum, path);
  add_numbers (sum, numbers, G_N_ELEMENTS (numbers));
}

/* A drawing program may have changed where no parameter did. */
static void
add_probes (GChecksum *sum, CwDataset *dataset, const guint32 *items, guint n_items)
{
  guint n = MIN (n_items, N_PROBES);

  for (guint i = 0; i < n; i++)
    {
      guint32 item = items[(guint64) n_items * i / n];
      g_autoptr (CwImage) image = cw_dataset_load_image (dataset, item, 0, NULL);
      gint64 hash = image != NULL ? (gint64) cw_image_hash (image) : 0;

      add_numbers (sum, &hash, 1);
    }
}

char *
cw_dataset_dup_state (CwDataset *dataset, const guint32 *items, guint n_items)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint n_files = cw_dataset_get_n_files (dataset);
  gboolean all_have_files = TRUE;

  add_text (sum, cw_dataset_get_location (dataset));
  add_text (sum, cw_dataset_get_parameters (dataset));
  for (guint i = 0; i < n_items; i++)
    {
      g_autofree char *path = cw_dataset_dup_path (dataset, items[i]);
      gint64 item = items[i];

      add_text (sum, cw_dataset_get_item (dataset, items[i])->name);
      add_numbers (sum, &item, 1);
      if (path != NULL)
        add_file (sum, path);
      else
        all_have_files = FALSE;
    }
  for (guint i = 0; i < n_files; i++)
    add_file (sum, cw_dataset_get_file (dataset, i));
  if (!all_have_files && n_files == 0)
    add_probes (sum, dataset, items, n_items);
  return g_strdup (g_checksum_get_string (sum));
}
