/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu-conv.h"

#include "base/cw-parallel.h"
#include "nn/cpu/cw-cpu.h"

#include <glib.h>
#include <string.h>

/* Convolutions as matrix products. X is the matrix of patches (im2col): a row for each of the m
 * outputs, a column for each of the kernel's taps and channels, in the order of the weights:
 *
 *   forward            Y [m, k] = X [m, p] W [p, k]
 *   backward, data     dX [m, p] = dY [m, k] W^T, added up into dx; with stride 1 and enough rows,
 *                      the forward of dY with the kernel turned round instead
 *   backward, weights  dW [p, k] = X^T dY
 *
 * X is made tile by tile in a lane of scratch. Only where there are few rows and many weights, so
 * that columns must be cut too, is it made as a whole first. For a 1x1 kernel of stride 1, X is x. */

typedef struct
{
  int m, p, k;
  gboolean direct; /* X is x */
} Dims;

static Dims
get_dims (const CwConvShape *s)
{
  return (Dims){ .m = s->n * s->ho * s->wo,
                 .p = s->kh * s->kw * s->c,
                 .k = s->k,
                 .direct = s->kh == 1 && s->kw == 1 && s->stride == 1 && s->pad == 0 };
}

/* Columns p0..p1 of X for rows m0..m1. */
static void
gather (const CwConvShape *s, const float *x, int m0, int m1, int p0, int p1, float *out)
{
  const int run = s->kw * s->c, width = p1 - p0;
  int ox = m0 % s->wo, oy = m0 / s->wo % s->ho, image = m0 / s->wo / s->ho;

  for (int m = m0; m < m1; m++)
    {
      int iy0 = oy * s->stride - s->pad, ix0 = ox * s->stride - s->pad;
      /* What lies within the picture of the kw * c floats of a kernel row. */
      int valid0 = CLAMP (-ix0, 0, s->kw) * s->c, valid1 = CLAMP (s->w - ix0, 0, s->kw) * s->c;

      for (int ky = p0 / run; ky * run < p1; ky++)
        {
          int a = MAX (p0 - ky * run, 0), b = MIN (p1 - ky * run, run);
          int iy = iy0 + ky;
          float *to = out + (ky * run - p0);

          if (iy < 0 || iy >= s->h || valid0 >= valid1)
            memset (to + a, 0, (size_t) (b - a) * sizeof (float));
          else
            {
              ptrdiff_t pixel = ((ptrdiff_t) image * s->h + iy) * s->w + ix0;
              const float *from = x + pixel * s->c;
              int va = CLAMP (valid0, a, b), vb = CLAMP (valid1, a, b);

              if (va > a)
                memset (to + a, 0, (size_t) (va - a) * sizeof (float));
              memcpy (to + va, from + va, (size_t) (vb - va) * sizeof (float));
              if (b > vb)
                memset (to + vb, 0, (size_t) (b - vb) * sizeof (float));
            }
        }
      out += width;
      if (++ox == s->wo)
        {
          ox = 0;
          if (++oy == s->ho)
            {
              oy = 0;
              image++;
            }
        }
    }
}

CW_CPU_CLONES static void
add_run (size_t n, const float *restrict from, float *restrict to)
{
  for (size_t i = 0; i < n; i++)
    to[i] += from[i];
}

/* The reverse of gather() for whole rows: adds @patches into @dx. */
static void
scatter (const CwConvShape *s, const float *patches, int m0, int m1, float *dx)
{
  const int run = s->kw * s->c;

  for (int m = m0; m < m1; m++)
    {
      int ox = m % s->wo, oy = m / s->wo % s->ho, image = m / s->wo / s->ho;
      int iy0 = oy * s->stride - s->pad, ix0 = ox * s->stride - s->pad;
      int valid0 = CLAMP (-ix0, 0, s->kw) * s->c, valid1 = CLAMP (s->w - ix0, 0, s->kw) * s->c;

      for (int ky = 0; ky < s->kh; ky++, patches += run)
        {
          int iy = iy0 + ky;
          ptrdiff_t pixel = ((ptrdiff_t) image * s->h + iy) * s->w + ix0;

          if (iy >= 0 && iy < s->h && valid0 < valid1)
            add_run ((size_t) (valid1 - valid0), patches + valid0, dx + pixel * s->c + valid0);
        }
    }
}

