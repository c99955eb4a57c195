/* core/broker.h - what EnTK's bookkeeping costs where its message broker is far away.
 *
 * EnTK 0.7 to 1.x opens a connection to a RabbitMQ server for each task that ended; before 1.5 it
 * does so for each task that it puts up, too, and then waits for the answer that this was noted
 * (its pull request 466). So client.close_task and client.open_task are round trips. How long one
 * takes shows before any task runs: in the time that it took to set up its queues there, some
 * thirty round trips (a session's and a profile's `broker_s`; 0: unknown). docs/radical.md has the
 * figures. */
#ifndef DAGCAST_CORE_BROKER_H
#define DAGCAST_CORE_BROKER_H

#include "core/middleware.h"

/* Up to here a broker is near: what its set-up took was processors' time. */
#define BROKER_NEAR_S 0.05
/* what setting up the queues takes with one that is near */
#define BROKER_TYPICAL_S 0.02

/* How many times as long a round trip takes with one broker as with another; 1 if both are near,
 * or one is unknown. */
double broker_ratio(double here_s, double there_s);
/* A release of RADICAL-Pilot (of a list the newest) whose EnTK waits for an answer for each task
 * that it puts up; false for NULL. */
bool broker_answers(const char *versions);
/* Of a station, that broker over one that is near; 1: it is no matter of brokers. */
double broker_far(const struct middleware *m, enum station_parameter p);
/* The profile as under that release of RADICAL-Pilot (NULL: unknown), whose EnTK has the same
 * minor release, with that broker; one that is unknown is as far away in the profile's generation,
 * near in others, which need not have any. */
void broker_adapt(struct middleware *m, double broker_s, const char *version);

#endif
