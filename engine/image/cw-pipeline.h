/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-field.h"
#include "image/cw-geometry.h"
#include "image/cw-image.h"
#include "image/cw-transform.h"
#include "image/cw-warp.h"

G_BEGIN_DECLS

#define CW_PIPELINE_MAX_STEPS 16

/* Which views a step is for. */
typedef enum
{
  CW_STEP_ALL,
  CW_STEP_ANCHOR,   /* view 0 */
  CW_STEP_POSITIVE, /* view 1 and the warp negatives */
} CwStepViews;

/* One step: an operation and its own copy of the parameters. */
typedef struct
{
  const CwTransformClass *transform;
  gpointer params;
  char *name; /* names the section [view.NAME]; unique in the pipeline */
  gboolean enabled;
  int views; /* CwStepViews */
  int stream; /* which random stream it draws from, 0..255: follows from the name, so that
                 switching, moving or removing other steps changes nothing */
} CwPipelineStep;

/* Of CwPipelineStep: what every step has beside the operation's own parameters. */
extern const CwParamSpec cw_step_specs[];

/**
 * CwPipeline:
 *
 * An ordered list of global transforms. Geometric steps, wherever they stand, and the warp make one
 * backward map; one bilinear gather makes the view; then the colour and filter steps run in order.
 */
typedef struct
{
  int n_steps;
  CwPipelineStep steps[CW_PIPELINE_MAX_STEPS];
} CwPipeline;

CwPipeline *cw_pipeline_new (void); /* no steps */
CwPipeline *cw_pipeline_copy (const CwPipeline *pipeline);
void        cw_pipeline_free (CwPipeline *pipeline);
/* With default parameters, last; NULL name = the transform's id, made unique. Fails when full, and
 * for a name that is taken or has more than letters, digits, '-' and '_'. */
CwPipelineStep *cw_pipeline_append (CwPipeline *pipeline, const CwTransformClass *transform,
                                    const char *name, GError **error);
CwPipelineStep *cw_pipeline_find (CwPipeline *pipeline, const char *name);

/* Editing. Steps that are not touched keep their random streams: only where the names of two meet in
 * one stream does it depend on which stands first (as it does when an experiment is read). */

/* The step at @from comes to stand at @to; both are places there are. */
void            cw_pipeline_move (CwPipeline *pipeline, int from, int to);
void            cw_pipeline_remove (CwPipeline *pipeline, int index);
/* A copy right after the step at @index, named like it with the next free number ("blur-2"), so
 * with a random stream of its own. NULL with CW_ERROR_INVALID_CONFIG when the pipeline is full. */
CwPipelineStep *cw_pipeline_duplicate (CwPipeline *pipeline, int index, GError **error);
/* The parameters, `enabled` and `views` that a new step has. */
void            cw_pipeline_reset (CwPipeline *pipeline, int index);
/* The same steps in the same order, with the same names and parameters. */
gboolean        cw_pipeline_equal (const CwPipeline *a, const CwPipeline *b);

/* Pipelines that come with the program, NULL-terminated: byol, simclr, mild-face, default. */
const char *const *cw_pipeline_preset_names (void);
/* CW_ERROR_NOT_FOUND for an unknown name lists them. */
CwPipeline        *cw_pipeline_new_preset (const char *name, GError **error);

/* What was drawn for one view: everything there is to know about it besides the source picture. */
typedef struct
{
  float values[CW_PIPELINE_MAX_STEPS][CW_MAX_DRAWN];
  gboolean skipped[CW_PIPELINE_MAX_STEPS]; /* not applied: disabled, or for other views */
  gboolean warped;
  CwWarpDraw warp;
  float strength; /* of the warp, 0..1: what the curriculum leaves of it */
} CwViewDraw;

/* The address of a view. */
typedef struct
{
  guint64 seed;
  guint32 epoch, item, view;
} CwViewKey;

/* Memory for rendering views of one size; one per thread. */
typedef struct _CwRenderer CwRenderer;

CwRenderer *cw_renderer_new (int size);
void        cw_renderer_free (CwRenderer *renderer);
int         cw_renderer_get_size (const CwRenderer *renderer);

/* A step that is disabled or does not belong to @key's view draws nothing: it is skipped, and its
 * values are 0. */
void     cw_pipeline_draw (const CwPipeline *pipeline, const CwViewKey *key, int src_w, int src_h,
                           int size, CwViewDraw *draw);
/* Backward map in pixels: output (view, 0..size) -> source picture. */
CwMatrix cw_pipeline_matrix (const CwPipeline *pipeline, const CwViewDraw *draw, int src_w,
                             int src_h, int size);

/**
 * cw_pipeline_render:
 * @warp_field: (nullable): displacement in output pixels, size x size
 * @out: `[size, size, 3]` RGB, 0..1 (not normalised)
 *
 * Outside the source the border pixel repeats. Pure: same arguments, same bytes.
 */
void cw_pipeline_render (const CwPipeline *pipeline, const CwViewDraw *draw, const CwImage *source,
                         const CwField *warp_field, CwRenderer *renderer, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwPipeline, cw_pipeline_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRenderer, cw_renderer_free)

G_END_DECLS
