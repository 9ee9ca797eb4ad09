/* kind.c - tells mails, mboxes and archives from what is none, by the first bytes of a file.
 *
 * Used by the readers of files, folders and tars.  Names are not looked at.
 */
#include "archive/kind.h"

#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "archive/mbox.h"

/* How files begin. */
static const struct magic {
	const char *bytes;
	size_t length;
	enum kind kind;
	const char *what; /* of KIND_OTHER */
} magics[] = {
#define MAGIC(bytes, kind, what)                     \
	{                                            \
		bytes, sizeof(bytes) - 1, kind, what \
	}
	MAGIC("\x1f\x8b", KIND_GZIP, NULL),
	MAGIC("\xfd"
              "7zXZ\0",
              KIND_XZ, NULL),
	MAGIC("\x28\xb5\x2f\xfd", KIND_ZSTD, NULL),
	MAGIC("BZh", KIND_BZIP2, NULL),
	MAGIC("PK\x03\x04", KIND_OTHER, "is a zip file; unpack it"),
	MAGIC("7z\xbc\xaf\x27\x1c", KIND_OTHER, "is a 7z file; unpack it"),
	MAGIC("Rar!", KIND_OTHER, "is a rar file; unpack it"),
	MAGIC("\x04\x22\x4d\x18", KIND_OTHER, "is compressed by lz4; uncompress it"),
	MAGIC("\x1f\x9d", KIND_OTHER, "is compressed by compress; uncompress it"),
	MAGIC("LZIP", KIND_OTHER, "is compressed by lzip; uncompress it"),
	MAGIC("\1\1\1\1\n", KIND_OTHER, "is an MMDF mailbox; make an mbox of it"),
	MAGIC("BABYL OPTIONS", KIND_OTHER, "is a Babyl mailbox; make an mbox of it"),
	MAGIC("!BDN", KIND_OTHER, "is a PST file; make an mbox of it"),
	MAGIC("*mbx*", KIND_OTHER, "is an mbx mailbox; make an mbox of it"),
	MAGIC("SQLite format 3", KIND_OTHER, "is an SQLite database"),
	MAGIC("# v2 git bundle", KIND_OTHER, "is a git bundle; clone it"),
	MAGIC("# v3 git bundle", KIND_OTHER, "is a git bundle; clone it"),
	MAGIC("\x7f"
              "ELF",
              KIND_OTHER, "is a program"),
	MAGIC("%PDF-", KIND_OTHER, "is a PDF file"),
	MAGIC("<!DOCTYPE", KIND_OTHER, "is an HTML or XML file"),
	MAGIC("<!doctype", KIND_OTHER, "is an HTML or XML file"),
	MAGIC("<html", KIND_OTHER, "is an HTML file"),
	MAGIC("<HTML", KIND_OTHER, "is an HTML file"),
	MAGIC("<?xml", KIND_OTHER, "is an XML file"),
};

static const struct magic *find_magic(const char *bytes, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if (length >= magics[i].length && memcmp(bytes, magics[i].bytes, magics[i].length) == 0)
			return &magics[i];
	return NULL;
}

/* Tar: the checksum of the first header, in octal; its own field counts as blanks. */
#define TAR_BLOCK 512
#define TAR_SUM 148
#define TAR_SUM_LENGTH 8
#define TAR_EMPTY 10240 /* bytes of an empty one at most, all of them 0 */

static bool is_tar(const char *bytes, size_t length, bool whole)
{
	uint64_t sum = 0, said = 0;
	size_t zeros = 0;
	const char *field = bytes + TAR_SUM;

	if (length < TAR_BLOCK)
		return false;
	while (zeros < length && bytes[zeros] == '\0')
		zeros++;
	if (zeros == length)
		return whole && length >= 2 * TAR_BLOCK && length <= TAR_EMPTY && length % TAR_BLOCK == 0;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= TAR_SUM && i < TAR_SUM + TAR_SUM_LENGTH ? ' ' : (unsigned char)bytes[i];
	for (size_t i = 0; i < TAR_SUM_LENGTH && (*field == ' ' || (*field >= '0' && *field <= '7')); i++, field++)
		said = *field == ' ' ? said : 8 * said + (uint64_t)(*field - '0');
	return zeros == 0 && said == sum;
}

