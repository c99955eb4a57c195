#include "traces/importer/radical_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/importer.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/radical_profile.h"

enum { MAX_MANAGERS = 64, MAX_JSON_BYTES = 1 << 30, TASKS_BLOCK_BYTES = 1 << 14 };

/* What goes by while the archive streams: profiles are taken record by record, of all JSON the likeliest is kept. */
struct reader {
    const char *session_name;
    struct radical_profile profile;
    struct str json;                     /* the best so far, */
    int json_rank;
    char *json_name;
    struct str candidate;                /* the one in hand */
    int candidate_rank;
    bool in_json, in_manager;
    size_t n_managers, managers_room;    /* tmgr.0000.json, pmgr.0000.json: all of them count */
    struct manager_file { char *name; struct str text; } *managers;
    size_t profiles, too_long;
};

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* How much a file looks like the session's own JSON: by name the session's, any session's, any. */
static int json_rank(const struct reader *rd, const char *name)
{
    const char *file = file_name(name);
    size_t n = strlen(file) - strlen(".json");
    if (strlen(rd->session_name) == n && !strncmp(file, rd->session_name, n))
        return 3;
    return strstr(file, ".session.") ? 2 : 1;
}

static bool reader_begin(void *context, const char *name)
{
    struct reader *rd = context;
    rd->in_json = rd->in_manager = false;
    if (str_ends(name, ".prof")) {
        rd->profiles++;
        radical_records_begin_file(rd->profile.records, name);
        radical_profile_begin(&rd->profile);
        return true;
    }
    if (radical_layout_is_manager(file_name(name)) && rd->n_managers < MAX_MANAGERS) {
        xgrow(&rd->managers, &rd->managers_room, rd->n_managers + 1, sizeof *rd->managers);
        rd->managers[rd->n_managers] = (struct manager_file){ .name = xstrdup(name) };
        return rd->in_manager = true;
    }
    if (!str_ends(name, ".json") || str_ends(name, ".reg.json") || json_rank(rd, name) <= rd->json_rank)
        return false;
    rd->in_json = true;
    rd->candidate_rank = json_rank(rd, name);
    free(rd->json_name);
    rd->json_name = xstrdup(name);
    return true;
}

static void reader_data(void *context, const char *bytes, size_t size)
{
    struct reader *rd = context;
    struct str *json = rd->in_manager ? &rd->managers[rd->n_managers].text : &rd->candidate;
    if (!rd->in_json && !rd->in_manager)
        radical_profile_feed(&rd->profile, bytes, size);
    else if (json->length + size <= MAX_JSON_BYTES)
        str_add_n(json, bytes, size);
    else
        rd->too_long = 1;
}

static void reader_end(void *context)
{
    struct reader *rd = context;
    if (rd->in_manager) {
        rd->n_managers++;
        return;
    }
    if (!rd->in_json) {
        radical_profile_end(&rd->profile);
        return;
    }
    str_clear(&rd->json);
    rd->json = rd->candidate;
    rd->json_rank = rd->candidate_rank;
    rd->candidate = (struct str){ 0 };
}

static void reader_clear(struct reader *rd)
{
    radical_profile_clear(&rd->profile);
    str_clear(&rd->json);
    str_clear(&rd->candidate);
    free(rd->json_name);
    for (size_t i = 0; i < rd->n_managers; i++) {
        free(rd->managers[i].name);
        str_clear(&rd->managers[i].text);
    }
    free(rd->managers);
}

/* "a/b/re.session.x.0001.tgz" -> "re.session.x.0001" */
static char *name_of_path(const char *path)
{
    static const char *const endings[] = { ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".tbz", ".txz", ".tzst",
                                           ".tar", ".zip", NULL };
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && path[start - 1] != '/')
        start--;
    char *name = xstrndup(path + start, end - start);
    for (size_t i = 0; endings[i]; i++) {
        if (!str_ends(name, endings[i]))
            continue;
        name[strlen(name) - strlen(endings[i])] = '\0';
        break;
    }
    return name;
}

static void note_reading(struct session *s, const struct reader *rd, const struct archive_counts *c)
{
    s->bytes_read = c->bytes;
    s->lines_read = rd->profile.lines;
    session_note(s, rd->profile.torn, "lines of profiles", "torn, or not of a known order of columns");
    session_note(s, rd->profile.bad_times, "records", "a time that cannot be, or relative to an unknown zero");
    session_note(s, c->links, "files", "links are not followed");
    session_note(s, c->special, "files", "devices, pipes and sockets are not read");
    session_note(s, c->unsafe_names, "files", "their names climb out of the archive");
    session_note(s, c->too_deep, "archives", "nested too deep");
    session_note(s, c->broken, "archives or files", "they end early or cannot be read");
    session_note(s, rd->too_long, "JSON files", "longer than 1 GiB: cut off");
}

