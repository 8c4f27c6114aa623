/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "config.h"

#include "run/cw-experiment-private.h"

#include "learn/cw-negative-term.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A Gaussian this narrow, in pixels of the view, leaves less than one part in 100 000 to the
 * neighbours. */
#define LEAST_SIGMA 0.2

/* Of a transform's parameters: where it leaves every picture as it is. */
static const struct
{
  const char *transform, *key;
  double value;
} idle[] = {
  { "posterise", "bits", 8 },    { "noise", "sd-max", 0 },
  { "erasing", "scale-max", 0 }, { "lighting", "strength", 0 },
  { "perspective", "distortion", 0 },
};

static void
remark_free (gpointer data)
{
  CwExperimentRemark *remark = data;

  g_free (remark->section);
  g_free (remark->key);
  g_free (remark->message);
  g_free (remark->by_key);
  g_free (remark);
}

/* @message, @by_key: (transfer full) */
static void
add_both (GPtrArray *list, const char *section, const char *key, char *message, char *by_key)
{
  CwExperimentRemark *remark = g_new (CwExperimentRemark, 1);

  *remark = (CwExperimentRemark){ g_strdup (section), g_strdup (key), message, by_key };
  g_ptr_array_add (list, remark);
}

/* @message: (transfer full): names no other field. */
static void
add (GPtrArray *list, const char *section, const char *key, char *message)
{
  add_both (list, section, key, message, g_strdup (message));
}

/* Whether the table has a number @key; its value. */
static gboolean
get_number (const CwParamSpec *specs, gconstpointer block, const char *key, double *value)
{
  const CwParamSpec *spec = cw_params_find (specs, key);

  if (spec == NULL || spec->type == CW_PARAM_STRING)
    return FALSE;
  *value = cw_params_get_number (spec, block);
  return TRUE;
}

static char *
say_above_max (const char *max)
{
  /* Translators: beside the field of the lower bound; the upper one's name */
  return g_strdup_printf (_ ("Above “%s”: nothing is drawn, it is this value every time"), max);
}

/* "x-min" above "x-max". */
static void
look_at_ranges (GPtrArray *list, const char *section, const CwParamSpec *specs, gconstpointer block)
{
  for (const CwParamSpec *min = specs; min != NULL && min->id != NULL; min++)
    {
      g_autofree char *key = NULL;
      g_autofree char *full = NULL;
      const CwParamSpec *max;

      if (!g_str_has_suffix (min->id, "-min"))
        continue;
      key = g_strdup (min->id);
      memcpy (key + strlen (key) - 3, "max", 3);
      max = cw_params_find (specs, key);
      full = g_strconcat (section, ".", key, NULL);
      if (max != NULL && cw_params_get_number (min, block) > cw_params_get_number (max, block))
        add_both (list, section, min->id, say_above_max (g_dgettext (GETTEXT_PACKAGE, max->label)),
                  say_above_max (full));
    }
}

/* Whether the step can change a picture. */
static gboolean
is_active (const CwPipelineStep *step)
{
  double probability = 1;

  get_number (step->transform->base.params, step->params, "probability", &probability);
  return step->enabled && probability > 0;
}

static void
look_at_blur (GPtrArray *list, const char *section, const CwPipelineStep *step, int size)
{
  double sigma;

  if (strcmp (step->transform->base.id, "blur") != 0
      || !get_number (step->transform->base.params, step->params, "sigma-max", &sigma))
    return;
  sigma *= size / 48.0;
  if (sigma < LEAST_SIGMA)
    add (list, section, "sigma-max",
         g_strdup_printf (_ ("That is %.2f px on a view of %d px: too little to blur anything"),
                          sigma, size));
}