/* ---- forward ---- */

typedef struct
{
  int tile_m, tile_n;
  gboolean whole; /* X is made as a whole first */
} Cut;

static Cut
cut_forward (const Dims *d)
{
  Cut cut = { .tile_n = d->k };
  /* A quarter of a megabyte of X; but a tile packs all the weights, so it should not be lower than
   * they are wide. */
  int tile = CLAMP (MAX (65536 / d->p, d->k), 64, 512);
  int eighth = ceil_div (d->m, 8);

  if (2 * eighth >= tile)
    {
      cut.tile_m = (MIN (tile, eighth) + 7) & ~7;
      return cut;
    }
  _cw_cpu_cut_gemm (d->m, d->k, d->p, &cut.tile_m, &cut.tile_n);
  cut.whole = !d->direct;
  return cut;
}

static size_t
forward_shared (const Dims *d, const Cut *cut)
{
  return cut->whole ? CW_CPU_ALIGN ((size_t) d->m * (size_t) d->p) : 0;
}

static size_t
forward_lane (const Dims *d, const Cut *cut)
{
  return cut->whole || d->direct ? 0 : CW_CPU_ALIGN ((size_t) cut->tile_m * (size_t) d->p);
}

typedef struct
{
  const CwConvShape *s;
  Dims d;
  Cut cut;
  const float *x, *w;
  const CwConvEnd *end; /* (nullable) */
  float *y;
  float beta;
  float *whole;
} Forward;

#define GATHER_ROWS 32

static void
gather_whole (int block, int worker, void *data)
{
  const Forward *f = data;
  int m0 = block * GATHER_ROWS;

  gather (f->s, f->x, m0, MIN (m0 + GATHER_ROWS, f->d.m), 0, f->d.p,
          f->whole + (size_t) m0 * (size_t) f->d.p);
}

static void
forward_tile (int tile, float *lane, void *data)
{
  const Forward *f = data;
  int columns = ceil_div (f->d.k, f->cut.tile_n);
  int m0 = tile / columns * f->cut.tile_m, m1 = MIN (m0 + f->cut.tile_m, f->d.m);
  int n0 = tile % columns * f->cut.tile_n, n1 = MIN (n0 + f->cut.tile_n, f->d.k);
  float *y = f->y + (size_t) m0 * (size_t) f->d.k + n0;
  const float *patches;

  if (f->d.direct)
    patches = f->x + (size_t) m0 * (size_t) f->d.p;
  else if (f->cut.whole)
    patches = f->whole + (size_t) m0 * (size_t) f->d.p;
  else
    {
      gather (f->s, f->x, m0, m1, 0, f->d.p, lane);
      patches = lane;
    }
  _cw_cpu_sgemm (0, 0, m1 - m0, n1 - n0, f->d.p, 1.0f, patches, f->d.p, f->w + n0, f->d.k, f->beta,
                 y, f->d.k);
  if (f->end != NULL)
    _cw_cpu_conv_end (f->end, (size_t) (m1 - m0), f->d.k, n0, n1, (size_t) m0 * (size_t) f->d.k,
                      y - n0);
}

