/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-features.h"

/* (transfer full): @percent of the rows of each class, one at least, for draw @draw of @seed: the
 * first of a keyed order, so that what is drawn for a small share is among what is drawn for a
 * larger one. Labels of @features are 0..n_classes-1. */
CwFeatures *_cw_label_share_draw (const CwFeatures *features, int n_classes, double percent,
                                  guint64 seed, guint draw);
