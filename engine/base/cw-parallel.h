/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * CwBlockFunc:
 * @block: which block, 0..n_blocks-1
 * @worker: which of the threads runs it, 0..cw_parallel_get_threads()-1: an index into
 *   per-thread scratch that the caller planned; never a source of different results
 * @data: the caller's
 *
 * Neither allocates nor blocks.
 */
typedef void (*CwBlockFunc) (int block, int worker, void *data);

/**
 * cw_parallel_for:
 *
 * Runs @func for every block and returns when all are done. How the work is cut into blocks is the
 * caller's and must not depend on the number of threads: then neither do the results. The calling
 * thread takes part. May be called from several threads at once and from within a block (then the
 * inner call runs its blocks on the spot, as worker @worker of the outer block).
 */
void cw_parallel_for (int n_blocks, CwBlockFunc func, void *data);

/* Upper limit of the threads that work on one call, the caller included; 1..64. 0 = all cores. */
void cw_parallel_set_threads (int n);
int  cw_parallel_get_threads (void);
/* What `worker` stays below, whatever is set later: size per-thread scratch by it. */
#define CW_PARALLEL_MAX_THREADS 64
