/* SPDX-License-Identifier: MIT */
#pragma once

#include "search/cw-index-codes.h"

#define CW_CODE_MAX 127
#define CW_QUERY_MAX 4095
/* Products of a code and a query's element that are added up in 32 bits: 2048 * 127 * 4095 < 2^31. */
#define CW_CODES_CHUNK 2048

struct _CwCodes
{
  const float *rows;
  guint n;
  int dim, width; /* width: dim, padded */
  float *mean;    /* [dim] */
  gint8 *codes;   /* [n, width], zero behind dim */
  float *step;    /* [n]: what one unit of the code is */
  float *missed;  /* [n]: norm of what the code leaves out, rounded up */
  float *length;  /* [n]: norm of what the code says, rounded up */
  double *scratch; /* while coding: per worker [2, width] */
};

/* A query in whole numbers. */
typedef struct
{
  gint16 *coarse;      /* [width], at most CW_QUERY_MAX in size */
  double step;         /* what one unit is */
  double missed;       /* norm of what is left out, rounded up */
  double mean_product; /* with the mean row */
} CwCodedQuery;

/* @coarse: [width], zero behind dim; lent to @q. */
void   _cw_coded_query_set (CwCodedQuery *q, const CwCodes *codes, const float *query,
                            gint16 *coarse);
/* What to add to any bound for rounding. */
double _cw_codes_get_slack (const CwCodes *codes);
