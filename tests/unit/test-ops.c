/* SPDX-License-Identifier: MIT */
/* Every kernel of the CPU table against a plain version in double, which is its specification, over
 * shapes that take every path, and against itself with 1, 2, 3 and 4 threads. */
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "nn/cw-ops.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Sums of some thousand products in float. */
#define TOLERANCE 2e-5

static float *
new_normal (size_t n, float scale, guint seed)
{
  float *x = g_new (float, MAX (n, 1));

  cw_test_fill_normal (x, n, scale, seed);
  return x;
}

/* Compares with what is expected, relative to the size of the whole, and for each element relative
 * to the largest. */
static void
assert_like (const char *what, size_t n, const float *got, const double *want)
{
  double diff = 0, norm = 0, worst = 0, largest = 0;

  for (size_t i = 0; i < n; i++)
    {
      double d = fabs ((double) got[i] - want[i]);

      g_assert_true (isfinite (got[i]));
      diff += d * d;
      norm += want[i] * want[i];
      worst = MAX (worst, d);
      largest = MAX (largest, fabs (want[i]));
    }
  if (!(sqrt (diff) <= TOLERANCE * sqrt (norm) + 1e-30)
      || !(worst <= 10 * TOLERANCE * largest + 1e-30))
    g_error ("%s: off by %.3g relative, at most by %.3g of the largest", what,
             sqrt (diff / (norm + 1e-300)), worst / (largest + 1e-300));
}

/* ---- convolution ---- */

typedef struct
{
  int n, h, w, c, k, kernel, stride, pad;
} ConvCase;

/* Odd sizes, pictures smaller than the kernel, channels that are not multiples of eight; few rows
 * and many weights (columns are cut), many rows (tiles), images larger than a tile, 1x1 with and
 * without stride. */
static const ConvCase conv_cases[] = {
  { 2, 5, 7, 3, 4, 3, 1, 1 },      { 1, 1, 1, 5, 7, 3, 1, 1 },     { 3, 2, 2, 64, 96, 3, 1, 1 },
  { 2, 9, 9, 3, 16, 7, 2, 3 },     { 1, 33, 29, 3, 8, 7, 2, 3 },   { 4, 8, 8, 16, 32, 1, 2, 0 },
  { 4, 8, 8, 16, 24, 1, 1, 0 },    { 40, 1, 1, 130, 70, 1, 1, 0 }, { 2, 11, 13, 10, 12, 3, 2, 1 },
  { 2, 6, 5, 7, 9, 3, 1, 0 },      { 1, 40, 40, 8, 8, 3, 1, 1 },   { 8, 16, 16, 16, 16, 3, 1, 1 },
  { 6, 20, 20, 5, 20, 3, 2, 1 },   { 2, 12, 12, 6, 5, 7, 1, 3 },   { 2, 10, 10, 4, 6, 3, 3, 0 },
  { 5, 4, 4, 40, 150, 3, 1, 1 },   { 8, 4, 4, 64, 128, 3, 2, 1 },  { 1, 3, 3, 2, 3, 5, 1, 2 },
  { 12, 12, 12, 24, 48, 3, 2, 1 }, { 2, 7, 7, 9, 11, 3, 1, 2 },    { 16, 10, 10, 12, 40, 3, 1, 1 },
};

static CwConvShape
make_shape (const ConvCase *t)
{
  return (CwConvShape){ .n = t->n,
                        .h = t->h,
                        .w = t->w,
                        .c = t->c,
                        .k = t->k,
                        .ho = cw_conv_out (t->h, t->kernel, t->stride, t->pad),
                        .wo = cw_conv_out (t->w, t->kernel, t->stride, t->pad),
                        .kh = t->kernel,
                        .kw = t->kernel,
                        .stride = t->stride,
                        .pad = t->pad };
}

/* The definition: calls back with the places in x, w and y of every product. */
typedef struct
{
  double *y, *dx, *dw;
  const float *x, *w, *dy;
} ConvReference;

static void
reference_conv (const CwConvShape *s, ConvReference *r)
{
  for (int m = 0; m < s->n * s->ho * s->wo; m++)
    {
      int ox = m % s->wo, oy = m / s->wo % s->ho, image = m / s->wo / s->ho;

      for (int tap = 0; tap < s->kh * s->kw; tap++)
        {
          int iy = oy * s->stride - s->pad + tap / s->kw;
          int ix = ox * s->stride - s->pad + tap % s->kw;
          size_t at = (size_t) ((image * s->h + iy) * s->w + ix) * (size_t) s->c;

          if (iy < 0 || iy >= s->h || ix < 0 || ix >= s->w)
            continue;
          for (int c = 0; c < s->c; c++)
            {
              for (int k = 0; k < s->k; k++)
                {
                  size_t wi = (size_t) ((tap * s->c + c) * s->k + k);
                  size_t yi = (size_t) (m * s->k + k), xi = at + (size_t) c;

                  r->y[yi] += (double) r->x[xi] * (double) r->w[wi];
                  r->dx[xi] += (double) r->dy[yi] * (double) r->w[wi];
                  r->dw[wi] += (double) r->x[xi] * (double) r->dy[yi];
                }
            }
        }
    }
}

