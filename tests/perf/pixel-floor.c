/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-pixel-floor"

/* How far plain pixels go on a labelled dataset: grey pictures, standardised, reduced to their
 * principal components; the class of the nearest neighbour by cosine, the same subject barred. What
 * a representation is worth begins above this. With --limit it fails when the figure is over it. */

#include "contrawarp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ITERATIONS 12

typedef struct
{
  int side;
  int components;
  double limit;
} Options;

/* Rows of @d floats. */
typedef struct
{
  guint n;
  size_t d;
  float *x;
} Table;

/* In eight sums, which compilers keep in one register. */
static float
dot (const float *a, const float *b, size_t d)
{
  float sums[8] = { 0 };
  float sum = 0;
  size_t i = 0;

  for (; i + 8 <= d; i += 8)
    {
      for (size_t j = 0; j < 8; j++)
        sums[j] += a[i + j] * b[i + j];
    }
  for (; i < d; i++)
    sum += a[i] * b[i];
  for (size_t j = 0; j < 8; j++)
    sum += sums[j];
  return sum;
}

/* Area means of the luma over a grid of @side x @side. */
static void
fill_row (const CwImage *image, int side, float *row)
{
  for (int v = 0; v < side; v++)
    {
      for (int u = 0; u < side; u++)
        {
          const int x0 = u * image->w / side, x1 = MAX ((u + 1) * image->w / side, x0 + 1);
          const int y0 = v * image->h / side, y1 = MAX ((v + 1) * image->h / side, y0 + 1);
          double sum = 0;

          for (int y = y0; y < y1; y++)
            {
              for (int x = x0; x < x1; x++)
                {
                  const guint8 *p = image->data + ((size_t) y * image->w + x) * image->c;

                  sum += image->c == 1 ? p[0] : 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
                }
            }
          row[v * side + u] = (float) (sum / ((x1 - x0) * (y1 - y0)));
        }
    }
}

/* Mean 0 and deviation 1 over the row. */
static void
standardise (float *row, size_t d)
{
  double mean = 0, square = 0;

  for (size_t i = 0; i < d; i++)
    mean += (double) row[i];
  mean /= (double) d;
  for (size_t i = 0; i < d; i++)
    square += ((double) row[i] - mean) * ((double) row[i] - mean);
  for (size_t i = 0; i < d; i++)
    row[i] = (float) (((double) row[i] - mean) / (sqrt (square / (double) d) + 1e-6));
}

static void
centre_columns (Table *table)
{
  for (size_t i = 0; i < table->d; i++)
    {
      double mean = 0;

      for (guint r = 0; r < table->n; r++)
        mean += (double) table->x[r * table->d + i];
      for (guint r = 0; r < table->n; r++)
        table->x[r * table->d + i] -= (float) (mean / table->n);
    }
}

/* Gram-Schmidt, twice for the rounding. */
static void
orthonormalise (float *basis, int k, size_t d)
{
  for (int i = 0; i < k; i++)
    {
      float *b = basis + (size_t) i * d;

      for (int pass = 0; pass < 2; pass++)
        {
          for (int j = 0; j < i; j++)
            {
              const float *a = basis + (size_t) j * d;
              const float along = dot (a, b, d);

              for (size_t c = 0; c < d; c++)
                b[c] -= along * a[c];
            }
        }
      {
        const float norm = sqrtf (dot (b, b, d)) + 1e-20f;

        for (size_t c = 0; c < d; c++)
          b[c] /= norm;
      }
    }
}

typedef struct
{
  const Table *table;
  const float *basis;
  float *scores;
  int k;
} Projection;

static void
project_row (int row, int worker, void *data)
{
  const Projection *p = data;

  for (int j = 0; j < p->k; j++)
    p->scores[(size_t) row * p->k + j]
        = dot (p->table->x + row * p->table->d, p->basis + j * p->table->d, p->table->d);
}

typedef struct
{
  const Table *table;
  const float *scores;
  float *basis;
  int k;
} Gathering;

static void
gather_component (int j, int worker, void *data)
{
  const Gathering *g = data;
  float *b = g->basis + j * g->table->d;

  memset (b, 0, g->table->d * sizeof *b);
  for (guint r = 0; r < g->table->n; r++)
    {
      const float s = g->scores[(size_t) r * g->k + j];
      const float *x = g->table->x + r * g->table->d;

      for (size_t c = 0; c < g->table->d; c++)
        b[c] += s * x[c];
    }
}

/* The coordinates in the span of the @k largest principal components, by subspace iteration. The
 * basis within the span is not rotated to the components: cosines do not see the difference. */
