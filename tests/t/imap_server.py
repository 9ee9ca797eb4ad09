#!/usr/bin/env python3
"""IMAP servers that behave as badly as a test wants them to, and record all that a client sends.

usage: imap_server.py FOLDER NAME=BEHAVIOUR[,tls|starttls|old-tls,CERTIFICATE]...

Each server has a port of 127.0.0.1, or of the address of its class; "NAME PORT" is printed for each, and then they run
until their parent ends.  BEHAVIOUR is the name of a class below or in imap_quirks.py, in words with hyphens: "honest"
is one without fault.  The mails of its only mailbox are the files in FOLDER/NAME, with UIDs from 1; certificates are in
FOLDER/tls.  FOLDER/NAME.record gets every byte that a client sends, decrypted, and "[connected]" for each connection.
"""

import base64
import os
import re
import socket
import sys
import threading
import time

FLOOD = b"From the server, without end: " * 2000


class Gone(Exception):
    """The client is gone, or is to be left."""


class Honest:
    greeting = b"* OK ready"
    capabilities = b"IMAP4rev1 IDLE UIDPLUS MOVE"
    uidvalidity = b"77"
    address = "127.0.0.1"
    acts_tls = False  # it does by itself what is done instead of TLS

    def __init__(self, link, server):
        self.link, self.server = link, server
        self.mails = read_mails(server.folder + "/" + server.name)
        self.rest = b""
        self.commands = 0

    # The wire

    def receive(self):
        """What comes next; it goes into the record."""
        got = self.link.recv(65536)
        if not got:
            raise Gone
        self.server.record(got)
        self.rest += got

    def read_line(self):
        while b"\n" not in self.rest:
            self.receive()
        line, _, self.rest = self.rest.partition(b"\n")
        return line.rstrip(b"\r")

    def send(self, data):
        self.link.sendall(data)

    def say(self, line):
        self.send(line + b"\r\n")

    def be_silent(self):
        """Until the client goes."""
        while True:
            self.receive()

    def flood(self):
        while True:
            self.send(FLOOD)

    def start_tls(self):
        self.link = self.server.tls.wrap_socket(self.link, server_side=True)

    # The conversation

    def run(self):
        self.say(self.greeting)
        while True:
            tag, _, rest = self.read_line().partition(b" ")
            self.commands += 1
            self.obey(tag, *self.split(rest))

    def split(self, rest):
        name, _, words = rest.partition(b" ")
        if name.upper() == b"UID":
            name, _, words = words.partition(b" ")
        return name.upper().decode(), words

    def obey(self, tag, name, words):
        method = getattr(self, "do_" + name.lower(), None)
        if method:
            method(tag, words)
        else:
            self.say(tag + b" BAD unknown command")

    def agree(self, tag, words):
        self.say(tag + b" OK done")

    do_noop = do_store = do_copy = do_expunge = do_move = agree

    def do_capability(self, tag, words):
        self.say(b"* CAPABILITY " + self.capabilities)
        self.agree(tag, words)

    def do_starttls(self, tag, words):
        self.agree(tag, words)
        self.start_tls()

    def do_login(self, tag, words):
        self.agree(tag, words)

    def do_authenticate(self, tag, words):
        if b" " not in words:
            self.say(b"+ ")
            self.read_line()
        self.agree(tag, words)

    def do_select(self, tag, words):
        self.say(b"* FLAGS (\\Seen \\Deleted)")
        self.say(b"* %d EXISTS" % len(self.mails))
        self.say(b"* OK [UIDVALIDITY " + self.uidvalidity + b"] valid")
        self.say(b"* OK [UIDNEXT %d] next" % self.uidnext())
        self.say(tag + b" OK [READ-WRITE] open")

    def do_examine(self, tag, words):
        self.do_select(tag, words)

    def uidnext(self):
        return max(self.mails, default=0) + 1

    def do_search(self, tag, words):
        first, last = re.search(rb"UID (\d+)(?::(\d+|\*))?", words).groups()
        most = int(first) if last is None else 2**32 if last == b"*" else int(last)
        found = [b"%d" % uid for uid in self.mails if int(first) <= uid <= most]
        self.say(b" ".join([b"* SEARCH"] + found))
        self.agree(tag, words)

    def do_fetch(self, tag, words):
        for uid in self.asked_for(words):
            self.send_mail(uid, self.mails[uid])
        self.agree(tag, words)

    def asked_for(self, words):
        """The UIDs of a set that are there."""
        for part in words.split(b" ")[0].split(b","):
            first, _, last = part.partition(b":")
            yield from (uid for uid in self.mails if int(first) <= uid <= int(last or first))

    def send_mail(self, uid, mail):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(mail)))
        self.send(mail)
        self.say(b")")

    def do_idle(self, tag, words):
        self.say(b"+ idling")
        self.read_line()
        self.agree(tag, words)

    def do_logout(self, tag, words):
        self.say(b"* BYE")
        self.agree(tag, words)
        raise Gone