static double *
to_double (size_t n, const float *x)
{
  double *y = g_new0 (double, MAX (n, 1));

  for (size_t i = 0; i < n && x != NULL; i++)
    y[i] = (double) x[i];
  return y;
}

/* The bits of all results of one convolution, one after the other. */
static float *
run_conv (const CwConvShape *s, const float *x, const float *w, const float *b, const float *dy,
          const float *old, gboolean accumulate, size_t *size)
{
  const CwOps *ops = cw_ops_cpu ();
  size_t nx = (size_t) (s->n * s->h * s->w * s->c), ny = (size_t) (s->n * s->ho * s->wo * s->k);
  size_t nw = (size_t) (s->kh * s->kw * s->c * s->k);
  size_t n_scratch = ops->conv_scratch (s);
  float *scratch = ops->alloc (n_scratch * sizeof (float));
  float *out = g_new (float, ny + nx + nw + (size_t) s->k);

  /* What lies in scratch must not matter. */
  for (size_t i = 0; i < n_scratch; i++)
    scratch[i] = NAN;
  memcpy (out + ny, old, (nx + nw + (size_t) s->k) * sizeof (float));
  if (!accumulate)
    {
      for (size_t i = 0; i < nx; i++)
        out[ny + i] = NAN;
    }
  ops->conv_forward (s, x, w, &(CwConvEnd){ .shift = b }, out, scratch);
  ops->conv_backward_data (s, dy, w, out + ny, accumulate, scratch);
  ops->conv_backward_weights (s, x, dy, out + ny + nx, out + ny + nx + nw, scratch);
  ops->free (scratch);
  *size = ny + nx + nw + (size_t) s->k;
  return out;
}

static void
check_conv (const ConvCase *t, gboolean accumulate)
{
  const CwConvShape s = make_shape (t);
  size_t nx = (size_t) (s.n * s.h * s.w * s.c), ny = (size_t) (s.n * s.ho * s.wo * s.k), size;
  size_t nw = (size_t) (s.kh * s.kw * s.c * s.k), nb = (size_t) s.k;
  g_autofree float *x = new_normal (nx, 1, 1), *w = new_normal (nw, 0.3f, 2);
  g_autofree float *b = new_normal (nb, 1, 3), *dy = new_normal (ny, 1, 4);
  g_autofree float *old = new_normal (nx + nw + nb, 1, 5);
  g_autofree double *y_want = g_new0 (double, ny);
  g_autofree double *dx_want = to_double (nx, accumulate ? old : NULL);
  g_autofree double *dw_want = to_double (nw, old + nx), *db_want = to_double (nb, old + nx + nw);
  ConvReference r = { .y = y_want, .dx = dx_want, .dw = dw_want, .x = x, .w = w, .dy = dy };
  g_autofree float *got = NULL;

  for (size_t i = 0; i < ny; i++)
    {
      y_want[i] = accumulate ? (double) b[i % nb] : 0;
      db_want[i % nb] += (double) dy[i];
    }
  reference_conv (&s, &r);
  cw_parallel_set_threads (1);
  got = run_conv (&s, x, w, accumulate ? b : NULL, dy, old, accumulate, &size);
  assert_like ("conv forward", ny, got, y_want);
  assert_like ("conv backward data", nx, got + ny, dx_want);
  assert_like ("conv backward weights", nw, got + ny + nx, dw_want);
  assert_like ("conv backward bias", nb, got + ny + nx + nw, db_want);

  for (int threads = 2; threads <= 4; threads++)
    {
      g_autofree float *again = NULL;

      cw_parallel_set_threads (threads);
      again = run_conv (&s, x, w, accumulate ? b : NULL, dy, old, accumulate, &size);
      g_assert_cmpmem (again, size * sizeof (float), got, size * sizeof (float));
    }
  cw_parallel_set_threads (0);
}

static void
test_conv (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    {
      const ConvCase *t = &conv_cases[i];

      g_test_message ("n %d, %dx%d, %d to %d channels, kernel %d, stride %d, pad %d", t->n, t->h,
                      t->w, t->c, t->k, t->kernel, t->stride, t->pad);
      check_conv (t, FALSE);
      check_conv (t, TRUE);
    }
}

