/*
 * A program for events: reads a temperature and, if it is too high, writes an alarm, which the host
 * publishes.
 *
 *   clang --target=wasm32-wasi -O2 -o alarm.wasm examples/alarm/alarm.c
 *   sampan app install alarm alarm.wasm --manifest examples/alarm/app.toml
 *   sampan app start alarm
 *   sampan event listen 'alarms/#' &
 *   sampan event publish room/1/temperature --text 31.5
 */
#include <stdio.h>
#include <stdlib.h>

static double number(const char *text, const char *what) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || (*end != '\0' && *end != '\n')) {
    fprintf(stderr, "expected %s as a number, found '%s'\n", what, text);
    exit(1);
  }
  return value;
}

int main(void) {
  const char *topic = getenv("EVENT_TOPIC");
  const char *limit = getenv("LIMIT");
  char text[32];
  size_t length = fread(text, 1, sizeof text - 1, stdin);
  text[length] = '\0';
  double celsius = number(text, "a temperature");
  if (topic != NULL && celsius > number(limit == NULL ? "30" : limit, "LIMIT")) {
    printf("{\"topic\": \"%s\", \"celsius\": %.1f}\n", topic, celsius);
  }
  return 0;
}
