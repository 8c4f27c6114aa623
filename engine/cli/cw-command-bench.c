/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <string.h>

static const CwCommand *const benchmarks[] = {
  &cw_bench_augment,
  &cw_bench_conv,
  &cw_bench_loader,
  &cw_bench_search,
  &cw_bench_step,
};

/* The benchmark that the word behind "bench" means. */
static const CwCommand *
find_benchmark (const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    {
      if (strcmp (benchmarks[i]->name + strlen ("bench "), word) == 0)
        return benchmarks[i];
    }
  return NULL;
}

static char *
list_benchmarks (const char *separator, gboolean summaries)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    {
      g_string_append_printf (list, "%s%s", i > 0 ? separator : "",
                              benchmarks[i]->name + strlen ("bench "));
      if (summaries)
        g_string_append_printf (list, ": %s", benchmarks[i]->summary);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autofree char *names = list_benchmarks (", ", FALSE);
  g_autofree char *details = list_benchmarks ("\n", TRUE);
  int status;

  /* Options belong to the benchmark; they may stand before its name. */
  for (int i = 1; i < argc; i++)
    {
      const CwCommand *benchmark = find_benchmark (argv[i]);

      if (benchmark == NULL)
        continue;
      memmove (argv + i, argv + i + 1, (size_t) (argc - i) * sizeof *argv);
      return benchmark->run (argc - 1, argv);
    }
  if (!cw_cli_parse (&cw_command_bench, details, entries, &argc, &argv, 1, 1, &status))
    return status;
  return cw_cli_usage ("unknown benchmark '%s'; there are: %s", argv[1], names);
}

const CwCommand cw_command_bench = { "bench", "BENCHMARK", "How fast the engine is here", run };