/* What is done to the sums before they are written is what would be done to them afterwards. */
static void
check_conv_end (const ConvCase *t)
{
  const CwOps *ops = cw_ops_cpu ();
  const CwConvShape s = make_shape (t);
  size_t nx = (size_t) (s.n * s.h * s.w * s.c), ny = (size_t) (s.n * s.ho * s.wo * s.k);
  size_t nw = (size_t) (s.kh * s.kw * s.c * s.k), nk = (size_t) s.k;
  g_autofree float *x = new_normal (nx, 1, 1), *w = new_normal (nw, 0.3f, 2);
  g_autofree float *scale = new_normal (nk, 1, 3), *shift = new_normal (nk, 1, 4);
  g_autofree float *plain = g_new (float, ny), *got = g_new (float, ny);
  g_autofree float *residual = new_normal (ny, 1, 5);
  g_autofree double *want = to_double (ny, residual);
  float *scratch = ops->alloc (ops->conv_scratch (&s) * sizeof (float));
  const CwConvEnd end = { .scale = scale, .shift = shift, .residual = residual, .relu = TRUE };

  ops->conv_forward (&s, x, w, NULL, plain, scratch);
  for (size_t i = 0; i < ny; i++)
    want[i] = MAX (0.0, (double) plain[i] * (double) scale[i % nk] + (double) shift[i % nk] + want[i]);
  ops->conv_forward (&s, x, w, &end, got, scratch);
  assert_like ("conv end", ny, got, want);
  x[0] = NAN;
  ops->conv_forward (&s, x, w, &(CwConvEnd){ .relu = TRUE }, got, scratch);
  if (s.pad < s.kh)
    g_assert_false (isfinite (ops->sum_squares (ny, got)));
  ops->free (scratch);
}

static void
test_conv_end (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    check_conv_end (&conv_cases[i]);
}

