"""Who was there, as a spreadsheet opens it."""

import csv
import io
from dataclasses import replace

from bot.outcome.attendance import COLUMNS, table
from bot.outcome.reading import Report
from moderation.events import VoiceStateSeen
from moderation.talktime.figures import figures
from moderation.talktime.following import Following
from moderation.talktime.ledger import TalkLedger
from tests.bot.outcome.test_words import ROW
from tests.moderation.outcome.test_faults import GOOD
from tests.moderation.scene import ANN, BOB, HOST


def test_one_row_a_person():
    """Visits are put together; who was erased has neither name nor number."""
    ledger = TalkLedger()
    following = Following(ledger)
    following.seen(VoiceStateSeen(HOST), 0.0)
    ledger.heard(HOST, [(0.0, 30.0)])
    outcome = replace(
        GOOD,
        figures=replace(
            GOOD.figures,
            stays={
                HOST: ((0.0, 2700.0),),
                ANN: ((10.0, 20.0), (100.0, 200.0)),
                -5: ((5.0, 6.0),),
            },
            raised={ANN: 2},
        ),
    )
    names = {HOST: "Hugo", ANN: '=HYPERLINK("http://x")'}
    talk = figures(ledger, 2700.0)
    report = Report(ROW, outcome, None, talk, names, frozenset({ANN, BOB}))

    data = table(report)

    head, host, erased, ann = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert data.startswith(b"\xef\xbb\xbf")
    assert head == list(COLUMNS)
    assert host[:3] == ["Hugo", str(HOST), "1"]
    assert host[3:5] == ["2027-01-15 08:00:00", "2027-01-15 08:45:00"]
    assert host[5:10] == ["2700", "2700", "30.0", "1.0", "1"]
    assert erased[:3] == ["", "", "0"]
    assert ann[0].startswith("'=")
    assert ann[5] == "110"
    assert ann[-2:] == ["2", "1"]
