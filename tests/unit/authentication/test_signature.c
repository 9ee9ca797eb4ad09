/* test_signature.c - signature.c: signatures with more in them than a domain, a selector and an identity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/signature.h"

static bool has_text(const char *block)
{
	struct header_list headers;
	bool found;
	size_t body;

	header_list_init(&headers, block, strlen(block), &body);
	found = signature_has_text(&headers);
	header_list_release(&headers);
	return found;
}

#define SIGNATURE "DKIM-Signature: v=1; a=rsa-sha256; "

static void test_honest(void **state)
{
	static const char *const blocks[] = {
		"",
		"From: a@example.org\nSubject: i=a; b\n",
		SIGNATURE "d=example.org; s=mail; b=YQ==\n",
		SIGNATURE "d=example.org; s=2026.mail; i=@example.org; h=from : to; b=Y Q\n ==\n",
		SIGNATURE "d=example.org; s=mail;\n\ti=ada.lovelace+x@a.example.org;\n b=x;\n",
		SIGNATURE "d\n = example.org\n ; s = mail ; i\t=\n ada@example.org\n",
		SIGNATURE "d=example.org; s=_a-b; i=list+ada=3Dexample.net@example.org\n",
		SIGNATURE "d=m\xc3\xbcnchen.example; s=mail; i=\xc3\xa9@m\xc3\xbcnchen.example\n",
		SIGNATURE "d=example.org; s=mail; t=1; z=From:a=20b|Subject:c=3Bd; q=dns/txt; l=1; x=(2)\n",
		SIGNATURE "d=; s; i\n",
		"ARC-Seal: i=1; a=rsa-sha256; d=example.org; s=mail; cv=none; b=x\n",
		"X-DKIM-Signature: i=a=20b\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		if (has_text(blocks[i]))
			fail_msg("%s", blocks[i]);
}

static void test_text(void **state)
{
	static const char *const blocks[] = {
		SIGNATURE "d=eve.example; s=s; "
			  "i=a=3B=20dmarc=3Dpass=20header.from=3Dexample.org=3B=20x=3Dpass=20y.z=3D@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a=3b@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a=20b@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a=0Ab@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a=7Fb@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a=28@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=\"a\"@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a b@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a\n b@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i=a@eve.example; i=a=29@eve.example\n",
		SIGNATURE "d=eve.example; s=s; I=a=3B@eve.example\n",
		SIGNATURE "d=eve.example; s=s; i\n =\n a=3B\n",
		SIGNATURE "d=example.org x.y=.eve.example; s=s\n",
		SIGNATURE "d=example.org(.eve.example; s=s\n",
		SIGNATURE "d=eve.example; s=a header.d=example.org\n",
		"dkim-signature : d=eve.example; s=s; i=a=3B@eve.example\n",
		SIGNATURE "d=example.org; s=mail\n" SIGNATURE "d=a b\n",
		"ARC-Seal: i=1; d=example.org x; s=s\n",
		"ARC-Message-Signature: i=1; d=example.org; s=(s\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		if (!has_text(blocks[i]))
			fail_msg("%s", blocks[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
