/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const CwCommand *const commands[] = {
  &cw_command_demo,     &cw_command_dataset, &cw_command_augment, &cw_command_train,
  &cw_command_embed,    &cw_command_evaluate, &cw_command_search, &cw_command_export,
  &cw_command_run,      &cw_command_plugins, &cw_command_ops,     &cw_command_bench,
};

static void
print_help (void)
{
  printf ("Usage: contrawarp COMMAND [OPTION…] …\n\n"
          "Facial expression without labels: global transforms make positives, local warps make "
          "negatives.\n\nCommands:\n");
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    printf ("  %-10s %s\n", commands[i]->name, commands[i]->summary);
  printf ("\n'contrawarp COMMAND --help' tells more. Exit codes: 0 ok, 1 failed, 2 usage, "
          "130 interrupted.\n");
}

static int
run (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  if (name == NULL)
    return cw_cli_usage ("no command given");
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    {
      print_help ();
      return CW_CLI_OK;
    }
  if (strcmp (name, "--version") == 0)
    {
      printf ("contrawarp %s\n", cw_version ());
      return CW_CLI_OK;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (name, commands[i]->name) == 0)
        {
          cw_cli_get_cancellable ();
          cw_init ();
          return commands[i]->run (argc - 1, argv + 1);
        }
    }
  return cw_cli_usage ("unknown command '%s'", name);
}

/* A result that did not arrive is none: the disk may be full, where it went. */
static int
check_output (int status)
{
  int code = fflush (stdout) != 0 ? errno : 0;

  if (code == 0 && !ferror (stdout))
    return status;
  fprintf (stderr, "contrawarp: cannot write to standard output%s%s\n", code != 0 ? ": " : "",
           code != 0 ? g_strerror (code) : "");
  return status == CW_CLI_OK ? CW_CLI_FAILED : status;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_set_prgname ("contrawarp");
  return check_output (run (argc, argv));
}
