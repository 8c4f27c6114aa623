/* SPDX-License-Identifier: MIT */
#include "cw-test-faces.h"

#include "base/cw-error.h"
#include "data/cw-reader.h"
#include "image/cw-image.h"

#define SIDE 24
#define N_LABELS 3

static const char *const labels[N_LABELS] = { "calm", "glad", "sad" };

typedef struct
{
  int n, broken, delay_ms;
} FacesParams;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (FacesParams, n, "n", "Pictures", "", 1, 100000, 24, "How many"),
  CW_PARAM_INT (FacesParams, broken, "broken", "Broken", "", -1, 100000, -1, "Which is not read"),
  CW_PARAM_INT (FacesParams, delay_ms, "delay-ms", "Delay", "ms", 0, 1000, 0, "Of each"),
  CW_PARAM_END
};

static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const FacesParams *params = data;
  CwImage *image;

  if (params->delay_ms > 0)
    g_usleep ((gulong) params->delay_ms * 1000);
  if ((int) index == params->broken)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "face-%u: broken on purpose", index);
      return NULL;
    }
  image = cw_image_new (SIDE, SIDE, 1);
  for (guint i = 0; i < SIDE * SIDE; i++)
    {
      guint32 x = (index * 4099 + i / 5) * 2654435769u;

      image->data[i] = (guint8) ((x ^ x >> 15) * 2246822519u >> 24);
    }
  return image;
}

static int
probe (const char *location)
{
  return 0;
}

static CwDataset *
open_faces (const char *location, gconstpointer params, CwJob *job, GError **error)
{
  CwDataset *dataset = cw_dataset_new (location, "test-faces");
  FacesParams *own = g_memdup2 (params, sizeof *own);

  cw_dataset_set_loader (dataset, load, NULL, own, g_free);
  for (int i = 0; i < N_LABELS; i++)
    cw_dataset_add_label (dataset, labels[i]);
  for (int i = 0; i < own->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("face-%d", i);

      cw_dataset_add_item (dataset, name, NULL, i % 5 == 4 ? -1 : i % N_LABELS, -1,
                           i % 4 == 3 ? CW_SPLIT_VALID : CW_SPLIT_TRAIN, NULL);
    }
  cw_dataset_reject (dataset, "face-x", "not even a name");
  return dataset;
}

static const CwReaderClass faces = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "test-faces",
            .label = "Test faces",
            .description = "For tests",
            .params = specs,
            .params_size = sizeof (FacesParams) },
  .probe = probe,
  .open = open_faces,
};

void
cw_test_register_faces (void)
{
  g_autoptr (GError) error = NULL;

  cw_registry_add (&faces.base, "test", &error);
  g_assert_no_error (error);
}

void
cw_test_set (CwExperiment *experiment, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  cw_experiment_set (experiment, key, value, &error);
  g_assert_no_error (error);
}

CwExperiment *
cw_test_tiny_experiment (const char *location)
{
  static const char *const keys[][2] = {
    { "data.reader", "test-faces" }, { "view.size", "16" },       { "encoder.width", "8" },
    { "heads.projector-hidden", "16" }, { "heads.projector-out", "8" },
    { "heads.predictor-hidden", "16" }, { "schedule.batch", "4" }, { "schedule.epochs", "3" },
    { "run.checkpoint-every", "0.5" }, { "experiment.name", "tiny" },
  };
  CwExperiment *experiment = cw_experiment_new ();

  cw_test_set (experiment, "data.location", location);
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    cw_test_set (experiment, keys[i][0], keys[i][1]);
  return experiment;
}