/* A plan sizes scratch for its batch and then runs fewer images. */
static void
test_conv_scratch (void)
{
  const CwOps *ops = cw_ops_cpu ();

  for (size_t i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    {
      CwConvShape s = make_shape (&conv_cases[i]);
      size_t before = 0;

      for (s.n = 1; s.n <= 70; s.n++)
        {
          size_t now = ops->conv_scratch (&s);

          g_assert_cmpuint (now, >=, before);
          before = now;
        }
    }
}

static void
test_conv_out (void)
{
  g_assert_cmpint (cw_conv_out (64, 7, 2, 3), ==, 32);
  g_assert_cmpint (cw_conv_out (5, 3, 1, 1), ==, 5);
  g_assert_cmpint (cw_conv_out (5, 3, 2, 0), ==, 2);
  g_assert_cmpint (cw_conv_out (2, 5, 1, 1), ==, 0);
}

/* ---- batch norm ---- */

typedef struct
{
  size_t rows;
  int c;
  gboolean residual, relu, affine;
} NormCase;

static const NormCase norm_cases[] = {
  { 6, 1, FALSE, FALSE, TRUE },   { 7, 5, TRUE, FALSE, TRUE },    { 300, 64, FALSE, TRUE, TRUE },
  { 1000, 33, TRUE, TRUE, TRUE }, { 40, 200, TRUE, TRUE, FALSE }, { 12, 3000, FALSE, TRUE, TRUE },
  { 129, 64, TRUE, TRUE, TRUE },
};

#define EPS 1e-5
#define MOMENTUM 0.1

typedef struct
{
  double *y, *mean, *rstd, *var;
  double *dx, *dresidual, *dgamma, *dbeta;
} NormReference;

static double
at (const float *x, size_t i, double otherwise)
{
  return x != NULL ? (double) x[i] : otherwise;
}

static NormReference
reference_norm (size_t rows, size_t c, const float *x, const float *gamma, const float *beta,
                const float *residual, gboolean relu, const float *dy)
{
  NormReference r = { .y = g_new0 (double, rows *c),
                      .mean = g_new0 (double, c),
                      .rstd = g_new0 (double, c),
                      .var = g_new0 (double, c),
                      .dx = g_new0 (double, rows *c),
                      .dresidual = g_new0 (double, rows *c),
                      .dgamma = g_new0 (double, c),
                      .dbeta = g_new0 (double, c) };

  for (size_t j = 0; j < c; j++)
    {
      for (size_t i = 0; i < rows; i++)
        r.mean[j] += (double) x[i * c + j] / (double) rows;
      for (size_t i = 0; i < rows; i++)
        r.var[j] += pow ((double) x[i * c + j] - r.mean[j], 2) / (double) rows;
      r.rstd[j] = 1 / sqrt (r.var[j] + EPS);
      for (size_t i = 0; i < rows; i++)
        {
          double hat = ((double) x[i * c + j] - r.mean[j]) * r.rstd[j];
          double y = hat * at (gamma, j, 1) + at (beta, j, 0) + at (residual, i * c + j, 0);

          r.y[i * c + j] = relu ? MAX (y, 0) : y;
          r.dresidual[i * c + j] = relu && y <= 0 ? 0 : (double) dy[i * c + j];
          r.dbeta[j] += r.dresidual[i * c + j];
          r.dgamma[j] += r.dresidual[i * c + j] * hat;
        }
      for (size_t i = 0; i < rows; i++)
        {
          double hat = ((double) x[i * c + j] - r.mean[j]) * r.rstd[j];

          r.dx[i * c + j] = at (gamma, j, 1) * r.rstd[j]
                            * (r.dresidual[i * c + j] - r.dbeta[j] / (double) rows
                               - hat * r.dgamma[j] / (double) rows);
        }
    }
  return r;
}

static void
free_reference (NormReference *r)
{
  g_free (r->y);
  g_free (r->mean);
  g_free (r->rstd);
  g_free (r->var);
  g_free (r->dx);
  g_free (r->dresidual);
  g_free (r->dgamma);
  g_free (r->dbeta);
}

static void
check_norm (const NormCase *t, float offset, float spread)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t c = (size_t) t->c, n = t->rows * c;
  g_autofree float *x = new_normal (n, spread, 1), *dy = new_normal (n, 1, 2);
  g_autofree float *residual = new_normal (n, 1, 3), *gamma = new_normal (c, 1, 4);
  g_autofree float *beta = new_normal (c, 1, 5), *first = NULL;
  /* y, mean, rstd, running mean, running var, dx, dresidual, dgamma, dbeta, y with running ones */
  const size_t size = 4 * n + 6 * c;
  NormReference r;

  for (size_t i = 0; i < n; i++)
    x[i] += offset;
  r = reference_norm (t->rows, c, x, t->affine ? gamma : NULL, t->affine ? beta : NULL,
                      t->residual ? residual : NULL, t->relu, dy);

  for (int threads = 1; threads <= 4; threads++)
    {
      g_autofree float *scratch = g_new (float, ops->norm_scratch (t->rows, t->c));
      float *out = g_new0 (float, size), *y = out, *mean = y + n, *rstd = mean + c;
      float *running_mean = rstd + c, *running_var = running_mean + c, *dx = running_var + c;
      float *dresidual = dx + n, *dgamma = dresidual + n, *dbeta = dgamma + c, *y_eval = dbeta + c;

      cw_parallel_set_threads (threads);
      for (size_t i = 0; i < c; i++)
        {
          running_mean[i] = 2;
          running_var[i] = 3;
        }
      ops->norm_forward_train (t->rows, t->c, x, t->affine ? gamma : NULL, t->affine ? beta : NULL,
                               (float) EPS, (float) MOMENTUM, running_mean, running_var, mean, rstd,
                               t->residual ? residual : NULL, t->relu, y, scratch);
      ops->norm_backward (t->rows, t->c, x, y, dy, t->affine ? gamma : NULL, mean, rstd, t->relu,
                          dx, FALSE, t->residual ? dresidual : NULL, FALSE,
                          t->affine ? dgamma : NULL, t->affine ? dbeta : NULL, scratch);
      ops->norm_forward_eval (t->rows, t->c, x, t->affine ? gamma : NULL, t->affine ? beta : NULL,
                              (float) EPS, mean, running_var, t->residual ? residual : NULL,
                              t->relu, y_eval);
      if (first == NULL)
        {
          for (size_t i = 0; i < c; i++)
            {
              double unbiased = r.var[i] * (double) t->rows / (double) (t->rows - 1);

              g_assert_cmpfloat_with_epsilon ((double) running_mean[i],
                                              2 * (1 - MOMENTUM) + MOMENTUM * r.mean[i],
                                              1e-6 * (fabs (r.mean[i]) + 3));
              g_assert_cmpfloat_with_epsilon ((double) running_var[i],
                                              3 * (1 - MOMENTUM) + MOMENTUM * unbiased,
                                              2e-5 * (unbiased + 3));
              for (size_t j = 0; j < t->rows; j++)
                {
                  double want = ((double) x[j * c + i] - (double) mean[i])
                                    / sqrt ((double) running_var[i] + EPS)
                                    * (t->affine ? (double) gamma[i] : 1)
                                + (t->affine ? (double) beta[i] : 0)
                                + (t->residual ? (double) residual[j * c + i] : 0);

                  g_assert_cmpfloat_with_epsilon ((double) y_eval[j * c + i],
                                                  t->relu ? MAX (want, 0) : want, 2e-5);
                }
            }
          assert_like ("norm mean", c, mean, r.mean);
          assert_like ("norm rstd", c, rstd, r.rstd);
          if (offset < 10)
            {
              assert_like ("norm y", n, y, r.y);
              assert_like ("norm dx", n, dx, r.dx);
            }
          if (t->residual && offset < 10)
            assert_like ("norm dresidual", n, dresidual, r.dresidual);
          if (t->affine && offset < 10)
            {
              assert_like ("norm dgamma", c, dgamma, r.dgamma);
              assert_like ("norm dbeta", c, dbeta, r.dbeta);
            }
          first = out;
        }
      else
        {
          g_assert_cmpmem (out, size * sizeof (float), first, size * sizeof (float));
          g_free (out);
        }
    }
  free_reference (&r);
  cw_parallel_set_threads (0);
}

