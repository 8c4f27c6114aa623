/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwField:
 *
 * A dense displacement field at output resolution: d is `[h, w, 2]`, x then y, in output pixels.
 * The warped picture shows at p what the unwarped one shows at p + d(p) (a backward map).
 */
typedef struct
{
  int w, h;
  float *d;
} CwField;

typedef struct
{
  float max;        /* largest displacement, px */
  float rms;        /* root mean square displacement, px */
  float min_det;    /* smallest Jacobian determinant of p -> p + d(p) */
  int n_folds;      /* pixels where it is <= 0 */
} CwFieldStats;

CwField *cw_field_new (int w, int h); /* zero */
void     cw_field_free (CwField *field);
CwField *cw_field_copy (const CwField *field);
void     cw_field_clear (CwField *field);
void     cw_field_scale (CwField *field, float factor);
/* Bilinear, clamped at the border. x, y in px as in cw-geometry.h. */
void     cw_field_sample (const CwField *field, float x, float y, float out[2]);
/* out(p) = second(p) + first(p + second(p)): the map that warps by @first, then by @second.
 * @out may not alias either. */
void     cw_field_compose (const CwField *first, const CwField *second, CwField *out);
/* Field of the inverse map by Newton's steps, at most so many; good where @field does not fold. */
void     cw_field_invert (const CwField *field, CwField *out, int iterations);
/* The same for the one point (x, y), which need not be in the field: the warp takes what was there to
 * (x, y) + g. @g: (inout): where the search begins; zero, or that of a point nearby. */
void     cw_field_invert_at (const CwField *field, float x, float y, int iterations, float g[2]);
/* Subtracts the least-squares affine part (over all pixels, or weighted by @weight [h, w], which
 * may be NULL), in place: what is left cannot be undone by a global transform. */
void     cw_field_remove_affine (CwField *field, const float *weight);
/* Determinant of d(p + d)/dp by central differences, @det is [h, w]. */
void     cw_field_jacobian (const CwField *field, float *det);
/* The smallest such determinant of the field times @factor. */
float    cw_field_least_det (const CwField *field, float factor);
/* The largest displacement, px. */
float    cw_field_max (const CwField *field);
/* @det_scratch: [h, w]. */
void     cw_field_stats (const CwField *field, float *det_scratch, CwFieldStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwField, cw_field_free)

G_END_DECLS
