/* SPDX-License-Identifier: MIT */
#pragma once

/* Registers every built-in operation; the tables live with their rooms. Once, before any module. */
void cw_builtins_register (void);