# Lines and literals without end --------------------------------------------------------------------------------------


class EndlessGreeting(Honest):
    def run(self):
        self.flood()


class EndlessLine(Honest):
    """In the answer to a search."""

    def do_search(self, tag, words):
        self.send(b"* SEARCH ")
        self.flood()


class EndlessNumbers(Honest):
    def do_search(self, tag, words):
        self.send(b"* SEARCH")
        while True:
            self.send(b" 1" * 10000)


class EndlessLines(Honest):
    def do_search(self, tag, words):
        while True:
            self.send(b"* 1 EXISTS\r\n" * 1000)


class EndlessLineInFetch(Honest):
    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 FLAGS (")
        self.flood()


class EndlessFlagsInFetch(Honest):
    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 FLAGS (a")
        while True:
            self.send(b" a" * 10000)


class EndlessString(Honest):
    """A body that is no literal."""

    def do_fetch(self, tag, words):
        self.send(b'* 1 FETCH (UID 1 BODY[] "')
        self.flood()


class FloodedLiteral(Honest):
    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\n")
        self.flood()


class LiteralOverAll(Honest):
    """One that 32 bits cannot count."""

    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 BODY[] {18446744073709551614}\r\n")
        self.flood()


class DrippingLiteral(Honest):
    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 BODY[] {50000000}\r\n")
        while True:
            self.send(b"x")
            time.sleep(0.2)


class WholeRange(Honest):
    """A few bytes that stand for all UIDs that there can be."""

    def do_search(self, tag, words):
        self.say(b'* ESEARCH (TAG "' + tag + b'") UID ALL 1:4294967295')
        self.agree(tag, words)


class LiteralInSearch(Honest):
    def do_search(self, tag, words):
        self.send(b"* SEARCH {4294967295}\r\n")
        self.flood()


class LiteralInFlags(Honest):
    def do_select(self, tag, words):
        self.send(b'* LIST () "/" {4294967295}\r\n')
        self.flood()


class DyingInLiteral(Honest):
    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: somebody@example.org\r\n\r\n")
        raise Gone


class LiteralTooLong(Honest):
    """More is announced than comes: the end of the answer is taken for mail."""

    def send_mail(self, uid, mail):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(mail) + 50))
        self.send(mail)
        self.say(b")")


class LiteralTooShort(Honest):
    def send_mail(self, uid, mail):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(mail) - 50))
        self.send(mail)
        self.say(b")")


# What is no answer ---------------------------------------------------------------------------------------------------


class Garbage(Honest):
    def obey(self, tag, name, words):
        self.say(os.urandom(300).replace(b"\r", b"").replace(b"\n", b"\r\n* "))


class GarbageGreeting(Honest):
    def run(self):
        self.send(os.urandom(100000))
        self.be_silent()


class GarbageInFetch(Honest):
    def do_fetch(self, tag, words):
        self.say(b"* 1 FETCH (UID 1 BODY[] " + os.urandom(200).replace(b"\n", b"") + b")")
        self.agree(tag, words)


class BrokenGreeting(Honest):
    greeting = b"* OK [PERMANENTFLAGS () x"


class NoCapabilities(Honest):
    def do_capability(self, tag, words):
        self.agree(tag, words)


class PreAuthenticated(Honest):
    greeting = b"* PREAUTH you are somebody else"


class GoodBye(Honest):
    greeting = b"* BYE not now"


class Deep(Honest):
    """What was not asked for, so deep that a parser that calls itself gets no further."""

    def do_fetch(self, tag, words):
        self.send(b"* 1 FETCH (BODYSTRUCTURE ")
        self.flood()

    def flood(self):
        for _ in range(500):
            self.send(b"(" * 20000)
        raise Gone


class ByeAndSilent(Honest):
    """Say BYE, and stay."""

    def do_fetch(self, tag, words):
        self.say(b"* BYE I have to go")
        self.be_silent()


class IdleWithoutAnswer(Honest):
    def do_idle(self, tag, words):
        self.be_silent()


class Silent(Honest):
    def run(self):
        self.be_silent()


class SilentInFetch(Honest):
    def do_fetch(self, tag, words):
        self.be_silent()


class NotReading(Honest):
    def run(self):
        self.say(self.greeting)
        time.sleep(3600)


class OtherTag(Honest):
    def do_search(self, tag, words):
        self.say(b"* SEARCH 1")
        self.say(b"nonsense OK done")


# What is an answer, but not to be believed ---------------------------------------------------------------------------


