#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/importer/importers.h"
#include "traces/importer/radical_choice.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/radical_reader.h"

enum { TASKS_BLOCK_BYTES = 1 << 14 };

/* "a/b/re.session.x.0001.tgz" -> "re.session.x.0001" */
static char *name_of_path(const char *path)
{
    char *name = xstrdup(str_file_name(path));
    name[archive_name_length(name)] = '\0';
    return name;
}

static void note_reading(struct session *s, const struct radical_reader *rd,
                         const struct archive_counts *c)
{
    s->bytes_read = c->bytes;
    s->checked = c->checked;
    if (c->damage[0])
        session_set_damage(s, c->damage, c->files_before_damage, c->bytes_before_damage);
    s->lines_read = rd->profile.lines;
    session_note(s, rd->profile.torn, "lines of profiles",
                 "torn, or not of a known order of columns");
    session_note(s, rd->profile.bad_times, "records",
                 "a time that cannot be, or relative to an unknown zero");
    session_note(s, c->links, "files", "links are not followed");
    session_note(s, c->special, "files", "devices, pipes and sockets are not read");
    session_note(s, c->unsafe_names, "files", "their names climb out of the archive");
    session_note(s, c->too_deep, "archives", "nested too deep");
    session_note(s, c->broken, "archives or files", "they end early or cannot be read");
    session_note(s, rd->foreign, "files of profiles or JSON",
                 "below rp_install or a virtual environment: a package's, not the session's");
    session_note(s, rd->too_long, "JSON files", "longer than 1 GiB: cut off");
}

static struct json_document *parse(struct radical *r, const struct str *text, const char *name)
{
    struct error why = { "" };
    struct json_document *document =
        json_parse_mended(text->text, text->length, name, &r->mended, &why);
    if (!document)
        session_note(r->session, 1, "session's JSON", why.text);
    return document;
}

/* Keeps the document if its layout is known, and what that gives. */
static bool take_document(struct radical *r, struct json_document *document)
{
    if (!document || !radical_layout_add(&r->layout, json_root(document).value)) {
        json_free(document);
        return false;
    }
    xgrow(&r->documents, &r->documents_room, r->n_documents + 1, sizeof *r->documents);
    r->documents[r->n_documents++] = document;
    return true;
}

/* The best that is a session's; one of another uid only if there is no other. */
static void choose_json(struct radical *r, struct radical_reader *rd)
{
    struct radical_choice *c = &rd->choice;
    struct json_document *other = NULL;
    radical_choice_sort(c);
    for (size_t i = 0; i < c->n && !rd->json_name; i++) {
        struct json_document *document =
            c->at[i].text.length ? parse(r, &c->at[i].text, c->at[i].name) : NULL;
        str_clear(&c->at[i].text);
        bool contradicts = document && radical_choice_contradicts(c, json_root(document).value);
        if (contradicts && !other)
            other = document;
        else if (contradicts)
            json_free(document);
        else if (take_document(r, document))
            rd->json_name = c->at[i].name;
    }
    if (rd->json_name || !other) {
        json_free(other);
        return;
    }
    if (take_document(r, other)) {
        rd->json_name = json_name(other);
        session_note(r->session, 1, "session's JSON",
                     "states another session's uid than the profiles, but there is no other");
    }
}

/* The session's JSON, then its managers': tasks and pilots that it holds already are not added
 * again. */
static void take_all_json(struct radical *r, struct radical_reader *rd)
{
    choose_json(r, rd);
    bool complete = r->layout.n_entries && r->layout.n_pilots;
    for (size_t i = 0; i < rd->n_managers && !complete; i++)
        if (rd->managers[i].text.length)
            take_document(r, parse(r, &rd->managers[i].text, rd->managers[i].name));
    if (!r->n_documents)
        session_note(r->session, 1, "session's JSON", "missing: no descriptions, slots or nodes");
    session_note(r->session, r->mended, "characters in the session's JSON",
                 "\\u0000, half a surrogate pair or bytes that are not UTF-8: replaced");
}

/* The session's own name is that of its JSON, whatever the archive was called. */
static void rename_session(struct radical *r, const struct radical_reader *rd)
{
    struct session *s = r->session;
    const char *file = rd->json_name ? str_file_name(rd->json_name) : "";
    if (r->layout.session_uid) {
        free(r->session->name);
        r->session->name = xstrdup(r->layout.session_uid);
        return;
    }
    const char *uid = radical_text(r->layout.session, "uid");
    if (uid && strstr(uid, ".session.")) {
        free(s->name);
        s->name = xstrdup(uid);
        return;
    }
    if (!rd->json_name || !radical_choice_is_named(&rd->choice, rd->json_name))
        return;
    free(s->name);
    s->name = xstrndup(file, strlen(file) - strlen(".json"));
}