/* Keeps the document if it parses, and what its layout gives. */
static void take_json(struct radical *r, struct str *text, const char *name)
{
    struct error why = { "" };
    struct json_document *document = json_parse(text->text, text->length, name, &why);
    str_clear(text);
    if (!document) {
        session_note(r->session, 1, "session's JSON", why.text);
        return;
    }
    xgrow(&r->documents, &r->documents_room, r->n_documents + 1, sizeof *r->documents);
    r->documents[r->n_documents++] = document;
    radical_layout_add(&r->layout, json_root(document).value);
}

/* The session's JSON, then its managers': tasks and pilots that it holds already are not added again. */
static void take_all_json(struct radical *r, struct reader *rd)
{
    if (rd->json.length)
        take_json(r, &rd->json, rd->json_name);
    bool complete = r->layout.n_entries && r->layout.n_pilots;
    for (size_t i = 0; i < rd->n_managers && !complete; i++)
        if (rd->managers[i].text.length)
            take_json(r, &rd->managers[i].text, rd->managers[i].name);
    if (!r->n_documents && !rd->json.length)
        session_note(r->session, 1, "session's JSON", "missing: no descriptions, slots or nodes");
}

/* The session's own name is that of its JSON, whatever the archive was called. */
static void rename_session(struct radical *r, const struct reader *rd)
{
    struct session *s = r->session;
    const char *file = rd->json_name ? file_name(rd->json_name) : "";
    if (r->layout.session_uid) {
        free(r->session->name);
        r->session->name = xstrdup(r->layout.session_uid);
        return;
    }
    if (rd->json_rank < 2)
        return;
    free(s->name);
    s->name = xstrndup(file, strlen(file) - strlen(".json"));
}

static int assemble(struct radical *r, struct error *err)
{
    radical_describe(r);
    if (!r->n)
        return error_set(err, "%s: holds no task of RADICAL-Pilot: %llu records in its profiles (*.prof), %s; "
                         "radical-pilot-fetch-profiles brings the profiles of a session that ran with RADICAL_PROFILE=TRUE: put them "
                         "into its folder", r->session->path,
                         (unsigned long long)r->totals.rows,
                         r->n_documents ? "none described in its JSON" : "and no JSON that can be read");
    radical_times(r);
    radical_check_requests(r);
    radical_nodes(r);
    radical_platform(r);
    radical_pipelines(r);
    radical_groups(r);
    radical_name_groups(r);
    radical_infer_edges(r);
    if (radical_build(r, err))
        return -1;
    radical_note_gaps(r);
    return 0;
}

static void radical_clear(struct radical *r)
{
    for (size_t g = 0; g < r->n_groups; g++)
        free(r->groups[g].parents);
    for (size_t i = 0; i < r->n_nodes && r->node_names; i++)
        free(r->node_names[i]);
    free(r->node_names);
    arena_clear(&r->memory);
    free(r->ids);
    free(r->parts);
    free(r->order);
    free(r->groups);
    free(r->pipelines);
    free(r->runs);
    radical_records_free(r->records);
    free(r->rooms);
    free(r->kinds);
    radical_layout_clear(&r->layout);
    for (size_t i = 0; i < r->n_documents; i++)
        json_free(r->documents[i]);
    free(r->documents);
}

struct session *radical_session_load(const char *path, struct error *err)
{
    char *name = name_of_path(path);
    struct session *s = session_new(name, path, "radical_session");
    struct radical r = { .session = s, .records = radical_records_new(),
                         .memory = { .block_bytes = TASKS_BLOCK_BYTES } };
    struct reader rd = { .session_name = name, .profile = { .records = r.records } };
    struct archive_visitor visitor = { reader_begin, reader_data, reader_end, &rd };
    struct archive_counts counts;
    int failed = archive_walk(path, &visitor, NULL, &counts, err);
    if (!failed) {
        note_reading(s, &rd, &counts);
        take_all_json(&r, &rd);
        rename_session(&r, &rd);
        failed = assemble(&r, err);
    }
    reader_clear(&rd);
    radical_clear(&r);
    free(name);
    if (!failed)
        return s;
    session_free(s);
    return NULL;
}

static int radical_session_probe(const struct importer_probe *p)
{
    bool named = strstr(p->file_name, ".session.") != NULL;
    if (p->is_folder)
        return named ? 90 : 60;
    return archive_name_is_archive(p->file_name) ? named ? 90 : 60 : 0;
}

const struct importer_ops importer_radical_session = {
    .name = "radical_session",
    .summary = "a RADICAL-Pilot session, with or without EnTK: a folder, .tgz, .tar.gz, .tar.bz2, .tar.zst, .zip",
    .probe = radical_session_probe, .load = radical_session_load,
};
