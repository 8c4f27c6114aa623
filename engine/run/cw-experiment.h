/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"
#include "learn/cw-recipe.h"

G_BEGIN_DECLS

/* [data] */
typedef struct
{
  char *location; /* folder, file or generator address; relative to the experiment's own folder */
  char *reader;   /* "" = the surest */
  char *options;  /* "key=value&key=value" */
  int split;      /* which items to train on: 0 = all, else CwSplit + 1 */
  int source_side; /* px; 0 = twice the view */
  int cache_mib;
} CwDataParams;

/* [encoder], beside the encoder's own parameters */
typedef struct
{
  char *weights; /* a model to begin with; relative to the experiment's own folder; "" = random */
} CwInitialParams;

/* [run] */
typedef struct
{
  int threads;          /* 0 = all cores */
  int loader_threads;
  float checkpoint_every; /* epochs */
  int keep;             /* checkpoints kept */
} CwRunParams;

/**
 * CwExperiment:
 *
 * A `.cwexp` file: an INI key file with the sections [experiment], [data], [view], [view.STEP] per
 * pipeline step, [warp], [encoder], [heads], [objective], [optimizer], [schedule], [run]. The
 * sections warp, encoder, objective and optimizer have a key `type` that names the operation; its
 * parameters are the other keys. [view] has `size` and `steps` ("crop;flip;affine"); the section
 * [view.STEP] has the step's parameters, `enabled`, `views` (all, anchor, positive), and `type`
 * where the name does not say it ("blur" and "blur-2" do). `preset` in [view] names a pipeline
 * (cw_pipeline_preset_names()) that `steps` and [view.STEP] then change; the canonical file has
 * these alone.
 */
typedef struct
{
  char *name;
  char *path; /* (nullable): where it was loaded from */
  CwRecipe *recipe;
  CwDataParams data;
  CwInitialParams initial;
  CwRunParams run;
} CwExperiment;

CwExperiment *cw_experiment_new (void); /* the defaults, on generated faces */
CwExperiment *cw_experiment_copy (const CwExperiment *experiment);
void          cw_experiment_free (CwExperiment *experiment);
/* One line naming file, section, key and value on any error; unknown sections and keys are errors. */
CwExperiment *cw_experiment_load (const char *path, GError **error);
CwExperiment *cw_experiment_parse (const char *text, const char *name, GError **error);
/* Complete and canonical: parse (to_string (e)) has the same to_string. */
char         *cw_experiment_to_string (const CwExperiment *experiment);
/* (transfer full): the same as keys. */
GKeyFile     *cw_experiment_to_keys (const CwExperiment *experiment);
gboolean      cw_experiment_save (const CwExperiment *experiment, const char *path, GError **error);
/* "objective.temperature" = "0.2", "view.crop.scale-min" = "0.5", "encoder.type" = "resnet18",
 * "view.steps" = "crop;flip", "view.preset" = "byol", "view.blur.enabled" = "false",
 * "view.blur.views" = "anchor", "experiment.seed" = "7": every key of a file. All or nothing. A
 * relative data.location or encoder.weights is taken from the current folder. */
gboolean      cw_experiment_set (CwExperiment *experiment, const char *key, const char *value,
                                 GError **error);

/**
 * cw_experiment_section_to_string:
 * @sections: (nullable): "view" (with all [view.STEP]), "warp" ...; NULL-terminated; NULL = all
 *
 * Returns: (transfer full): these sections alone, as cw_experiment_to_string() has them
 */
char         *cw_experiment_section_to_string (const CwExperiment *experiment,
                                               const char *const *sections);
/**
 * cw_experiment_apply_text:
 * @name: (nullable): what the text is called in messages
 *
 * Replaces the sections that @text has, each as a whole: what it does not say of them becomes the
 * default. [view] also replaces all steps; a [view.STEP] without [view] only that step, which must be
 * there. A relative location is taken as it stands. All or nothing; the blocks of sections
 * (CwExperimentSection) are valid no longer, the recipe and its views stay where they are.
 *
 * Returns: FALSE with one line naming @name, section, key and value
 */
gboolean      cw_experiment_apply_text (CwExperiment *experiment, const char *text, const char *name,
                                        GError **error);
/* The same with a file. Relative locations are made absolute: in a file that is saved in another folder than
 * the experiment's, and in what is read from one. */
gboolean      cw_experiment_save_sections (const CwExperiment *experiment,
                                           const char *const *sections, const char *path,
                                           GError **error);
gboolean      cw_experiment_apply_file (CwExperiment *experiment, const char *path, GError **error);

/* Something in an experiment that is allowed and does not do what it seems to. */
typedef struct
{
  char *section; /* "view.crop" */
  char *key;     /* as in the file: "scale-min" */
  char *message; /* for people, one sentence, translated */
  char *by_key;  /* the same with keys where that has the labels of fields: for who types keys */
} CwExperimentRemark;

/* (transfer full) (element-type CwExperimentRemark): what of [view], its steps and [warp] has no effect
 * or another one than it says, in file order; for showing beside the fields. */
GPtrArray    *cw_experiment_list_remarks (const CwExperiment *experiment);

/* For generated forms: the sections there are now, in file order. Some come twice: a step (under
 * one label), what every step has, then the operation's own parameters; [warp], the parameters of
 * the family, then those of all warp negatives; [encoder], its own, then what it begins with. Not in
 * a table: experiment.seed, view.preset, view.steps and the `type` keys. */
typedef struct
{
  char *name;                /* "objective", "view.crop" */
  const char *label;         /* N_() */
  const CwParamSpec *specs;
  gpointer block;            /* lent by the experiment */
  CwKind kind;               /* of the operation a `type` key chooses; CW_N_KINDS = none */
  const CwDescriptor *type;  /* (nullable) */
} CwExperimentSection;

/* (transfer full) (element-type CwExperimentSection): valid until the experiment changes shape. */
GPtrArray    *cw_experiment_list_sections (CwExperiment *experiment);

/* Opens the data it names and selects its items (guint32, in @items). */
CwDataset    *cw_experiment_open_data (const CwExperiment *experiment, CwJob *job, GArray **items,
                                       GError **error);

/* Presets that come with the program: names (transfer full, GStrv), and one of them. */
char        **cw_experiment_list_presets (void);
CwExperiment *cw_experiment_load_preset (const char *name, GError **error);
/* (transfer full): the first paragraph of the comment that its file begins with, in one line; "" without. */
char         *cw_experiment_dup_preset_description (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwExperiment, cw_experiment_free)

G_END_DECLS