class OtherUid(Honest):
    """Asked for a mail, it gives another one."""

    def send_mail(self, uid, mail):
        super().send_mail(uid + 1, mail)


class NoUid(Honest):
    def send_mail(self, uid, mail):
        self.send(b"* %d FETCH (BODY[] {%d}\r\n" % (uid, len(mail)))
        self.send(mail)
        self.say(b")")


class TwoMails(Honest):
    """Asked for a mail, it gives another one besides."""

    def do_fetch(self, tag, words):
        self.send_mail(1, self.mails[1])
        self.send_mail(2, self.mails[1])
        self.agree(tag, words)


class TwoBodies(Honest):
    def send_mail(self, uid, mail):
        literal = b"{%d}\r\n" % len(mail) + mail
        self.say(b"* %d FETCH (UID %d BODY[] " % (uid, uid) + literal + b" BODY[] " + literal + b")")


class Header(Honest):
    """Asked for a mail, it gives its header."""

    def send_mail(self, uid, mail):
        literal = b"{%d}\r\n" % len(mail) + mail
        self.say(b"* %d FETCH (UID %d BODY[HEADER] " % (uid, uid) + literal + b")")


class NoUidvalidity(Honest):
    def do_select(self, tag, words):
        self.say(b"* 1 EXISTS")
        self.say(tag + b" OK open")


class SearchNonsense(Honest):
    """UIDs that are not there, not in the range, and none at all."""

    def do_search(self, tag, words):
        self.say(b"* SEARCH 4294967295 0 7 1 999999 1 4294967296 18446744073709551617 2")
        self.agree(tag, words)


class ManyExist(Honest):
    """So it says."""

    def do_select(self, tag, words):
        self.say(b"* 4294967295 EXISTS")
        self.say(b"* OK [UIDVALIDITY 4294967295] valid")
        self.say(b"* OK [UIDNEXT 30000] next")
        self.say(tag + b" OK open")


class BackwardsSearch(Honest):
    def do_search(self, tag, words):
        for uid in reversed(self.mails):
            self.say(b"* SEARCH %d" % uid)
        self.agree(tag, words)


class Anybody(Honest):
    """The mails are those of the user."""

    def do_login(self, tag, words):
        self.mails = read_mails(self.server.folder + "/" + words.split()[0].decode().strip('"'))
        self.agree(tag, words)


# What is right, if rare ----------------------------------------------------------------------------------------------


class NoUidnext(Honest):
    def do_select(self, tag, words):
        self.say(b"* %d EXISTS" % len(self.mails))
        self.say(b"* OK [UIDVALIDITY 77] valid")
        self.say(tag + b" OK open")


class HugeUids(Honest):
    """The mails have the last UIDs that there can be."""

    def __init__(self, link, server):
        super().__init__(link, server)
        self.mails = {4294967294 - n: mail for n, mail in enumerate(reversed(self.mails.values()))}


class Talkative(Honest):
    """In every answer things that others do."""

    def agree(self, tag, words):
        self.say(b"* 9 FETCH (FLAGS (\\Seen) UID 900)")
        self.say(b"* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (12345))")
        self.say(b"* OK [ALERT] the disk is\x07nearly full")
        self.say(b"* 2 RECENT")
        self.say(tag + b" OK [XSOMETHING (with) \"words\"] done")

    def send_mail(self, uid, mail):
        self.say(b"* 9 FETCH (FLAGS (\\Seen) UID 900)")
        self.send(b"* %d FETCH (FLAGS (\\Seen) BODY[] {%d}\r\n" % (uid, len(mail)))
        self.send(mail)
        self.say(b" UID %d)" % uid)


class Quoting(Honest):
    """A short body need not be a literal."""

    def send_mail(self, uid, mail):
        text = mail.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        self.say(b'* %d FETCH (UID %d BODY[] "%s")' % (uid, uid, text))


class Nil(Honest):
    def send_mail(self, uid, mail):
        self.say(b"* %d FETCH (UID %d BODY[] NIL)" % (uid, uid))


class Empty(Honest):
    def send_mail(self, uid, mail):
        super().send_mail(uid, b"")


class RefusingOne(Honest):
    """The mail is there, and is not given."""

    def do_fetch(self, tag, words):
        if words.startswith(b"1 "):
            self.say(tag + b" NO [SERVERBUG] Internal error")
        else:
            super().do_fetch(tag, words)


class RefusingGone(Honest):
    """The mail is not there, which is told as a refusal."""

    gone = False

    def do_fetch(self, tag, words):
        if words.startswith(b"1 "):
            self.gone = True
            self.say(tag + b" NO Some of the requested messages no longer exist.")
        else:
            super().do_fetch(tag, words)

    def do_search(self, tag, words):
        if self.gone:
            self.mails.pop(1, None)
        super().do_search(tag, words)