/* y = beta y + ... */
static void
forward (const CwConvShape *s, const float *x, const float *w, const CwConvEnd *end, float beta,
         float *y, float *scratch)
{
  Forward f = { .s = s, .d = get_dims (s), .x = x, .w = w, .end = end, .beta = beta, .y = y };

  f.cut = cut_forward (&f.d);
  f.whole = scratch;
  if (f.cut.whole)
    cw_parallel_for (ceil_div (f.d.m, GATHER_ROWS), gather_whole, &f);
  _cw_cpu_for_tiles (ceil_div (f.d.m, f.cut.tile_m) * ceil_div (f.d.k, f.cut.tile_n), forward_tile,
                     &f, scratch + forward_shared (&f.d, &f.cut), forward_lane (&f.d, &f.cut));
}

void
_cw_cpu_im2col_forward (const CwConvShape *shape, const float *x, const float *w,
                        const CwConvEnd *end, float *y, float *scratch)
{
  forward (shape, x, w, end, 0.0f, y, scratch);
}

/* ---- backward by the data ---- */

/* The convolution of dy that gives dx, where there is one. */
static gboolean
turn_round (const CwConvShape *s, CwConvShape *turned)
{
  Dims d;
  Cut cut;

  if (s->stride != 1 || s->pad >= s->kh || s->pad >= s->kw || s->kh != s->kw)
    return FALSE;
  *turned = _cw_cpu_conv_turn_round (s);
  /* Turning the weights has to pay, and very few channels make poor products. */
  d = get_dims (turned);
  cut = cut_forward (&d);
  return !cut.whole && !d.direct && s->c >= 8;
}

typedef struct
{
  const CwConvShape *s;
  Dims d;
  int images; /* of a tile; 0 = dX as a whole */
  int rows;   /* of dX in a lane */
  const float *dy, *w;
  float *dx, *whole;
  float *turned;
  int accumulate;
} BackwardData;

/* One tap: [c, k] to [k, c] at the opposite place. */
static void
turn_tap (int tap, int worker, void *data)
{
  const BackwardData *b = data;
  int c = b->s->c, k = b->s->k, taps = b->s->kh * b->s->kw;
  const float *from = b->w + (size_t) tap * (size_t) c * (size_t) k;
  float *to = b->turned + (size_t) (taps - 1 - tap) * (size_t) c * (size_t) k;

  for (int i0 = 0; i0 < c; i0 += 16)
    {
      for (int j0 = 0; j0 < k; j0 += 16)
        {
          for (int j = j0; j < MIN (j0 + 16, k); j++)
            {
              for (int i = i0; i < MIN (i0 + 16, c); i++)
                to[(size_t) j * (size_t) c + (size_t) i]
                    = from[(size_t) i * (size_t) k + (size_t) j];
            }
        }
    }
}

static void
cut_backward_data (BackwardData *b)
{
  int per_image = b->s->ho * b->s->wo;
  int tile = CLAMP (MAX (65536 / b->d.p, b->d.k), 64, 512);

  /* Only one thread may add into an image: tiles are whole images. */
  b->images = MAX (1, MIN (tile, ceil_div (b->d.m, 8)) / per_image);
  b->rows = MIN (b->images * per_image, tile);
  if (16 * b->images * per_image < 8 * tile)
    b->images = 0;
}

static size_t
backward_data_lane (const BackwardData *b)
{
  return b->images > 0 ? CW_CPU_ALIGN ((size_t) b->rows * (size_t) b->d.p) : 0;
}

static void
scatter_images (int tile, float *lane, void *data)
{
  const BackwardData *b = data;
  size_t image_size = (size_t) b->s->h * (size_t) b->s->w * (size_t) b->s->c;
  int per_image = b->s->ho * b->s->wo;
  int first = tile * MAX (b->images, 1), last = MIN (first + MAX (b->images, 1), b->s->n);

  if (!b->accumulate)
    memset (b->dx + (size_t) first * image_size, 0,
            (size_t) (last - first) * image_size * sizeof (float));
  if (b->images == 0)
    {
      scatter (b->s, b->whole + (size_t) (first * per_image) * (size_t) b->d.p, first * per_image,
               last * per_image, b->dx);
      return;
    }
  for (int m0 = first * per_image; m0 < last * per_image; m0 += b->rows)
    {
      int m1 = MIN (m0 + b->rows, last * per_image);

      _cw_cpu_sgemm (0, 1, m1 - m0, b->d.p, b->d.k, 1.0f, b->dy + (size_t) m0 * (size_t) b->d.k,
                     b->d.k, b->w, b->d.k, 0.0f, lane, b->d.p);
      scatter (b->s, lane, m0, m1, b->dx);
    }
}

