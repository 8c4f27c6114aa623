/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-trainer.h"

G_BEGIN_DECLS

/**
 * A checkpoint is two files in the run folder:
 *
 *   checkpoints/step-00000120.safetensors  the online encoder alone, under torchvision's names; loads
 *       as it is into PyTorch. Of a supervised run, classifier.weight and classifier.bias are beside
 *       it. Metadata: contrawarp.encoder (id), .params (key=value lines), .size, .mean, .std, .step,
 *       .seed: enough to use it without the run.
 *   state/step-00000120.safetensors        what a resume needs besides: heads, target, moments, the
 *       objective's state ("objective.state", where it has one), step.
 *
 * The state is written first; a checkpoint exists once both are there and the run's database says so.
 */

gboolean cw_checkpoint_save (CwTrainer *trainer, const CwRecipe *recipe, const char *run_folder,
                             char **encoder_path, GError **error);
/* Puts everything back, or leaves @trainer unfit for use and says which file and tensor is wrong. */
gboolean cw_checkpoint_restore (CwTrainer *trainer, const char *run_folder, guint64 step,
                                GError **error);
/* Highest step for which both files are there and open, up to @at_most; FALSE if none. */
gboolean cw_checkpoint_find_last (const char *run_folder, guint64 at_most, guint64 *step);
void     cw_checkpoint_remove (const char *run_folder, guint64 step);
/* Removes what a process that was killed while it saved left of files without a name. With the run's lock
 * held, and nothing being saved. */
void     cw_checkpoint_sweep (const char *run_folder);
/* (transfer full) (element-type guint64): steps whose encoders are in @run_folder, rising. */
GArray  *cw_checkpoint_list (const char *run_folder);
/* (transfer full): the file of the encoder of @step. */
char    *cw_checkpoint_dup_path (const char *run_folder, guint64 step);
/* (transfer full) (nullable): the run folder, absolute, where the file of an encoder at @path has its place,
 * and @step (out) (optional); NULL for another file. Nothing is opened. */
char    *cw_checkpoint_dup_run (const char *path, guint64 *step);

/* Writes @model alone, under torchvision's names. */
gboolean cw_model_save (const CwModel *model, const char *path, GError **error);
/* The same tensors as one `NAME.npy` each, all or none, in a folder that is made where it is not there; one
 * that is not empty is refused. */
gboolean cw_model_save_npy (const CwModel *model, const char *folder, GError **error);
/**
 * cw_model_load:
 * @path: a run folder (its last checkpoint), a checkpoint, or any .safetensors file that says what
 *   it is; torchvision's resnet18, resnet34 and resnet50 without our metadata, of any width and with
 *   either stem, are recognised by their tensors; a classifier ("fc.", "classifier.") may be there
 *   besides
 *
 * Returns: (nullable): NULL with one line naming the file: not found, cut short, of another
 *   architecture (first tensor that does not fit, both shapes)
 */
CwModel *cw_model_load (const char *path, GError **error);

/* Which network of a run. */
typedef enum
{
  CW_NETWORK_ONLINE, /* the one that is trained */
  CW_NETWORK_TARGET, /* its moving average, where the objective has one */
  CW_N_NETWORKS,
} CwNetwork;

const char *cw_network_name (CwNetwork network); /* "online", "target" */
/**
 * cw_model_load_network:
 * @path: as for cw_model_load(); a target network is there in runs only: a run folder, or a checkpoint
 *   in its place in one
 *
 * Returns: (nullable): NULL as there, and with CW_ERROR_NOT_FOUND where there is no target network
 */
CwModel *cw_model_load_network (const char *path, CwNetwork network, GError **error);
/* SHA-256, hex, of the online weights and buffers, and of the target's. */
char    *cw_trainer_dup_weights_sha256 (CwTrainer *trainer);

G_END_DECLS