static void
test_norm (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (norm_cases); i++)
    check_norm (&norm_cases[i], 0.5f, 2.0f);
}

/* A mean a thousand times the deviation: sums of squares would lose all digits. */
static void
test_norm_offset (void)
{
  const NormCase t = { 5000, 24, FALSE, FALSE, TRUE };

  check_norm (&t, 1000.0f, 1.0f);
}

/* The accumulating forms, and the aliases that the table allows. */
static void
test_norm_accumulate (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t rows = 50, c = 20, n = rows * c;
  g_autofree float *x = new_normal (n, 1, 1), *dy = new_normal (n, 1, 2), *y = g_new (float, n);
  g_autofree float *gamma = new_normal (c, 1, 3), *zero = g_new0 (float, c);
  g_autofree float *mean = g_new (float, c), *rstd = g_new (float, c), *run = g_new0 (float, 2 * c);
  g_autofree float *dx = g_new (float, n), *sum = new_normal (n, 1, 4);
  g_autofree float *old = g_memdup2 (sum, n * sizeof (float)), *back = g_new (float, n);
  g_autofree float *back_sum = new_normal (n, 1, 4), *dgamma = g_new0 (float, 2 * c);
  g_autofree float *scratch = g_new (float, ops->norm_scratch (rows, (int) c));
  g_autofree float *in_place = g_memdup2 (x, n * sizeof (float));

  ops->norm_forward_train (rows, (int) c, x, gamma, zero, 1e-5f, 0.1f, run, run + c, mean, rstd,
                           NULL, TRUE, y, scratch);
  ops->norm_forward_train (rows, (int) c, in_place, gamma, zero, 1e-5f, 0.1f, run, run + c, mean,
                           rstd, NULL, TRUE, in_place, scratch);
  g_assert_cmpmem (in_place, n * sizeof (float), y, n * sizeof (float));

  ops->norm_backward (rows, (int) c, x, y, dy, gamma, mean, rstd, TRUE, dx, FALSE, back, FALSE,
                      dgamma, dgamma + c, scratch);
  ops->norm_backward (rows, (int) c, x, y, dy, gamma, mean, rstd, TRUE, sum, TRUE, back_sum, TRUE,
                      NULL, NULL, scratch);
  for (size_t i = 0; i < n; i++)
    {
      g_assert_cmpfloat_with_epsilon (sum[i], old[i] + dx[i], 1e-6f);
      g_assert_cmpfloat_with_epsilon (back_sum[i], old[i] + back[i], 1e-6f);
    }
  ops->norm_backward (rows, (int) c, x, y, dy, gamma, mean, rstd, TRUE, dy, FALSE, NULL, FALSE,
                      dgamma, NULL, scratch);
  g_assert_cmpmem (dy, n * sizeof (float), dx, n * sizeof (float));
}

/* ---- element-wise ---- */

