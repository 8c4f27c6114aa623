/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-pipeline.h"

/* What the gather keeps of the row it is at: fractions, places, taps and grey values. */
#define CW_GATHER_ROWS 5

struct _CwRenderer
{
  int size;
  float *rows;    /* [CW_GATHER_ROWS, size] */
  float *scratch; /* [size, size, 3]: for filters */
  CwField *field; /* for views whose caller does not want it */
};

/* (transfer full): @stem, or the first of "stem-2", "stem-3" ... that no step is called. */
char *_cw_pipeline_dup_name (CwPipeline *pipeline, const char *stem);
/* The streams that the steps would have if they were appended in this order, as they are when an
 * experiment is read. */
void  _cw_pipeline_choose_streams (CwPipeline *pipeline);

/* Bilinear gather of a square view: @matrix takes view pixels to source pixels, @field (nullable)
 * moves them first. @rows as in CwRenderer. Grey becomes RGB; @out is 0..1. */
void _cw_gather (const CwImage *source, const CwMatrix *matrix, const CwField *field, int size,
                 float *rows, float *out);