void
_cw_cpu_im2col_backward_data (const CwConvShape *shape, const float *dy, const float *w, float *dx,
                            int accumulate, float *scratch)
{
  CwConvShape turned;
  BackwardData b = { .s = shape,
                     .d = get_dims (shape),
                     .dy = dy,
                     .w = w,
                     .dx = dx,
                     .whole = scratch,
                     .turned = scratch,
                     .accumulate = accumulate };

  if (b.d.direct)
    {
      _cw_cpu_gemm (0, 1, b.d.m, b.d.p, b.d.k, 1.0f, dy, b.d.k, w, b.d.k, accumulate ? 1.0f : 0.0f,
                    dx, b.d.p);
      return;
    }
  if (turn_round (shape, &turned))
    {
      cw_parallel_for (shape->kh * shape->kw, turn_tap, &b);
      forward (&turned, dy, scratch, NULL, accumulate ? 1.0f : 0.0f, dx,
               scratch + CW_CPU_ALIGN ((size_t) b.d.p * (size_t) b.d.k));
      return;
    }
  cut_backward_data (&b);
  if (b.images == 0)
    _cw_cpu_gemm (0, 1, b.d.m, b.d.p, b.d.k, 1.0f, dy, b.d.k, w, b.d.k, 0.0f, scratch, b.d.p);
  _cw_cpu_for_tiles (ceil_div (shape->n, MAX (b.images, 1)), scatter_images, &b, scratch,
                     backward_data_lane (&b));
}

static size_t
backward_data_scratch (const CwConvShape *s)
{
  BackwardData b = { .s = s, .d = get_dims (s) };
  CwConvShape turned;

  if (b.d.direct)
    return 0;
  if (turn_round (s, &turned))
    {
      Dims d = get_dims (&turned);
      Cut cut = cut_forward (&d);

      return CW_CPU_ALIGN ((size_t) b.d.p * (size_t) b.d.k) + forward_shared (&d, &cut)
             + CW_CPU_LANES * forward_lane (&d, &cut);
    }
  cut_backward_data (&b);
  if (b.images == 0)
    return CW_CPU_ALIGN ((size_t) b.d.m * (size_t) b.d.p);
  return CW_CPU_LANES * backward_data_lane (&b);
}

/* ---- backward by the weights ---- */

typedef struct
{
  const CwConvShape *s;
  Dims d;
  int columns;       /* of X in a tile */
  int parts, part_m; /* the rows of X are cut into parts, whose sums are added up at the end */
  int chunk;         /* rows of X gathered at a time */
  const float *x, *dy;
  float *dw;
  float *sums;
} BackwardWeights;

static void
cut_backward_weights (BackwardWeights *b)
{
  const int n_tiles = 12;
  double best = 0;

  for (int parts = 1; parts <= n_tiles; parts++)
    {
      int blocks = ceil_div (n_tiles, parts);
      int columns = (ceil_div (b->d.p, blocks) + 15) & ~15;
      int part_m = ceil_div (b->d.m, parts);
      /* dY is packed once per block of columns; the sums of parts are written and read again. */
      double cost = (double) b->d.m * b->d.k * ceil_div (b->d.p, columns)
                    + (parts > 1 ? 3.0 * parts * b->d.p * b->d.k : 0.0);

      if (parts > 1 && part_m < 128)
        break;
      if (ceil_div (b->d.p, columns) * parts < n_tiles)
        cost *= (double) n_tiles / (ceil_div (b->d.p, columns) * parts);
      if (best <= 0 || cost < best)
        {
          best = cost;
          b->columns = columns;
          b->part_m = part_m;
          b->parts = ceil_div (b->d.m, part_m);
        }
    }
  b->columns = MIN (b->columns, b->d.p);
  b->chunk = MIN (b->part_m, CLAMP (65536 / b->columns, 128, 1024));
}