class RefusingActions(Honest):
    def refuse(self, tag, words):
        self.say(tag + b" NO [NOPERM] you may not")

    do_store = do_copy = do_expunge = do_move = refuse


class BadActions(Honest):
    """What the server takes for bad is no reason to leave it."""

    def blame(self, tag, words):
        self.say(tag + b" BAD I do not know that flag")

    do_store = do_copy = do_expunge = do_move = blame


class RefusingIdle(Honest):
    def do_idle(self, tag, words):
        self.say(tag + b" NO not now")


class NoLogin(Honest):
    capabilities = b"IMAP4rev1 LOGINDISABLED AUTH=PLAIN"


class RefusingToken(Honest):
    """XOAUTH2: a challenge, which the client has to answer before it is told."""

    capabilities = b"IMAP4rev1 IDLE AUTH=XOAUTH2 SASL-IR"

    def do_authenticate(self, tag, words):
        self.say(b"+ eyJzdGF0dXMiOiI0MDAifQ==")
        self.read_line()
        self.say(tag + b" NO [AUTHENTICATIONFAILED] the token has expired")


class NeedsId(Honest):
    """No mailbox before ID (RFC 2971); what it says itself is odd."""

    known = False
    capabilities = b"IMAP4rev1 ID IDLE"

    def do_id(self, tag, words):
        self.known = True
        self.say(b'* ID ("name" {4}')
        self.say(b'odd) "x"')
        self.agree(tag, words)

    def do_select(self, tag, words):
        if self.known:
            super().do_select(tag, words)
        else:
            self.say(tag + b" NO SELECT Unsafe Login")


class NeedsIdFirst(Honest):
    """No login before ID."""

    known = False
    capabilities = b"IMAP4rev1 ID IDLE"

    def do_id(self, tag, words):
        self.known = True
        self.agree(tag, words)

    def do_login(self, tag, words):
        self.say(tag + (b" OK hello" if self.known else b" NO who are you?"))


class RefusingId(Honest):
    capabilities = b"IMAP4rev1 ID IDLE"

    def do_id(self, tag, words):
        self.say(tag + b" BAD not that one")


class Strict(Honest):
    """Knows one user, whose name and password are the lines of FOLDER/NAME.login, and reads RFC 3501 to the letter."""

    def knows(self, user, password):
        with open("%s/%s.login" % (self.server.folder, self.server.name), "rb") as file:
            return [user, password] == file.read().split(b"\n")[:2]

    def judge(self, tag, user, password):
        known = self.knows(user, password)
        self.say(tag + (b" OK in" if known else b" NO [AUTHENTICATIONFAILED] not you"))

    def strings(self, words):
        """The strings of a command; a literal is asked for."""
        found = []
        while words:
            literal = re.fullmatch(rb" ?\{(\d+)\}", words)
            quoted = re.match(rb' ?"((?:[^"\\\x80-\xff]|\\["\\])*)"', words)
            if literal:
                self.say(b"+ go on")
                words = b""
                while len(self.rest) < int(literal.group(1)):
                    self.receive()
                found.append(self.rest[: int(literal.group(1))])
                self.rest = self.rest[int(literal.group(1)) :]
                words = self.read_line()
            elif quoted:
                found.append(re.sub(rb"\\(.)", rb"\1", quoted.group(1)))
                words = words[quoted.end() :]
            else:
                return None
        return found

    def do_login(self, tag, words):
        strings = self.strings(words)
        if strings is None or len(strings) != 2:
            self.say(tag + b" BAD no strings")
        else:
            self.judge(tag, *strings)


class StrictPlain(Strict):
    capabilities = b"IMAP4rev1 IDLE AUTH=PLAIN LOGINDISABLED"

    def first_answer(self, words):
        """What comes after the mechanism, decoded."""
        mechanism, _, first = words.partition(b" ")
        assert b"AUTH=" + mechanism in self.capabilities
        assert not first or b"SASL-IR" in self.capabilities
        if not first:
            self.say(b"* OK [ALERT] before the question")
            self.say(b"+")
            first = self.read_line()
        return base64.b64decode(b"" if first == b"=" else first, validate=True)

    def do_authenticate(self, tag, words):
        nobody, user, password = self.first_answer(words).split(b"\0")
        self.judge(tag, nobody + user, password)


class StrictPlainAtOnce(StrictPlain):
    capabilities = b"IMAP4rev1 IDLE AUTH=PLAIN SASL-IR"


