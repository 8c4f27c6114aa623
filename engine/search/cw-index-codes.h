/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/**
 * CwCodes:
 *
 * The rows of an index again, in a quarter of the memory: one byte an element, after the mean row is
 * taken off. One query is limited by how fast rows come from memory; the codes tell, with a bound
 * that is certain, which few of them have to be looked at.
 */
typedef struct _CwCodes CwCodes;

/* Of @rows `[n, dim]`, of norm 1 at most. NULL when memory is short: then do without. */
CwCodes *_cw_codes_new (const float *rows, guint n, int dim);
void     _cw_codes_free (CwCodes *codes);
/* For each row the least and the most that its scalar product with @query (norm 1 at most) can be,
 * the rounding of cw_nearest_dot() included. */
void     _cw_codes_bound (const CwCodes *codes, const float *query, float *least, float *most);
