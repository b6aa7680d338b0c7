#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_tls.h"

#include <arpa/inet.h>
#include <string.h>

#include <mosquitto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "transport/mosquitto_hosts.h"
#include "transport/mosquitto_text.h"

#define ALPN_MAX 255
#define FATAL 2

/* ---- Settings ---- */

static bool has_files(const struct mqb_mosquitto_settings *s)
{
    return s->ca_file || s->ca_path || s->certificate_file;
}

bool mqb_mosquitto_uses_tls(const struct mqb_mosquitto_settings *s)
{
    return s->tls || has_files(s) || s->psk || s->ssl_ctx;
}

static bool is_hexadecimal(const char *text)
{
    const size_t len = strlen(text);
    return len != 0 && len % 2 == 0 && strspn(text, "0123456789abcdefABCDEF") == len;
}

static const char *psk_rule(const struct mqb_mosquitto_settings *s)
{
    if (!s->psk != !s->psk_identity)
        return "psk and psk_identity need each other";
    if (s->psk && has_files(s))
        return "psk replaces certificates: give one of the two";
    if (s->psk && !is_hexadecimal(s->psk))
        return "psk must be hexadecimal";
    return NULL;
}

const char *mqb_mosquitto_tls_rule(const struct mqb_mosquitto_settings *s)
{
    if (!s->certificate_file != !s->key_file)
        return "certificate_file and key_file need each other";
    if (s->ssl_ctx && (has_files(s) || s->psk))
        return "ssl_ctx replaces files and psk: give one of them";
    if (s->alpn && (strlen(s->alpn) == 0 || strlen(s->alpn) > ALPN_MAX))
        return "alpn must have 1 to 255 bytes";
    return psk_rule(s);
}

/* Without this, OpenSSL asks for the password of an encrypted key on the terminal. */
static int give_key_password(char *buf, int size, int writing, void *connection)
{
    (void)writing;
    const struct mqb_mosquitto *m = connection;
    const char *password = m->settings.key_password ? m->settings.key_password : "";
    size_t len = strlen(password);
    if (size < 0 || len > (size_t)size)
        return 0;
    memcpy(buf, password, len);
    return (int)len;
}

static const char *read_authorities(const struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    X509_STORE *store = X509_STORE_new();
    if (!store)
        return "memory is short";
    SSL_CTX_set_cert_store(m->tls, store);
    const bool done = s->ca_file || s->ca_path
                          ? SSL_CTX_load_verify_locations(m->tls, s->ca_file, s->ca_path) == 1
                          : SSL_CTX_set_default_verify_paths(m->tls) == 1;
    return done ? NULL : "ca_file or ca_path cannot be read";
}

static const char *read_certificate(const struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    if (!s->certificate_file)
        return NULL;
    if (SSL_CTX_use_certificate_chain_file(m->tls, s->certificate_file) != 1)
        return "certificate_file cannot be read";
    if (SSL_CTX_use_PrivateKey_file(m->tls, s->key_file, SSL_FILETYPE_PEM) != 1)
        return "key_file cannot be read with key_password, or is not that of certificate_file";
    return NULL;
}

const char *mqb_mosquitto_tls_renew(struct mqb_mosquitto *m)
{
    m->tls_heard = false;
    if (!m->tls || m->settings.ssl_ctx || m->settings.psk)
        return NULL;
    const char *rule = read_authorities(m);
    if (!rule)
        rule = read_certificate(m);
    ERR_clear_error();
    return rule;
}

/* ---- The handshake ---- */

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int connection_index = -1;
static _Thread_local struct mqb_mosquitto *expected;

static void make_index(void)
{
    connection_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

void mqb_mosquitto_tls_expect(struct mqb_mosquitto *m)
{
    expected = m;
}

static struct mqb_mosquitto *connection_of(const SSL *ssl)
{
    return connection_index >= 0 ? SSL_get_ex_data(ssl, connection_index) : NULL;
}

static unsigned char digit(char hexadecimal)
{
    const char *digits = "0123456789abcdef";
    const char lower =
        hexadecimal >= 'A' && hexadecimal <= 'F' ? (char)(hexadecimal + 32) : hexadecimal;
    return (unsigned char)(strchr(digits, lower) - digits);
}

static unsigned int give_psk(
    SSL *ssl,
    const char *hint,
    char *identity,
    unsigned int identity_size,
    unsigned char *psk,
    unsigned int psk_size)
{
    (void)hint;
    const struct mqb_mosquitto *m = connection_of(ssl);
    if (!m || strlen(m->settings.psk) / 2 > psk_size)
        return 0;
    const char *text = m->settings.psk;
    unsigned int len = 0;
    for (; text[2U * len] != '\0'; len++)
        psk[len] = (unsigned char)(digit(text[2U * len]) << 4 | digit(text[2U * len + 1]));
    mqb_mosquitto_copy(identity, identity_size, m->settings.psk_identity);
    return len;
}

static bool is_address(const char *name)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

/* An address is verified, too, but is not a server name (RFC 6066, 3). */
static void name_host(SSL *ssl, const struct mqb_mosquitto *m)
{
    const char *name = m->settings.server_name ? m->settings.server_name : mqb_mosquitto_host(m);
    const bool numeric = is_address(name);
    const char *server_name = numeric ? NULL : name;
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    SSL_set_tlsext_host_name(ssl, server_name);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(param, m->settings.insecure || numeric ? NULL : name, 0);
    X509_VERIFY_PARAM_set1_ip(param, NULL, 0);
    if (numeric && !m->settings.insecure)
        X509_VERIFY_PARAM_set1_ip_asc(param, name);
}

static void name_protocol(SSL *ssl, const char *alpn)
{
    unsigned char list[1 + ALPN_MAX];
    const size_t len = strlen(alpn);
    list[0] = (unsigned char)len;
    memcpy(list + 1, alpn, len);
    SSL_set_alpn_protos(ssl, list, (unsigned int)len + 1);
}

static void begin_handshake(SSL *ssl)
{
    struct mqb_mosquitto *m = expected;
    if (!m || connection_index < 0 || SSL_get_ex_data(ssl, connection_index))
        return;
    SSL_set_ex_data(ssl, connection_index, m);
    name_host(ssl, m);
    if (m->settings.alpn)
        name_protocol(ssl, m->settings.alpn);
    ERR_clear_error();
}

/* ---- Why it failed ---- */

static const char *verify_text(long result)
{
    switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the broker's certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "the broker's certificate is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "the broker's certificate is for another host";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "the broker's certificate is not signed by a trusted authority";
    default:
        return X509_verify_cert_error_string(result);
    }
}