class Token(StrictPlain):
    """XOAUTH2, without SASL-IR."""

    capabilities = b"IMAP4rev1 IDLE AUTH=XOAUTH2 AUTH=PLAIN"
    fault = b'{"status":"400","schemes":"Bearer","scope":"https://mail.example.org/"}'
    yes = b""

    def read_token(self, text):
        return re.fullmatch(rb"user=(.*)\x01auth=Bearer (.*)\x01\x01", text).groups()

    def do_authenticate(self, tag, words):
        user, token = self.read_token(self.first_answer(words))
        if self.knows(user, token):
            self.agree(tag, words)
            return
        self.say(b"+ " + base64.b64encode(self.fault))
        answered = self.read_line()
        self.say(tag + (b" NO SASL failed" if answered == self.yes else b" BAD that is no answer"))


class TokenAtOnce(Token):
    capabilities = b"IMAP4rev1 IDLE AUTH=XOAUTH2 SASL-IR"


class TokenOddFault(Token):
    fault = b"no JSON\x07"


class Bearer(Token):
    capabilities = b"IMAP4rev1 IDLE AUTH=OAUTHBEARER SASL-IR"
    fault = b'{"status":"invalid_token","scope":"mail"}'
    yes = b"AQ=="

    def read_token(self, text):
        user, token = re.fullmatch(
            rb"n,a=(.*),\x01host=127\.0\.0\.1\x01port=\d+\x01auth=Bearer (.*)\x01\x01", text
        ).groups()
        return user.replace(b"=2C", b",").replace(b"=3D", b"="), token


class Asking(Token):
    """It asks without end."""

    def do_authenticate(self, tag, words):
        self.first_answer(words)
        answers = []
        while b"*" not in answers:
            self.say(b"+ ")
            answers.append(self.read_line())
        self.say(tag + b" BAD you have given up")


class Anonymous(Honest):
    """As public-inbox-imapd: anybody may come, and a `+` has no blank."""

    capabilities = b"IMAP4rev1 AUTH=ANONYMOUS IDLE"

    def do_authenticate(self, tag, words):
        assert words == b"ANONYMOUS"
        self.say(b"+")
        self.read_line()
        self.agree(tag, words)

    def do_login(self, tag, words):
        self.say(tag + b" NO anonymous alone")


class Referring(Honest):
    """RFC 2221."""

    def do_login(self, tag, words):
        self.say(tag + b" NO [REFERRAL imap://user;AUTH=*@other.example.org/] You are wanted elsewhere")


class OddMechanisms(Honest):
    capabilities = b"IMAP4rev1 LOGINDISABLED AUTH=GSSAPI AUTH=NTLM"


class Scram(Honest):
    """It only begins."""

    capabilities = b"IMAP4rev1 AUTH=SCRAM-SHA-256"

    def do_authenticate(self, tag, words):
        self.say(b"+ ")
        self.read_line()
        self.say(tag + b" NO not you")


class ScramAgreeing(Honest):
    """It lets in whoever begins."""

    capabilities = b"IMAP4rev1 IDLE AUTH=SCRAM-SHA-256"


class IpVersion6(Honest):
    address = "::1"


class NewEachTime(Honest):
    """A mailbox that is another one whenever it is opened."""

    opened = 100

    def do_select(self, tag, words):
        NewEachTime.opened += 1
        self.uidvalidity = b"%d" % NewEachTime.opened
        super().do_select(tag, words)


class Slow(Honest):
    """Each answer takes a while."""

    def agree(self, tag, words):
        time.sleep(0.2)
        super().agree(tag, words)


# Many mails by one command --------------------------------------------------------------------------------------------


class DyingOverTwo(Honest):
    """The second mail, however it is asked for, is the end of the connection."""

    def send_mail(self, uid, mail):
        if uid == 2:
            self.send(b"* 2 FETCH (UID 2 BODY[] {%d}\r\nFrom: somebody" % len(mail))
            raise Gone
        super().send_mail(uid, mail)


class ByeOverTwo(Honest):
    def send_mail(self, uid, mail):
        if uid == 2:
            self.say(b"* BYE Internal error occurred. Refer to server log for more information.")
            raise Gone
        super().send_mail(uid, mail)


class UnreadableTwo(Honest):
    def send_mail(self, uid, mail):
        if uid == 2:
            self.say(b"* 2 FETCH (UID 2 BODY[] (what is this))")
        else:
            super().send_mail(uid, mail)


class DyingAhead(Honest):
    """It reads all that is asked for before it answers, and the seventh mail is its end."""

    def do_fetch(self, tag, words):
        if 7 in self.asked_for(words):
            raise Gone
        super().do_fetch(tag, words)


class DyingOverFew(Honest):
    """Four mails in a row are its end."""

    def do_fetch(self, tag, words):
        if any(3 <= uid <= 6 for uid in self.asked_for(words)):
            raise Gone
        super().do_fetch(tag, words)