static void
test_elementwise (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t sizes[] = { 1, 7, 16384, 40001 };

  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      const size_t n = sizes[s];
      g_autofree float *a = new_normal (n, 1, 1), *b = new_normal (n, 1, 2);
      g_autofree float *y = g_new (float, n), *z = g_new (float, n), *w = g_new (float, n);
      double squares = 0;

      ops->relu_forward (n, a, y);
      ops->relu_backward (n, y, b, z, FALSE);
      ops->copy (n, z, w);
      ops->relu_backward (n, y, b, w, TRUE);
      for (size_t i = 0; i < n; i++)
        {
          g_assert_cmpfloat (y[i], ==, a[i] > 0 ? a[i] : 0);
          g_assert_cmpfloat (z[i], ==, a[i] > 0 ? b[i] : 0);
          g_assert_cmpfloat (w[i], ==, 2 * z[i]);
          squares += (double) a[i] * (double) a[i];
        }
      g_assert_cmpfloat_with_epsilon (ops->sum_squares (n, a), squares, 1e-9 * squares);

      ops->add_forward (n, a, b, y);
      ops->copy (n, a, z);
      ops->axpy (n, -0.5f, b, z);
      ops->copy (n, a, w);
      ops->lerp (n, 0.75f, b, w);
      for (size_t i = 0; i < n; i++)
        {
          g_assert_cmpfloat (y[i], ==, a[i] + b[i]);
          g_assert_cmpfloat_with_epsilon (z[i], a[i] - 0.5f * b[i], 1e-6f);
          g_assert_cmpfloat_with_epsilon (w[i], 0.75f * a[i] + 0.25f * b[i], 1e-6f);
        }
      ops->fill (n, 3.5f, y);
      for (size_t i = 0; i < n; i++)
        g_assert_cmpfloat (y[i], ==, 3.5f);
    }
}

static void
test_sum_squares (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t n = 100003;
  g_autofree float *x = new_normal (n, 1, 3);
  double first;

  cw_parallel_set_threads (1);
  first = ops->sum_squares (n, x);
  for (int threads = 2; threads <= 4; threads++)
    {
      double again;

      cw_parallel_set_threads (threads);
      again = ops->sum_squares (n, x);
      g_assert_cmpmem (&again, sizeof again, &first, sizeof first);
    }
  cw_parallel_set_threads (0);
  x[n - 1] = FLT_MAX;
  g_assert_true (isfinite (ops->sum_squares (n, x)));
  x[70000] = NAN;
  g_assert_false (isfinite (ops->sum_squares (n, x)));
  x[70000] = INFINITY;
  g_assert_false (isfinite (ops->sum_squares (n, x)));
}

/* ---- pooling ---- */

static const ConvCase pool_cases[] = {
  { 2, 8, 8, 16, 16, 3, 2, 1 }, { 1, 7, 9, 5, 5, 3, 2, 1 },    { 3, 6, 6, 3, 3, 2, 2, 0 },
  { 2, 5, 5, 20, 20, 3, 1, 1 }, { 1, 10, 7, 70, 70, 3, 3, 0 }, { 2, 1, 1, 4, 4, 3, 2, 1 },
};

static void
check_max_pool (const ConvCase *t)
{
  const CwOps *ops = cw_ops_cpu ();
  const CwConvShape s = make_shape (t);
  size_t nx = (size_t) (s.n * s.h * s.w * s.c), ny = (size_t) (s.n * s.ho * s.wo * s.c);
  g_autofree float *x = new_normal (nx, 1, 1), *dy = new_normal (ny, 1, 2);
  g_autofree float *y = g_new (float, ny), *dx = g_new (float, nx), *sum = new_normal (nx, 1, 3);
  g_autofree float *old = g_memdup2 (sum, nx * sizeof (float)), *want = g_new0 (float, nx);
  g_autofree uint8_t *index = g_new (uint8_t, ny);

  /* All below zero: a padding of zeros would win. */
  for (size_t i = 0; i < nx; i++)
    x[i] -= 100;
  ops->max_pool_forward (&s, x, y, index);
  for (size_t i = 0; i < ny; i++)
    {
      int c = (int) (i % (size_t) s.c), m = (int) (i / (size_t) s.c);
      int ox = m % s.wo, oy = m / s.wo % s.ho, image = m / s.wo / s.ho, winner = -1;
      float best = -INFINITY;
      size_t from = 0;

      for (int tap = 0; tap < s.kh * s.kw; tap++)
        {
          int iy = oy * s.stride - s.pad + tap / s.kw, ix = ox * s.stride - s.pad + tap % s.kw;
          size_t place = (size_t) (((image * s.h + iy) * s.w + ix) * s.c + c);

          if (iy < 0 || iy >= s.h || ix < 0 || ix >= s.w || x[place] <= best)
            continue;
          best = x[place];
          winner = tap;
          from = place;
        }
      g_assert_cmpfloat (y[i], ==, best);
      g_assert_cmpint (index[i], ==, winner);
      want[from] += dy[i];
    }
  ops->max_pool_backward (&s, dy, index, dx, FALSE);
  ops->max_pool_backward (&s, dy, index, sum, TRUE);
  for (size_t i = 0; i < nx; i++)
    {
      g_assert_cmpfloat_with_epsilon (dx[i], want[i], 1e-5f);
      g_assert_cmpfloat_with_epsilon (sum[i], old[i] + want[i], 1e-5f);
    }
}

