/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-pipeline.h"

#include "base/cw-error.h"
#include "image/cw-transforms-private.h"

#include <string.h>

typedef struct
{
  const CwTransformClass *transform;
  CwStepViews views;
  const char *params; /* "key=value key=value": what differs from the operation's defaults */
} PresetStep;

typedef struct
{
  const char *name;
  PresetStep steps[CW_PIPELINE_MAX_STEPS];
} Preset;

/* Sigma 0.1 to 2 px on views of 224 px, in pixels of a view of 48. */
#define IMAGENET_SIGMA " sigma-min=0.0214 sigma-max=0.4286"
#define IMAGENET_CROP "scale-min=0.08 ratio-min=0.75 ratio-max=1.3333"

/* BYOL's as in mmselfsup's imagenet_byol.py, SimCLR's as in its paper (appendix A) at strength 1.
 * There colours are jittered in random order, here in a fixed one. */
static const Preset presets[] = {
  { "byol",
    { { &_cw_transform_crop, CW_STEP_ALL, IMAGENET_CROP },
      { &_cw_transform_flip, CW_STEP_ALL, "probability=0.5" },
      { &_cw_transform_colour_jitter, CW_STEP_ALL,
        "probability=0.8 brightness=0.4 contrast=0.4 saturation=0.2 hue=0.1" },
      { &_cw_transform_grey, CW_STEP_ALL, "probability=0.2" },
      { &_cw_transform_blur, CW_STEP_ANCHOR, "probability=1" IMAGENET_SIGMA },
      { &_cw_transform_blur, CW_STEP_POSITIVE, "probability=0.1" IMAGENET_SIGMA },
      { &_cw_transform_solarise, CW_STEP_POSITIVE, "probability=0.2 threshold=0.5" } } },
  { "simclr",
    { { &_cw_transform_crop, CW_STEP_ALL, IMAGENET_CROP },
      { &_cw_transform_flip, CW_STEP_ALL, "probability=0.5" },
      { &_cw_transform_colour_jitter, CW_STEP_ALL,
        "probability=0.8 brightness=0.8 contrast=0.8 saturation=0.8 hue=0.2" },
      { &_cw_transform_grey, CW_STEP_ALL, "probability=0.2" },
      { &_cw_transform_blur, CW_STEP_ALL, "probability=0.5" IMAGENET_SIGMA } } },
  /* What the experiments that come with the program use: nothing that hides the face. */
  { "mild-face",
    { { &_cw_transform_crop, CW_STEP_ALL, "scale-min=0.8" },
      { &_cw_transform_flip, CW_STEP_ALL, "" },
      { &_cw_transform_affine, CW_STEP_ALL,
        "rotation=5 translation=0.02 scale-min=0.97 scale-max=1.03 shear=0" },
      { &_cw_transform_colour_jitter, CW_STEP_ALL, "brightness=0.6 contrast=0.6" },
      { &_cw_transform_grey, CW_STEP_ALL, "" },
      { &_cw_transform_blur, CW_STEP_ALL, "" } } },
  { "default",
    { { &_cw_transform_crop, CW_STEP_ALL, "" },
      { &_cw_transform_flip, CW_STEP_ALL, "" },
      { &_cw_transform_affine, CW_STEP_ALL, "" },
      { &_cw_transform_colour_jitter, CW_STEP_ALL, "" },
      { &_cw_transform_grey, CW_STEP_ALL, "" },
      { &_cw_transform_blur, CW_STEP_ALL, "" } } },
};

const char *const *
cw_pipeline_preset_names (void)
{
  static const char *names[G_N_ELEMENTS (presets) + 1];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      for (size_t i = 0; i < G_N_ELEMENTS (presets); i++)
        names[i] = presets[i].name;
      g_once_init_leave (&once, 1);
    }
  return names;
}

static void
append (CwPipeline *pipeline, const PresetStep *preset)
{
  CwPipelineStep *step = cw_pipeline_append (pipeline, preset->transform, NULL, NULL);
  g_auto (GStrv) pairs = g_strsplit (preset->params, " ", -1);

  step->views = preset->views;
  for (int i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);
      gboolean known = cw_params_set_string (preset->transform->base.params, step->params, NULL,
                                             pair[0], pair[1], NULL);

      g_assert (known);
    }
}

CwPipeline *
cw_pipeline_new_preset (const char *name, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      CwPipeline *pipeline;

      if (strcmp (presets[i].name, name) != 0)
        continue;
      pipeline = cw_pipeline_new ();
      for (const PresetStep *s = presets[i].steps; s->transform != NULL; s++)
        append (pipeline, s);
      return pipeline;
    }
  {
    g_autofree char *names = g_strjoinv (", ", (char **) cw_pipeline_preset_names ());

    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "no '%s' among the pipelines; there is %s",
                 name, names);
  }
  return NULL;
}
