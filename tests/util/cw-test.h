/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>

/* Fails the test with the first element that is off: index, got, want, absolute and relative
 * difference. An element passes when |got - want| <= abs_tol + rel_tol * |want|. */
void  cw_test_assert_close (const char *what, size_t n, const float *got, const float *want,
                            double abs_tol, double rel_tol);
/* ||got - want|| / ||want||, in double. */
double cw_test_relative_error (size_t n, const float *got, const float *want);

/* A scalar function of x [n] for the gradient check. */
typedef double (*CwTestFunc) (const float *x, gpointer user_data);

/**
 * cw_test_gradient:
 *
 * Compares @gradient with central differences of @func: along @n_directions random directions (so
 * that the noise of float32 averages out), eps 1e-2 unless given. Fails the test when the relative
 * error is over @tol.
 */
void  cw_test_gradient (const char *what, CwTestFunc func, gpointer user_data, const float *x,
                        const float *gradient, size_t n, int n_directions, double eps, double tol);
/* Deterministic values: standard normal times @scale. */
void  cw_test_fill_normal (float *x, size_t n, float scale, guint seed);

/* n values in [-0.5, 0.5) that hashed() of tests/golden/resnet18.py makes too, bit for bit. */
void  cw_test_fill_hashed (guint32 stream, size_t n, float *out);

/* (transfer full): a fresh temporary folder; removed with all it holds by cw_test_remove_folder(). */
char *cw_test_make_folder (void);
void  cw_test_remove_folder (char *folder);
/* (transfer full): a file of tests/ (fixtures, golden). */
char *cw_test_file (const char *first, ...) G_GNUC_NULL_TERMINATED;
/* (transfer full): contents of a file of tests/golden as floats; *n elements. */
float *cw_test_load_golden (const char *name, size_t *n);
