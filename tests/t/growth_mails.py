#!/usr/bin/env python3
"""The mails of growth.t: of each shape one with N of something and one with 4 N, as SHAPE.1.mail and SHAPE.4.mail;
and mails without any.

Usage: growth_mails.py FOLDER [SHAPE...]; prints the names of the shapes.
"""
import base64
import sys

ADA = 'From: Ada <ada@example.org>\n'
FIELDS = 'Subject: [PATCH] x\nMessage-ID: <1@example.org>\nList-Id: <demo.example.org>\n'
DIFF = 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n'
FROM = 'From ada@example.org Tue Mar 10 09:00:00 2026\n'
OURS = 'Authentication-Results: mx.example.org; '
STRANGER = 'Received: from y (y.example.net [192.0.2.1]) by mx.example.org; date\n'
ITSELF = 'Received: from x (localhost [127.0.0.1]) by mx.example.org; date\n'

SHAPES = {}


def shape(count):
    """Enter a function that gives a mail with so many of something; `count` is the smaller number."""
    def enter(function):
        SHAPES[function.__name__.replace('_', '-')] = (count, function)
        return function
    return enter


def mail(fields='', body='text\n', author=ADA):
    return fields + author + FIELDS + '\n' + body


def multipart(parts, kind='mixed'):
    return mail('Content-Type: multipart/%s; boundary=x\n' % kind,
                ''.join('--x\n' + part + '\n' for part in parts) + '--x--\n')


def attached(number, fields=''):
    return 'Content-Type: message/rfc822\n\n%sFrom: a@example.org\nSubject: %d\n\ntext\n' % (fields, number)


# The header ---------------------------------------------------------------------------------------------------------

@shape(1000)
def fields(n):
    return mail(''.join('X-%d: y\n' % i for i in range(n)))


@shape(8000)
def folds(n):
    return mail('X: y\n' + ' z\n' * n)


@shape(20000)
def a_long_field(n):
    return mail('X: ' + 'y' * n + '\n')


@shape(3000)
def bytes_of_no_charset(n):
    return mail('X: ' + '\udce9' * n + '\nSubject: ' + '\udce9' * n + '\n')


@shape(2500)
def broken_utf_8(n):
    return mail('Subject: ' + '\udce2\udc82' * n + '\n')


@shape(5000)
def carriage_returns(n):
    return mail('X: ' + '\rARC-Sea' * n + '\n')


@shape(1000)
def encoded_words(n):
    return mail('Subject: ' + ' '.join('=?utf-8?q?w%d?=' % i for i in range(n)) + '\n')


@shape(1000)
def encoded_words_in_base64(n):
    return mail('Subject: ' + '\n '.join('=?utf-8?b?%s?=' % base64.b64encode(b'abc%d' % i).decode().rstrip('=')
                                         for i in range(n)) + '\n')


@shape(500)
def encoded_words_of_two_charsets(n):
    return mail('Subject: ' + ' '.join('=?%s?b?4A=?=' % ('utf-8', 'iso-8859-1')[i % 2] for i in range(n)) + '\n')


@shape(3000)
def beginnings_of_encoded_words(n):
    return mail('Subject: ' + '=?utf-8?q?' * n + '\n')


@shape(5000)
def signs_of_encoded_words(n):
    return mail('Subject: ' + '=?' * n + '\nCc: ' + '=?a?b?' * n + '\n')


@shape(2000)
def subject_prefixes(n):
    return mail('Subject: ' + '[a]' * n + ' x\n')


@shape(1500)
def words_of_a_prefix(n):
    return mail('Subject: [' + ', '.join('w%d' % i for i in range(n)) + '] x\n')


@shape(10000)
def brackets_of_a_subject(n):
    return mail('Subject: ' + '[' * n + ' x\n')


@shape(4000)
def parentheses_of_a_title(n):
    return mail('Subject: [PATCH] ' + '(' * n + '(v' * n + '\n')


@shape(20000)
def blanks(n):
    return mail('Subject: ' + ' ' * n + 'x' + '\t' * n + '\n', ' ' * n + 'x' + ' ' * n + '\n')


@shape(1000)
def references(n):
    return mail('References: ' + ' '.join('<%d@example.org>' % i for i in range(n)) + '\n')


