"""Honest IMAP servers whose answers have odd forms, as real servers and bug reports have them; for imap_server.py.

Each gives all of its mails; QUIRKS names them.
"""


def texts(mailbox=(), result=None, **attributes):
    """These lines before the answer to SELECT; this after the tag in place of "OK done"."""

    class Texts(Honest):
        def do_select(self, tag, words):
            for line in mailbox:
                self.say(line)
            super().do_select(tag, words)

        def agree(self, tag, words):
            self.say(tag + (result or b" OK done"))

        do_noop = do_store = do_copy = do_expunge = do_move = do_login = agree

    for name, value in attributes.items():
        setattr(Texts, name, value)
    return Texts


def mails(before, after=b")", ending=b"\r\n", **attributes):
    """A mail: what comes before its literal, with %(uid)d in it, and after it; `size` is how the literal begins."""

    class Mails(Honest):
        size = b"{%d}\r\n"

        def send_mail(self, uid, mail):
            self.send(before.replace(b"%u", b"%d" % uid) + self.size % len(mail))
            self.send(mail + after.replace(b"%u", b"%d" % uid) + ending)

    for name, value in attributes.items():
        setattr(Mails, name, value)
    return Mails


def found(*lines):
    """The answer to SEARCH; "%t" is the tag."""

    class Found(Honest):
        def do_search(self, tag, words):
            for line in lines:
                self.say(line.replace(b"%t", tag))
            self.agree(tag, words)

    return Found


class Noisy(Honest):
    """Before every line something that has nothing to do with it."""

    noise = (b"* OK [ALERT] Please read {3}", b"* NO [OVERQUOTA] nearly full", b"", b"* 5 RECENT", b"* FLAGS (a%b)",
             b"* VANISHED (EARLIER) 300:310", b'* STATUS "x" (MESSAGES 5)', b"* XSOMETHING ((({", b"* ENABLED")

    def say(self, line):
        if self.commands > 0 and not line.startswith(b")"):
            for noise in self.noise:
                super().say(noise)
        super().say(line)


class Dripping(Noisy):
    """Each byte comes alone."""

    def send(self, data):
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(0, len(data), 1):
            self.link.sendall(data[i : i + 1])


class Stuttering(Honest):
    """It answers twice, and to what came before."""

    def agree(self, tag, words):
        self.say(b"%d BAD that was late" % (int(tag) - 1))
        self.say(tag + b" OK done")
        self.say(tag + b" OK done")

    do_noop = do_store = do_copy = do_expunge = do_move = agree


class Unix(Honest):
    """Lines end as files do, and keywords are in small letters."""

    def say(self, line):
        self.send(line.replace(b"OK", b"ok").replace(b"EXISTS", b"exists").replace(b"SEARCH", b"search") + b"\n")


class Splitting(Honest):
    """The UID, the flags and the mail in answers of their own, and others' in between."""

    def send_mail(self, uid, mail):
        self.say(b"* %d FETCH (FLAGS (\\Seen))" % uid)
        self.say(b"* %d FETCH (UID %d)" % (uid, uid))
        self.send(b"* 9 FETCH (BODY[HEADER] {7}\r\n)\r\n1 NO UID 99)\r\n")
        self.send(b"* %d FETCH (BODY[] {%d}\r\n" % (uid, len(mail)))
        self.send(mail + b")\r\n")
        self.say(b"* %d FETCH (FLAGS (\\Seen foo[) MODSEQ (5))" % uid)


class UidLate(Honest):
    def send_mail(self, uid, mail):
        self.send(b"* %d FETCH (BODY[] {%d}\r\n" % (uid, len(mail)))
        self.send(mail + b")\r\n")
        self.say(b"* %d FETCH (UID %d FLAGS (\\Seen))" % (uid, uid))


class Quoted(Honest):
    """All of a mail in quotes, with lines in them."""

    def send_mail(self, uid, mail):
        self.say(b'* %d FETCH (BODY[] "' % uid + re.sub(rb'(["\\])', rb"\\\1", mail) + b'" UID %d)' % uid)