static void
look_at_step (GPtrArray *list, const CwPipelineStep *step, int size)
{
  g_autofree char *section = g_strconcat (CW_STEP_PREFIX, step->name, NULL);
  const CwDescriptor *base = &step->transform->base;

  if (!step->enabled)
    return;
  if (!is_active (step))
    {
      add (list, section, "probability", g_strdup (_ ("Never: the step changes nothing")));
      return;
    }
  look_at_ranges (list, section, base->params, step->params);
  look_at_blur (list, section, step, size);
  for (size_t i = 0; i < G_N_ELEMENTS (idle); i++)
    {
      double value;

      if (strcmp (idle[i].transform, base->id) == 0
          && get_number (base->params, step->params, idle[i].key, &value)
          && !(value > idle[i].value) && !(value < idle[i].value))
        add (list, section, idle[i].key, g_strdup (_ ("At this value the step changes nothing")));
    }
}

/* Without a step that changes anything the positive is the anchor. */
static void
look_at_pipeline (GPtrArray *list, const CwViews *views)
{
  if (views->negatives.positive == CW_POSITIVE_WARPED)
    return;
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      if (is_active (&views->pipeline->steps[i]))
        return;
    }
  add (list, "view", "steps",
       g_strdup (_ ("No step changes anything: anchor and positive are the same picture")));
}

static void
look_at_count (GPtrArray *list, const CwRecipe *recipe)
{
  const CwNegativeTermParams *term
      = cw_objective_get_negative_term (recipe->objective, recipe->objective_params);
  const char *label = g_dgettext (GETTEXT_PACKAGE, recipe->objective->base.label);
  int count = recipe->views->negatives.count;

  if (count > 0 && term == NULL)
    add (list, "warp", "count",
         g_strdup_printf (_ ("The objective “%s” knows no warp negatives: training makes none"),
                          label));
  else if (count > 0 && term->negative == CW_NEGATIVE_NONE)
    add (list, "warp", "count",
         g_strdup_printf (_ ("Warp negatives are off in the objective “%s”: training makes none"),
                          label));
  else if (count == 0 && term != NULL && term->negative != CW_NEGATIVE_NONE)
    add (list, "warp", "count",
         g_strdup_printf (_ ("The objective “%s” asks for warp negatives and gets none"), label));
}

static char *
say_above_all (const char *max)
{
  /* Translators: beside the field of the least displacement; the name of the largest magnitude's */
  return g_strdup_printf (_ ("Above “%s”: every warp is scaled up to this size"), max);
}

static void
look_at_magnitude (GPtrArray *list, const CwViews *views)
{
  const CwParamSpec *max = cw_params_find (views->warp->base.params, "magnitude-max");

  if (max != NULL
      && (double) views->negatives.common.min_magnitude
             > cw_params_get_number (max, views->warp_params))
    add_both (list, "warp", "min-magnitude",
              say_above_all (g_dgettext (GETTEXT_PACKAGE, max->label)),
              say_above_all ("warp.magnitude-max"));
}

static void
look_at_curriculum (GPtrArray *list, const CwRecipe *recipe)
{
  const CwWarpCommon *common = &recipe->views->negatives.common;
  double epochs = (double) recipe->schedule.epochs;

  if (common->curriculum > epochs)
    add (list, "warp", "curriculum",
         g_strdup_printf (_ ("Longer than the training of %g epochs: warps do not reach their full "
                             "size"),
                          epochs));
  if (common->curriculum > 0 && common->curriculum_start >= 1)
    add (list, "warp", "curriculum-start",
         g_strdup (_ ("Full size from the first epoch on: the curriculum has no effect")));
}

GPtrArray *
cw_experiment_list_remarks (const CwExperiment *experiment)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (remark_free);
  const CwRecipe *recipe = experiment->recipe;
  const CwViews *views = recipe->views;

  look_at_pipeline (list, views);
  for (int i = 0; i < views->pipeline->n_steps; i++)
    look_at_step (list, &views->pipeline->steps[i], views->preprocess.size);
  look_at_ranges (list, "warp", views->warp->base.params, views->warp_params);
  look_at_count (list, recipe);
  look_at_magnitude (list, views);
  look_at_curriculum (list, recipe);
  return list;
}
