/* frame.h - what goes over the socket between process.h and worker.h, and what a worker may use. */
#ifndef PATCHMAILD_PARSER_FRAME_H
#define PATCHMAILD_PARSER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define PARSER_PROCESS_CPU_SECONDS 20                            /* processor time of one try at one mail */
#define PARSER_PROCESS_MEMORY (UINT64_C(2) * 1024 * 1024 * 1024) /* bytes of address space of a worker */
#define PARSER_PROCESS_STACK (UINT64_C(8) * 1024 * 1024)         /* bytes of its stack */
#define PARSER_PROCESS_SOCKET 3                                  /* the worker's descriptor; it has no other */
#define PARSER_PROCESS_FILES 8                                   /* descriptors below which all of a worker's are */

/* What a worker ends with that could not be set up: no fault of any mail. */
#define PARSER_EXIT_SETUP 70

/* And one that got no more memory. */
#define PARSER_EXIT_MEMORY 71

#define PARSER_MAGIC UINT32_C(0x50744d64)

/* A mail to be parsed. */
struct parser_mail {
	const char *bytes;
	size_t length;
	/* The list whose mail it is, whatever its header says; NULL: those that the header names. */
	const char *list_id;
};

enum parser_kind {
	PARSER_PARSE,    /* the facts of a mail are wanted */
	PARSER_REJECT,   /* those of one that is rejected; the text is the reason */
	PARSER_SETTINGS, /* nothing is wanted; the text is that of trust_settings_text(), for all mails after it */
};

/* To a worker: this, then the text, then the list id, then the mail.  The next one may follow at once. */
struct parser_request {
	uint32_t magic;
	uint32_t kind;
	uint64_t text_length, list_id_length, length;
};

/* From a worker that is set up, before anything else: what its sandbox lacks, of enum sandbox_lack. */
struct parser_hello {
	uint32_t magic;
	uint32_t lacks;
};

/* From a worker for each mail: this, then the facts without a final NUL. */
struct parser_reply {
	uint32_t magic;
	uint32_t unused;
	uint64_t length;
};

#endif
