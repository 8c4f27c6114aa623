/* SPDX-License-Identifier: MIT */
#pragma once

/* The gist of an evaluation that a run keeps: what it was of, and the first score of every protocol, named as
 * `run compare --scores` takes it. @json: of cw_evaluation_record_to_json(), or anything. */
void cw_cli_print_record (const char *json);
