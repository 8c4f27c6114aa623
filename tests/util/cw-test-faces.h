/* SPDX-License-Identifier: MIT */
#pragma once

#include "run/cw-experiment.h"

/**
 * The reader "test-faces": small grey pictures made of a hash of their number, so that a training
 * run needs no files. Three labels in turn, every fifth picture without. Its location is any folder;
 * options are
 *
 *   n          pictures; every fourth is of split valid, the rest of train
 *   broken     number of a picture that cannot be read; -1 = none
 *   delay-ms   how long a picture takes
 */
void          cw_test_register_faces (void);

/* A run of 3 epochs of 6 steps on 24 such pictures, in a fraction of a second;
 * @location: a folder. */
CwExperiment *cw_test_tiny_experiment (const char *location);
/* Sets and insists. */
void          cw_test_set (CwExperiment *experiment, const char *key, const char *value);
