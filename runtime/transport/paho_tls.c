#define _POSIX_C_SOURCE 200809L
#include "transport/paho_tls.h"

#include <string.h>
#include <unistd.h>

/* ---- Settings ---- */

bool mqb_paho_uses_tls(const struct mqb_paho_settings *s)
{
    return s->tls || s->ca_file || s->ca_path || s->certificate_file;
}

static bool is_unreadable(const char *path)
{
    return path && access(path, R_OK) != 0;
}

const char *mqb_paho_tls_rule(const struct mqb_paho_settings *s)
{
    if (!s->certificate_file != !s->key_file)
        return "certificate_file and key_file need each other";
    if (is_unreadable(s->ca_file) || is_unreadable(s->ca_path))
        return "ca_file or ca_path cannot be read";
    if (is_unreadable(s->certificate_file))
        return "certificate_file cannot be read";
    if (is_unreadable(s->key_file))
        return "key_file cannot be read";
    return NULL;
}

/* ---- Errors ---- */

/* OpenSSL's lines are "THREAD:error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE:DATA". */
static struct mqb_str find_tls_reason(const char *line, size_t len)
{
    struct mqb_str reason = {line, len};
    for (int colons = 5; colons != 0; colons--) {
        const char *colon = memchr(reason.ptr, ':', reason.len);
        if (!colon)
            return reason;
        reason.len -= (size_t)(colon + 1 - reason.ptr);
        reason.ptr = colon + 1;
    }
    const char *end = memchr(reason.ptr, ':', reason.len);
    if (end)
        reason.len = (size_t)(end - reason.ptr);
    return reason;
}

static const char *known_tls_text(struct mqb_str reason)
{
    static const struct {
        const char *reason;
        const char *text;
    } known[] = {
        {"certificate verify failed",
         "the broker's certificate is expired, or not signed by a trusted authority"},
        {"wrong version number", "the broker's port does not have TLS"},
        {"packet length too long", "the broker's port does not have TLS"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (mqb_str_equal(mqb_str_from(known[i].reason), reason))
            return known[i].text;
    }
    return NULL;
}

/* The first error counts: later ones follow from it. A lost peer may return soon. */
static int on_tls_error(const char *line, size_t len, void *context)
{
    struct mqb_paho *p = context;
    struct mqb_str reason = find_tls_reason(line, len);
    const char *text = known_tls_text(reason);
    if (p->tls_error[0] != '\0' || strncmp(reason.ptr, "unexpected eof", 14) == 0)
        return 1;
    if (text)
        reason = mqb_str_from(text);
    if (reason.len >= sizeof p->tls_error)
        reason.len = sizeof p->tls_error - 1U;
    memcpy(p->tls_error, reason.ptr, reason.len);
    p->tls_error[reason.len] = '\0';
    return 1;
}

/* ---- paho ---- */

void mqb_paho_describe_tls(struct mqb_paho *p, MQTTAsync_SSLOptions *options)
{
    const struct mqb_paho_settings *s = &p->settings;
    options->trustStore = s->ca_file;
    options->CApath = s->ca_path;
    options->disableDefaultTrustStore = s->ca_file || s->ca_path;
    options->keyStore = s->certificate_file;
    options->privateKey = s->key_file;
    /* Without one, OpenSSL asks for the password of an encrypted key on the terminal. */
    if (s->key_file)
        options->privateKeyPassword = s->key_password ? s->key_password : "";
    options->enableServerCertAuth = 1;
    options->verify = !s->insecure;
    options->ssl_error_cb = on_tls_error;
    options->ssl_error_context = p;
    p->tls_error[0] = '\0';
}