static void
test_max_pool (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (pool_cases); i++)
    check_max_pool (&pool_cases[i]);
}

static void
test_avg_pool (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const int n = 3, hw = 12, c = 37;
  const size_t nx = (size_t) (n * hw * c), ny = (size_t) (n * c);
  g_autofree float *x = new_normal (nx, 1, 1), *y = g_new (float, ny), *dx = g_new (float, nx);
  g_autofree float *sum = new_normal (nx, 1, 2), *old = g_memdup2 (sum, nx * sizeof (float));
  g_autofree double *want = g_new0 (double, ny);

  ops->avg_pool_forward (n, hw, c, x, y);
  ops->avg_pool_backward (n, hw, c, y, dx, FALSE);
  ops->avg_pool_backward (n, hw, c, y, sum, TRUE);
  for (int i = 0; i < n * hw * c; i++)
    {
      int to = i / (hw * c) * c + i % c;

      want[to] += (double) x[i] / hw;
      g_assert_cmpfloat_with_epsilon (dx[i], y[to] / (float) hw, 1e-7f);
      g_assert_cmpfloat_with_epsilon (sum[i], old[i] + y[to] / (float) hw, 1e-6f);
    }
  assert_like ("average pool", ny, y, want);
}

/* ---- matrix product ---- */

static void
check_gemm (int m, int n, int k, gboolean ta, gboolean tb, float alpha, float beta)
{
  const CwOps *ops = cw_ops_cpu ();
  /* Rows are longer than they need be. */
  int lda = (ta ? m : k) + 3, ldb = (tb ? k : n) + 1, ldc = n + 2;
  g_autofree float *a = new_normal ((size_t) ((ta ? k : m) * lda), 1, 1);
  g_autofree float *b = new_normal ((size_t) ((tb ? n : k) * ldb), 1, 2);
  g_autofree float *old = new_normal ((size_t) (m * ldc), 1, 3), *first = NULL;
  g_autofree double *want = to_double ((size_t) (m * ldc), old);

  for (int i = 0; i < m; i++)
    {
      for (int j = 0; j < n; j++)
        {
          double sum = 0;

          for (int l = 0; l < k; l++)
            sum += (double) a[ta ? l * lda + i : i * lda + l]
                   * (double) b[tb ? j * ldb + l : l * ldb + j];
          want[i * ldc + j] = (double) alpha * sum + (double) beta * want[i * ldc + j];
        }
    }
  for (int threads = 1; threads <= 4; threads++)
    {
      float *c = g_memdup2 (old, (gsize) (m * ldc) * sizeof (float));

      cw_parallel_set_threads (threads);
      ops->gemm (ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      if (first == NULL)
        {
          assert_like ("gemm", (size_t) (m * ldc), c, want);
          first = c;
        }
      else
        {
          g_assert_cmpmem (c, (gsize) (m * ldc) * sizeof (float), first,
                           (gsize) (m * ldc) * sizeof (float));
          g_free (c);
        }
    }
  cw_parallel_set_threads (0);
}

static void
test_gemm (void)
{
  const int sizes[][3]
      = { { 1, 1, 1 }, { 5, 7, 3 }, { 130, 70, 90 }, { 64, 300, 33 }, { 17, 16, 800 } };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      for (int t = 0; t < 4; t++)
        check_gemm (sizes[i][0], sizes[i][1], sizes[i][2], t & 1, t & 2, 0.7f,
                    t == 0 ? 0.0f : 0.5f);
    }
}

/* ---- optimizers ---- */

/* The formulas of Loshchilov & Hutter 2019, algorithm 2, and of torch.optim.SGD. */
static void
test_adamw (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t n = 20003;
  g_autofree float *w = new_normal (n, 1, 1), *m = g_new0 (float, n), *v = g_new0 (float, n);
  g_autofree double *want = to_double (n, w), *dm = g_new0 (double, n), *dv = g_new0 (double, n);

  for (uint64_t step = 1; step <= 4; step++)
    {
      g_autofree float *g = new_normal (n, 0.1f, 10 + (guint) step);

      ops->adamw (n, w, g, m, v, 0.01f, 0.9f, 0.999f, 1e-8f, 0.05f, step);
      for (size_t i = 0; i < n; i++)
        {
          double gi = (double) g[i], m_hat, v_hat;

          dm[i] = 0.9 * dm[i] + 0.1 * gi;
          dv[i] = 0.999 * dv[i] + 0.001 * gi * gi;
          m_hat = dm[i] / (1 - pow (0.9, (double) step));
          v_hat = dv[i] / (1 - pow (0.999, (double) step));
          want[i] -= 0.01 * 0.05 * want[i] + 0.01 * m_hat / (sqrt (v_hat) + 1e-8);
        }
      assert_like ("AdamW weights", n, w, want);
      assert_like ("AdamW first moment", n, m, dm);
      assert_like ("AdamW second moment", n, v, dv);
    }
}

