/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp-plugin.h>

/**
 * Action units of the Facial Action Coding System (Ekman, Friesen 1978) that the faces can show.
 * X (number, what it does, region where it is seen most)
 */
#define GF_ACTION_UNITS(X)                                                                         \
  X (1, "inner brow raiser", CW_REGION_BROWS)                                                      \
  X (2, "outer brow raiser", CW_REGION_BROWS)                                                      \
  X (4, "brow lowerer", CW_REGION_BROWS)                                                           \
  X (5, "upper lid raiser", CW_REGION_EYES)                                                        \
  X (6, "cheek raiser", CW_REGION_EYES)                                                            \
  X (7, "lid tightener", CW_REGION_EYES)                                                           \
  X (9, "nose wrinkler", CW_REGION_NOSE)                                                           \
  X (10, "upper lip raiser", CW_REGION_MOUTH)                                                      \
  X (12, "lip corner puller", CW_REGION_MOUTH)                                                     \
  X (14, "dimpler", CW_REGION_MOUTH)                                                               \
  X (15, "lip corner depressor", CW_REGION_MOUTH)                                                  \
  X (17, "chin raiser", CW_REGION_MOUTH)                                                           \
  X (20, "lip stretcher", CW_REGION_MOUTH)                                                         \
  X (23, "lip tightener", CW_REGION_MOUTH)                                                         \
  X (25, "lips part", CW_REGION_MOUTH)                                                             \
  X (26, "jaw drop", CW_REGION_JAW)                                                                \
  X (43, "eyes closed", CW_REGION_EYES)

typedef enum
{
#define X(number, what, region) GF_AU##number,
  GF_ACTION_UNITS (X)
#undef X
  GF_N_AUS,
} GfActionUnit;

typedef struct
{
  int number;
  const char *column; /* "au12" */
  const char *what;
  CwRegion region;
} GfActionUnitInfo;

extern const GfActionUnitInfo gf_action_units[GF_N_AUS];

/* Sides are the picture's: 0 = left, 1 = right. */
enum
{
  GF_LEFT = 0,
  GF_RIGHT = 1,
};

/**
 * GfActivity:
 *
 * How strongly each unit is active on either side of the face, 0..1. Units of the middle of the
 * face (17, 25, 26) have equal sides.
 */
typedef struct
{
  double side[2][GF_N_AUS];
} GfActivity;

/* Both sides to @intensity. */
void   gf_activity_set (GfActivity *activity, GfActionUnit au, double intensity);
/* Clips to 0..1 and makes the units of the middle symmetric. */
void   gf_activity_normalize (GfActivity *activity);
/* The stronger side. */
double gf_activity_get (const GfActivity *activity, GfActionUnit au);
/* The mean of the sides. */
double gf_activity_mean (const GfActivity *activity, GfActionUnit au);
