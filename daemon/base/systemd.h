/* systemd.h - libsystemd, or without it (--without-systemd) functions of the same names that do nothing.
 *
 * They answer as libsystemd does where no systemd runs: nobody waits for a sign of life, nobody hands over sockets.
 * Included by base/notify.c and lmtp/listener.c.
 */
#ifndef PATCHMAILD_SYSTEMD_H
#define PATCHMAILD_SYSTEMD_H

#include "build-config.h"

#if HAVE_SYSTEMD

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#else

#include <errno.h>
#include <stdint.h>

#include <glib.h>

#define SD_LISTEN_FDS_START 3

static inline int sd_notify(int unset G_GNUC_UNUSED, const char *state G_GNUC_UNUSED)
{
	return 0;
}

static inline int sd_notifyf(int unset, const char *format, ...) G_GNUC_PRINTF(2, 3);
static inline int sd_notifyf(int unset G_GNUC_UNUSED, const char *format G_GNUC_UNUSED, ...)
{
	return 0;
}

static inline int sd_watchdog_enabled(int unset G_GNUC_UNUSED, uint64_t *ret_wait G_GNUC_UNUSED)
{
	return 0;
}

static inline int sd_listen_fds(int unset G_GNUC_UNUSED)
{
	return 0;
}

static inline int sd_is_socket(int fd G_GNUC_UNUSED, int family G_GNUC_UNUSED, int type G_GNUC_UNUSED,
                               int listening G_GNUC_UNUSED)
{
	return 0;
}

static inline int sd_journal_send(const char *format G_GNUC_UNUSED, ...)
{
	return -ENOSYS;
}

#endif
#endif
