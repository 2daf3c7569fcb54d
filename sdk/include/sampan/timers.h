/* Timers. */
#ifndef SAMPAN_TIMERS_H
#define SAMPAN_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct app_timer app_timer;
typedef void app_timer_handler(app_timer *timer, void *data);

/*
 * A timer that strikes once, or again and again until it is ended.
 * NULL if there is no memory, or there are as many timers as the app may have.
 */
app_timer *app_timer_new(uint32_t milliseconds, bool again, app_timer_handler *handler, void *data);

/* Lets it strike after another time, also if it was held or has struck already. */
void app_timer_restart(app_timer *timer, uint32_t milliseconds);

/* Holds it until it is restarted. */
void app_timer_hold(app_timer *timer);

/* Ends it, also from its own handler. */
void app_timer_free(app_timer *timer);

/* Milliseconds of a clock that begins anew after 49 days; differences are right all the same. */
uint32_t app_milliseconds(void);

#ifdef __cplusplus
}
#endif
#endif
