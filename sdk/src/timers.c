#include "sampan/timers.h"

#include "sampan/abi.h"
#include "sampan/libc.h"

struct app_timer {
  app_timer *next;
  int32_t id;
  app_timer_handler *call;
  void *data;
};

static app_timer *timers;

/* The one whose handler is running, and whether it is to be freed afterwards. */
static app_timer *striking;
static bool ended;

app_timer *app_timer_new(
    uint32_t milliseconds, bool again, app_timer_handler *call, void *data) {
  app_timer *made = malloc(sizeof *made);
  if (made == NULL) {
    return NULL;
  }
  made->id = wasm_create_timer(milliseconds, again, true);
  if (made->id < 0) {
    free(made);
    return NULL;
  }
  made->call = call;
  made->data = data;
  made->next = timers;
  timers = made;
  return made;
}

void app_timer_restart(app_timer *timer, uint32_t milliseconds) {
  wasm_timer_restart(timer->id, milliseconds);
}

void app_timer_hold(app_timer *timer) {
  wasm_timer_cancel(timer->id);
}

void app_timer_free(app_timer *timer) {
  for (app_timer **at = &timers; *at != NULL; at = &(*at)->next) {
    if (*at == timer) {
      *at = timer->next;
      wasm_timer_destroy(timer->id);
      if (timer == striking) {
        ended = true;
      } else {
        free(timer);
      }
      return;
    }
  }
}

uint32_t app_milliseconds(void) {
  return wasm_get_sys_tick_ms();
}

SAMPAN_EXPORT(on_timer_callback) void on_timer_callback(int32_t id) {
  for (app_timer *each = timers; each != NULL; each = each->next) {
    if (each->id == id) {
      striking = each;
      ended = false;
      each->call(each, each->data);
      striking = NULL;
      if (ended) {
        free(each);
      }
      return;
    }
  }
}