/* The first reason counts: later ones follow from it. */
static void note_reason(struct mqb_mosquitto *m, const char *start, const char *reason)
{
    if (m->answered || m->log[0] != '\0')
        return;
    mqb_mosquitto_copy(m->log, sizeof m->log, start);
    const size_t len = strlen(m->log);
    mqb_mosquitto_copy(m->log + len, sizeof m->log - len, reason);
}

static const char *alert_text(int alert)
{
    switch (alert % 256) {
    case SSL_AD_CERTIFICATE_REQUIRED: /* OpenSSL has no text for these. */
        return "certificate required";
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return "no application protocol";
    default:
        return SSL_alert_desc_string_long(alert);
    }
}

/* TLS 1.3 tells a client only after the handshake what is wrong with its certificate. */
static void hear_alert(struct mqb_mosquitto *m, int alert)
{
    const int level = alert / 256;
    const int description = alert % 256;
    if (level == FATAL && description != TLS1_AD_INTERNAL_ERROR)
        note_reason(m, "the broker refused TLS: ", alert_text(alert));
}

static void on_handshake(const SSL *ssl, int where, int result)
{
    if ((where & SSL_CB_HANDSHAKE_START) != 0)
        begin_handshake((SSL *)ssl);
    struct mqb_mosquitto *m = connection_of(ssl);
    if (!m)
        return;
    if (SSL_get_state(ssl) == TLS_ST_CR_SRVR_HELLO)
        m->tls_heard = true;
    if (where == SSL_CB_READ_ALERT) {
        m->tls_heard = true;
        hear_alert(m, result);
    }
    const long verified = SSL_get_verify_result(ssl);
    const bool failed = where == SSL_CB_CONNECT_EXIT && result <= 0;
    if (failed && verified != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE)
        note_reason(m, "", verify_text(verified));
}

bool mqb_mosquitto_tls_is_foreign(struct mqb_mosquitto *m, unsigned char byte)
{
    if (m->tls || byte != SSL3_RT_ALERT)
        return false;
    note_reason(m, "", "the broker's port needs TLS");
    return true;
}

bool mqb_mosquitto_tls_is_doubtful(const struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    return !m->answered && m->tls && m->tls_heard && (s->certificate_file || s->psk || s->ssl_ctx);
}

const char *mqb_mosquitto_tls_hint(const struct mqb_mosquitto *m)
{
    if (m->answered)
        return NULL;
    if (!m->tls && m->settings.protocol == 5)
        return "the broker closed the connection without an answer: it may not know MQTT 5, or its "
               "port needs TLS";
    if (!m->tls)
        return "the broker closed the connection without an answer: its port may need TLS";
    if (!m->tls_heard)
        return "the broker closed the connection when TLS began: its port may not have TLS";
    if (mqb_mosquitto_tls_is_doubtful(m))
        return "the broker ended TLS early: it may not accept the client's certificate or key";
    return NULL;
}

const char *mqb_mosquitto_tls_text(const char *error)
{
    static const char *const foreign[] = {
        "wrong version number", "packet length too long", "http request"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        if (strcmp(error, foreign[i]) == 0)
            return "the broker's port does not have TLS";
    }
    return error;
}

/* ---- The context ---- */

static const char *make_context(struct mqb_mosquitto *m)
{
    m->tls = SSL_CTX_new(TLS_client_method());
    if (!m->tls)
        return "memory is short";
    SSL_CTX_set_min_proto_version(m->tls, TLS1_2_VERSION);
    SSL_CTX_set_verify(m->tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_default_passwd_cb(m->tls, give_key_password);
    SSL_CTX_set_default_passwd_cb_userdata(m->tls, m);
    if (m->settings.psk) {
        SSL_CTX_set_psk_client_callback(m->tls, give_psk);
        SSL_CTX_set_cipher_list(m->tls, "PSK");
    }
    return mqb_mosquitto_tls_renew(m);
}

const char *mqb_mosquitto_tls_open(struct mqb_mosquitto *m)
{
    const char *rule = NULL;
    if (!m->settings.tls)
        return NULL;
    CRYPTO_THREAD_run_once(&once, make_index);
    if (!m->settings.ssl_ctx)
        rule = make_context(m);
    else if (SSL_CTX_up_ref(m->settings.ssl_ctx) == 1)
        m->tls = m->settings.ssl_ctx;
    if (rule)
        return rule;
    SSL_CTX_set_info_callback(m->tls, on_handshake);
    int rc = mosquitto_opts_set(m->mosq, MOSQ_OPT_SSL_CTX, m->tls);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_int_option(m->mosq, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    return rc == MOSQ_ERR_SUCCESS ? NULL : "libmosquitto was built without TLS";
}

void mqb_mosquitto_tls_close(struct mqb_mosquitto *m)
{
    SSL_CTX_free(m->tls);
    m->tls = NULL;
}
