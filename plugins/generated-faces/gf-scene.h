/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-expression.h"
#include "gf-nuisance.h"

/* Side of a picture in pixels. */
#define GF_MIN_SIZE 32
#define GF_MAX_SIZE 512

/* One picture, before it is drawn. */
typedef struct
{
  GfPerson person;
  GfActivity activity;
  GfNuisance nuisance;
  double strength; /* of the nuisance, 0..1 */
} GfScene;

/* The label of picture @index: every block of eight has each once, in an order of its own. */
GfExpression gf_scene_label (uint64_t seed, uint32_t index);
/* Picture @index of a set with @per_subject pictures of each person: a pure function of these. */
GfScene      gf_scene_new (uint64_t seed, uint32_t index, uint32_t per_subject, double strength);
/* Only what its labels and columns say. */
GfActivity   gf_scene_activity (uint64_t seed, uint32_t index, const GfPerson *person);

/**
 * gf_scene_render:
 * @rgb: (out): `[size, size, 3]`
 * @size: GF_MIN_SIZE..GF_MAX_SIZE
 *
 * Draws the picture. Thread-safe.
 *
 * Returns: FALSE when memory is short
 */
gboolean     gf_scene_render (const GfScene *scene, int size, guint8 *rgb);
/* The true landmarks, normalised; CW_N_LANDMARKS points. */
void         gf_scene_landmarks (const GfScene *scene, CwPoint *points);