static size_t
backward_weights_shared (const BackwardWeights *b)
{
  return b->parts > 1 ? CW_CPU_ALIGN ((size_t) b->parts * (size_t) b->d.p * (size_t) b->d.k) : 0;
}

static size_t
backward_weights_lane (const BackwardWeights *b)
{
  return b->d.direct ? 0 : CW_CPU_ALIGN ((size_t) b->chunk * (size_t) b->columns);
}

static void
weights_tile (int tile, float *lane, void *data)
{
  const BackwardWeights *b = data;
  int blocks = ceil_div (b->d.p, b->columns);
  int p0 = tile % blocks * b->columns, p1 = MIN (p0 + b->columns, b->d.p), part = tile / blocks;
  int from = part * b->part_m, to = MIN (from + b->part_m, b->d.m);
  float *out = b->parts > 1 ? b->sums + (size_t) part * (size_t) b->d.p * (size_t) b->d.k : b->dw;

  out += (size_t) p0 * (size_t) b->d.k;
  for (int m0 = from; m0 < to; m0 += b->chunk)
    {
      int m1 = MIN (m0 + b->chunk, to), width = b->d.direct ? b->d.p : p1 - p0;
      const float *patches = lane;

      if (b->d.direct)
        patches = b->x + (size_t) m0 * (size_t) b->d.p + p0;
      else
        gather (b->s, b->x, m0, m1, p0, p1, lane);
      _cw_cpu_sgemm (1, 0, p1 - p0, b->d.k, m1 - m0, 1.0f, patches, width,
                     b->dy + (size_t) m0 * (size_t) b->d.k, b->d.k,
                     b->parts > 1 && m0 == from ? 0.0f : 1.0f, out, b->d.k);
    }
}

#define JOIN_BLOCK 4096

static void
join_parts (int block, int worker, void *data)
{
  const BackwardWeights *b = data;
  size_t size = (size_t) b->d.p * (size_t) b->d.k, at = (size_t) block * JOIN_BLOCK;

  for (int part = 0; part < b->parts; part++)
    add_run (MIN (JOIN_BLOCK, size - at), b->sums + (size_t) part * size + at, b->dw + at);
}

void
_cw_cpu_im2col_backward_weights (const CwConvShape *shape, const float *x, const float *dy, float *dw,
                                 float *scratch)
{
  BackwardWeights b = {
    .s = shape, .d = get_dims (shape), .x = x, .dy = dy, .dw = dw, .sums = scratch
  };

  cut_backward_weights (&b);
  _cw_cpu_for_tiles (ceil_div (b.d.p, b.columns) * b.parts, weights_tile, &b,
                     scratch + backward_weights_shared (&b), backward_weights_lane (&b));
  if (b.parts > 1)
    cw_parallel_for ((int) (((size_t) b.d.p * (size_t) b.d.k + JOIN_BLOCK - 1) / JOIN_BLOCK),
                     join_parts, &b);
}

/* ---- scratch ---- */

size_t
_cw_cpu_im2col_scratch (const CwConvShape *s)
{
  Dims d = get_dims (s);
  Cut cut = cut_forward (&d);
  BackwardWeights b = { .s = s, .d = d };
  size_t forward = forward_shared (&d, &cut) + CW_CPU_LANES * forward_lane (&d, &cut);

  cut_backward_weights (&b);
  return MAX (MAX (forward, backward_data_scratch (s)),
              backward_weights_shared (&b) + CW_CPU_LANES * backward_weights_lane (&b));
}
