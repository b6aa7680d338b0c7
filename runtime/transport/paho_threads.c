/* Commands for paho and events from it: see paho_threads.h. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_threads.h"

#include <signal.h>

#include "transport/posix_pipe.h"

/* A command that is lent is done by the thread that passes a message on. */
enum progress { NOTHING, GIVEN, RUNNING, LENT, DONE };

/* ---- Events ---- */

static void run_command(struct mqb_paho *p, enum progress progress);

/* Whether a thread of paho that passes a message on may do it. */
static bool is_lent(const struct mqb_paho *p)
{
    const int kind = p->command.kind;
    return p->arrived &&
           (kind == MQB_PAHO_SUBSCRIBE || kind == MQB_PAHO_UNSUBSCRIBE || kind == MQB_PAHO_SEND);
}

/* The lock is held. A thread that passes a message on holds paho's mutex and does the calls. */
static void wait_until_handled(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    while (!event->is_handled) {
        if (event->kind == MQB_PAHO_EVENT_MESSAGE && p->command.progress == GIVEN && is_lent(p))
            run_command(p, LENT);
        else
            pthread_cond_wait(&p->change, &p->lock);
    }
}

void mqb_paho_raise(struct mqb_paho *p, struct mqb_paho_event *event)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event **end = &p->first_event;
    while (*end)
        end = &(*end)->next;
    *end = event;
    pthread_cond_broadcast(&p->change);
    if (event->kind == MQB_PAHO_EVENT_MESSAGE)
        p->arrived = true;
    mqb_posix_write_byte(p->wake);
    wait_until_handled(p, event);
    pthread_mutex_unlock(&p->lock);
}

struct mqb_paho_event *mqb_paho_peek_event(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event *event = p->first_event;
    pthread_mutex_unlock(&p->lock);
    return event;
}

void mqb_paho_release(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event *event = p->first_event;
    p->first_event = event->next;
    event->is_handled = true;
    if (event->kind == MQB_PAHO_EVENT_MESSAGE)
        p->arrived = false;
    pthread_cond_broadcast(&p->change);
    pthread_mutex_unlock(&p->lock);
}

/* ---- Commands ---- */

/* The lock is held, but not while paho is called. */
static void run_command(struct mqb_paho *p, enum progress progress)
{
    p->command.progress = (int)progress;
    pthread_mutex_unlock(&p->lock);
    const int rc = p->obey(p);
    pthread_mutex_lock(&p->lock);
    p->command.rc = rc;
    p->command.progress = DONE;
    mqb_posix_write_byte(p->wake);
    pthread_cond_broadcast(&p->change);
}

static void *run_commands(void *context)
{
    struct mqb_paho *p = context;
    pthread_mutex_lock(&p->lock);
    while (!p->ends) {
        if (p->command.progress == GIVEN && !is_lent(p))
            run_command(p, RUNNING);
        else
            pthread_cond_wait(&p->change, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

bool mqb_paho_is_free(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    const bool is_free = p->command.progress == NOTHING;
    pthread_mutex_unlock(&p->lock);
    return is_free;
}

void mqb_paho_command(struct mqb_paho *p, enum mqb_paho_command_kind kind)
{
    pthread_mutex_lock(&p->lock);
    p->command.kind = (int)kind;
    p->command.progress = GIVEN;
    pthread_cond_broadcast(&p->change);
    while (p->command.progress == LENT || (p->command.progress == GIVEN && is_lent(p)))
        pthread_cond_wait(&p->change, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

int mqb_paho_take_done(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    const int kind = p->command.progress == DONE ? p->command.kind : -1;
    if (kind >= 0)
        p->command.progress = NOTHING;
    pthread_mutex_unlock(&p->lock);
    return kind;
}

bool mqb_paho_wait_for_done(struct mqb_paho *p, enum mqb_paho_command_kind kind)
{
    pthread_mutex_lock(&p->lock);
    while (p->command.progress != DONE && !p->first_event)
        pthread_cond_wait(&p->change, &p->lock);
    const bool is_done = p->command.progress == DONE && p->command.kind == (int)kind;
    if (is_done)
        p->command.progress = NOTHING;
    pthread_mutex_unlock(&p->lock);
    return is_done;
}

/* ---- The thread ---- */

/* Signals are for the application's threads, not for this one, nor for those that paho starts. */
static bool create_thread(struct mqb_paho *p)
{
    sigset_t blocked;
    sigset_t before;
    sigfillset(&blocked);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    const bool is_created = pthread_create(&p->thread, NULL, run_commands, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_created;
}

bool mqb_paho_start(struct mqb_paho *p, int (*obey)(struct mqb_paho *paho))
{
    p->obey = obey;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->change, NULL);
    return create_thread(p);
}

void mqb_paho_end_thread(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    p->ends = true;
    pthread_cond_broadcast(&p->change);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->change);
    pthread_mutex_destroy(&p->lock);
}
