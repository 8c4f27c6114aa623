/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbEncoder:
 *
 * A model and where it comes from. Immutable; reference counted; any number of threads may read it.
 */
typedef struct
{
  CwModel *model;
  char *run;           /* (nullable): the folder of the run that trained it */
  guint64 step;        /* of that run */
  gboolean label_free; /* known to have been trained without labels, what it began with included */
  gboolean opened;     /* by the user, not handed over by a training that goes on */
  char *name;          /* for people: "RUN, step N", else the name of its file */
} CwbEncoder;

/* Of a model that was opened: a checkpoint in its place in a run folder belongs to that run. */
CwbEncoder *cwb_encoder_new (CwModel *model);
/* Of a model that @run published. */
CwbEncoder *cwb_encoder_new_trained (CwModel *model, CwRun *run);
CwbEncoder *cwb_encoder_ref (CwbEncoder *self);
void        cwb_encoder_unref (CwbEncoder *self);
/* Whether both are one model, or the same step of the same run, which are the same weights. Either may be
 * NULL. */
gboolean    cwb_encoder_equal (const CwbEncoder *a, const CwbEncoder *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbEncoder, cwb_encoder_unref)

G_END_DECLS
