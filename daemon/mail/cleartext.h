/* cleartext.h - opens text that is signed by OpenPGP in place (RFC 9580 section 7). */
#ifndef PATCHMAILD_CLEARTEXT_H
#define PATCHMAILD_CLEARTEXT_H

/* Replace, in place, every signed text by what was signed: without the lines around it, its signature, and the "- "
 * before its lines that begin with a dash.  Without the end of its signature a text stays as it is. */
void cleartext_open(char *text);

#endif
