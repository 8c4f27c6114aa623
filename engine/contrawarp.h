/* SPDX-License-Identifier: MIT */
#pragma once

/* Everything that a front end of the engine uses. */

#include "base/cw-error.h"
#include "base/cw-file.h"
#include "base/cw-job.h"
#include "base/cw-json.h"
#include "base/cw-background.h"
#include "base/cw-parallel.h"
#include "base/cw-params.h"
#include "base/cw-paths.h"
#include "base/cw-registry.h"
#include "base/cw-rng.h"
#include "data/cw-dataset.h"
#include "data/cw-loader.h"
#include "data/cw-npy.h"
#include "data/cw-pack.h"
#include "data/cw-picture.h"
#include "data/cw-reader.h"
#include "data/cw-split.h"
#include "eval/cw-evaluation.h"
#include "eval/cw-evaluator.h"
#include "eval/cw-features.h"
#include "eval/cw-features-cache.h"
#include "eval/cw-metrics.h"
#include "eval/cw-robustness.h"
#include "eval/cw-selection.h"
#include "face/cw-landmarks.h"
#include "image/cw-field.h"
#include "image/cw-geometry.h"
#include "image/cw-image.h"
#include "image/cw-pipeline.h"
#include "image/cw-strokes.h"
#include "image/cw-views.h"
#include "learn/cw-health.h"
#include "learn/cw-recipe.h"
#include "learn/cw-trainer.h"
#include "nn/cw-encoder.h"
#include "nn/cw-representation.h"
#include "plugin/cw-module.h"
#include "report/cw-comparison.h"
#include "report/cw-evaluation-record.h"
#include "report/cw-report.h"
#include "report/cw-svg.h"
#include "run/cw-checkpoint.h"
#include "run/cw-experiment.h"
#include "run/cw-run.h"
#include "run/cw-run-db.h"
#include "search/cw-embeddings.h"
#include "search/cw-index.h"

G_BEGIN_DECLS

/* Registers the built-in operations and loads the plugins. First call of every program; further
 * calls do nothing. */
void        cw_init (void);
const char *cw_version (void);

G_END_DECLS
