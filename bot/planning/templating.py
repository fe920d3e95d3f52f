"""Templates as people ask for them: saved from a plan, planned from, deleted."""

from dataclasses import replace

from sqlite_utils import Database

from bot.planning import deeds
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from moderation.store import templates as rows
from moderation.store.database import Store
from scheduler.clockwork import errand_records, template_records
from scheduler.extras import Extras
from scheduler.plans import PlanRefused
from scheduler.templates import Template, of_plan


class Templating:
    """The templates of every guild."""

    def __init__(self, store: Store, planner: Planner, most_guests: int) -> None:
        self._store = store
        self._planner = planner
        self._most_guests = most_guests

    async def save(
        self, plan_id: int, asker: Asker, name: str, *, guests: bool, campaign: bool
    ) -> Template:
        """Keep a plan as a template. Raises PlanRefused."""
        now = self._planner.now()

        def keep(db: Database) -> Template:
            plan = deeds.theirs(db, plan_id, asker)
            for one in template_records.of_guild(db, plan.guild_id):
                if one.name.casefold() == name.casefold():
                    _require_own(one, asker)
            return template_records.keep(
                db,
                of_plan(
                    plan,
                    name,
                    asker.user_id,
                    now,
                    errand_records.guests(db, plan_id) if guests else (),
                    errand_records.campaign(db, plan_id) if campaign else None,
                ),
            )

        return await self._store.write(keep)

    async def find(self, template_id: int, guild_id: int) -> Template:
        """Return one of the guild's templates. Raises PlanRefused."""
        return await self._store.read(
            lambda db: template_records.get(db, guild_id, template_id)
        )

    async def all(self, guild_id: int) -> list[Template]:
        """Return the guild's templates by name."""
        return await self._store.read(
            lambda db: template_records.of_guild(db, guild_id)
        )

    async def delete(self, template_id: int, asker: Asker) -> Template:
        """Delete one, by who saved it or a moderator. Raises PlanRefused."""

        def drop(db: Database) -> Template:
            found = template_records.get(db, asker.guild_id, template_id)
            _require_own(found, asker)
            rows.drop(db, found.id)
            return found

        return await self._store.write(drop)

    def extras(self, template: Template) -> Extras:
        """Return what comes with a plan of the template, as many guests as may."""
        found = template.extras
        return replace(found, guests=found.guests[: self._most_guests])


def _require_own(template: Template, asker: Asker) -> None:
    owner = template.model.host_id
    if owner != asker.user_id and not asker.moderates:
        raise PlanRefused("template.not_yours", name=template.name, host_id=owner)
