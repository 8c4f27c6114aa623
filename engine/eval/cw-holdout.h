/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-features.h"

/* Fills @order `[n]` with the rows of @features so that the last ones, whose number is returned, are
 * a fifth held out from the rest: whole subjects where at least two are known and half of the rows have
 * one, else a fifth of each class, subjects and sources kept whole. Keyed by @seed. Each class keeps a row
 * in the rest, unless that forbids it. 0 where there is too little to hold anything out. */
guint _cw_holdout_order (const CwFeatures *features, guint64 seed, guint32 *order);
