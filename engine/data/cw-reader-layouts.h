/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-reader.h"

/* The built-in layouts, one file each. */
extern const CwReaderClass _cw_reader_fec;
extern const CwReaderClass _cw_reader_fer2013;
extern const CwReaderClass _cw_reader_ferplus;
extern const CwReaderClass _cw_reader_folder;
extern const CwReaderClass _cw_reader_pack;
extern const CwReaderClass _cw_reader_rafdb;
extern const CwReaderClass _cw_reader_table;