/* RFC 5322 section 2.2: the name of a field at the start of a line; its length, 0 if there is none. */
static size_t field_name(const char *line, const char *end)
{
	const char *colon = line;
	size_t length;

	while (colon<end && * colon> ' ' && *colon < 127 && *colon != ':')
		colon++;
	length = (size_t)(colon - line);
	while (colon < end && (*colon == ' ' || *colon == '\t'))
		colon++;
	return colon < end && *colon == ':' ? length : 0;
}

/* Each mail has one of these near its beginning, and few other files that begin with "name:" do. */
static bool is_known(const char *name, size_t length)
{
	static const char *const names[] = {
		"From",        "Subject",      "Date",         "Message-ID",       "Received",
		"Return-Path", "Delivered-To", "MIME-Version", "DKIM-Signature",   "In-Reply-To",
		"Sender",      "Resent-From",  "Envelope-To",  "X-Mozilla-Status",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == length && g_ascii_strncasecmp(names[i], name, length) == 0)
			return true;
	return false;
}

static const char *next_line(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line));

	return newline ? newline + 1 : end;
}

/* A field on the first line, and a known one before the first empty line. */
static bool is_header(const char *line, const char *end)
{
	if (field_name(line, end) == 0)
		return false;
	for (; line < end && *line != '\n' && *line != '\r'; line = next_line(line, end))
		if (is_known(line, field_name(line, end)))
			return true;
	return false;
}

static bool begins(const char *line, const char *end, const char *what)
{
	return (size_t)(end - line) >= strlen(what) && memcmp(line, what, strlen(what)) == 0;
}

/* A line "From " begins an mbox if it ends in a date, or a mail follows it; of one that was torn off there nothing
 * follows. */
static bool is_mbox(const char *bytes, const char *end, bool whole)
{
	const char *line = next_line(bytes, end);

	if (!begins(bytes, end, "From "))
		return false;
	if (mbox_is_separator(bytes, (size_t)(end - bytes)))
		return true;
	/* Other programs put their own lines there: mutt's and Exim's ">From ", IMAP servers' "Status:". */
	while (begins(line, end, ">From "))
		line = next_line(line, end);
	return line == end ? whole : is_header(line, end) || *line == '\n' || *line == '\r';
}

static bool is_mail(const char *bytes, const char *end)
{
	/* A line of an mbox that was quoted stands before the header of some mails. */
	while (begins(bytes, end, ">From "))
		bytes = next_line(bytes, end);
	return is_header(bytes, end);
}

enum kind kind_of(const char *bytes, size_t length, bool whole)
{
	const char *end = bytes + length;
	const struct magic *magic;

	if (length == 0)
		return KIND_EMPTY;
	magic = find_magic(bytes, length);
	if (magic)
		return magic->kind;
	if (is_tar(bytes, length, whole))
		return KIND_TAR;
	if (is_mbox(bytes, end, whole))
		return KIND_MBOX;
	return is_mail(bytes, end) ? KIND_MAIL : KIND_OTHER;
}

const char *kind_compression(enum kind kind)
{
	switch (kind) {
	case KIND_GZIP:
		return "gzip";
	case KIND_XZ:
		return "xz";
	case KIND_ZSTD:
		return "zstd";
	case KIND_BZIP2:
		return "bzip2";
	default:
		return NULL;
	}
}

const char *kind_other(const char *bytes, size_t length)
{
	const struct magic *magic = find_magic(bytes, length);

	if (magic && magic->what)
		return magic->what;
	if (memchr(bytes, '\0', length))
		return "is no mail, but binary data";
	if (begins(bytes, bytes + length, "From "))
		return "begins with \"From \", but no mail follows that line";
	return "is no mail: it does not begin with header fields";
}