@shape(300)
def references_fields(n):
    return mail(''.join('References: <%d@example.org>\nIn-Reply-To: <a%d@example.org>\n' % (i, i) for i in range(n)))


@shape(10000)
def openings_of_references(n):
    return mail('References: ' + '<' * n + '\nMessage-ID: ' + '<' * n + '\nList-Id: ' + '<' * n + '\n')


@shape(120)
def list_ids(n):
    return mail(''.join('List-Id: <l%d.example.org>\nX-Mailing-List: m%d\n' % (i % (n // 2), i) for i in range(n)))


@shape(2000)
def marks_of_replies(n):
    return mail('Subject: ' + 'Re: ' * n + 'AW: ' * n + '[PATCH] x\n')


@shape(700)
def marks_that_may_be_of_replies(n):
    return mail('Subject: ' + '[a] Sv: (b) bug#1: ' * n + 'x\n')


@shape(4000)
def a_long_mark(n):
    return mail('Subject: ' + 'Re' + ' ' * n + ': ' + '\u8fd4' * n + ': x\n')


@shape(500)
def encoded_words_of_no_charset(n):
    return mail('Subject: ' + ' '.join('=?none-%d?q?w?=' % i for i in range(n)) + '\n')


@shape(3000)
def comments_in_fields(n):
    return mail('Date: Tue, 10 Feb 2026 06:59:47 +0000 ' + '(a)' * n + '\nMIME-Version: ' + '(' * n + ')' * n + '1.0\n'
                + 'Content-Type: ' + '(a)' * n + ' text/plain\nContent-Transfer-Encoding: ' + '(b)' * n + '8bit\n'
                + 'In-Reply-To: ' + '(c)' * n + ' <2@example.org>\n')


@shape(300)
def hint_fields(n):
    return mail(''.join('X-Patchwork-State: s%d\nX-Patchwork-Delegate: d%d@example.org\nX-Patchwork-Hint: ignore\n'
                        % (i, i) for i in range(n)))


@shape(2000)
def phrases_of_a_list_id(n):
    return mail('List-Id: ' + '"a" ' * n + '<l.example.org> ' + '(' * n + '<\n')


@shape(300)
def signature_fields(n):
    return mail(''.join('DKIM-Signature: v=1; d=d%d.example.org; s=a; h=from:to; b=abc\n' % i for i in range(n))
                + STRANGER)


@shape(400)
def groups_in_reply_to(n):
    return mail(author='From: Ada via demo <demo@example.org>\n', fields='Reply-To: ' + 'g: a@b.c;, ' * n + '\n')


# Authors ------------------------------------------------------------------------------------------------------------

@shape(20000)
def from_with_dots(n):
    return mail(author='From: a' + '.a' * n + '\n', fields='Reply-To: a' + '.a' * n + '@example.org\n')


@shape(5000)
def from_that_repeats_itself(n):
    return mail(author='From: ' + 'a.' * n + 'b@' + 'a.' * n + 'c <' + 'a.' * n + 'b@' + 'a.' * n + 'c>\n')


@shape(10000)
def from_with_a_long_address_many_times(n):
    address = 'a.' * 200 + 'a@example.org'
    return mail(author='From: ' + 'a.' * n + ' "' + 'a.' * n + '" <' + address + '>\n')


@shape(4000)
def from_with_commas(n):
    return mail(author='From: ' + 'a,' * n + ' <a@example.org>\n')


@shape(4000)
def from_with_its_half_behind_it(n):
    return mail(author='From: ' + 'a' + '.a' * n + ' (' + 'a' + '.a' * 2 * n + ')\n', fields='Reply-To: a\n')


@shape(4000)
def from_with_at_signs_and_commas(n):
    return mail(author='From: ' + 'a@b,' * n + '\n')


@shape(300)
def original_from_fields(n):
    return mail(fields='X-Original-From : b@example.org\n' * n)


@shape(2000)
def reply_to_with_commas(n):
    return mail(author='From: Ada via demo <demo@example.org>\n', fields='Reply-To: ' + 'a,' * n + '\n')


@shape(2000)
def cc_with_commas(n):
    return mail(author='From: Ada via demo <demo@example.org>\n',
                fields='Cc: ' + 'a,' * n + '\nReply-To: ' + 'a,\n b@c,' * n + '\n')


@shape(4000)
def cc_with_openings(n):
    return mail(author='From: Ada via demo <demo@example.org>\n',
                fields='Cc: ' + '\\"' * n + '\nReply-To: ' + '"(' * n + '\n')


@shape(4000)
def from_with_angles(n):
    return mail(author='From: ' + '<' * n + 'a@example.org' + '>' * n + '\n')


@shape(4000)
def from_with_comments(n):
    return mail(author='From: ' + '(' * n + ')' * n + ' <a@example.org>\n')


@shape(2000)
def from_with_short_comments(n):
    return mail(author='From: ' + '(a)' * n + ' <a@example.org>\n')


@shape(4000)
def from_with_quotes(n):
    return mail(author='From: ' + '"' * n + ' <a@example.org>\n')


@shape(4000)
def from_with_escapes(n):
    return mail(author='From: "' + '\\"' * n + '" <a@example.org>\n')


@shape(2000)
def from_with_words(n):
    return mail(author='From: ' + 'a ' * n + '<a@example.org>\n')


@shape(1000)
def from_with_encoded_words(n):
    return mail(author='From: ' + '=?utf-8?q?a?= ' * n + '<a@example.org>\n')


@shape(1000)
def from_with_vias(n):
    return mail(author='From: ' + 'a via ' * n + '<a@example.org>\n', fields='Reply-To: a <b@example.org>\n')


@shape(500)
def from_with_addresses(n):
    return mail(author='From: ' + ', '.join('a%d@example.org' % i for i in range(n)) + '\n')


@shape(20000)
def from_with_ats(n):
    return mail(author='From: ' + 'a@' * n + 'example.org\n')


@shape(500)
def addresses_in_cc(n):
    return mail(author='From: Ada via demo <demo@example.org>\n',
                fields='Cc: ' + ',\n '.join('Eve %d <e%d@example.net>' % (i, i) for i in range(n)) + '\n')


@shape(300)
def cc_fields(n):
    return mail(author='From: Ada via demo <demo@example.org>\n',
                fields=''.join('Cc: Eve %d <e%d@example.net>\n' % (i, i) for i in range(n)))


@shape(4000)
def a_wrapped_authors_address(n):
    address = 'a' + '.a' * n + '@example.org'
    return ('From: Ada via demo <demo@example.org>\nReply-To: ' + 'a' + '.a' * n + 'x' + '.a' * n + '\n' + FIELDS
            + 'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\ntext\n--x\n'
            + 'Content-Type: message/rfc822\n\nFrom: Eve <' + address + '>\nSubject: x\n\ntext\n--x--\n')


# Authentication -----------------------------------------------------------------------------------------------------

@shape(25)
def results_fields(n):
    return mail((OURS + 'dkim=pass header.d=example.org; spf=pass smtp.mailfrom=example.net\n') * n + STRANGER)


@shape(20)
def results_of_a_field(n):
    return mail(OURS + '; '.join('dkim=pass header.d=d%d.example.org' % i for i in range(n)) + '\n' + STRANGER)


@shape(12)
def properties(n):
    return mail(OURS + ('dkim=pass ' + ' '.join('a.p%d=b' % i for i in range(n)) + '; ') * 20 + '\n' + STRANGER)


@shape(3000)
def comments_in_comments(n):
    return mail((OURS + '(' * n + ')' * n + ' dkim=pass header.d=example.org\n') * 2 + STRANGER)


@shape(3000)
def comments_side_by_side(n):
    return mail(OURS + 'dkim=pass ' + '(a)' * n + ' header.d=example.org\n' + STRANGER)


@shape(3000)
def openings_of_comments(n):
    return mail(OURS + 'dkim=pass ' + '(' * n + '\n' + STRANGER + 'Received: ' + 'from x (' * n + '\n')


@shape(1000)
def signature_tags(n):
    return mail('DKIM-Signature: ' + '; '.join('i=a%d@example.org' % i for i in range(n)) + '\n')


@shape(1000)
def names_covered_by_a_seal(n):
    return mail(OURS + 'arc=pass\n' + STRANGER
                + 'ARC-Message-Signature: i=1; a=rsa-sha256; b=x; bh=x; d=example.org; s=s; h='
                + ':'.join('a%d' % i for i in range(n)) + '\n')


@shape(12)
def arc_sets(n):
    return mail(OURS + 'arc=pass\n' + STRANGER + ''.join(
        'ARC-Seal: i=%d; a=rsa-sha256; b=x; cv=%s; d=example.org; s=s\n'
        'ARC-Message-Signature: i=%d; a=rsa-sha256; b=x; bh=x; d=example.org; s=s; h=from\n'
        'ARC-Authentication-Results: i=%d; example.org; dkim=pass header.d=example.org\n'
        % (i, 'none' if i == 1 else 'pass', i, i) for i in range(1, n + 1)))


@shape(300)
def received_fields(n):
    return mail(OURS + 'none\n' + ITSELF * n)


@shape(3000)
def words_of_received(n):
    return mail(OURS + 'none\nReceived: from x ' + 'by y ' * n + 'by mx.example.org\n')


@shape(10)
def received_spf_keys(n):
    return mail('Received-SPF: pass ' + '; '.join('k%d=v' % i for i in range(n)) + '\n' + STRANGER)


# Parts --------------------------------------------------------------------------------------------------------------

@shape(150)
def parts(n):
    return multipart('Content-Type: text/plain\n\npart %d\n' % i for i in range(n))


@shape(20)
def parts_in_parts(n):
    text = 'Content-Type: text/plain\n\ntext\n'
    for i in range(n):
        text = 'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n' % (i, i, text, i)
    return ADA + FIELDS + text


@shape(200)
def parts_with_one_boundary(n):
    return ADA + FIELDS + 'Content-Type: multipart/mixed; boundary=x\n\n' + '--x\n\n' * n + '--x--\n'


@shape(1500)
def boundaries_of_nothing(n):
    return ADA + FIELDS + 'Content-Type: multipart/mixed; boundary=x\n\n' + '--y\n\n' * n


@shape(20000)
def a_long_boundary(n):
    return ADA + FIELDS + 'Content-Type: multipart/mixed; boundary="%s"\n\n' % ('b' * n) \
        + ('--' + 'b' * n + '\n\ntext\n') * 3


@shape(30)
def attached_mails(n):
    return multipart(attached(i, 'To: ' + ', '.join('a%d@example.org' % j for j in range(20)) + '\n') for i in range(n))


@shape(2000)
def addresses_of_an_attached_mail(n):
    return multipart([attached(1, 'To: ' + ', '.join('a%d@example.org' % j for j in range(n)) + '\n')])


@shape(2000)
def commas_of_an_attached_mail(n):
    return multipart([attached(1, 'To: ' + 'a,' * n + '\n'), attached(2, 'From: ' + 'a:' * n + '\n')])


@shape(300)
def attached_mails_fields(n):
    return multipart([attached(1, ''.join('To: a%d@example.org\nCc: b\n' % j for j in range(n)))])


@shape(1000)
def references_of_an_attached_mail(n):
    return multipart([attached(1, 'References: ' + ' '.join('<%d@example.org>' % j for j in range(n)) + '\n')])


@shape(20)
def mails_in_mails(n):
    return mail('Content-Type: message/rfc822\n', 'From: a@example.org\nContent-Type: message/rfc822\n\n' * n
                + 'From: a@example.org\n\ntext\n')


@shape(300)
def pieces_of_a_parameter(n):
    return multipart(['Content-Type: text/plain;' + ';'.join(' name*%d=a' % i for i in range(n)) + '\n\ntext\n'])


@shape(300)
def parameters(n):
    return multipart(['Content-Type: text/plain;' + ';'.join(' p%d=a' % i for i in range(n)) + '\n'
                      'Content-Disposition: attachment;' + ';'.join(' p%d*=utf-8\'\'a' % i for i in range(n))
                      + '\n\ntext\n'])


@shape(5000)
def a_long_parameter(n):
    return multipart(['Content-Type: text/plain; name="' + '\\"' * n + '"; charset="' + '_' * n + '"\n\ntext\n'])


@shape(60)
def charsets_that_are_none(n):
    return multipart('Content-Type: text/plain; charset=none-%d\n\n\udce9\n' % i for i in range(n))


# Text ---------------------------------------------------------------------------------------------------------------

@shape(500)
def hunks(n):
    return mail(body='diff --git a/f b/f\n--- a/f\n+++ b/f\n' + '@@ -1 +1 @@\n-a\n+b\n' * n)


@shape(400)
def files(n):
    return mail(body=''.join('--- a/f%d\n+++ b/f%d\n@@ -1 +1 @@\n-a\n+b\n' % (i, i) for i in range(n)))


@shape(1000)
def files_in_one_hunk(n):
    return mail(body='--- a/f\n+++ b/f\n@@ -1,%d +1 @@\n' % (n + 1) + ''.join('--- /%d\n' % i for i in range(n)))


@shape(1000)
def beginnings_of_diffs(n):
    return mail(body='diff \nIndex: \n--- a\n' * n)


@shape(1000)
def extended_headers(n):
    return mail(body='diff --git a/f b/f\n' + 'index 1..2\nold mode 1\n' * n)


@shape(5000)
def digits_of_a_hunk(n):
    return mail(body='--- a/f\n+++ b/f\n@@ -' + '1' * n + ',' + '0' * n + '1 +1 @@\n-a\n+b\n')


@shape(100)
def attached_diffs(n):
    return multipart(('Content-Type: text/x-patch\n\n' + DIFF.replace('+b', '+b%d' % i) for i in range(n)))


@shape(50)
def inline_diffs_and_attached_ones(n):
    texts = ['Content-Type: text/plain\n\n' + DIFF.replace('+b', '+b %d' % i) for i in range(n)]
    return multipart(texts + ['Content-Type: text/x-patch\n\n' + DIFF.replace('+b', '+c%d' % i) for i in range(n)])


@shape(2000)
def lines_of_underscores(n):
    return mail(body='_' * 39 + '\n' + '_\n' * n + '__________ \n' * n)


@shape(20000)
def a_line_of_underscores(n):
    return mail(body='_' * n + 'x\n')


@shape(4000)
def flowed_text(n):
    return mail('Content-Type: text/plain; format=flowed\n', '> word \n' * n + 'a \n' * n + '>' * n + '\n')


@shape(20000)
def quotes_of_flowed_text(n):
    return mail('Content-Type: text/plain; format=flowed\n', ('>' * 50 + ' \n') * (n // 50))


@shape(1000)
def tags(n):
    return mail(body=''.join('Reviewed-by: A %d <a%d@example.org>\n' % (i, i) for i in range(n)))


@shape(1000)
def depends_on(n):
    return mail(body=''.join('Depends-on: <%d@example.org>\n' % i for i in range(n)))


@shape(2000)
def a_long_dependency(n):
    return mail(body='Depends-on: https://example.org' + '/patch' * n
                + '/\nDepends-on: http://a/?' + 'series=a&' * n + '\n')


@shape(2000)
def change_ids(n):
    return mail(body=''.join('change-id: %d\n' % i for i in range(n)))


@shape(400)
def pull_requests(n):
    return mail(body='The following changes since commit a:\n'
                + 'are available in the git repository at:\n\n  git://example.org/x y\n' * n)


@shape(3000)
def a_long_pull_request(n):
    return mail(body='The following changes since commit a:\nare available in the git repository at:\n' + '\n' * n
                + 'git://' + 'a/' * n + '\\ \n' * n)


@shape(800)
def announcements_of_one_pull_request(n):
    return mail(body='The following changes since commit a:\n' + 'are available in the git repository at:\n' * n)


@shape(20000)
def base64_lines(n):
    return mail('Content-Transfer-Encoding: base64\n', base64.encodebytes(b'text\n' * (n // 5)).decode())


@shape(4000)
def blocks_of_base64(n):
    return mail('Content-Transfer-Encoding: base64\n', 'YQ==\n\n' * n)


@shape(4000)
def lines_behind_base64(n):
    return mail('Content-Transfer-Encoding: base64\n', 'YQ==\n' + 'To leave\nlist\n' * n)


@shape(2000)
def lines_of_two_charsets(n):
    return mail('Content-Type: text/plain; charset=gb2312\n', 'a \udcb5\udcc6\n\udce9 b\n' * n)


@shape(700)
def texts_signed_in_place(n):
    return mail(body='-----BEGIN PGP SIGNED MESSAGE-----\n\n- -a\n'
                '-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n' * n)


@shape(1000)
def beginnings_of_signed_texts(n):
    return mail(body='-----BEGIN PGP SIGNED MESSAGE-----\n\n-----BEGIN PGP SIGNATURE-----\n' * n)


@shape(4000)
def dos_lines(n):
    return mail(body='--- a/f\n+++ b/f\n@@ -1,%d +1,%d @@\n' % (n, n) + '-a\r\n+b\r\n' * n)


@shape(4000)
def footers_in_a_hunk(n):
    return mail(body='--- a/f\n+++ b/f\n@@ -1,%d +1,1 @@\n' % (9 * n) + '-- \n2.39\n@@ -1,9 +1,9 @@\n' * n)


@shape(1500)
def footers_between_diffs(n):
    return mail(body=(DIFF + '-- \n') * n)


@shape(2000)
def lines_of_a_binary_patch(n):
    return mail(body='diff --git a/f b/f\nGIT binary patch\nliteral 9\n' + 'IcmZQz\n' * n + '\n'
                + 'literal 1\nIcmZQz\n\n' * n)


@shape(2000)
def combined_diffs(n):
    return mail(body='diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1 -1 +1 @@@\n--a\n++b\n' * n)


@shape(1000)
def names_of_renamed_files(n):
    return mail(body=''.join('diff --git a/a %d b/a %d\nold mode 100644\nnew mode 100755\n' % (i, i) for i in range(n)))


@shape(8000)
def a_long_quoted_name(n):
    return mail(body='diff --git "a/%s" "b/%s"\nnew mode 100644\n' % ('\\303\\274' * n, ' ' * n))


@shape(8000)
def a_long_name_of_blanks(n):
    return mail(body='diff --git a/%sx b/%sx\nnew mode 100644\n' % (' ' * n, ' ' * n))


@shape(60)
def attached_messages_that_stand_there(n):
    return multipart(['Content-Type: text/plain\n\n' + ''.join('line %d\n' % i for i in range(n))]
                     + ['Content-Type: text/x-patch; name=a.patch\n\nFrom: a\nSubject: b\n\nline %d\n---\n%s'
                        % (i, DIFF.replace('+b', '+%d' % i)) for i in range(n)])


@shape(20000)
def quoted_printable(n):
    return mail('Content-Transfer-Encoding: quoted-printable\n', '=41=\n' * (n // 5))


@shape(10000)
def nul_bytes(n):
    return mail(body='a\0' * n + '\n', fields='X: ' + 'b\0' * n + '\n')


@shape(8000)
def latin_text(n):
    return mail(body='\udce9 ' * n + '\n')


@shape(3000)
def headers_of_a_patch_file(n):
    return multipart(['Content-Type: text/x-patch\n\nFrom: a\nSubject: b\n' + 'X: y\n' * n + '\n' + DIFF])


@shape(1000)
def superseded(n):
    return mail(body=''.join('Supersedes: <%d@example.org>\nReplaces: <a%d@example.org>\n' % (i, i) for i in range(n)))


@shape(400)
def links(n):
    return mail(body=''.join('Link: https://lore.example.org/r/%d@example.org\nCloses: https://bugs.example.org/%d\n'
                             % (i, i) for i in range(n)))


@shape(1000)
def prerequisites(n):
    return mail(body=DIFF + '-- \nbase-commit: ' + '0' * 40 + '\n'
                + ''.join('prerequisite-patch-id: %040x\nbase-commit: %040x\n' % (i, i) for i in range(n)))


@shape(1500)
def lines_that_cut(n):
    return mail(body='---\n' * n + '-- >8 --\n' * n + DIFF)


@shape(2000)
def lines_of_a_diffstat(n):
    return mail(body='---\n' + ''.join(' f%d | 2 +-\n' % i for i in range(n)) + ' %d files changed\n\n' % n + DIFF)


@shape(800)
def headers_in_the_body(n):
    return mail(body='From: Eve <eve@example.org>\nSubject: y\nDate: z\n' * n + '\n' + DIFF)


@shape(1500)
def quoted_text(n):
    return mail(body='On Tuesday, Ada wrote:\n' * n + '> a\n>> ' * n + '> ' * n + '\n')


@shape(1000)
def ends_without_newline(n):
    return mail(body='--- a/f\n+++ b/f\n@@ -1,%d +1,%d @@\n' % (n, n)
                + '-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n' * n)


@shape(300)
def diffs_of_other_programs(n):
    return mail(body=''.join('Index: f%d\n%s\n--- f%d\t(revision 1)\n+++ f%d\t(working copy)\n@@ -1 +1 @@\n-a\n+b\n'
                             % (i, '=' * 67, i, i) for i in range(n)) + '# HG changeset patch\n# User a\n' * n)


@shape(400)
def renames(n):
    return mail(body=''.join('diff --git a/a%d b/b%d\nsimilarity index 90%%\nrename from a%d\nrename to b%d\n'
                             % (i, i, i, i) for i in range(n)))


@shape(3000)
def lines_of_blanks(n):
    return mail(body=' \t \n' * n + DIFF + ' \n\n' * n)


@shape(80)
def mails_of_a_digest(n):
    return multipart(('\nFrom: a%d@example.org\nSubject: [PATCH] %d\n\n%s' % (i, i, DIFF) for i in range(n)), 'digest')


@shape(300)
def pieces_of_a_boundary(n):
    return ADA + FIELDS + 'Content-Type: multipart/mixed;' + ';'.join(' boundary*%d=a' % i for i in range(n)) \
        + '\n\n--' + 'a' * n + '\n\ntext\n--' + 'a' * n + '--\n'


@shape(1000)
def boundaries_that_begin_alike(n):
    inner = 'Content-Type: multipart/mixed; boundary=xxy\n\n--xxy\n\n'
    return ADA + FIELDS + 'Content-Type: multipart/mixed; boundary=xx\n\n--xx\n' + inner + '--x\n--xxx\n--xxyz\n' * n


@shape(3000)
def escapes_of_a_charset(n):
    return mail('Content-Type: text/plain; charset=iso-2022-jp\n', '\x1b$B$"\x1b(B\n' * n)


@shape(3000)
def shifts_of_a_charset(n):
    return mail('Content-Type: text/plain; charset=utf-7\n', '+AOk-' * n + '\n+AO' * n + '\n')


@shape(3000)
def padding_within_base64(n):
    return mail('Content-Transfer-Encoding: base64\n', 'YQ==YQ=' * n + '\n' + '=' * n + '\n')


@shape(2000)
def mbox_messages(n):
    return (FROM + 'A: b\n\ntext\n\n') * n


@shape(2000)
def mbox_lines_without_a_date(n):
    return FROM + 'A: b\n\n' + 'From here: it is 09:00\n\n' * n


@shape(2000)
def mbox_quotes(n):
    return FROM + 'A: b\n\n' + '>>>>From a\n\n' * n


@shape(20000)
def mbox_quoting_signs(n):
    return FROM + 'A: b\n\n' + '>' * n + '\n' + '\n' * n


def main():
    folder, wanted = sys.argv[1], sys.argv[2:] or SHAPES
    with open(folder + '/empty.mail', 'w', encoding='utf-8') as file:
        file.write(mail())
    with open(folder + '/empty.mbox', 'w', encoding='utf-8') as file:
        file.write(FROM)
    with open(folder + '/attached.mail', 'w', encoding='utf-8') as file:  # not of a shape: what its memory is
        file.write(multipart(attached(i, 'To: ' + 'a,' * 500000 + '\n') for i in range(26)))
    for name in wanted:
        count, function = SHAPES[name]
        kind = 'mbox' if name.startswith('mbox') else 'mail'
        for factor in (1, 4):
            path = '%s/%s.%d.%s' % (folder, name, factor, kind)
            with open(path, 'w', encoding='utf-8', errors='surrogateescape', newline='') as file:
                file.write(function(count * factor))
        print(name)


main()
