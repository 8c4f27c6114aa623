/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-reader.h"

/* The built-in layouts, one file each. */
extern const CwReaderClass cw_reader_fer2013, cw_reader_ferplus, cw_reader_folder, cw_reader_rafdb,
    cw_reader_table;
