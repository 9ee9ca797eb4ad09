/* fuzz_facts.c - libFuzzer over the whole way from bytes to facts: whatever comes in, one valid JSON document
 * comes out, and the same one again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <gmime/gmime.h>
#include <jansson.h>

#include "facts/document.h"

static struct trust_settings *trust;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	g_mime_init();
	trust = trust_settings_new();
	/* So that as much as possible of a header counts. */
	if (!trust_settings_take(trust, "[authentication]\ntrusted_authserv=example.org\nboundary=mx.example.org\n"
	                                "arc_trusted_sealers=example.org\nreceived_spf=yes\n"))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = facts_of_mail((const char *)data, size, trust, NULL);
	char *again = facts_of_mail((const char *)data, size, trust, NULL);
	json_t *facts = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	if (!json_is_object(facts) || strchr(text, '\n') || strcmp(text, again) != 0)
		abort();
	json_decref(facts);
	g_free(text);
	g_free(again);
	return 0;
}