class Removing(Honest):
    """Others remove mails while one is fetched, so that numbers change."""

    def send_mail(self, uid, mail):
        self.say(b"* 1 EXPUNGE")
        super().send_mail(uid, mail)
        self.say(b"* 1 EXPUNGE")


class Closing(Honest):
    """It tells first of the mailbox that was open before."""

    def do_select(self, tag, words):
        self.say(b"* 900 EXISTS")
        self.say(b"* OK [UIDVALIDITY 5] old")
        self.say(b"* OK [UIDNEXT 901] old")
        self.say(b"* OK [CLOSED] now the new one")
        super().do_select(tag, words)


class InResult(Honest):
    """What others say in lines of their own is in the answer to SELECT."""

    def do_select(self, tag, words):
        self.say(b"* %d EXISTS" % len(self.mails))
        self.say(tag + b" OK [UIDVALIDITY 77]")


class Second(Honest):
    """IMAP4rev2, and no older one."""

    capabilities = b"IMAP4rev2 AUTH=PLAIN"

    def do_select(self, tag, words):
        self.say(b'* LIST () "/" {5}\r\nINBOX')
        super().do_select(tag, words)

    def do_search(self, tag, words):
        self.say(b'* ESEARCH (TAG "' + tag + b'") UID MIN 1 ALL 1:%d COUNT %d' % (len(self.mails), len(self.mails)))
        self.agree(tag, words)


class Refusing(Honest):
    """An empty mailbox is no place to search in; then there are mails."""

    looks = 0

    def do_select(self, tag, words):
        Refusing.looks += 1
        if Refusing.looks > 1:
            super().do_select(tag, words)
            return
        self.say(b"* 0 EXISTS")
        self.say(tag + b" OK [UIDVALIDITY 77] empty")

    def do_search(self, tag, words):
        if Refusing.looks > 1:
            super().do_search(tag, words)
        else:
            self.say(tag + b" BAD nothing to search")


class Moving(Honest):
    """What it says of mails that go elsewhere."""

    def do_move(self, tag, words):
        self.say(b"* OK [COPYUID 5 1:2,4 7:9] moved")
        self.say(b"* VANISHED 1")
        self.say(b"* 1 EXPUNGE")
        self.say(b"* 2 EXISTS")
        self.say(tag + b" OK [COPYUID 5 x y]")