static Table
reduce (const Table *table, int k)
{
  Table reduced = { table->n, (size_t) k, g_new (float, (size_t) table->n * (size_t) k) };
  g_autofree float *basis = g_new (float, (size_t) k * table->d);
  CwRng rng = cw_rng_new (1, CW_RNG_EVAL, 0, 0, 0, 0);
  Projection projection = { table, basis, reduced.x, k };
  Gathering gathering = { table, reduced.x, basis, k };

  for (size_t i = 0; i < (size_t) k * table->d; i++)
    basis[i] = cw_rng_normal (&rng);
  for (int i = 0; i < ITERATIONS; i++)
    {
      orthonormalise (basis, k, table->d);
      cw_parallel_for ((int) table->n, project_row, &projection);
      cw_parallel_for (k, gather_component, &gathering);
    }
  orthonormalise (basis, k, table->d);
  cw_parallel_for ((int) table->n, project_row, &projection);
  return reduced;
}

typedef struct
{
  const Table *table;
  const CwItem **items;
  guint8 *right; /* one per row */
} Search;

static void
search_row (int row, int worker, void *data)
{
  const Search *s = data;
  const size_t d = s->table->d;
  const CwItem *query = s->items[row];
  float best = -HUGE_VALF;

  for (guint r = 0; r < s->table->n; r++)
    {
      float score;

      if (r == (guint) row || (query->subject >= 0 && s->items[r]->subject == query->subject))
        continue;
      score = dot (s->table->x + row * d, s->table->x + r * d, d);
      if (score > best)
        {
          best = score;
          s->right[row] = s->items[r]->label == query->label;
        }
    }
}

static double
nearest_accuracy (Table *table, const CwItem **items)
{
  g_autofree guint8 *right = g_new0 (guint8, table->n);
  Search search = { table, items, right };
  guint sum = 0;

  for (guint r = 0; r < table->n; r++)
    {
      float *x = table->x + r * table->d;
      const float norm = sqrtf (dot (x, x, table->d)) + 1e-20f;

      for (size_t i = 0; i < table->d; i++)
        x[i] /= norm;
    }
  cw_parallel_for ((int) table->n, search_row, &search);
  for (guint r = 0; r < table->n; r++)
    sum += right[r];
  return (double) sum / table->n;
}

typedef struct
{
  CwDataset *dataset;
  const guint *indices;
  const Table *table;
  int side;
  gint failed;
} Loading;

static void
load_row (int row, int worker, void *data)
{
  Loading *l = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = cw_dataset_load_image (l->dataset, l->indices[row], 0, &error);
  float *x = l->table->x + row * l->table->d;

  if (image == NULL)
    {
      g_atomic_int_set (&l->failed, 1);
      g_printerr ("pixel-floor: %s\n", error->message);
      return;
    }
  fill_row (image, l->side, x);
  standardise (x, l->table->d);
}

static gboolean
measure (CwDataset *dataset, const Options *options, double *accuracy)
{
  const guint total = cw_dataset_get_n_items (dataset);
  g_autofree guint *indices = g_new (guint, total);
  g_autofree const CwItem **items = g_new (const CwItem *, total);
  const size_t d = (size_t) options->side * (size_t) options->side;
  Table pixels = { 0, d, NULL };
  Table reduced;
  Loading loading;

  for (guint i = 0; i < total; i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      if (item->label < 0)
        continue;
      indices[pixels.n] = i;
      items[pixels.n++] = item;
    }
  if (pixels.n < 2)
    {
      g_printerr ("pixel-floor: fewer than two pictures have labels\n");
      return FALSE;
    }
  pixels.x = g_new0 (float, pixels.n * d);
  loading = (Loading) { dataset, indices, &pixels, options->side, 0 };
  cw_parallel_for ((int) pixels.n, load_row, &loading);
  centre_columns (&pixels);
  reduced = reduce (&pixels, MIN (options->components, (int) MIN (pixels.n, d)));
  *accuracy = nearest_accuracy (&reduced, items);
  g_free (reduced.x);
  g_free (pixels.x);
  return !loading.failed;
}

int
main (int argc, char **argv)
{
  Options options = { .side = 48, .components = 64, .limit = 1 };
  const GOptionEntry entries[] = {
    { "side", 0, 0, G_OPTION_ARG_INT, &options.side, "Pixels of a side (default: 48)", "N" },
    { "components", 0, 0, G_OPTION_ARG_INT, &options.components, "Default: 64", "K" },
    { "limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.limit, "Fail when it is over this", "ACCURACY" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("LOCATION");
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  double accuracy = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || options.side < 4
      || options.side > 256 || options.components < 1)
    {
      fprintf (stderr, "pixel-floor: %s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  cw_init ();
  dataset = cw_dataset_open (argv[1], NULL, NULL, NULL, &error);
  if (dataset == NULL)
    {
      fprintf (stderr, "pixel-floor: %s\n", error->message);
      return 1;
    }
  if (!measure (dataset, &options, &accuracy))
    return 1;
  printf ("%s: nearest neighbour of %d components of %d x %d grey pixels, other subjects only: "
          "%.1f %% of %u classes\n",
          argv[1], options.components, options.side, options.side, 100 * accuracy,
          cw_dataset_get_n_labels (dataset));
  if (accuracy > options.limit)
    {
      fprintf (stderr, "pixel-floor: over the limit of %.1f %%\n", 100 * options.limit);
      return 1;
    }
  return 0;
}
