/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-session.h"

#include "models/cwb-item-model.h"
#include "util/cwb-settings.h"
#include "util/cwb-task.h"

#include <errno.h>
#include <glib/gi18n.h>

/* Some 900 pictures of 192 px. */
#define THUMBNAIL_BYTES (128u << 20)

typedef struct
{
  char *location, *reader, *options;
} OpenRequest;

struct _CwbSession
{
  GObject parent_instance;

  CwDataset *dataset;
  CwbTask *opening; /* (nullable) */
  double loading_fraction;
  char *open_error;
  guint selected;
  int filter_label, filter_split;
  CwExperiment *experiment;
  CwRun *run;
  CwbEncoder *encoder; /* (nullable) */
  CwbVectors *vectors; /* (nullable), perhaps of a former dataset */
  char *runs_folder;
  CwbThumbnails *thumbnails;
};

G_DEFINE_FINAL_TYPE (CwbSession, cwb_session, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (CwModel, cwb_model, cw_model_ref, cw_model_unref)
G_DEFINE_BOXED_TYPE (CwbVectors, cwb_vectors, cwb_vectors_ref, cwb_vectors_unref)

enum
{
  PROP_0,
  PROP_DATASET,
  PROP_LOADING,
  PROP_LOADING_FRACTION,
  PROP_SELECTED,
  PROP_RUN,
  PROP_MODEL,
  PROP_VECTORS,
  N_PROPS,
};

enum
{
  EXPERIMENT_CHANGED,
  MODEL_OPENED,
  ERROR,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* ---- opening ---- */

static void
open_request_free (gpointer data)
{
  OpenRequest *request = data;

  g_free (request->location);
  g_free (request->reader);
  g_free (request->options);
  g_free (request);
}

static gpointer
open_work (gpointer data, CwJob *job, GError **error)
{
  const OpenRequest *request = data;

  return cw_dataset_open (request->location, request->reader, request->options, job, error);
}

static void
set_loading_fraction (CwbSession *self, double fraction)
{
  self->loading_fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING_FRACTION]);
}

static void
open_progress (gpointer owner, CwbTask *task, double fraction, const char *what)
{
  set_loading_fraction (owner, fraction);
}

static void
replace_string (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value != NULL ? value : "");
}

/* As in [data]: 0 = all, else a CwSplit and one. What is held out for the evaluation is not trained on, unless one
 * asks for it. */
static int
choose_split (CwDataset *dataset)
{
  return cw_dataset_count_split (dataset, CW_SPLIT_TRAIN) > 0 ? CW_SPLIT_TRAIN + 1 : 0;
}

static gboolean
has_split (CwDataset *dataset, int split)
{
  return split == 0 || cw_dataset_count_split (dataset, (CwSplit) (split - 1)) > 0;
}

/* What to train on becomes these data: their part that was chosen, where it was of the same. */
static void
point_at (CwDataParams *data, CwDataset *dataset, const char *location, const char *reader,
          const char *options)
{
  if (g_strcmp0 (data->location, location) != 0 || !has_split (dataset, data->split))
    data->split = choose_split (dataset);
  replace_string (&data->location, location);
  replace_string (&data->reader, reader);
  replace_string (&data->options, options);
}

static void
take_dataset (CwbSession *self, CwDataset *dataset, const OpenRequest *request)
{
  point_at (&self->experiment->data, dataset, request->location, request->reader, request->options);
  g_object_freeze_notify (G_OBJECT (self));
  self->selected = G_MAXUINT;
  self->filter_label = self->filter_split = CWB_ANY;
  g_clear_object (&self->dataset);
  self->dataset = dataset;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DATASET]);
  g_object_thaw_notify (G_OBJECT (self));
  cwb_session_experiment_changed (self);
}

static void
open_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbSession *self = owner;
  CwbTask *opening = g_steal_pointer (&self->opening);

  if (result != NULL)
    take_dataset (self, result, cwb_task_get_data (task));
  else
    self->open_error = g_strdup (error->message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
  if (error != NULL)
    cwb_session_report_error (self, error->message);
  cwb_task_unref (opening);
}

static const CwbTaskClass open_task = {
  .work = open_work,
  .progress = open_progress,
  .done = open_done,
  .free_data = open_request_free,
  .free_result = g_object_unref,
};

