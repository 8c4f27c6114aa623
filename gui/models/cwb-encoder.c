/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-encoder.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_label_free (const CwExperiment *experiment)
{
  /* Of weights that it began with nobody knows. */
  return !experiment->recipe->objective->needs_labels && *experiment->initial.weights == '\0';
}

/* (transfer full) */
static char *
name_step (const char *run, guint64 step)
{
  g_autofree char *name = g_path_get_basename (run);

  /* Translators: the name of a run and how far it was */
  return g_strdup_printf (_ ("%s, step %lu"), name, (gulong) step);
}

static void
find_run (CwbEncoder *self)
{
  g_autofree char *path = NULL;
  g_autoptr (CwExperiment) experiment = NULL;

  self->run = cw_checkpoint_dup_run (self->model->origin, &self->step);
  if (self->run == NULL)
    return;
  path = g_build_filename (self->run, "experiment.cwexp", NULL);
  experiment = cw_experiment_load (path, NULL);
  self->label_free = experiment != NULL && is_label_free (experiment);
}

static CwbEncoder *
new_of_model (CwModel *model)
{
  CwbEncoder *self = g_atomic_rc_box_new0 (CwbEncoder);

  self->model = cw_model_ref (model);
  return self;
}

CwbEncoder *
cwb_encoder_new (CwModel *model)
{
  CwbEncoder *self = new_of_model (model);

  self->opened = TRUE;
  find_run (self);
  self->name = self->run != NULL ? name_step (self->run, self->step)
                                 : g_path_get_basename (model->origin);
  return self;
}

CwbEncoder *
cwb_encoder_new_trained (CwModel *model, CwRun *run)
{
  CwbEncoder *self = new_of_model (model);

  self->run = g_strdup (cw_run_get_folder (run));
  /* The run itself may be further by now. */
  self->step = model->step > 0 ? model->step : cw_run_get_step (run);
  self->label_free = is_label_free (cw_run_get_experiment (run));
  self->name = name_step (self->run, self->step);
  return self;
}

CwbEncoder *
cwb_encoder_ref (CwbEncoder *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
encoder_clear (gpointer data)
{
  CwbEncoder *self = data;

  g_clear_pointer (&self->model, cw_model_unref);
  g_free (self->run);
  g_free (self->name);
}

void
cwb_encoder_unref (CwbEncoder *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, encoder_clear);
}

gboolean
cwb_encoder_equal (const CwbEncoder *a, const CwbEncoder *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->model == b->model
         || (a->run != NULL && g_strcmp0 (a->run, b->run) == 0 && a->step == b->step);
}
