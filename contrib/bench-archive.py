#!/usr/bin/env python3
"""Writes an mbox of so many mails of a list that carries patches:  contrib/bench-archive.py MAILS [SEED] >FILE

What is random comes of the seed: the same arguments give the same bytes.  Sizes of headers and bodies, kinds of mail,
lengths of series and of References are distributed as those of 9,000 consecutive mails of six lists; the text is
nonsense.  Of each quantity the table has the quantiles: a number between two of them is as likely as any other there.
"""
import bisect
import datetime
import random
import sys

SHARES = (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 100)
QUANTILES = {  # in bytes
    'patch header': (1689, 2201, 2518, 3677, 3926, 4595, 4994, 5450, 6110, 6925, 8248, 9724, 11234, 11619, 13683,
                     13714, 13798),
    'patch body': (510, 858, 1006, 1327, 1706, 2221, 2738, 3768, 5378, 8482, 15410, 24088, 39149, 51823, 98303,
                   213990, 468765),
    'cover header': (1915, 2084, 2321, 3518, 3860, 4495, 4831, 5451, 6069, 7249, 8043, 10010, 10945, 11282, 12777,
                     13565, 13565),
    'cover body': (385, 564, 767, 1029, 1324, 1670, 2115, 2793, 3811, 5187, 8207, 10039, 12189, 13144, 14299, 37475,
                   37475),
    'reply header': (1724, 2457, 2890, 3979, 4375, 4933, 5384, 5802, 6362, 7365, 9590, 12199, 14302, 14700, 14917,
                     16736, 19189),
    'reply body': (54, 363, 530, 867, 1191, 1565, 2017, 2579, 3412, 4823, 8110, 12990, 20717, 35140, 58537, 231073,
                   910448),
    'other header': (1435, 2679, 3408, 3884, 4076, 4259, 5048, 5272, 5619, 6123, 8688, 9673, 14311, 15022, 15471,
                     15538, 15538),
    'other body': (113, 405, 608, 706, 1110, 1622, 2427, 3501, 5760, 9333, 14179, 36279, 78709, 236252, 421388,
                   700339, 700339),
    'series': (1, 2, 2, 3, 3, 4, 5, 7, 8, 10, 15, 18, 25, 27, 36, 36, 36),  # patches under a cover letter
}
SINGLE_PATCHES = 2.7  # of them, and of mail that is neither patch nor answer, for each series
OTHERS = 1.7
REPLIES = 1.2         # for each patch, cover letter or other mail, on average
REVISED = 0.3         # share of series and patches that are sent again
ACTIVE = 40           # threads that go on side by side
LIST = 'demo.example.org'

WORDS = ('add allow avoid buffer change check clear clock close count device drop error field file fix flag free frame '
         'get handle header index init interrupt kernel key length limit line list lock map mark memory move name next '
         'node offset open order page parse pointer queue range read register remove report reset return ring set '
         'signal size skip sort start state stop string table test thread time trace use value wait when write').split()


class Sizes:
    def __init__(self, rng):
        self.rng = rng

    def take(self, name):
        values, share = QUANTILES[name], self.rng.random() * 100
        i = bisect.bisect_right(SHARES, share) - 1
        part = (share - SHARES[i]) / (SHARES[i + 1] - SHARES[i])
        return int(values[i] + part * (values[i + 1] - values[i]))


class Text:
    """Lines of a kind, to be cut out anywhere."""

    def __init__(self, rng, make, size=2_000_000):
        self.rng, lines, length = rng, [], 0
        while length < size:
            line = make(rng) + '\n'
            lines.append(line)
            length += len(line)
        self.text = ''.join(lines)

    def cut(self, size):
        parts = []
        while size > 0:
            start = self.text.index('\n', self.rng.randrange(len(self.text) - 100_000)) + 1
            end = self.text.index('\n', min(start + max(size, 1), len(self.text) - 2)) + 1
            parts.append(self.text[start:end])
            size -= end - start
        return ''.join(parts)


def words(rng, most):
    return ' '.join(rng.choices(WORDS, k=rng.randint(2, most)))


def prose(rng):
    return '' if rng.random() < 0.15 else words(rng, 11).capitalize() + '.'


def quoted(rng):
    return words(rng, 9) if rng.random() < 0.3 else '> ' + words(rng, 9)


def changed(rng):
    return rng.choice((' \t', ' \t', ' \t', '+\t', '+\t', '-\t')) + words(rng, 7) + ';'


def field(rng):
    return '%s=%s;' % (rng.choice(WORDS), '%032x' % rng.getrandbits(128))


