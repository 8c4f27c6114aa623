/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * CwBackground:
 * @CW_BACKGROUND_SOON: somebody looks at the screen for the result
 * @CW_BACKGROUND_LONG: minutes and more, as a training
 *
 * How far a thread gives way to those of the process that draw: on two cores frames would else wait
 * for steps.
 */
typedef enum
{
  CW_BACKGROUND_SOON,
  CW_BACKGROUND_LONG,
} CwBackground;

/* For a program with a window, before anything else of the library: from now on threads give way as
 * they say. There is no way back. Without it, as in the command line, all threads are equal. */
void cw_background_enable (void);
/* The calling thread, and what it starts from now on, give way. Never makes a thread more
 * important; does nothing where the system has no such thing for threads. */
void cw_background_enter (CwBackground background);
