/* address.h - the form in which an address is kept and compared (RFC 6531, RFC 5890). */
#ifndef PATCHMAILD_ADDRESS_H
#define PATCHMAILD_ADDRESS_H

/* An addr-spec in ASCII: each U-label of its domain as an A-label, every other byte beyond ASCII as "%" and two
 * upper-case hexadecimal digits (as in a mailto URI, RFC 6068).  What is ASCII stays as it is.  So no upper or lower
 * case of one address, in whatever locale, is that of another one.  The caller frees it. */
char *address_in_ascii(const char *email);

#endif