class Backwards(Honest):
    def asked_for(self, words):
        return reversed(list(super().asked_for(words)))


class Twice(Honest):
    def asked_for(self, words):
        uids = list(super().asked_for(words))
        return uids + uids if len(uids) > 1 else uids


class Sparse(Honest):
    """It forgets half of what is asked for together."""

    def asked_for(self, words):
        uids = list(super().asked_for(words))
        return uids[::2]


class Besides(Honest):
    """Among the mails that were asked for are others, and a body of no mail."""

    def send_mail(self, uid, mail):
        if uid > 1:
            super().send_mail(uid + 1000, self.mails[1])
            self.say(b"* 99 FETCH (BODY[] {5}\r\nnone\n)")
        super().send_mail(uid, mail)


class OneByOne(Honest):
    """It takes no sets."""

    def do_fetch(self, tag, words):
        if words.split(b" ")[0].isdigit():
            super().do_fetch(tag, words)
        else:
            self.say(tag + b" BAD what is that?")


class Vanishing(Honest):
    """Mails 2 and 5 are found, and gone when they are asked for."""

    def do_fetch(self, tag, words):
        self.mails.pop(2, None)
        self.mails.pop(5, None)
        super().do_fetch(tag, words)


def refusing(after, refusal):
    """After so many mails it refuses each one."""

    class Refusing(Honest):
        given = 0

        def do_fetch(self, tag, words):
            for uid in self.asked_for(words):
                if self.given == after:
                    self.say(tag + refusal)
                    return
                self.given += 1
                self.send_mail(uid, self.mails[uid])
            self.agree(tag, words)

    return Refusing


RefusingThrottled = refusing(2, b" NO [THROTTLED] Account exceeded command or bandwidth limits.")
RefusingLimit = refusing(2, b" NO [LIMIT] too much")
RefusingOverquota = refusing(0, b" NO [OVERQUOTA] Account exceeded command or bandwidth limits.")
RefusingContact = refusing(2, b" NO [CONTACTADMIN] this account is looked at")
RefusingUnavailable = refusing(2, b" NO [UNAVAILABLE] the storage is away")
RefusingServerbug = refusing(2, b" NO [SERVERBUG] Internal error")
RefusingInuse = refusing(2, b" NO [INUSE] somebody repairs the mailbox")
RefusingNoperm = refusing(2, b" NO [NOPERM] you may not read")
RefusingWithoutCode = refusing(2, b" NO there it is, but not for you")


# Numbers that cannot be relied on ------------------------------------------------------------------------------------


class Rereading(Honest):
    """Looks into its folder whenever the mailbox is opened."""

    def do_select(self, tag, words):
        self.mails = read_mails(self.server.folder + "/" + self.server.name)
        super().do_select(tag, words)


class Unhurried(Rereading):
    """So that there is a middle of an answer."""

    def send_mail(self, uid, mail):
        time.sleep(0.05)
        super().send_mail(uid, mail)


class SelectSays(Rereading):
    """These lines alone, however many mails there are."""

    lines = []

    def do_select(self, tag, words):
        self.mails = read_mails(self.server.folder + "/" + self.server.name)
        for line in self.lines:
            self.say(b"* " + line)
        self.say(tag + b" OK open")


class LowUidnext(SelectSays):
    lines = [b"3 EXISTS", b"OK [UIDVALIDITY 77] valid", b"OK [UIDNEXT 1] next"]


class NothingExists(SelectSays):
    lines = [b"0 EXISTS", b"OK [UIDVALIDITY 77] valid", b"OK [UIDNEXT 1] next"]


class NoNumbers(SelectSays):
    lines = []


class Vast(SelectSays):
    """25,000 mails, and the number of the next one is not said."""

    lines = [b"25000 EXISTS", b"OK [UIDVALIDITY 77] valid"]

    def do_search(self, tag, words):
        self.mails = {uid: self.mails.get(uid, b"") for uid in range(1, 25001)}
        super().do_search(tag, words)


class VastWithGap(Vast):
    """The same, and the last two are far from the others."""

    def do_search(self, tag, words):
        mails = {uid: b"" for uid in range(1, 24999)}
        mails.update({4294967290: self.mails.get(1, b""), 4294967294: self.mails.get(2, b"")})
        read, self.mails = self.mails, mails
        Honest.do_search(self, tag, words)
        self.mails = {4294967290: read.get(1), 4294967294: read.get(2), **read}


class LateTwo(Rereading):
    """The second mail is seen only when the mailbox was opened twice."""

    opened = 0

    def do_select(self, tag, words):
        super().do_select(tag, words)
        LateTwo.opened += 1
        if LateTwo.opened <= 2:
            self.mails.pop(2, None)


# Nothing new ---------------------------------------------------------------------------------------------------------


