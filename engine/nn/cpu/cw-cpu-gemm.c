/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu.h"

#include "base/cw-parallel.h"

#include <cblas.h>
#include <glib.h>
#include <stdatomic.h>

typedef struct
{
  CwCpuTileFunc func;
  void *data;
  float *lanes;
  size_t lane_size;
  int n_tiles;
  atomic_int next;
} Tiles;

static void
run_lane (int lane, int worker, void *data)
{
  Tiles *tiles = data;
  float *scratch = tiles->lanes + (size_t) lane * tiles->lane_size;

  for (;;)
    {
      int tile = atomic_fetch_add_explicit (&tiles->next, 1, memory_order_relaxed);

      if (tile >= tiles->n_tiles)
        return;
      tiles->func (tile, scratch, tiles->data);
    }
}

void
_cw_cpu_for_tiles (int n_tiles, CwCpuTileFunc func, void *data, float *lanes, size_t lane_size)
{
  Tiles tiles
      = { .func = func, .data = data, .lanes = lanes, .lane_size = lane_size, .n_tiles = n_tiles };

  cw_parallel_for (MIN (n_tiles, CW_CPU_LANES), run_lane, &tiles);
}

void
_cw_cpu_sgemm (int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
               const float *b, int ldb, float beta, float *c, int ldc)
{
  cblas_sgemm (CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n,
               k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void
_cw_cpu_cut_gemm (int m, int n, int k, int *tile_m, int *tile_n)
{
  double best = 0;

  *tile_m = m;
  *tile_n = n;
  /* Below some microseconds a second thread costs more than it saves. */
  if ((double) m * n * k < 200000.0)
    return;
  for (int cuts_m = 1; cuts_m <= 16; cuts_m *= 2)
    {
      for (int cuts_n = 1; cuts_n <= 16; cuts_n *= 2)
        {
          int tm = (ceil_div (m, cuts_m) + 7) & ~7, tn = (ceil_div (n, cuts_n) + 15) & ~15;
          int tiles = ceil_div (m, tm) * ceil_div (n, tn);
          /* Every row tile packs all of b, every column tile all of a. */
          double cost = (double) m * ceil_div (n, tn) + (double) n * ceil_div (m, tm);

          if (tiles < 8)
            cost *= 8.0 / tiles;
          if (best <= 0 || cost < best)
            {
              best = cost;
              *tile_m = tm;
              *tile_n = tn;
            }
        }
    }
}

typedef struct
{
  int ta, tb, m, n, k, lda, ldb, ldc;
  float alpha, beta;
  const float *a, *b;
  float *c;
  int tile_m, tile_n, n_columns;
} Gemm;

static void
gemm_tile (int tile, int worker, void *data)
{
  const Gemm *g = data;
  int i = tile / g->n_columns * g->tile_m, j = tile % g->n_columns * g->tile_n;

  _cw_cpu_sgemm (g->ta, g->tb, MIN (g->tile_m, g->m - i), MIN (g->tile_n, g->n - j), g->k, g->alpha,
                 g->a + (size_t) i * (g->ta ? 1 : (size_t) g->lda), g->lda,
                 g->b + (size_t) j * (g->tb ? (size_t) g->ldb : 1), g->ldb, g->beta,
                 g->c + (size_t) i * (size_t) g->ldc + j, g->ldc);
}

void
_cw_cpu_gemm (int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
              const float *b, int ldb, float beta, float *c, int ldc)
{
  Gemm g = { .ta = ta,
             .tb = tb,
             .m = m,
             .n = n,
             .k = k,
             .lda = lda,
             .ldb = ldb,
             .ldc = ldc,
             .alpha = alpha,
             .beta = beta,
             .a = a,
             .b = b,
             .c = c };

  if (m <= 0 || n <= 0)
    return;
  _cw_cpu_cut_gemm (m, n, k, &g.tile_m, &g.tile_n);
  g.n_columns = ceil_div (n, g.tile_n);
  cw_parallel_for (ceil_div (m, g.tile_m) * g.n_columns, gemm_tile, &g);
}
