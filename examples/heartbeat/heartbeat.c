/*
 * A program for a schedule: writes a line to a file in a folder that it is granted, each time it
 * runs.
 *
 *   clang --target=wasm32-wasi -O2 -o heartbeat.wasm examples/heartbeat/heartbeat.c
 *   sampan app install heartbeat heartbeat.wasm --manifest examples/heartbeat/app.toml
 *   sampan app start heartbeat
 */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const char *planned = getenv("SCHEDULED_FOR");
  if (planned == NULL) {
    fputs("SCHEDULED_FOR is missing: this program is to be run by a schedule\n", stderr);
    return 2;
  }
  FILE *beats = fopen("/beats/beats.txt", "a");
  if (beats == NULL) {
    perror("/beats/beats.txt");
    return 1;
  }
  fprintf(beats, "%s\n", planned);
  if (fclose(beats) != 0) {
    perror("/beats/beats.txt");
    return 1;
  }
  printf("beat for %s\n", planned);
  return 0;
}
