/* sieve_number.h - numbers as IMAP servers write them, for the parts of the sieve. */
#ifndef PATCHMAILD_IMAP_SIEVE_NUMBER_H
#define PATCHMAILD_IMAP_SIEVE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

/* One digit more; what is over 64 bits stays at the most that they hold. */
static inline uint64_t sieve_number_add(uint64_t number, char digit)
{
	unsigned value = (unsigned)(digit - '0');

	return number > (UINT64_MAX - value) / 10 ? UINT64_MAX : number * 10 + value;
}

/* Digits and nothing else, zeros in front too. */
static inline bool sieve_number(const char *text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (!g_ascii_isdigit(*text))
			return false;
		number = sieve_number_add(number, *text);
	}
	*ret_number = number;
	return true;
}

#endif