static void
test_sgd (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t n = 20003;

  for (int nesterov = 0; nesterov < 2; nesterov++)
    {
      g_autofree float *w = new_normal (n, 1, 1), *v = new_normal (n, 1, 2);
      g_autofree double *want = to_double (n, w), *dv = g_new0 (double, n);

      for (uint64_t step = 1; step <= 4; step++)
        {
          g_autofree float *g = new_normal (n, 1, 10 + (guint) step);

          ops->sgd (n, w, g, v, 0.1f, 0.9f, nesterov, 0.01f, step);
          for (size_t i = 0; i < n; i++)
            {
              double d = (double) g[i] + 0.01 * want[i];

              dv[i] = step == 1 ? d : 0.9 * dv[i] + d;
              want[i] -= 0.1 * (nesterov ? d + 0.9 * dv[i] : dv[i]);
            }
          assert_like ("SGD weights", n, w, want);
          assert_like ("SGD velocity", n, v, dv);
        }
    }
}

/* You et al. 2017 as in BYOL; and where a length is zero, plain momentum. */
static void
check_lars (float w_scale, float g_scale, float decay)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t n = 20003;
  g_autofree float *w = new_normal (n, w_scale, 1), *v = g_new0 (float, n);
  g_autofree double *want = to_double (n, w), *dv = g_new0 (double, n);

  for (uint64_t step = 1; step <= 4; step++)
    {
      g_autofree float *g = new_normal (n, g_scale, 10 + (guint) step);
      double w_squares = 0, d_squares = 0, ratio;

      ops->lars (n, w, g, v, 0.1f, 0.9f, 0.02f, decay, step);
      for (size_t i = 0; i < n; i++)
        {
          double d = (double) g[i] + (double) decay * want[i];

          w_squares += want[i] * want[i];
          d_squares += d * d;
        }
      ratio = w_squares > 0 && d_squares > 0 ? 0.02 * sqrt (w_squares / d_squares) : 1;
      for (size_t i = 0; i < n; i++)
        {
          dv[i] = 0.9 * dv[i] + ratio * ((double) g[i] + (double) decay * want[i]);
          want[i] -= 0.1 * dv[i];
        }
      assert_like ("LARS weights", n, w, want);
      assert_like ("LARS velocity", n, v, dv);
    }
}

static void
test_lars (void)
{
  check_lars (1, 0.3f, 0.01f);
  check_lars (0, 0.3f, 0.01f);
  check_lars (1, 0, 0);
}

static void
test_alloc (void)
{
  const CwOps *ops = cw_ops_cpu ();
  const size_t sizes[] = { 0, 1, 100, 5000000 };

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      unsigned char *data = ops->alloc (sizes[i]);

      g_assert_nonnull (data);
      g_assert_cmpuint ((gsize) data % 64, ==, 0);
      for (size_t j = 0; j < sizes[i]; j++)
        g_assert_cmpint (data[j], ==, 0);
      memset (data, 255, sizes[i]);
      ops->free (data);
    }
  ops->free (NULL);
  g_assert_null (ops->alloc (SIZE_MAX - 8));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cw/ops/alloc", test_alloc);
  g_test_add_func ("/cw/ops/conv", test_conv);
  g_test_add_func ("/cw/ops/conv-end", test_conv_end);
  g_test_add_func ("/cw/ops/conv-scratch", test_conv_scratch);
  g_test_add_func ("/cw/ops/conv-out", test_conv_out);
  g_test_add_func ("/cw/ops/norm", test_norm);
  g_test_add_func ("/cw/ops/norm-offset", test_norm_offset);
  g_test_add_func ("/cw/ops/norm-accumulate", test_norm_accumulate);
  g_test_add_func ("/cw/ops/elementwise", test_elementwise);
  g_test_add_func ("/cw/ops/sum-squares", test_sum_squares);
  g_test_add_func ("/cw/ops/max-pool", test_max_pool);
  g_test_add_func ("/cw/ops/avg-pool", test_avg_pool);
  g_test_add_func ("/cw/ops/gemm", test_gemm);
  g_test_add_func ("/cw/ops/adamw", test_adamw);
  g_test_add_func ("/cw/ops/sgd", test_sgd);
  g_test_add_func ("/cw/ops/lars", test_lars);
  return g_test_run ();
}
