"""What people do in a fortnight that has everything: plans, series, campaign, guests.

Each deed is one write and returns the plans that it changed, as the bot's own do.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from moderation.store import webhooks
from scheduler.campaigns.campaign import Campaign, Target
from scheduler.clockwork import errand_records, records, series
from scheduler.guests import guest as rules
from scheduler.guests.guest import Guest
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import PlanState, cancel, move
from scheduler.reminders import Place, Wish
from scheduler.repeated import PlannedSeries
from scheduler.settings import SchedulerSettings
from tests.scheduler.clockwork.fortnight import MADRID
from tests.scheduler.sample import tea

ANA, BEN, CARLA, EVA = 7, 8, 9, 10
SPANISH, ENGLISH, FANS, TOOL = 21, 22, 33, 1
SETTINGS = SchedulerSettings()
SINGLE, FAIR = 1, 2
PLAN = tea(0.0, zone="Europe/Madrid", post_channel_id=5)


@dataclass(frozen=True)
class People:
    """Everybody's deeds in the fortnight that begins on the Saturday ``first``."""

    first: date

    def at(self, day, hour, minute=0):
        """Return a time on the wall in Madrid as Unix seconds."""
        local = datetime.combine(self.first + timedelta(day), time(hour, minute))
        return local.replace(tzinfo=MADRID).timestamp()

    def acts(self):
        """Return every deed by the minute at which it is done."""
        done = {
            (0, 0, 1): self.plan,
            (2, 10, 0): self.ask_guests,
            (2, 11, 30): self.answers(FAIR, {ANA: True, BEN: False}),
            (3, 19, 31): self.move_single,
            (3, 20, 0): self.instead_of_ben,
            (3, 21, 0): self.answers(FAIR, {CARLA: True}),
            (7, 18, 5): self.opened(self.weekly),
            (7, 19, 2): self.ended(self.weekly),
            (8, 12, 0): self.cancel_one,
            (10, 9, 0): self.move_fair,
            (10, 9, 30): self.answers(FAIR, {ANA: True}),
            (12, 20, 1): self.opened(lambda _: FAIR),
            (12, 21, 10): self.ended(lambda _: FAIR),
        }
        begin = self.at(0, 0)
        return {
            round((self.at(*when) - begin) / 60): _writing(deed)
            for when, deed in done.items()
        }

    def plan(self, db):
        """Plan everything, with a campaign for the fair and one for a night."""
        hook = dict(guild_id=1, name="t", url="https://t.example", secret="s" * 16)
        made = webhooks.WebhookRow(
            0, **hook, state="on", reason="", made_by=3, made_at=0.0
        )
        assert webhooks.add(db, made) == TOOL
        assert records.keep(db, replace(PLAN, starts_at=self.at(3, 20))).id == SINGLE
        fair = replace(PLAN, channel_id=13, host_id=13, starts_at=self.at(12, 19))
        assert records.keep(db, fair).id == FAIR
        night = Recurrence(
            Frequency.DAILY, time(2, 30), "Europe/Madrid", self.first + timedelta(7)
        )
        weekly = Recurrence(Frequency.WEEKLY, time(18), "Europe/Madrid", self.first)
        for rule, channel in ((night, 11), (weekly, 12)):
            model = replace(PLAN, channel_id=channel, host_id=channel)
            kept = series.keep(db, PlannedSeries(model=model, series=Series(rule)))
            series.unfold_one(db, kept, SETTINGS, self.at(0, 0))
        for one in records.live(db):
            records.wish(db, one.id, Wish(ANA, 600))
            records.wish(db, one.id, Wish(BEN, 3600, Place.DM))
        for plan_id in (FAIR, self._starting(db, self.at(9, 2, 30)).id):
            campaign = Campaign(
                plan_id=plan_id,
                guild_id=1,
                made_at=self.at(0, 0, 1),
                by=3,
                targets=(Target(SPANISH, "es", FANS), Target(ENGLISH, "en")),
                words={"es": "Ven"},
            )
            errand_records.keep(db, campaign)
        return [one.id for one in records.live(db)]

    def ask_guests(self, db):
        """Invite three to the fair, and one to a night that is called off later."""
        night = self._starting(db, self.at(9, 2, 30)).id
        for plan_id, guests in ((FAIR, (ANA, BEN, EVA)), (night, (EVA,))):
            for user_id in guests:
                self._invite(db, plan_id, user_id, self.at(2, 10))
        return [FAIR, night]

    def instead_of_ben(self, db):
        """Invite somebody else in the place of who declined."""
        plan, ben = records.get(db, FAIR), errand_records.guest(db, FAIR, BEN)
        errand_records.keep_guest(db, rules.replaced(plan, ben, CARLA))
        self._invite(db, FAIR, CARLA, self.at(3, 20))
        return [FAIR]

    def answers(self, plan_id, said):
        """Return the deed that guests answer."""

        def answer(db):
            plan = records.get(db, plan_id)
            for user_id, comes in said.items():
                guest = errand_records.guest(db, plan_id, user_id)
                answered = rules.answer(
                    plan, guest, comes=comes, now=plan.starts_at - 1e6
                )
                errand_records.keep_guest(db, answered)
            return [plan_id]

        return answer

    def move_single(self, db):
        """Move a plan half an hour before its start, to the next day."""
        return [records.keep(db, move(records.get(db, SINGLE), self.at(4, 21))).id]

    def move_fair(self, db):
        """Move the announced plan by an hour."""
        return [records.keep(db, move(records.get(db, FAIR), self.at(12, 20))).id]

    def cancel_one(self, db):
        """Call one night off, announced and with a guest."""
        one = self._starting(db, self.at(9, 2, 30))
        return [records.keep(db, cancel(one, "ill")).id]

    def weekly(self, db):
        """Return the weekly Space of the second Saturday."""
        (one,) = (p for p in records.live(db) if p.starts_at == self.at(7, 18))
        return one.id

    def opened(self, which):
        """Return the deed that a Space opens."""
        return self._turned(which, PlanState.OPENED)

    def ended(self, which):
        """Return the deed that a Space ends."""
        return self._turned(which, PlanState.ENDED)

    def _turned(self, which, state):
        def turn(db):
            plan = records.get(db, which(db))
            return [records.keep(db, replace(plan, state=state)).id]

        return turn

    def _invite(self, db, plan_id, user_id, now):
        plan = records.get(db, plan_id)
        new = Guest(plan_id=plan_id, user_id=user_id, invited_by=3, invited_at=now)
        known = errand_records.guests(db, plan_id)
        errand_records.keep_guest(db, rules.invite(plan, known, new, 12))

    def _starting(self, db, at):
        (one,) = (plan for plan in records.live(db) if plan.starts_at == at)
        return one


def _writing(deed):
    async def act(store):
        return await store.write(deed)

    return act
