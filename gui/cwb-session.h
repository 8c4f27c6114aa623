/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-vectors.h"
#include "util/cwb-thumbnails.h"

#include <contrawarp.h>

G_BEGIN_DECLS

#define CWB_TYPE_SESSION (cwb_session_get_type ())
G_DECLARE_FINAL_TYPE (CwbSession, cwb_session, CWB, SESSION, GObject)

/**
 * CwbSession:
 *
 * What all pages share: the dataset, the selected face, the experiment, the run, the model. Every
 * page gets it once and follows its properties (all notify, main thread only):
 *
 *   "dataset"     CwDataset, NULL while none is open
 *   "loading"     TRUE while a dataset is being opened
 *   "loading-fraction"   0..1, -1 where nobody can tell
 *   "selected"    guint, index of the chosen face, G_MAXUINT = none
 *   "run"         CwRun, NULL before the first
 *   "model"       CwModel (CWB_TYPE_MODEL, boxed), the newest; NULL before one is trained or opened
 *   "vectors"     CwbVectors (CWB_TYPE_VECTORS, boxed) of the dataset, NULL until embedded
 *
 * A training hands over a newer model again and again: who works with one keeps it, and goes on. Only a model that
 * is opened takes its place everywhere, and vectors of another are dropped: ::model-opened, before "model" notifies.
 *
 * ::experiment-changed is emitted after cwb_session_get_experiment() was edited.
 * ::error (message) asks the window for a toast.
 */
CwbSession   *cwb_session_new (void);

#define CWB_TYPE_MODEL (cwb_model_get_type ())
GType cwb_model_get_type (void);
#define CWB_TYPE_VECTORS (cwb_vectors_get_type ())
GType cwb_vectors_get_type (void);

CwDataset    *cwb_session_get_dataset (CwbSession *self); /* (nullable) */
/* Opens on a job thread; replaces the dataset when done, keeps the old one on failure (::error). The
 * experiment's [data] then names what was opened. */
void          cwb_session_open_location (CwbSession *self, const char *location,
                                         const char *reader, const char *options);
void          cwb_session_cancel_open (CwbSession *self);
gboolean      cwb_session_get_loading (CwbSession *self);
double        cwb_session_get_loading_fraction (CwbSession *self);
char         *cwb_session_dup_open_error (CwbSession *self); /* of the last open; NULL if it worked */

guint         cwb_session_get_selected (CwbSession *self);
void          cwb_session_set_selected (CwbSession *self, guint index);
/* Which items are looked at, as of cwb_item_model_set_filter(); all of them again with other data. */
void          cwb_session_set_filter (CwbSession *self, int label, int split);
/* Selects the next one of them (@by 1) or the one before (-1), from end to beginning; with none selected the first. */
void          cwb_session_step_selected (CwbSession *self, int by);

CwExperiment *cwb_session_get_experiment (CwbSession *self); /* edit, then announce */
void          cwb_session_set_experiment (CwbSession *self, const CwExperiment *experiment);
/* All of @experiment but its data: those stay what is open. Of them the train split is trained on, where there is
 * one and @experiment is not of the same data. */
void          cwb_session_set_settings (CwbSession *self, const CwExperiment *experiment);
void          cwb_session_experiment_changed (CwbSession *self);

CwRun        *cwb_session_get_run (CwbSession *self); /* (nullable) */
void          cwb_session_set_run (CwbSession *self, CwRun *run);
CwModel      *cwb_session_get_model (CwbSession *self); /* (nullable), lent */
CwbEncoder   *cwb_session_get_encoder (CwbSession *self); /* (nullable), lent: the model and its origin */
/* Opened; NULL = none any more. */
void          cwb_session_set_model (CwbSession *self, CwModel *model);
/* What @run published. */
void          cwb_session_set_trained_model (CwbSession *self, CwModel *model, CwRun *run);
/* (nullable), lent: of the present dataset; their encoder may be an older one than the newest. */
CwbVectors   *cwb_session_get_vectors (CwbSession *self);
void          cwb_session_set_vectors (CwbSession *self, CwbVectors *vectors);
/* Where new runs go; made on demand. */
const char   *cwb_session_get_runs_folder (CwbSession *self);
/* Shared by all pages. */
CwbThumbnails *cwb_session_get_thumbnails (CwbSession *self);

void          cwb_session_report_error (CwbSession *self, const char *message);

G_END_DECLS
