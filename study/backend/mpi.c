/* Points over the processes of an MPI job. Rank 0 owns the queue and keeps the results: its threads
 * compute like everybody's, while its first thread, the only one that speaks MPI, answers the
 * others. Each other rank sends its last result (nothing at first) and gets its next point, until
 * there is none. */
#include "study/backend_impl.h"

#define SUMMARY "points over the processes of an MPI job: mpirun -n 64 dagcast sweep ..."

#ifdef DAGCAST_MPI

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mpi.h>

#include "base/xalloc.h"

enum { TAG_RESULT = 1, TAG_POINT = 2, PAUSE_NS = 200000 };

/* Instead of a result, which has more bytes. */
static const char leaves = 'x';

static int begin(struct error *err)
{
    int provided;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
        provided < MPI_THREAD_FUNNELED)
        return error_set(err, "MPI: cannot start with several threads a process");
    return 0;
}

static void end(void)
{
    MPI_Finalize();
}

static int own_rank(void)
{
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static int count(void)
{
    int n = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    return n;
}

struct opinion { uint64_t hash; int64_t status; };

static int agree(int status, uint64_t study_hash, struct error *err)
{
    int n = count(), verdict = status;
    struct opinion mine = { study_hash, status }, *all = xcalloc((size_t)n, sizeof *all);
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, MPI_COMM_WORLD);
    for (int i = 0; i < n && verdict == 0; i++) {
        if (all[i].status)
            verdict = error_set(
                err, "process %d of %d could not open the study, its files or its store", i, n);
        else if (all[i].hash != all[0].hash)
            verdict = error_set(
                err, "process %d of %d reads another study than process 0, or other files for it",
                i, n);
    }
    free(all);
    return verdict;
}

/* Takes a message of any size if one has arrived; its bytes are the caller's to free. */
static bool receive_now(int from, int tag, int *sender, char **bytes, size_t *size)
{
    MPI_Message message;
    MPI_Status status;
    int n = 0, arrived = 0;
    MPI_Improbe(from, tag, MPI_COMM_WORLD, &arrived, &message, &status);
    if (!arrived)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &n);
    *bytes = xmalloc((size_t)n + 1);
    MPI_Mrecv(*bytes, n, MPI_BYTE, &message, MPI_STATUS_IGNORE);
    *sender = status.MPI_SOURCE;
    *size = (size_t)n;
    return true;
}

/* MPI's own waiting would keep a processor busy. */
static char *receive(int from, int tag, int *sender, size_t *size)
{
    const struct timespec pause = { .tv_nsec = PAUSE_NS };
    char *bytes;
    while (!receive_now(from, tag, sender, &bytes, size))
        nanosleep(&pause, NULL);
    return bytes;
}

/* Who has sent, and what: all that has arrived, at least one. */
struct inbox {
    /* -1: one that was told to stop, and waits for no answer */
    int *sender;
    struct result **result;              /* NULL: the first time, there is none yet */
    size_t n;
};

static void add_mail(struct inbox *b, int sender, char *bytes, size_t size)
{
    b->sender[b->n] = size == sizeof leaves ? -1 : sender;
    b->result[b->n++] = size > sizeof leaves ? result_unpack(bytes, size) : NULL;
    free(bytes);
}

static void wait_for_mail(struct inbox *b, size_t most)
{
    int sender;
    size_t size;
    char *bytes = receive(MPI_ANY_SOURCE, TAG_RESULT, &sender, &size);
    b->n = 0;
    add_mail(b, sender, bytes, size);
    while (b->n < most && receive_now(MPI_ANY_SOURCE, TAG_RESULT, &sender, &bytes, &size))
        add_mail(b, sender, bytes, size);
}

/* Answers the other ranks until each of them has been told that there is no more. What has arrived
 * is kept before its senders are answered: until then they have it in hand. */
static void serve(struct job_queue *q)
{
    size_t most = (size_t)count();
    struct inbox box = { .sender = xcalloc(most, sizeof *box.sender),
                         .result = xcalloc(most, sizeof(struct result *)) };
    for (size_t left = most - 1; left > 0;) {
        wait_for_mail(&box, left);
        job_queue_keep_all(q, box.result, box.n);
        for (size_t i = 0; i < box.n; i++) {
            size_t point;
            bool waits = box.sender[i] >= 0;
            int64_t answer = waits && job_queue_take(q, &point) ? (int64_t)point : -1;
            left -= answer < 0;
            if (waits)
                MPI_Send(&answer, sizeof answer, MPI_BYTE, box.sender[i], TAG_POINT,
                         MPI_COMM_WORLD);
        }
    }
    xfree(box.sender, box.result);
}

static int run_first(const struct backend_work *w, struct error *err)
{
    struct job_queue q;
    job_queue_init(&q, w, err);
    struct team *t = team_start(&q, w->threads, 1);
    serve(&q);
    team_join(t);
    team_work(&q, 1);                    /* whatever is left where no thread could be started */
    int status = job_queue_status(&q);
    job_queue_clear(&q);
    return status;
}

static int64_t ask(const struct result *last)
{
    size_t size = 0;
    int sender;
    char *bytes = last ? result_pack(last, &size) : NULL;
    assert(size <= INT_MAX);             /* 8 bytes a replica, of which a study has at most 10^7 */
    MPI_Send(bytes, (int)size, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
    free(bytes);
    char *answer = receive(0, TAG_POINT, &sender, &size);
    int64_t point = -1;
    if (size == sizeof point)
        memcpy(&point, answer, sizeof point);
    free(answer);
    return point;
}

static int run(const struct backend_work *w, struct error *err)
{
    if (own_rank() == 0)
        return run_first(w, err);
    struct result *last = NULL;
    for (int64_t point; (point = ask(last)) >= 0;) {
        result_free(last);
        last = w->compute(w->context, (size_t)point, w->threads);
        if (!last) { /* told to stop: the point stays undone, no other is asked */
            MPI_Send(&leaves, sizeof leaves, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
            return 0;
        }
    }
    result_free(last);
    return 0;
}

const struct backend_ops backend_mpi = {
    .name = "mpi", .summary = SUMMARY, .begin = begin, .rank = own_rank, .agree = agree, .run = run,
    .end = end,
};

#else

static bool available(void)
{
    return false;
}

const struct backend_ops backend_mpi = { .name = "mpi", .summary = SUMMARY,
                                         .available = available };

#endif
