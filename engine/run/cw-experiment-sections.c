/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "config.h"

#include "run/cw-experiment-private.h"

#include "base/cw-parallel.h"

#include <glib/gi18n-lib.h>

static const char *const split_nicks[] = { "all", "train", "valid", "test", NULL };

const CwParamSpec _cw_experiment_specs[] = {
  CW_PARAM_STRING (CwExperiment, name, "name", N_ ("Name"), "experiment",
                   N_ ("What the run is called in lists and reports")),
  CW_PARAM_END
};

const CwParamSpec _cw_data_specs[] = {
  CW_PARAM_STRING (CwDataParams, location, "location", N_ ("Location"),
                   "generated:faces?n=4000&seed=1&size=96",
                   N_ ("Folder or file of the pictures, relative to the experiment, or a "
                       "generator's address")),
  CW_PARAM_STRING (CwDataParams, reader, "reader", N_ ("Reader"), "",
                   N_ ("Layout of the data; empty for the one that fits best")),
  CW_PARAM_STRING (CwDataParams, options, "options", N_ ("Options"), "",
                   N_ ("Parameters of the reader, as key=value&key=value; face=left,top,width,height "
                       "too")),
  CW_PARAM_ENUM (CwDataParams, split, "split", N_ ("Split"), split_nicks, 0,
                 N_ ("Which pictures to train on")),
  CW_PARAM_INT (CwDataParams, source_side, "source-side", N_ ("Source side"), "px", 0, 4096, 0,
                N_ ("Pictures are shrunk to this side when decoded; 0 for twice the view")),
  CW_PARAM_INT (CwDataParams, cache_mib, "cache-mib", N_ ("Cache"), "MiB", 0, 1048576, 512,
                N_ ("Memory for decoded pictures")),
  CW_PARAM_END
};

const CwParamSpec _cw_view_specs[] = {
  CW_PARAM_INT (CwPreprocess, size, "size", N_ ("Size"), "px", 16, 512, 48,
                N_ ("Side of a view, the encoder's input")),
  CW_PARAM_END
};

const CwParamSpec _cw_initial_specs[] = {
  CW_PARAM_STRING (CwInitialParams, weights, "weights", N_ ("Weights"), "",
                   N_ ("Run, checkpoint or .safetensors file to begin with, relative to the "
                       "experiment; empty for random ones")),
  CW_PARAM_END
};

const CwParamSpec _cw_run_specs[] = {
  CW_PARAM_INT (CwRunParams, threads, "threads", N_ ("Compute threads"), "", 0,
                CW_PARALLEL_MAX_THREADS, 0,
                N_ ("0 for all cores; the result does not depend on it")),
  CW_PARAM_INT (CwRunParams, loader_threads, "loader-threads", N_ ("Loader threads"), "", 1, 16, 1,
                N_ ("Threads that decode pictures and make views")),
  CW_PARAM_FLOAT (CwRunParams, checkpoint_every, "checkpoint-every", N_ ("Checkpoint every"),
                  N_ ("epochs"), 0.001, 10000, 1, N_ ("How often a checkpoint is kept")),
  CW_PARAM_INT (CwRunParams, keep, "keep", N_ ("Keep"), "", 1, 10000, 3,
                N_ ("Checkpoints kept; older ones are removed")),
  CW_PARAM_END
};

void
_cw_experiment_section_free (gpointer data)
{
  CwExperimentSection *section = data;

  g_free (section->name);
  g_free (section);
}

static void
add (GPtrArray *list, const char *name, const char *label, const CwParamSpec *specs, gpointer block,
     const CwDescriptor *type)
{
  CwExperimentSection *section = g_new0 (CwExperimentSection, 1);

  section->name = g_strdup (name);
  section->label = label;
  section->specs = specs;
  section->block = block;
  section->kind = type != NULL ? type->kind : CW_N_KINDS;
  section->type = type;
  g_ptr_array_add (list, section);
}

static void
add_type (GPtrArray *list, const char *name, const char *label, const CwDescriptor *type,
          gpointer block)
{
  add (list, name, label, type->params, block, type);
}

GPtrArray *
cw_experiment_list_sections (CwExperiment *experiment)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (_cw_experiment_section_free);
  CwRecipe *recipe = experiment->recipe;
  CwViews *views = recipe->views;

  add (list, "experiment", N_ ("Experiment"), _cw_experiment_specs, experiment, NULL);
  add (list, "data", N_ ("Data"), _cw_data_specs, &experiment->data, NULL);
  add (list, "view", N_ ("Views"), _cw_view_specs, &views->preprocess, NULL);
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      CwPipelineStep *step = &views->pipeline->steps[i];
      g_autofree char *name = g_strconcat (CW_STEP_PREFIX, step->name, NULL);

      add (list, name, step->transform->base.label, cw_step_specs, step, NULL);
      add_type (list, name, step->transform->base.label, &step->transform->base, step->params);
    }
  add_type (list, "warp", N_ ("Warp"), &views->warp->base, views->warp_params);
  add (list, "warp", N_ ("Warp negatives"), cw_negative_specs, &views->negatives, NULL);
  add_type (list, "encoder", N_ ("Encoder"), &recipe->encoder->base, recipe->encoder_params);
  add (list, "encoder", N_ ("Initial weights"), _cw_initial_specs, &experiment->initial, NULL);
  add (list, "heads", N_ ("Heads"), cw_head_specs, &recipe->heads, NULL);
  add_type (list, "objective", N_ ("Objective"), &recipe->objective->base,
            recipe->objective_params);
  add_type (list, "optimizer", N_ ("Optimizer"), &recipe->optimizer->base,
            recipe->optimizer_params);
  add (list, "schedule", N_ ("Schedule"), cw_schedule_specs, &recipe->schedule, NULL);
  add (list, "run", N_ ("Run"), _cw_run_specs, &experiment->run, NULL);
  return list;
}
