/* SPDX-License-Identifier: MIT */
#pragma once

/* Everything that a plugin uses. Changes more often than contrawarp.h: CW_ABI_VERSION says when. */

#include "base/cw-error.h"
#include "base/cw-job.h"
#include "base/cw-params.h"
#include "base/cw-registry.h"
#include "base/cw-rng.h"
#include "data/cw-reader.h"
#include "eval/cw-evaluator.h"
#include "face/cw-landmarks.h"
#include "image/cw-transform.h"
#include "image/cw-warp.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-objective.h"
#include "learn/cw-optimizer.h"
#include "nn/cw-encoder.h"
#include "plugin/cw-module.h"

#define CW_MODULE_EXPORT __attribute__ ((visibility ("default")))