class NewsWithoutEnd(Honest):
    """Tells of a mail at once whenever it is to tell."""

    def do_idle(self, tag, words):
        self.say(b"+ idling")
        self.say(b"* %d EXISTS" % (len(self.mails) + 1))
        self.agree(tag, self.read_line())


# Reasons -------------------------------------------------------------------------------------------------------------


def at_first(method, answer):
    """The first connection gets this answer to a command, each time; the others none."""

    class First(Honest):
        connections = 0

        def __init__(self, link, server):
            super().__init__(link, server)
            First.connections += 1
            if First.connections == 1:
                setattr(self, method, lambda tag, words: self.say(tag + b" " + answer))

    return First


NotConnected = at_first("do_select", b"BAD User is authenticated but not connected.")
SelectLater = at_first("do_select", b"NO something else")
SearchLater = at_first("do_search", b"NO [SERVERBUG] something else")
LoginLater = at_first("do_login", b"NO [UNAVAILABLE] Temporary authentication failure")


def login_says(answer):
    class Login(Honest):
        def do_login(self, tag, words):
            self.say(tag + b" " + answer)

    return Login


LoginWrong = login_says(b"NO [AUTHENTICATIONFAILED] no")
LoginExpired = login_says(b"NO [EXPIRED] no")
LoginTooMany = login_says(b"NO [LIMIT] no")


class InboxOnly(Honest):
    """There is no other mailbox."""

    def do_examine(self, tag, words):
        if words.strip(b'"').upper() == b"INBOX":
            self.do_select(tag, words)
        else:
            self.say(tag + b" NO [NONEXISTENT] no such mailbox")


class GoneWhileOpen(Honest):
    """Opens the mailbox once, and then says that it is not there."""

    opened = 0

    def do_select(self, tag, words):
        GoneWhileOpen.opened += 1
        if GoneWhileOpen.opened == 1:
            super().do_select(tag, words)
        else:
            self.say(tag + b" NO [NONEXISTENT] it was removed")


# Mailboxes -----------------------------------------------------------------------------------------------------------


class Listing(Honest):
    """Lists.0 to Lists.10 are there."""

    def lines(self):
        return [b'(\\HasNoChildren) "." Lists.%d' % n for n in range(11)]

    def do_list(self, tag, words):
        for line in self.lines():
            self.say(b"* LIST " + line)
        self.agree(tag, words)


class ListingOdd(Listing):
    def lines(self):
        return [
            b"() NIL Lists.plain",
            b'(\\Marked) "." "Lists.in quotes"',
            b'() "." {13}\r\nLists.literal',
            b'(\\NoSelect) "." Lists.noselect',
            b'(\\nonexistent \\HasChildren) "." Lists.nonexistent',
            b'() "." Lists.plain',
            b'() "." Other.outside',
            b'() "." {10}\r\nLists.a\r\nb',
            b'() "." "Lists.' + b"x" * 1000 + b'"',
            b'() "." "Lists.&AOQ-"',
            b'() "." {8}\r\nLists.' + "ö".encode(),
            b'() "." {7}\r\nLists.\xff',
            b'() "." "Lists.A & B"',
            b'() "." "Lists.&AAk-tab"',
        ]


class ListingInbox(Listing):
    """INBOX is the same, however it is written."""

    def lines(self):
        return [b'() "." INBOX.0', b'() "." Inbox.0', b'() "." inbox.1']


class ListingNothing(Listing):
    def lines(self):
        return []


class ListingRefused(Listing):
    def do_list(self, tag, words):
        self.say(tag + b" NO [NOPERM] you may not")


class ListingBad(Listing):
    def do_list(self, tag, words):
        self.say(tag + b" BAD no such command")


class ListingMany(Listing):
    """More than one can follow; there is no mail in them."""

    def lines(self):
        return [b'() "." Lists.%d' % n for n in range(6000)]

    def do_select(self, tag, words):
        self.say(b"* 0 EXISTS")
        self.say(b"* OK [UIDVALIDITY 0] of none")
        self.agree(tag, words)


class ListingMillion(Listing):
    def do_list(self, tag, words):
        for n in range(1000):
            self.send(b"".join(b'* LIST () "." Lists.%d\r\n' % (1000 * n + m) for m in range(1000)))
        self.agree(tag, words)


class ListingEndless(Listing):
    def do_list(self, tag, words):
        self.send(b'* LIST () "." "Lists.')
        self.flood()


class ListingLiteral(Listing):
    def do_list(self, tag, words):
        self.send(b'* LIST () "." {4294967295}\r\n')
        self.flood()


class ListingNewEachTime(Listing):
    listed = 0

    def lines(self):
        ListingNewEachTime.listed += 1
        return [b'() "." Lists.%d' % ListingNewEachTime.listed]