class Writer:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.sizes = Sizes(self.rng)
        self.prose, self.quoted, self.code = (Text(self.rng, make) for make in (prose, quoted, changed))
        self.fields = [field(self.rng) for _ in range(5000)]
        self.now = datetime.datetime(2010, 1, 4, 8, 0, 0)
        self.number = 0

    def person(self):
        n = min(int(self.rng.paretovariate(0.7)), 5000)
        return 'Person %d <person%d@example.org>' % (n, n)

    def trace(self, size):
        """Fields that hosts on the way add, folded."""
        lines, length = [], 0
        while length < size:
            name = self.rng.choice(('Received: from a.example.org by b.example.org; ', 'X-Trace: v=1; ',
                                    'X-Signature: v=1; a=rsa-sha256; '))
            parts = self.rng.choices(self.fields, k=self.rng.randint(2, 12))
            lines.append(name + '\n\t'.join(parts) + '\n')
            length += len(lines[-1])
        return ''.join(lines)

    def diff(self, size):
        """Files with hunks whose headers count their lines."""
        out = []
        while size > 0:
            path = '%s/%s.c' % (self.rng.choice(WORDS), self.rng.choice(WORDS))
            out.append('diff --git a/%s b/%s\nindex %07x..%07x 100644\n--- a/%s\n+++ b/%s\n' % (
                path, path, self.rng.getrandbits(28), self.rng.getrandbits(28), path, path))
            for hunk in range(self.rng.randint(1, 3)):
                lines = self.code.cut(max(60, min(size, self.rng.randint(200, 3000))))
                old = sum(lines.count(mark) for mark in ('\n ', '\n-')) + (lines[0] in ' -')
                new = sum(lines.count(mark) for mark in ('\n ', '\n+')) + (lines[0] in ' +')
                out.append('@@ -%d,%d +%d,%d @@\n%s' % (100 * hunk + 1, old, 100 * hunk + 1, new, lines))
                size -= len(lines) + 30
                if size <= 0:
                    break
        return ''.join(out)

    def mail(self, kind, author, subject, references):
        self.number += 1
        self.now += datetime.timedelta(seconds=self.rng.randint(1, 1200))
        date = self.now.strftime('%a, %d %b %Y %H:%M:%S +0000')
        msgid = '<%d.%s@example.org>' % (self.number, self.rng.choice(WORDS))
        header = 'From: %s\nTo: demo@example.org\nSubject: %s\nDate: %s\nMessage-ID: %s\n' % (
            author, subject, date, msgid)
        if references:
            header += 'In-Reply-To: %s\nReferences: %s\n' % (references[-1], '\n\t'.join(references))
        header += 'List-Id: Demo <%s>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n' % LIST
        header = self.trace(self.sizes.take(kind + ' header') - len(header)) + header
        size = self.sizes.take(kind + ' body')
        if kind == 'patch':
            body = '%s\nSigned-off-by: %s\n---\n%s' % (
                self.prose.cut(min(size // 4, 1500)), author, self.diff(size * 3 // 4))
        else:
            body = (self.quoted if kind == 'reply' else self.prose).cut(size)
        return msgid, 'From list@example.org %s\n%s\n%s\n' % (self.now.strftime('%a %b %d %H:%M:%S %Y'), header, body)

    def replies(self, subject, references):
        """Answers to a mail, some of them to each other."""
        while self.rng.random() < REPLIES / (1 + REPLIES):
            msgid, text = self.mail('reply', self.person(), 'Re: ' + subject, references[-16:])
            yield text
            if self.rng.random() < 0.5:
                references = references + [msgid]

    def series(self, author, title, version):
        total = self.sizes.take('series')
        prefix = 'PATCH' if version == 1 else 'PATCH v%d' % version
        subject = '[%s 0/%d] %s' % (prefix, total, title)
        cover, text = self.mail('cover', author, subject, [])
        yield text
        sent = [(subject, [cover])]
        for i in range(total):
            subject = '[%s %d/%d] %s %d' % (prefix, i + 1, total, title, i + 1)
            msgid, text = self.mail('patch', author, subject, [cover])
            yield text
            sent.append((subject, [cover, msgid]))
        for subject, references in sent:
            yield from self.replies(subject, references)

    def lone(self, kind, author, title, version):
        prefix = '' if kind == 'other' else '[PATCH] ' if version == 1 else '[PATCH v%d] ' % version
        msgid, text = self.mail(kind, author, prefix + title, [])
        yield text
        yield from self.replies(prefix + title, [msgid])

    def thread(self):
        author, title, version = self.person(), words(self.rng, 6), 1
        kind = self.rng.choices(('series', 'patch', 'other'), (1, SINGLE_PATCHES, OTHERS))[0]
        while True:
            yield from (self.series(author, title, version) if kind == 'series'
                        else self.lone(kind, author, title, version))
            if kind == 'other' or self.rng.random() >= REVISED:
                return
            version += 1

    def write(self, mails, out):
        threads = []
        for _ in range(mails):
            text = None
            while text is None:
                if len(threads) < ACTIVE:
                    threads.append(self.thread())
                thread = threads[int(self.rng.random() ** 2 * len(threads))]
                text = next(thread, None)
                if text is None:
                    threads.remove(thread)
            out.write(text)


if __name__ == '__main__':
    Writer(int(sys.argv[2]) if len(sys.argv) > 2 else 1).write(int(sys.argv[1]), sys.stdout)