void
cwb_session_open_location (CwbSession *self, const char *location, const char *reader,
                           const char *options)
{
  OpenRequest *request = g_new0 (OpenRequest, 1);

  g_return_if_fail (CWB_IS_SESSION (self));
  g_return_if_fail (location != NULL);

  request->location = g_strdup (location);
  request->reader = g_strdup (reader);
  request->options = g_strdup (options);
  cwb_task_clear (&self->opening);
  g_clear_pointer (&self->open_error, g_free);
  self->opening = cwb_task_start (&open_task, self, request);
  set_loading_fraction (self, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

void
cwb_session_cancel_open (CwbSession *self)
{
  g_return_if_fail (CWB_IS_SESSION (self));

  if (self->opening == NULL)
    return;
  cwb_task_clear (&self->opening);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* ---- object ---- */

static void
cwb_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CwbSession *self = CWB_SESSION (object);

  switch (prop_id)
    {
    case PROP_DATASET:
      g_value_set_object (value, self->dataset);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->opening != NULL);
      break;
    case PROP_LOADING_FRACTION:
      g_value_set_double (value, self->loading_fraction);
      break;
    case PROP_SELECTED:
      g_value_set_uint (value, self->selected);
      break;
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_MODEL:
      g_value_set_boxed (value, cwb_session_get_model (self));
      break;
    case PROP_VECTORS:
      g_value_set_boxed (value, cwb_session_get_vectors (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwbSession *self = CWB_SESSION (object);

  switch (prop_id)
    {
    case PROP_SELECTED:
      cwb_session_set_selected (self, g_value_get_uint (value));
      break;
    case PROP_RUN:
      cwb_session_set_run (self, g_value_get_object (value));
      break;
    case PROP_MODEL:
      cwb_session_set_model (self, g_value_get_boxed (value));
      break;
    case PROP_VECTORS:
      cwb_session_set_vectors (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_session_dispose (GObject *object)
{
  CwbSession *self = CWB_SESSION (object);

  cwb_task_clear (&self->opening);
  g_clear_object (&self->run);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->dataset);
  G_OBJECT_CLASS (cwb_session_parent_class)->dispose (object);
}

static void
cwb_session_finalize (GObject *object)
{
  CwbSession *self = CWB_SESSION (object);

  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  g_clear_pointer (&self->vectors, cwb_vectors_unref);
  cw_experiment_free (self->experiment);
  g_free (self->open_error);
  g_free (self->runs_folder);
  G_OBJECT_CLASS (cwb_session_parent_class)->finalize (object);
}

static void
cwb_session_class_init (CwbSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = cwb_session_get_property;
  object_class->set_property = cwb_session_set_property;
  object_class->dispose = cwb_session_dispose;
  object_class->finalize = cwb_session_finalize;

  properties[PROP_DATASET] = g_param_spec_object ("dataset", NULL, NULL, CW_TYPE_DATASET, readable);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, readable);
  properties[PROP_LOADING_FRACTION] = g_param_spec_double ("loading-fraction", NULL, NULL, -1, 1, -1,
                                                           readable);
  properties[PROP_SELECTED] = g_param_spec_uint ("selected", NULL, NULL, 0, G_MAXUINT, G_MAXUINT,
                                                 writable);
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, CW_TYPE_RUN, writable);
  properties[PROP_MODEL] = g_param_spec_boxed ("model", NULL, NULL, CWB_TYPE_MODEL, writable);
  properties[PROP_VECTORS] = g_param_spec_boxed ("vectors", NULL, NULL, CWB_TYPE_VECTORS, writable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[EXPERIMENT_CHANGED] = g_signal_new ("experiment-changed", CWB_TYPE_SESSION,
                                              G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MODEL_OPENED] = g_signal_new ("model-opened", CWB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[ERROR] = g_signal_new ("error", CWB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cwb_session_init (CwbSession *self)
{
  self->selected = G_MAXUINT;
  self->filter_label = self->filter_split = CWB_ANY;
  self->loading_fraction = -1;
  /* What is known to work here in minutes; without the presets, the engine's defaults. */
  self->experiment = cw_experiment_load_preset ("generated-demo", NULL);
  if (self->experiment == NULL)
    self->experiment = cw_experiment_new ();
  self->thumbnails = cwb_thumbnails_new (THUMBNAIL_BYTES);
}

CwbSession *
cwb_session_new (void)
{
  return g_object_new (CWB_TYPE_SESSION, NULL);
}

/* ---- what is shared ---- */

CwDataset *
cwb_session_get_dataset (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->dataset;
}

gboolean
cwb_session_get_loading (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), FALSE);
  return self->opening != NULL;
}

double
cwb_session_get_loading_fraction (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), -1);
  return self->loading_fraction;
}

char *
cwb_session_dup_open_error (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return g_strdup (self->open_error);
}

guint
cwb_session_get_selected (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), G_MAXUINT);
  return self->selected;
}

void
cwb_session_set_selected (CwbSession *self, guint index)
{
  g_return_if_fail (CWB_IS_SESSION (self));

  if (self->dataset == NULL || index >= cw_dataset_get_n_items (self->dataset))
    index = G_MAXUINT;
  if (self->selected == index)
    return;
  self->selected = index;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

void
cwb_session_set_filter (CwbSession *self, int label, int split)
{
  g_return_if_fail (CWB_IS_SESSION (self));

  self->filter_label = label;
  self->filter_split = split;
}

void
cwb_session_step_selected (CwbSession *self, int by)
{
  guint n, index;

  g_return_if_fail (CWB_IS_SESSION (self));
  g_return_if_fail (self->dataset != NULL);
  g_return_if_fail (by == 1 || by == -1);

  n = cw_dataset_get_n_items (self->dataset);
  index = self->selected != G_MAXUINT ? self->selected : by > 0 ? n - 1 : 0;
  for (guint i = 0; i < n; i++)
    {
      index = (index + (by > 0 ? 1 : n - 1)) % n;
      if (cwb_item_model_has (self->dataset, index, self->filter_label, self->filter_split))
        break;
    }
  cwb_session_set_selected (self, index);
}

CwExperiment *
cwb_session_get_experiment (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->experiment;
}

void
cwb_session_set_experiment (CwbSession *self, const CwExperiment *experiment)
{
  CwExperiment *old;

  g_return_if_fail (CWB_IS_SESSION (self));
  g_return_if_fail (experiment != NULL);

  if (experiment == self->experiment)
    return;
  old = self->experiment;
  self->experiment = cw_experiment_copy (experiment);
  cw_experiment_free (old);
  cwb_session_experiment_changed (self);
}

void
cwb_session_set_settings (CwbSession *self, const CwExperiment *experiment)
{
  const CwDataParams *open;
  CwExperiment *settings;

  g_return_if_fail (CWB_IS_SESSION (self));
  g_return_if_fail (experiment != NULL);

  open = &self->experiment->data;
  settings = cw_experiment_copy (experiment);
  if (self->dataset != NULL)
    point_at (&settings->data, self->dataset, open->location, open->reader, open->options);
  cwb_session_set_experiment (self, settings);
  cw_experiment_free (settings);
}

void
cwb_session_experiment_changed (CwbSession *self)
{
  g_return_if_fail (CWB_IS_SESSION (self));
  g_signal_emit (self, signals[EXPERIMENT_CHANGED], 0);
}

CwRun *
cwb_session_get_run (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->run;
}

void
cwb_session_set_run (CwbSession *self, CwRun *run)
{
  g_return_if_fail (CWB_IS_SESSION (self));
  if (g_set_object (&self->run, run))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

CwModel *
cwb_session_get_model (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->encoder != NULL ? self->encoder->model : NULL;
}

CwbEncoder *
cwb_session_get_encoder (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->encoder;
}

void
cwb_session_set_model (CwbSession *self, CwModel *model)
{
  g_return_if_fail (CWB_IS_SESSION (self));

  if (cwb_session_get_model (self) == model)
    return;
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  if (model != NULL)
    self->encoder = cwb_encoder_new (model);
  cwb_session_set_vectors (self, NULL);
  g_signal_emit (self, signals[MODEL_OPENED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

void
cwb_session_set_trained_model (CwbSession *self, CwModel *model, CwRun *run)
{
  g_return_if_fail (CWB_IS_SESSION (self));
  g_return_if_fail (model != NULL);

  if (cwb_session_get_model (self) == model)
    return;
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  self->encoder = cwb_encoder_new_trained (model, run);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

CwbVectors *
cwb_session_get_vectors (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->vectors != NULL && self->vectors->dataset == self->dataset ? self->vectors : NULL;
}

void
cwb_session_set_vectors (CwbSession *self, CwbVectors *vectors)
{
  g_return_if_fail (CWB_IS_SESSION (self));

  if (self->vectors == vectors)
    return;
  g_clear_pointer (&self->vectors, cwb_vectors_unref);
  if (vectors != NULL)
    self->vectors = cwb_vectors_ref (vectors);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VECTORS]);
}

const char *
cwb_session_get_runs_folder (CwbSession *self)
{
  g_autofree char *chosen = cwb_settings_dup_string ("runs-folder", "");

  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);

  g_free (self->runs_folder);
  if (*chosen != '\0')
    self->runs_folder = g_steal_pointer (&chosen);
  else
    self->runs_folder = g_build_filename (g_get_user_data_dir (), "contrawarp", "runs", NULL);
  if (g_mkdir_with_parents (self->runs_folder, 0755) != 0)
    {
      g_autofree char *message = g_strdup_printf (_ ("Cannot make the runs folder “%s”: %s"),
                                                  self->runs_folder, g_strerror (errno));

      cwb_session_report_error (self, message);
    }
  return self->runs_folder;
}

CwbThumbnails *
cwb_session_get_thumbnails (CwbSession *self)
{
  g_return_val_if_fail (CWB_IS_SESSION (self), NULL);
  return self->thumbnails;
}

void
cwb_session_report_error (CwbSession *self, const char *message)
{
  g_return_if_fail (CWB_IS_SESSION (self));
  g_signal_emit (self, signals[ERROR], 0, message);
}