FETCH = b"* %u FETCH (UID %u BODY[] "
QUIRKS = {
    # Greetings and capabilities.
    "greeting-in-lines": texts(greeting=b"\r\n\r\n* OK"),
    "greeting-unclosed": texts(greeting=b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN"),
    "greeting-in-latin-1": texts(greeting=b"* OK gr\xfc\xdf Gott \0 \x07"),
    "capabilities-none": texts(capabilities=b""),
    "capabilities-odd": texts(
        capabilities=b'IMAP4 IMAP4rev1 AUTH= AUTH=PLAIN "X" (Y) Z* 8\xc3\xa4 IDLE[1] UIDPLUS  MOVE '
    ),
    "capabilities-in-small-letters": texts(capabilities=b"imap4rev1 idle"),
    "capabilities-unsaid": type("Unsaid", (Honest,), {"do_capability": Honest.agree}),
    "second": Second,
    # Mailboxes.
    "flags-of-all-kinds": texts(
        [b'* FLAGS (\\Seen [Gmail]/All foo]bar 100% a*b "two words" \xc3\xa4 \xfc $x \\ {5} ()', b"* FLAGS ()",
         b"* FLAGS"]
    ),
    "flags-as-literal": texts([b"* FLAGS (\\Seen {25}\r\n* OK [UIDVALIDITY 1] xx\r\n)"]),
    "flags-without-end": texts([b"* FLAGS (" + b"keyword " * 100000 + b")"]),
    "permanent-flags": texts(
        [b"* OK [PERMANENTFLAGS (\\* foo]bar)]", b"* OK [PERMANENTFLAGS ()] x", b"* OK [PERMANENTFLAGS"]
    ),
    "codes": texts(
        [b"* OK [HIGHESTMODSEQ 18446744073709551615]", b"* OK [UNSEEN 0]", b"* OK []", b"* OK [",
         b'* OK [MYRIGHTS "acd]"] x', b"* OK [MAILBOXID (F22-a]", b"* OK [XNUMBER 99999999999999999999] x",
         b"* OK [uidnotsticky]", b"* OK [UIDNEXT 0] x",
         b"* OK [ANNOTATIONS 65536 NOPRIVATE] x", b"* OK [NOMODSEQ] x", b"* OK [METADATA LONGENTRIES 5] x"]
    ),
    "texts-missing": texts([b"* OK", b"* NO", b"* BAD", b"* OK ", b"*", b"* "], result=b" OK"),
    "texts-as-codes": texts(result=b" OK [X]"),
    "texts-odd": texts(
        [b"* OK [ALERT] \xe2\x80\x93 \xfc \0 {10}", b"* NO [ALERT] {10}"], result=b" ok [XFOO (a \"]\" b)] \xfc {4}"
    ),
    "unasked": texts(
        [b'* LIST (\\NoInferiors \\UnMarked) {1}\r\n" {5}\r\na)b"c', b"* LSUB () NIL x", b'* XLIST (\\Inbox) "/" INBOX',
         b'* ESEARCH (TAG "x") UID ALL 1:900', b"* SEARCH 900", b"* SORT 3 1", b"* THREAD (1 (2)(3))",
         b'* ID ("name" NIL)', b'* NAMESPACE (("" "/")) NIL NIL', b'* QUOTA "" (STORAGE 1 2)', b'* ACL INBOX x lr',
         b"* -1 EXISTS", b"* 5 X", b"* CAPABILITY", b"* VANISHED 1:5", b"* 7 FETCH (FLAGS (\\Seen",
         b"* 8 FETCH (UID 8 BODY[] {3}\r\nabc)", b"+ go on"]
    ),
    "closing": Closing,
    "numbers-padded": texts([b"*   00003   EXISTS  ", b"* OK [UIDNEXT  0004"], uidvalidity=b"0000000000077"),
    "in-result": InResult,
    # Searches.
    "found-blanks": found(b"* SEARCH  1   2 3 "),
    "found-apart": found(b"* SEARCH", b"* SEARCH 3", b"* SEARCH 1", b"* SEARCH 2 2"),
    "found-modseq": found(b"* search 1 2 3 (MODSEQ 917162500)"),
    "found-ranges": found(b"* SEARCH 1:2,3"),
    "found-padded": found(b"* SEARCH 0001 0002 0003 0 4294967296"),
    "found-extended": found(b'* ESEARCH (TAG "%t") UID ALL 1:3'),
    "found-long": found(b'* esearch (tag %t) uid count 3 min 1 max 3 modseq 5 all 3,1:2 partial (1:3 1:3)'),
    "found-both": found(b'* ESEARCH (TAG "other") UID ALL 500', b"* SEARCH 1 2 3"),
    "refusing": Refusing,
    # Mails.
    "mail-with-everything": mails(
        b'* %u FETCH (X-GM-THRID 1266894439832287888 X-GM-LABELS ("\\\\Inbox" "a (b" {3}\r\n)"x [c)'
        b' FLAGS (\\Seen \\* 5% f] [g "h)" ) INTERNALDATE " 1-Jan-2026 00:00:00 +0000" RFC822.SIZE 5 MODSEQ (5)'
        b' EMAILID (M1) SAVEDATE NIL PREVIEW {2}\r\n))'
        b' ENVELOPE (NIL "s\\"(" ((NIL NIL "a" "b")) {1}\r\n() BODYSTRUCTURE (("TEXT" "PLAIN" NIL)("X" NIL)) UID %u'
        b' BODY[] '
    ),
    "mail-first": mails(b"* %u FETCH (FLAGS () BODY[] ", b" FLAGS (\\Seen) UID %u)"),
    "mail-by-its-old-name": mails(b"* %u FETCH (UID %u RFC822 "),
    "mail-as-asked-for": mails(b"* %u fetch (uid %u body.peek[] "),
    "mail-from-its-beginning": mails(b"* %u FETCH (UID %u BODY[]<0> "),
    "mail-without-blanks": mails(b"* %u FETCH(UID %u BODY[]"),
    "mail-with-blanks": mails(b"*  %u  FETCH  (  UID   000%u   BODY[]   ", b"  )  "),
    "mail-with-parentheses": mails(FETCH, b")))"),
    "mail-of-number-0": mails(b"* 0 FETCH (UID %u BODY[] "),
    "mail-in-a-hurry": mails(FETCH, size=b"{%d+}\r\n"),
    "mail-with-nul": mails(FETCH, size=b"~{%d}\r\n"),
    "mail-of-long-size": mails(FETCH, size=b"{000000%d} \n"),
    "mail-and-a-name-alone": mails(b"* %u FETCH (X-ODD UID %u X-ODD BODY[] "),
    "mail-and-its-header": mails(
        b"* %u FETCH (UID %u BODY[HEADER.FIELDS (FROM TO)] {4}\r\na: b BODY[TEXT] NIL BODY[] "
    ),
    "uid-in-quotes": mails(b'* %u FETCH (UID "%u" BODY[] '),
    "uid-as-literal": mails(b"* %u FETCH (UID {1}\r\n%u BODY[] "),
    "uid-twice": mails(b"* %u FETCH (UID %u UID %u BODY[] ", b" UID %u)"),
    "splitting": Splitting,
    "uid-late": UidLate,
    "quoted": Quoted,
    "removing": Removing,
    # All of it.
    "noisy": Noisy,
    "dripping": Dripping,
    "stuttering": Stuttering,
    "unix": Unix,
    "moving": Moving,
}


class NewsFirst(Honest):
    """A mail that comes while nothing is asked is told in front of the continuation of IDLE, and never after it."""

    waits = True

    def do_select(self, tag, words):
        self.mails = read_mails(self.server.folder + "/" + self.server.name)
        if type(self).waits:
            self.mails.pop(3)
        super().do_select(tag, words)

    def do_idle(self, tag, words):
        if type(self).waits:
            type(self).waits = False
            self.say(b"* 3 EXISTS")
            self.say(b"* 1 RECENT")
        self.say(b"+ IDLE accepted, awaiting DONE command.")
        self.read_line()
        self.agree(tag, words)


class IdleBare(NewsFirst):
    """It says "+" and no more, tells that it is there, and then of a mail in pieces."""

    def do_idle(self, tag, words):
        self.say(b"+")
        if type(self).waits:
            for line in (b"* OK Still here", b"* 1 FETCH (FLAGS (100%))", b"* 3 EXIS"):
                self.say(line) if line != b"* 3 EXIS" else self.send(line)
                time.sleep(0.3)
            type(self).waits = False
            self.say(b"TS")
        self.read_line()
        self.agree(tag, words)


class IdleEnding(Honest):
    """It ends IDLE by itself, and takes DONE for a command."""

    def do_idle(self, tag, words):
        self.say(b"+ idling")
        time.sleep(0.3)
        self.say(tag + b" OK time is up")
        self.read_line()
        self.say(b"DONE BAD unknown command")


globals().update({"".join(word.capitalize() for word in name.split("-")): quirk for name, quirk in QUIRKS.items()})


# What trace is tried with ------------------------------------------------------------------------------------------


class Echoing(Honest):
    """It repeats the command that it refuses."""

    def do_login(self, tag, words):
        self.say(b"* NO LOGIN " + words)
        self.say(tag + b" BAD LOGIN " + words)


class Challenging(Honest):
    """AUTHENTICATE in two steps."""

    capabilities = b"IMAP4rev1 AUTH=XOAUTH2"

    def do_authenticate(self, tag, words):
        if b" " not in words:
            self.say(b"+ ")
            self.read_line()
        self.agree(tag, words)


class Unreadable(Honest):
    def do_search(self, tag, words):
        self.say(b"* SEARCH one\x07 two")
        self.agree(tag, words)