class ListingHundreds(Listing):
    """300 mailboxes.  Mail comes to the one that is open as soon as there are more files in the folder."""

    def lines(self):
        return [b'() "." Lists.%d' % n for n in range(300)]

    def do_select(self, tag, words):
        self.mails = read_mails(self.server.folder + "/" + self.server.name) if b"Lists.299" in words else {}
        super().do_select(tag, words)

    def do_idle(self, tag, words):
        self.say(b"+ idling")
        folder, known = self.server.folder + "/" + self.server.name, len(self.mails)
        self.link.settimeout(0.1)
        while b"\n" not in self.rest:
            if len(os.listdir(folder)) > known:
                known = len(os.listdir(folder))
                self.say(b"* %d EXISTS" % known)
            try:
                self.receive()
            except TimeoutError:
                pass
        self.link.settimeout(None)
        self.read_line()
        self.agree(tag, words)


# TLS -----------------------------------------------------------------------------------------------------------------


class WithoutStarttls(Honest):
    """STARTTLS is not there, as after somebody between has taken it out."""

    def do_starttls(self, tag, words):
        self.say(tag + b" BAD unknown command")


class RefusingStarttls(Honest):
    def do_starttls(self, tag, words):
        self.say(tag + b" NO not now")


class Injecting(Honest):
    """Behind the answer to STARTTLS more comes in clear text."""

    def do_starttls(self, tag, words):
        self.send(tag + b" OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n1 OK injected\r\n2 OK injected\r\n")
        self.start_tls()


class GarbageForTls(Honest):
    acts_tls = True

    def run(self):
        if self.server.implicit:
            self.start_tls()
        super().run()

    def start_tls(self):
        self.send(os.urandom(4000))
        self.be_silent()


class PlainForTls(GarbageForTls):
    """Where TLS is expected, none."""

    def start_tls(self):
        pass


class SilentForTls(GarbageForTls):
    def start_tls(self):
        self.be_silent()


# ---------------------------------------------------------------------------------------------------------------------


def bye_at(number):
    """Say BYE to a command, and go."""

    class Bye(Honest):
        def obey(self, tag, name, words):
            if self.commands == number:
                self.say(b"* BYE at once")
                raise Gone
            super().obey(tag, name, words)

    return Bye


def behaviour_of(name):
    if name.startswith("bye-at-"):
        return bye_at(int(name[7:]))
    word = "".join(word.capitalize() for word in name.split("-"))
    if word not in globals():
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "imap_quirks.py"), encoding="utf-8") as file:
            exec(compile(file.read(), file.name, "exec"), globals())
    return globals()[word]


def read_mails(folder):
    mails = {}
    for uid, name in enumerate(sorted(os.listdir(folder)) if os.path.isdir(folder) else [], 1):
        with open(folder + "/" + name, "rb") as file:
            mails[uid] = re.sub(b"\r?\n", b"\r\n", file.read())
    return mails


def make_tls(name, old):
    import ssl  # takes a while

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(name + ".pem", name + ".key")
    if old:
        tls.minimum_version = ssl.TLSVersion.TLSv1
        tls.maximum_version = ssl.TLSVersion.TLSv1_1
        tls.set_ciphers("ALL:@SECLEVEL=0")
    return tls


class Server:
    def __init__(self, folder, spec):
        self.name, _, words = spec.partition("=")
        behaviour, *words = words.split(",")
        self.folder, self.behaviour = folder, behaviour_of(behaviour)
        self.record = open("%s/%s.record" % (folder, self.name), "ab", buffering=0).write
        self.implicit, self.tls = False, None
        if words:
            self.implicit = words[0] != "starttls"
            self.tls = make_tls("%s/tls/%s" % (folder, words[1]), words[0] == "old-tls")
        family = socket.AF_INET6 if ":" in self.behaviour.address else socket.AF_INET
        self.listener = socket.create_server((self.behaviour.address, 0), family=family)
        print(self.name, self.listener.getsockname()[1], flush=True)

    def run(self):
        while True:
            link, _ = self.listener.accept()
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.record(b"[connected]\n")
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        try:
            if self.implicit and not self.behaviour.acts_tls:
                link = self.tls.wrap_socket(link, server_side=True)
            self.behaviour(link, self).run()
        except (Gone, OSError):
            pass
        except (AssertionError, AttributeError, ValueError) as wrong:
            self.record(b"[not to the letter: %r]\n" % wrong)
        link.close()


def main():
    folder, *specs = sys.argv[1:]
    parent = os.getppid()
    for server in [Server(folder, spec) for spec in specs]:
        threading.Thread(target=server.run, daemon=True).start()
    while os.getppid() == parent:
        time.sleep(0.5)


main()