static int assemble(struct radical *r, struct error *err)
{
    radical_describe(r);
    if (!r->n)
        return error_set(
            err,
            "%s: holds no task of RADICAL-Pilot: %llu records in its profiles (*.prof), %s; "
            "radical-pilot-fetch-profiles brings the profiles of a session that ran with "
            "RADICAL_PROFILE=TRUE: put them into its folder",
            r->session->path, (unsigned long long)r->totals.rows,
            r->n_documents ? "none described in its JSON" : "and no JSON that can be read");
    radical_times(r);
    radical_check_requests(r);
    radical_nodes(r);
    if (radical_clocks(r, err))
        return -1;
    radical_platform(r);
    radical_pipelines(r);
    radical_chains(r);
    radical_alone(r);
    radical_groups(r);
    radical_name_groups(r);
    if (radical_build(r, err))
        return -1;
    radical_add_details(r);
    radical_note_gaps(r);
    return 0;
}

static void radical_clear(struct radical *r)
{
    for (size_t i = 0; i < r->n_nodes && r->node_names; i++)
        free(r->node_names[i]);
    free(r->node_names);
    arena_clear(&r->memory);
    xfree(r->ids, r->parts, r->order, r->groups, r->pipelines, r->runs);
    radical_records_free(r->records);
    xfree(r->rooms, r->kinds);
    radical_layout_clear(&r->layout);
    for (size_t i = 0; i < r->n_documents; i++)
        json_free(r->documents[i]);
    free(r->documents);
}

/* Of several sessions one is read, alone: forgets all that was read, and reads again what is the
 * chosen one's. */
static int read_chosen(struct radical *r, struct radical_reader *rd, struct archive_counts *counts,
                       struct error *err)
{
    struct session *s = r->session;
    size_t sessions = radical_siblings_choose(&rd->siblings);
    if (sessions < 2)
        return 0;
    struct radical_siblings siblings = rd->siblings;
    const char *path_name = rd->choice.path_name;
    char *others = radical_siblings_others(&siblings);
    radical_reader_clear(rd);
    radical_records_free(r->records);
    r->records = radical_records_new();
    *rd = (struct radical_reader){ .choice = { .path_name = path_name },
                           .profile = { .records = r->records }, .siblings = siblings };
    char *why = str_format("of %zu in one place this one has the most records of tasks, and it "
                           "alone was read; not read: %s (give the folder or archive of one to "
                           "read it)",
                           sessions, others);
    session_note(s, sessions - 1, "other sessions", session_keep(s, why));
    xfree(why, others);
    if (*siblings.chosen) {
        free(s->name);
        s->name = xstrdup(siblings.chosen);
    }
    return radical_reader_walk(rd, s->path, counts, err);
}

static struct session *load(const char *path, struct error *err)
{
    char *name = name_of_path(path);
    struct session *s = session_new(name, path, "radical_session");
    struct radical r = { .session = s, .records = radical_records_new(),
                         .memory = { .block_bytes = TASKS_BLOCK_BYTES } };
    struct radical_reader rd = { .choice = { .path_name = name },
                                 .profile = { .records = r.records } };
    struct archive_counts counts;
    int failed = radical_reader_walk(&rd, path, &counts, err);
    failed = failed ? failed : read_chosen(&r, &rd, &counts, err);
    if (!failed) {
        note_reading(s, &rd, &counts);
        take_all_json(&r, &rd);
        rename_session(&r, &rd);
        failed = assemble(&r, err);
        if (failed && s->damage)
            error_prefix(err, "%s is damaged (%s): ", path, s->damage);
    }
    radical_reader_clear(&rd);
    radical_siblings_clear(&rd.siblings);
    radical_clear(&r);
    free(name);
    if (!failed)
        return s;
    session_free(s);
    return NULL;
}

static int probe(const struct importer_probe *p)
{
    bool named = strstr(p->file_name, ".session.") != NULL;
    if (p->is_folder)
        return named ? 90 : 60;
    bool archive = archive_bytes_are_archive(p->head, p->head_size) ||
                   (p->head_size && archive_name_is_archive(p->file_name));
    return archive ? named ? 90 : 60 : 0;
}

const struct importer_ops importer_radical_session = {
    .name = "radical_session",
    .summary = "a RADICAL-Pilot session, with or without EnTK: a folder, a tar (plain or packed), "
               "a zip",
    .probe = probe, .load = load,
};
