/* SPDX-License-Identifier: MIT */
#pragma once

#include "run/cw-experiment.h"

G_BEGIN_DECLS

/* Tables of what only an experiment has. */
extern const CwParamSpec _cw_experiment_specs[]; /* of CwExperiment */
extern const CwParamSpec _cw_data_specs[];
extern const CwParamSpec _cw_view_specs[]; /* of CwPreprocess */
extern const CwParamSpec _cw_initial_specs[];
extern const CwParamSpec _cw_run_specs[];

void     _cw_experiment_section_free (gpointer section);

/* ---- steps of the pipeline ---- */
#define CW_STEP_PREFIX "view."

/* (transfer full): "crop;flip;affine" */
char    *_cw_experiment_dup_steps (const CwExperiment *experiment);
/* Makes the pipeline that @steps names; steps that are there keep their parameters. @keys:
 * (nullable): the file, where a [view.STEP] may have a `type`. All or nothing. */
gboolean _cw_experiment_set_steps (CwExperiment *experiment, const char *steps, GKeyFile *keys,
                                   const char *where, GError **error);
/* Makes the pipeline that comes with the program under this name. */
gboolean _cw_experiment_set_preset (CwExperiment *experiment, const char *name, const char *where,
                                    GError **error);
gboolean _cw_experiment_set_step_type (CwExperiment *experiment, CwPipelineStep *step,
                                       const char *type, const char *where, GError **error);

/* ---- files ---- */
/* (transfer full): the keys of the text, whatever they mean; @file is for messages. */
GKeyFile *_cw_experiment_read_keys (const char *text, gsize size, const char *file, GError **error);
gboolean  _cw_experiment_read_file (const char *path, char **text, gsize *size, GError **error);
/* All @keys into @experiment; after a failure some of them are. */
gboolean  _cw_experiment_set_all (CwExperiment *experiment, GKeyFile *keys, const char *file,
                                  GError **error);
/* "view" for "view.crop", else the section itself. */
const char *_cw_experiment_get_root (const char *section);

/* ---- one key ---- */
/* @file: (nullable): for messages. All or nothing. */
gboolean _cw_experiment_set_key (CwExperiment *experiment, const char *section, const char *key,
                                 const char *value, const char *file, GError **error);
/* The keys beside those of the tables; NULL-terminated, in the order of the file. */
const char *const *_cw_experiment_list_extra_keys (const char *section);
/* (transfer full) (nullable): the value of one of them; NULL where it need not be written. */
char    *_cw_experiment_dup_extra (const CwExperiment *experiment, const char *section,
                                   const char *key);

/* (transfer full) (nullable): "schedule.epochs = 6 (was 2); …": how @experiment differs from the one with the text
 * @before; NULL where it does not, or where that is of another version of the program. */
char    *_cw_experiment_dup_edits (const CwExperiment *experiment, const char *before);

/* (transfer full): data.location as an absolute path, or a generator's address; "" if not given. */
char    *_cw_experiment_dup_location (const CwExperiment *experiment);
/* (transfer full): encoder.weights as an absolute path; "" if not given. */
char    *_cw_experiment_dup_weights (const CwExperiment *experiment);
/* Says that data.location is empty. Returns FALSE. */
gboolean _cw_experiment_refuse_location (const CwExperiment *experiment, GError **error);
/* Makes it independent of where it is kept: absolute location and weights, no path. */
void     _cw_experiment_freeze (CwExperiment *experiment);

G_END_DECLS
