/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "config.h"

#include "gf-scene.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LOCATION "generated:faces"

typedef struct
{
  int n;
  int seed;
  int size;
  int per_subject;
  float nuisance;
} Params;

static const CwParamSpec params[] = {
  CW_PARAM_INT (Params, n, "n", N_ ("Pictures"), "", 1, 1000000, 4000, N_ ("How many pictures")),
  CW_PARAM_INT (Params, seed, "seed", N_ ("Seed"), "", 0, G_MAXINT, 1,
                N_ ("Another seed, other people in other pictures")),
  CW_PARAM_INT (Params, size, "size", N_ ("Size"), "px", GF_MIN_SIZE, GF_MAX_SIZE, 96,
                N_ ("Side of the square pictures")),
  CW_PARAM_INT (Params, per_subject, "per-subject", N_ ("Pictures of each person"), "", 1, 1024, 16,
                N_ ("How many pictures in a row show the same person")),
  CW_PARAM_FLOAT (Params, nuisance, "nuisance", N_ ("Nuisance"), "", 0, 1, 0.3,
                  N_ ("How much pose, light, background, colour, blur and noise vary")),
  CW_PARAM_END,
};

/* What is after the word "generated:" up to the parameters must be ours, too. */
static gboolean
is_faces (const char *location)
{
  const size_t n = strlen (LOCATION);

  return strncmp (location, LOCATION, n) == 0 && (location[n] == '\0' || location[n] == '?');
}

static int
generated_probe (const char *location)
{
  if (is_faces (location))
    return 100;
  /* So that a misspelt address is told from a missing plugin. */
  return g_str_has_prefix (location, "generated:") ? 50 : 0;
}

/* A face takes milliseconds to draw, and a dataset is walked through again and again. */
#define CACHE_BYTES ((gsize)192 << 20)

typedef struct
{
  Params params;
  GMutex lock;
  CwImage **drawn; /* [n]; guarded by lock */
  gsize bytes;
} Faces;

static Faces *
faces_new (const Params *given)
{
  Faces *faces = g_new0 (Faces, 1);

  faces->params = *given;
  faces->drawn = g_new0 (CwImage *, given->n);
  g_mutex_init (&faces->lock);
  return faces;
}

static void
faces_free (gpointer data)
{
  Faces *faces = data;

  for (int i = 0; i < faces->params.n; i++)
    g_clear_pointer (&faces->drawn[i], cw_image_unref);
  g_free (faces->drawn);
  g_mutex_clear (&faces->lock);
  g_free (faces);
}

/* (transfer full): NULL when memory is short. */
static CwImage *
draw_face (Faces *faces, guint index)
{
  const Params *p = &faces->params;
  const GfScene scene
      = gf_scene_new ((uint64_t)p->seed, index, (uint32_t)p->per_subject, (double)p->nuisance);
  g_autoptr (CwImage) image = NULL;

  g_mutex_lock (&faces->lock);
  if (faces->drawn[index] != NULL)
    image = cw_image_ref (faces->drawn[index]);
  g_mutex_unlock (&faces->lock);
  if (image != NULL)
    return g_steal_pointer (&image);

  image = cw_image_new (p->size, p->size, 3);
  if (image == NULL || !gf_scene_render (&scene, p->size, image->data))
    return NULL;
  g_mutex_lock (&faces->lock);
  if (faces->drawn[index] == NULL && faces->bytes + cw_image_bytes (image) <= CACHE_BYTES)
    {
      faces->drawn[index] = cw_image_ref (image);
      faces->bytes += cw_image_bytes (image);
    }
  g_mutex_unlock (&faces->lock);
  return g_steal_pointer (&image);
}

static CwImage *
generated_load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  Faces *faces = data;
  const Params *p = &faces->params;
  g_autoptr (CwImage) image = draw_face (faces, index);
  CwImage *shrunk = NULL;

  if (image != NULL)
    shrunk = max_side > 0 && max_side < p->size ? cw_image_shrink (image, max_side)
                                                : cw_image_ref (image);
  if (shrunk == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                 "%s: no memory for a picture of %d x %d pixels",
                 cw_dataset_get_item (dataset, index)->name, p->size, p->size);
  return shrunk;
}

