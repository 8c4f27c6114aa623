/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-action-units.h"
#include "gf-person.h"

/* The canonical order of labels. */
typedef enum
{
  GF_NEUTRAL,
  GF_HAPPINESS,
  GF_SADNESS,
  GF_SURPRISE,
  GF_FEAR,
  GF_DISGUST,
  GF_ANGER,
  GF_CONTEMPT,
  GF_N_EXPRESSIONS,
} GfExpression;

const char *gf_expression_name (GfExpression expression);

/**
 * gf_expression_prototype:
 *
 * The expression's action units at full intensity without anybody's variation.
 */
GfActivity gf_expression_prototype (GfExpression expression);

/**
 * gf_expression_draw:
 *
 * One showing of @expression by @person: intensity, which optional units take part, the person's
 * habits, asymmetry, and weak activity of unrelated units.
 */
GfActivity gf_expression_draw (GfExpression expression, const GfPerson *person, CwRng *rng);