static gboolean
generated_landmarks (CwDataset *dataset, guint index, gpointer data, CwPoint *points)
{
  const Params *p = &((const Faces *)data)->params;
  const GfScene scene
      = gf_scene_new ((uint64_t)p->seed, index, (uint32_t)p->per_subject, (double)p->nuisance);

  gf_scene_landmarks (&scene, points);
  return TRUE;
}

/* Columns after those of the action units: what is neither person nor expression. Angles in radians. */
static const char *const nuisance_columns[] = {
  "pose-yaw", "pose-pitch", "pose-roll", "light-x", "light-y", "light-contrast", "light-exposure",
};

#define N_NUISANCE_COLUMNS G_N_ELEMENTS (nuisance_columns)

static void
fill_nuisance (const GfNuisance *n, float *columns)
{
  const double values[N_NUISANCE_COLUMNS]
      = { n->pose.yaw, n->pose.pitch,     n->pose.roll, n->light.x,
          n->light.y,  n->light.contrast, n->exposure };

  for (gsize i = 0; i < N_NUISANCE_COLUMNS; i++)
    columns[i] = (float)values[i];
}

static void
add_columns (CwDataset *dataset)
{
  for (int e = 0; e < GF_N_EXPRESSIONS; e++)
    cw_dataset_add_label (dataset, gf_expression_name ((GfExpression)e));
  for (int au = 0; au < GF_N_AUS; au++)
    cw_dataset_add_column (dataset, gf_action_units[au].column);
  for (gsize i = 0; i < N_NUISANCE_COLUMNS; i++)
    cw_dataset_add_column (dataset, nuisance_columns[i]);
}

static gboolean
add_items (CwDataset *dataset, const Params *p, CwJob *job, GError **error)
{
  const uint64_t seed = (uint64_t)p->seed;
  GfPerson person;
  int subject = -1;

  for (int i = 0; i < p->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("face-%06d.png", i);
      float columns[GF_N_AUS + N_NUISANCE_COLUMNS];
      GfNuisance nuisance;
      GfActivity activity;

      if (i % p->per_subject == 0)
        {
          g_autofree char *who = g_strdup_printf ("person-%05d", i / p->per_subject);

          person = gf_person_draw (seed, (uint32_t)(i / p->per_subject));
          subject = cw_dataset_add_subject (dataset, who);
        }
      if (i % 1024 == 0 && !cw_job_progress (job, (double)i / p->n, NULL, error))
        return FALSE;
      activity = gf_scene_activity (seed, (uint32_t)i, &person);
      for (int au = 0; au < GF_N_AUS; au++)
        columns[au] = (float)gf_activity_get (&activity, (GfActionUnit)au);
      nuisance = gf_nuisance_draw (seed, (uint32_t)i, (double)p->nuisance);
      fill_nuisance (&nuisance, columns + GF_N_AUS);
      cw_dataset_add_item (dataset, name, NULL, (int)gf_scene_label (seed, (uint32_t)i), subject,
                           CW_SPLIT_NONE, columns);
    }
  return TRUE;
}

static CwDataset *
generated_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  const Params *p = block;
  g_autoptr (CwDataset) dataset = NULL;

  if (!is_faces (location))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: nothing of that name is generated; write " LOCATION, location);
      return NULL;
    }
  dataset = cw_dataset_new (location, "generated");
  cw_dataset_set_loader (dataset, generated_load, generated_landmarks, faces_new (p), faces_free);
  add_columns (dataset);
  if (!add_items (dataset, p, job, error))
    return NULL;
  return g_steal_pointer (&dataset);
}

static const CwReaderClass generated_reader = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "generated",
            .label = N_ ("Generated faces"),
            .description = N_ ("Drawn faces with known expression, action units and landmarks"),
            .params = params,
            .params_size = sizeof (Params) },
  .probe = generated_probe,
  .open = generated_open,
};

static const CwDescriptor *const operations[] = { &generated_reader.base, NULL };

CW_MODULE_EXPORT const CwModuleInfo cw_module_info = {
  .abi = CW_ABI_VERSION,
  .name = "generated-faces",
  .description = "Faces drawn with Cairo, for trying things out without data",
  .operations = operations,
};
